"""Files taken in from people (附件)."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from caoyang_portal.ids import new_id


class Attachment(models.Model):
    """One file (附件): its bytes are in the storage, its hash is here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood_id = models.UUIDField()  # no foreign key: uploads stand below community
    key = models.CharField(max_length=200, unique=True)  # storage name, starts with the neighbourhood
    shown_name = models.CharField("文件名", max_length=200)
    media_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["neighbourhood_id", "uploaded_at"], name="attachment_by_place")]

    def __str__(self):
        return self.shown_name
