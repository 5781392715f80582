"""Handing a file out (取件). Who may have it is for the caller to decide, on every request."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from .intake import read
from .models import Attachment


def serve(request: HttpRequest, attachment: Attachment, *, download: bool = False) -> HttpResponse:
    """The file itself. Only pictures drawn anew by us may show on a page; the rest is downloaded."""
    shown = attachment.is_picture and not download
    name = quote(attachment.shown_name)
    response = HttpResponse(read(attachment), content_type=attachment.media_type)
    response["Content-Disposition"] = (
        f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{name}"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
