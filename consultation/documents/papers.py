"""Notice, ballots and result of a poll on paper; their words are Chinese, the binding text."""

from typing import Any

from django.conf import settings
from django.utils import translation

from caoyang_portal import documents
from consultation.models import PaperBallot, Poll, PollResult
from consultation.scans import qr_text
from consultation.secrecy import promise
from consultation.tally_file import amount, rule_sentence

NOTICE = "consultation/papers/notice.html"
BALLOTS = "consultation/papers/ballots.html"
RESULT = "consultation/papers/result.html"


def _about(poll: Poll) -> dict[str, Any]:
    with translation.override(settings.LANGUAGE_CODE):
        kept, not_kept = promise(poll.secrecy)
        return {
            "poll": poll,
            "questions": list(poll.questions.prefetch_related("options")),
            "rule": rule_sentence(poll.kind.rule) if poll.kind.method == "binary" else "",
            "promised": kept,
            "not_promised": not_kept,
            "paper_number": poll.code,
            "paper_issuer": poll.neighbourhood.name,
            "paper_fingerprint": poll.roll_fingerprint if poll.roll_hash else "",
            "site": settings.SITE_URL.partition("://")[2],
        }


def stairwell_notice(poll: Poll) -> bytes:
    """The notice for the stairwell (表决公告), with a QR that leads to the poll's page."""
    qr = documents.qr(f"{settings.SITE_URL}/polls/{poll.code}/?elder=1")
    context = _about(poll) | {"paper_title": "表决公告"}
    return documents.render_pdf(NOTICE, context, images={"qr": qr})


def ballots_pdf(poll: Poll, papers: list[PaperBallot]) -> bytes:
    """A sheet for each ballot: big boxes, its serial and QR; the voter's number only with names."""
    sheets = [
        {
            "serial": paper.serial,
            "picture": f"asset:qr-{n}",
            "number": paper.entry.number if paper.entry else "",
            "name": paper.entry.name if paper.entry else "",
        }
        for n, paper in enumerate(papers)
    ]
    images = {f"qr-{n}": documents.qr(qr_text(poll, p.serial)) for n, p in enumerate(papers)}
    context = _about(poll) | {"paper_title": "表决票", "sheets": sheets}
    return documents.render_pdf(BALLOTS, context, images=images)


def result_notice(result: PollResult) -> bytes:
    """The result as sealed (结果公告): exact numbers, thresholds, the board's root."""
    poll = result.poll
    root = poll.board_root.upper()
    context = _about(poll) | {
        "paper_title": "表决结果公告",
        "result": result,
        "shown": _shown(result.shown),
        "root_groups": [root[at : at + 8] for at in range(0, 64, 8)],
        "is_demo_seal": documents.is_demo_seal(),
        "seal_statement": documents.seal_statement(),
    }
    qr = documents.qr(f"{settings.SITE_URL}/polls/{poll.code}/")
    pdf = documents.render_pdf(RESULT, context, images={"qr": qr})
    return documents.certify(pdf, [], "表决结果公告")


NAMES = {"yes": "同意", "no": "不同意", "abstain": "弃权", "spoilt": "废票"}


def _shown(figures: dict[str, Any]) -> dict[str, Any]:
    """The figures as a template can lay them out."""
    questions = []
    for question in figures["questions"]:
        row: dict[str, Any] = {"text": question["text"], "number": question["number"]}
        if "choices" in question:
            row["choices"] = [
                (NAMES[name], held["heads"], _area(held["area_cent"]))
                for name, held in question["choices"].items()
            ]
            row["thresholds"] = [_threshold(step) for step in question["thresholds"]]
            row["verdict"] = "通过" if question["passed"] else "未通过"
            row["outcomes"] = question["outcomes"] if len(question["outcomes"]) > 1 else None
        elif "votes" in question:
            row["votes"] = [
                (question["options"][number], votes, number in question["elected"])
                for number, votes in sorted(question["votes"].items(), key=lambda v: -v[1])
            ]
        elif "order" in question:
            row["order"] = [
                "、".join(question["options"][number] for number in group)
                for group in question["order"]
            ]
        else:
            row["scores"] = question
        questions.append(row)
    total, took_part = figures["total"], figures["participating"]
    return {
        "heads": total["heads"],
        "area": _area(total["area_cent"]),
        "took_part": took_part["heads"],
        "took_part_area": _area(took_part["area_cent"]),
        "questions": questions,
    }


def _area(cents: int | None) -> str:
    return amount("area_cent", cents) if cents is not None else "（不公布）"


def _threshold(step: dict[str, Any]) -> str:
    of = "参加表决" if step["name"] == "quorum" else "同意"
    measure = "人数" if step["measure"] == "heads" else "面积"
    need = f"{'超过' if step['exceeded'] else '至少'} {step['share']}"
    held = (
        f"{amount(step['measure'], step['some'])} / {amount(step['measure'], step['whole'])}，"
        if step["some"] is not None
        else ""
    )
    end = "达到" if step["met"] else "未达到"
    if step["missing"]:
        end += f"，还差 {amount(step['measure'], step['missing'])}"
    return f"{of}的{measure}：{held}须{need}，{end}"
