"""Files taken in from people (附件)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ids import new_id


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; everyone else reaches a file through the thing it belongs to."""
        return self.filter(uploaded_by=user.pk)


class Attachment(models.Model):
    """One file (附件): its bytes are in the storage, its hash is here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood_id = models.UUIDField()  # no foreign key: uploads stand below community
    key = models.CharField(
        max_length=200, unique=True
    )  # storage name, starts with the neighbourhood
    shown_name = models.CharField(_("文件名"), max_length=200)
    media_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)  # of the file itself, concealed or not
    is_concealed = models.BooleanField(default=False)  # the storage holds ciphertext
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(default=timezone.now)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["neighbourhood_id", "uploaded_at"], name="attachment_by_place")
        ]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="an_attachment_is_not_empty"),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="an_attachment_has_a_sha256"
            ),
        ]

    def __str__(self):
        return self.shown_name

    @property
    def is_picture(self) -> bool:
        """Re-encoded by us, so it may be shown on a page."""
        return self.media_type in ("image/jpeg", "image/png")
