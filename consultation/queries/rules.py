"""The rule of a poll as the board, the bundle and the verifier carry it."""

from typing import Any

from consultation.models import Poll


def rule_facts(poll: Poll) -> dict[str, Any]:
    kind = poll.kind
    return {
        "name": kind.code,
        "version": kind.version,
        "method": kind.method,
        "by_area": kind.by_area,
        "quorum": [kind.quorum_part, kind.quorum_whole],
        "passing": [kind.pass_part, kind.pass_whole],
        "passing_exceeded": kind.pass_exceeded,
        "passing_of_all": kind.pass_of_all,
        "silent_rule": kind.silent_rule,
        "places": kind.places,
        "ties": kind.ties,
        "most_choices": kind.most_choices,
        "exactly": kind.exactly,
        "scale": [kind.scale_from, kind.scale_to, kind.satisfied_from],
    }
