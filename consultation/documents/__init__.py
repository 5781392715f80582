"""Papers of a poll (表决文书): notice for the stairwell, ballots, the sealed result."""

from .papers import ballots_pdf, result_notice, stairwell_notice

__all__ = ["ballots_pdf", "result_notice", "stairwell_notice"]
