"""Mailboxes as they stand after acts that a test is not about."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from suggestions.actions import mailboxes
from tests.households.builders import attachment
from tests.suggestions.point_builders import centre


def scan(name="letter.jpg", size=(40, 60)):
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def opened(people, place, counted=2):
    point = centre(people, place, mailbox_days=7)
    return mailboxes.open_mailbox(
        point, opened_at=timezone.now(), counted=counted, second=people["lin"], by=people["chen"]
    )


def confirmed(people, place, counted=2):
    return mailboxes.confirm_mailbox_round(
        opened(people, place, counted), counted_again=counted, by=people["lin"]
    )


def letters(people, one, number=2):
    place = one.neighbourhood
    return mailboxes.add_letters(
        one, letters=[[attachment(place, media_type="image/jpeg")] for _n in range(number)],
        by=people["chen"],
    )  # fmt: skip
