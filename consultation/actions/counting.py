"""After closing: sealed ballots are opened, all are counted, the result is published (计票与公布)."""

import json
from collections.abc import Sequence
from datetime import timedelta
from functools import reduce

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from caoyang_portal.apart import apart
from caoyang_portal.authority import require
from caoyang_portal.calendars.deadlines import add_days
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.canonical import canonical_json
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads.intake import keep
from caoyang_portal.uploads.models import Attachment
from consultation import documents
from consultation.commitments import board_root
from consultation.models import FollowUp, Poll, PollResult, SecretBallot
from consultation.queries import polls as checks
from consultation.queries.bundle import closing_facts
from consultation.queries.results import figures
from consultation.queries.rolls import answered

from .board import append, flush
from .box import put_secret
from .locking import first_of, locked_poll, refuse_unless
from .polls import close_poll, open_poll


@transaction.atomic
def open_envelopes(poll: Poll, *, shares: Sequence[str], by: User) -> int:
    """Open the sealed ballots with the scrutineers' shares (开启密封票); the key is not kept."""
    poll = locked_poll(poll)
    require(by, "consultation.open_envelopes", poll)
    refuse_unless(poll, Poll.State.COUNTING)
    key = _joined(shares, poll.scrutineer_key)
    envelopes = poll.inner_envelopes.filter(superseded=False)
    opened = []
    for envelope in envelopes:
        try:
            opened.append(json.loads(SealedBox(key).decrypt(bytes(envelope.ciphertext))))
        except CryptoError as damaged:
            raise Refused(_("有一张密封票打不开，请联系技术人员，不要继续计票。")) from damaged
    # By their own codes, so that their order says nothing about the envelopes they lay in.
    for content in sorted(opened, key=lambda content: sorted(content["answers"].values())[0][1]):
        answers = {q: choice for q, (choice, _nonce) in content["answers"].items()}
        nonces = {q: bytes.fromhex(nonce) for q, (_c, nonce) in content["answers"].items()}
        put_secret(poll, answers, nonces, content["area_cent"])
    poll.inner_envelopes.update(ciphertext=b"")
    append(poll, {"kind": "opened", "envelopes": len(opened)})
    record("consultation.open_envelopes", poll, by=by, envelopes=len(opened))
    return len(opened)


def _joined(shares: Sequence[str], public_key: str) -> PrivateKey:
    """The private key from all of its shares, each as long as the key itself."""
    wrong = Refused(_("分片不对，请监票人核对后重新输入；所有分片都要到齐。"))
    try:
        parts = [bytes.fromhex("".join(share.split())) for share in shares]
    except ValueError as not_hex:
        raise wrong from not_hex
    if len(set(parts)) < checks.LEAST_SCRUTINEERS or any(len(part) != 32 for part in parts):
        raise wrong
    key = reduce(lambda a, b: bytes(x ^ y for x, y in zip(a, b, strict=True)), parts)
    private = PrivateKey(key)
    if bytes(private.public_key).hex() != public_key:
        raise wrong
    return private


@transaction.atomic
def finish_count(poll: Poll, *, missing_reason: str = "", by: User | None = None) -> PollResult:
    """Count everything and close the board (完成计票); by staff, or by the clock if no paper is out."""
    poll = locked_poll(poll)
    if by is not None:
        require(by, "consultation.finish_count", poll)
    refuse_unless(poll, Poll.State.COUNTING)
    first_of(checks.counting(poll))
    _reconcile(poll, missing_reason.strip())
    flush(poll)
    facts = figures(poll)  # while areas still lie with secret ballots
    with connection.cursor() as cursor:
        cursor.execute("SELECT consultation_rewrite(%s)", [poll.pk])
    append(poll, closing_facts(poll))
    append(poll, {"kind": "result", "result": facts})
    poll.move_to(Poll.State.COUNTED)
    poll.counted_at = timezone.now()
    poll.board_root = board_root(bytes(entry.hash) for entry in poll.board.all()).hex()
    poll.save(update_fields=["state", "counted_at", "board_root"])
    result = PollResult.objects.create(
        neighbourhood_id=poll.neighbourhood_id,
        poll=poll,
        figures=canonical_json(facts),
        counted_by=by,
        objections_until=add_days(timezone.localdate(), poll.kind.objection_days),
    )
    record("consultation.finish_count", poll, by=by, root=poll.board_root)
    return result


def _reconcile(poll: Poll, reason: str) -> None:
    """In a secret poll, as many ballots per question as voters marked; fewer only with a reason."""
    if not poll.is_secret:
        return
    marks = answered(poll).count()
    for question in poll.questions.all():
        ballots = SecretBallot.objects.filter(poll=poll, question_no=question.number).count()
        said = {"n": question.number, "ballots": ballots, "marks": marks}
        if ballots > marks:
            raise Refused(
                _("第 %(n)s 题有 %(ballots)s 张票，却只有 %(marks)s 人投票，请核对。") % said
            )
        if ballots < marks and not reason:
            raise Refused(
                _("第 %(n)s 题只有 %(ballots)s 张票，却有 %(marks)s 人投票，请写明原因。") % said
            )
        if ballots < marks:
            append(poll, {"kind": "amendment", "missing": marks - ballots, "reason": reason})


def follow_clock() -> None:
    """Open, close and count what is due (到点开始、截止、计票); one poll's trouble is not another's."""
    now = checks.database_now()
    for poll in Poll.objects.due_to_open(now):
        apart(open_poll, poll)
    for poll in Poll.objects.due_to_close(now):
        apart(close_poll, poll)
    for poll in Poll.objects.filter(state=Poll.State.COUNTING).exclude(
        papers__state__in=["printed", "scanned", "differs"]
    ):
        apart(finish_count, poll)


def sweep_dead_rows() -> None:
    """Remove what rewriting left behind on disk (清理), outside of any transaction. By the clock."""
    if not Poll.objects.filter(
        state=Poll.State.COUNTED, counted_at__gt=timezone.now() - timedelta(minutes=10)
    ).exists():
        return
    tables = ("secretballot", "castmark", "sealedenvelope", "innerenvelope")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"VACUUM consultation_{table}")


def print_result_notices() -> int:
    """Print and seal the notices still missing (结果公告), outside of any transaction. By the clock."""
    missing = PollResult.objects.filter(notice=None).select_related("poll__kind")
    return sum(apart(_print_notice, result) is not None for result in missing)


def _print_notice(result: PollResult) -> PollResult:
    notice = keep(
        documents.result_notice(result),
        f"表决结果 {result.poll.code}.pdf",
        "application/pdf",
        neighbourhood_id=result.neighbourhood_id,
        by=None,
    )
    return keep_result_notice(result, notice)


@transaction.atomic
def keep_result_notice(result: PollResult, notice: Attachment) -> PollResult:
    """Put the sealed notice to its result, once. By the clock."""
    result = PollResult.objects.select_for_update().get(pk=result.pk)
    if result.notice_id is not None:
        return result
    result.notice, result.notice_sha256 = notice, notice.sha256
    result.save(update_fields=["notice", "notice_sha256"])
    record("consultation.keep_result_notice", result, sha256=notice.sha256)
    return result


@transaction.atomic
def publish_result(poll: Poll, *, by: User) -> Poll:
    """The result stands (公布): objections are over, what follows from it is listed, once."""
    poll = locked_poll(poll)
    require(by, "consultation.publish_result", poll)
    refuse_unless(poll, Poll.State.COUNTED)
    first_of(checks.publishing(poll, timezone.now()))
    poll.move_to(Poll.State.PUBLISHED)
    poll.published_at = timezone.now()
    poll.save(update_fields=["state", "published_at"])
    FollowUp.objects.bulk_create(
        FollowUp(neighbourhood_id=poll.neighbourhood_id, poll=poll, number=n, text=text[:300])
        for n, text in enumerate(checks.what_follows(poll), 1)
    )
    record("consultation.publish_result", poll, by=by, root=poll.board_root)
    return poll


@transaction.atomic
def settle_follow_up(task: FollowUp, *, note: str, by: User) -> FollowUp:
    """Say that what the result obliges to is done, and how (落实)."""
    task = FollowUp.objects.select_for_update().get(pk=task.pk)
    require(by, "consultation.settle_follow_up", task)
    if task.done_at:
        raise Refused(_("这件事已经办好"))
    if not note.strip():
        raise Refused(_("请写明怎么办的"))
    task.done_at, task.done_by, task.note = timezone.now(), by, note.strip()
    task.save(update_fields=["done_at", "done_by", "note"])
    record("consultation.settle_follow_up", task, by=by, number=task.number)
    return task
