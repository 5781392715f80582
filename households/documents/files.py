"""The whole file of a household on paper (一户一档)."""

from django.utils import timezone

from caoyang_portal import documents
from caoyang_portal.community.models import User
from households.queries.files import File

FILE = "households/papers/file.html"


def file_pdf(file: File, *, printed_by: User) -> bytes:
    """Everything of ``file`` that it holds, with who printed it and when at the foot of each sheet."""
    return documents.render_pdf(
        FILE,
        {
            "paper_title": "一户一档",
            "paper_number": file.household.address,
            "paper_issuer": file.household.neighbourhood.name,
            "file": file,
            "printed_by": printed_by,
            "printed_at": timezone.now(),
        },
    )
