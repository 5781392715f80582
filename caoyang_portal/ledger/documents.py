"""The ledger's papers (文书)."""

from caoyang_portal import documents

from .models import Checkpoint


def checkpoint_page(checkpoint: Checkpoint) -> bytes:
    """The sealed page of one day (存证日报)."""
    pdf = documents.render_pdf(
        "ledger/checkpoint_page.html",
        {
            "checkpoint": checkpoint,
            "paper_title": "存证日报",
            "paper_number": f"{checkpoint.day:%Y%m%d}",
            "paper_fingerprint": "",
            "paper_issuer": "曹杨社区门户",
            "is_demo_seal": documents.is_demo_seal(),
            "seal_statement": documents.seal_statement(),
            "seal_fingerprint": documents.seal_fingerprint(),
            "timestamp_statement": documents.timestamp_statement(),
        },
    )
    return documents.certify(pdf, [], "存证日报")
