"""What a password may be (密码): long enough, not endless, not everybody's."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class MaximumLength:
    """At most 128 characters: hashing is work, and endless passwords are an attack."""

    most = 128

    def validate(self, password, user=None):
        if len(password) > self.most:
            raise ValidationError(_("密码太长了，请不要超过 128 个字。"), code="password_too_long")

    def get_help_text(self):
        return _("不超过 128 个字。")
