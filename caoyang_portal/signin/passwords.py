"""What a password may be (密码): long enough, not endless, not everybody's."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LEAST, MOST = 12, 128


class Length:
    """From 12 to 128 characters: short ones are guessed, and hashing endless ones is an attack."""

    def validate(self, password, user=None):
        if len(password) < LEAST:
            raise ValidationError(_("密码太短了，请至少写 12 个字。"), code="password_too_short")
        if len(password) > MOST:
            raise ValidationError(_("密码太长了，请不要超过 128 个字。"), code="password_too_long")

    def get_help_text(self):
        return _("12 到 128 个字。")
