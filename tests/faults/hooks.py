"""Where a web worker dies when a request asks for it (故障点): by its own kill -9."""

import os
import signal
from contextlib import nullcontext

from django.db import connection

HEADER = "X-Fault"
BEFORE_COMMIT = "die-before-commit"  # the signature or vote is written, and not committed
LAST_WRITES = ('INSERT INTO "households_signature"', 'INSERT INTO "consultation_openballot"')
BEFORE_ANSWER = "die-before-answer"  # it is committed, and nobody was told


def die_on_request(get_response):
    """Middleware: kill this process at the point the request names."""

    def answer(request):
        fault = request.headers.get(HEADER, "")
        dying = fault == BEFORE_COMMIT
        with connection.execute_wrapper(_die_after_writing) if dying else nullcontext():
            response = get_response(request)
        if fault == BEFORE_ANSWER:
            _die()
        return response

    return answer


def _die_after_writing(execute, sql, params, many, context):
    result = execute(sql, params, many, context)
    if sql.startswith(LAST_WRITES):
        _die()
    return result


def _die():
    os.kill(os.getpid(), signal.SIGKILL)
