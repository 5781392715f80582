"""The line a request leaves in the log (请求日志): which page, whose id, which neighbourhood."""

import re
import uuid

import structlog
from django_structlog.middlewares import RequestMiddleware

DIGITS = re.compile(r"\d{4,}")


class LogRequests(RequestMiddleware):
    """Logs the page's name, not its address: searches hold names, and letters' links hold codes."""

    @staticmethod
    def format_request(request) -> str:
        match = request.resolver_match
        if match is None:
            return f"{request.method} {DIGITS.sub('…', request.path)}"
        ids = [str(value) for value in match.kwargs.values() if isinstance(value, uuid.UUID)]
        return " ".join([request.method, match.view_name or match.route, *ids])

    def handle_response(self, request, response) -> None:
        # Only what the page read anyway: a log line is worth neither a query nor a Vary: Cookie.
        read = request.session.accessed and hasattr(request.user, "_live_postings")
        postings = request.user.live_postings if read else ()
        places = {posting.neighbourhood_id for posting in postings} - {None}
        if len(places) == 1:
            structlog.contextvars.bind_contextvars(neighbourhood=str(*places))
        super().handle_response(request, response)
