"""The roll is built from the files, objected to, corrected, and frozen (名册)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.db.models import ProtectedError, Sum
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads.models import Attachment
from consultation.commitments import roll_hash
from consultation.models import BallotDelivery, Poll, PollObjection, RollEntry, RollUnit
from consultation.queries import polls as checks
from consultation.queries.heads import (
    OF_OWNERS,
    Head,
    Home,
    doubled_address,
    files_in,
    heads_of,
)
from consultation.queries.rolls import roll_lines
from households.models import Household

from .copying import copy_in
from .locking import first_of, in_words, locked_poll, refuse_unless, refuse_while_built

LEAST_WIDTH, MOST_WIDTH = 4, 8  # of a number on the roll: 0001
Holder = RollEntry.Holder


@transaction.atomic
def build_roll(poll: Poll, *, by: User) -> int:
    """Write the roll anew from the household files (生成名册); corrections made so far are lost."""
    poll = locked_poll(poll)
    require(by, "consultation.build_roll", poll)
    refuse_while_built(poll)
    heads = heads_of(poll, (file for piece in files_in(poll) for file in piece))
    return replace_roll(poll, heads, by=by)


def replace_roll(poll: Poll, heads: Sequence[Head], *, by: User) -> int:
    """Put ``heads`` in the old roll's place and record it; the caller holds the poll's row."""
    refuse_rebuilding(poll)
    if not heads:
        raise Refused(_("这个范围里没有可以表决的人，请核对范围和档案"))
    if address := doubled_address(heads):
        raise Refused(_("档案里有两户都是“%(address)s”，请先改档案") % {"address": address})
    width = max(LEAST_WIDTH, len(str(len(heads))))  # so that numbers sort as they count
    numbered = [(new_id(), str(n).zfill(width), head) for n, head in enumerate(heads, 1)]
    homes = [(pk, home) for pk, _number, head in numbered for home in head.homes]
    place = (poll.neighbourhood_id, poll.pk)
    with connection.cursor() as cursor:  # without reading them, as the ORM would
        cursor.execute("DELETE FROM consultation_rollunit WHERE poll_id = %s", [poll.pk])
        cursor.execute("DELETE FROM consultation_rollentry WHERE poll_id = %s", [poll.pk])
    copy_in(RollEntry, ENTRY, ((pk, *place, n, *_of_head(head)) for pk, n, head in numbered))
    copy_in(RollUnit, UNIT, ((new_id(), *place, pk, *_of_home(home)) for pk, home in homes))
    poll.roll_built_at = timezone.now()
    poll.save(update_fields=["roll_built_at"])
    record("consultation.build_roll", poll, by=by, heads=len(heads), homes=len(homes))
    return len(heads)


ENTRY = (
    "id", "neighbourhood_id", "poll_id", "number", "holder", "name", "identity", "household_id",
    "member_id", "building_id",
)  # fmt: skip
UNIT = (
    "id", "neighbourhood_id", "poll_id", "entry_id", "household_id", "label", "area_cent", "basis",
    "is_unsold",
)  # fmt: skip


def _of_head(head: Head) -> tuple[UUID | str | None, ...]:
    member = head.member.pk if head.member else None
    home = head.household
    return str(head.holder), head.name, head.identity, home.pk, member, home.building_id


def _of_home(home: Home) -> tuple[UUID | str | int, ...]:
    household = home.household
    return household.pk, household.address, home.area_cent, str(home.basis), False


def refuse_rebuilding(poll: Poll) -> None:
    """Once ballots went out to the voters of a roll, it is corrected and not built anew."""
    refuse_unless(poll, *Poll.ROLL_MOVES)
    if poll.deliveries.exists():
        raise Refused(_("已经登记了送达，名册不能重新生成，请逐处更正"))


@transaction.atomic
def correct_roll_unit(
    unit: RollUnit,
    *,
    area_cent: int,
    basis: RollUnit.Basis,
    is_unsold: bool,
    reason: str,
    by: User,
) -> RollUnit:
    """Correct a home's area, or say that the developer has not sold it (更正); with a reason.

    All that a developer has not sold or handed over is one head.
    """
    poll = locked_poll(unit.poll)
    unit = poll.units.select_related("entry", "household").get(pk=unit.pk)
    require(by, "consultation.correct_roll_unit", unit)
    _refuse_fixed(poll, reason)
    if area_cent <= 0:
        raise Refused(_("面积要大于 0"))
    unit.area_cent, unit.basis = area_cent, basis
    if is_unsold != unit.is_unsold:
        old = unit.entry
        unit.is_unsold = is_unsold
        unit.entry = _developer(poll) if is_unsold else _new_owner(poll, unit)
        unit.save(update_fields=["area_cent", "basis", "is_unsold", "entry"])
        _drop_if_bare(old)
    else:
        unit.save(update_fields=["area_cent", "basis"])
    record(
        "consultation.correct_roll_unit", poll, by=by, unit=unit.pk, area_cent=area_cent,
        basis=str(basis), is_unsold=is_unsold,
    )  # fmt: skip
    return unit


@transaction.atomic
def merge_roll_entries(entries: Sequence[RollEntry], *, reason: str, by: User) -> RollEntry:
    """Two entries are one owner (合并): the homes of all go to the first."""
    poll = locked_poll(entries[0].poll)
    first, *others = list(poll.roll.filter(pk__in=[entry.pk for entry in entries]))
    require(by, "consultation.merge_roll_entries", first)
    _refuse_fixed(poll, reason)
    if not others or poll.kind.electorate not in OF_OWNERS:
        raise Refused(_("请选至少两位业主"))
    proofs = []
    for other in others:
        poll.units.filter(entry=other).update(entry=first)
        other.proxies.update(entry=first)
        ways = first.deliveries.values_list("way", flat=True)
        other.deliveries.exclude(way__in=list(ways)).update(entry=first)
        proofs += _drop(other)
    record(
        "consultation.merge_roll_entries", poll, by=by, kept=first.pk,
        merged=[other.number for other in others], proofs=proofs,
    )  # fmt: skip
    return first


def add_roll_unit(
    poll: Poll,
    *,
    label: str,
    owner: str,
    area_cent: int,
    basis: RollUnit.Basis,
    is_unsold: bool,
    household: Household | None = None,
    reason: str,
    by: User,
) -> RollUnit:
    """Enter a home that has no household file, such as a developer's unsold one (补登)."""
    with in_words(), transaction.atomic():
        poll = locked_poll(poll)
        unit = RollUnit(
            neighbourhood_id=poll.neighbourhood_id, poll=poll, label=label, household=household,
            area_cent=area_cent, basis=basis, is_unsold=is_unsold,
        )  # fmt: skip
        require(by, "consultation.add_roll_unit", unit)
        _refuse_fixed(poll, reason)
        if poll.kind.electorate not in OF_OWNERS or area_cent <= 0:
            raise Refused(_("请写明面积；只有业主名册可以补登房屋"))
        unit.entry = _developer(poll) if is_unsold else _new_owner(poll, unit, owner)
        unit.save(force_insert=True)
        record("consultation.add_roll_unit", poll, by=by, unit=unit.pk, area_cent=area_cent)
    return unit


@transaction.atomic
def remove_roll_unit(unit: RollUnit, *, reason: str, by: User) -> None:
    """Take a home off the roll that does not belong there (移出)."""
    poll = locked_poll(unit.poll)
    unit = poll.units.select_related("entry").get(pk=unit.pk)
    require(by, "consultation.remove_roll_unit", unit)
    _refuse_fixed(poll, reason)
    entry, label = unit.entry, unit.label
    unit.delete()
    proofs = _drop_if_bare(entry)
    record(
        "consultation.remove_roll_unit", poll, by=by, unit=roll_hash("", [(label, "", 0)]),
        proofs=proofs,
    )  # fmt: skip


def _refuse_fixed(poll: Poll, reason: str) -> None:
    refuse_unless(poll, *Poll.ROLL_MOVES)
    refuse_while_built(poll)  # it would be lost
    if not reason.strip():
        raise Refused(_("请写明原因"))


def _developer(poll: Poll) -> RollEntry:
    found = poll.roll.filter(holder=Holder.DEVELOPER).first()
    return found or RollEntry.objects.create(
        neighbourhood_id=poll.neighbourhood_id,
        poll=poll,
        number=_next_number(poll),
        holder=Holder.DEVELOPER,
        name=_("建设单位"),
        identity="developer",
    )


def _new_owner(poll: Poll, unit: RollUnit, owner: str = "") -> RollEntry:
    return RollEntry.objects.create(
        neighbourhood_id=poll.neighbourhood_id,
        poll=poll,
        number=_next_number(poll),
        holder=Holder.OWNER,
        name=owner or unit.label[:120],
        household=unit.household,
        building=unit.household.building if unit.household else None,
    )


def _next_number(poll: Poll) -> str:
    numbers = poll.roll.order_by(Length("number").desc(), "-number")
    last = numbers.values_list("number", flat=True).first() or "0"
    return str(int(last) + 1).zfill(max(LEAST_WIDTH, len(last)))


def _drop_if_bare(entry: RollEntry) -> list[UUID]:
    return [] if entry.units.exists() else _drop(entry)


def _drop(entry: RollEntry) -> list[UUID]:
    """Take an entry off the roll; the proofs of its deliveries stay on file and are returned."""
    proofs = list(entry.deliveries.exclude(proof=None).values_list("proof_id", flat=True))
    entry.deliveries.all().delete()
    try:
        entry.delete()
    except ProtectedError:
        raise Refused(
            _("%(number)s号已登记了委托或到会，不能移出") % {"number": entry.number}
        ) from None
    return proofs


@transaction.atomic
def freeze_roll(poll: Poll, *, by: User) -> Poll:
    """Freeze the roll (冻结名册): its hash is published, from here nobody joins or leaves."""
    poll = locked_poll(poll)
    require(by, "consultation.freeze_roll", poll)
    first_of(checks.freezing(poll))
    lines = roll_lines(poll)
    poll.move_to(Poll.State.FROZEN)
    poll.roll_hash = roll_hash(poll.code, lines)
    poll.heads = poll.roll.count()
    poll.area_cent = poll.units.aggregate(area=Sum("area_cent"))["area"] or 0
    poll.save(update_fields=["state", "roll_hash", "heads", "area_cent"])
    record(
        "consultation.freeze_roll", poll, by=by, roll_hash=poll.roll_hash, heads=poll.heads,
        area_cent=poll.area_cent,
    )  # fmt: skip
    return poll


@transaction.atomic
def export_roll(poll: Poll, *, reason: str = "", by: User) -> bool:
    """Take the roll away as a table (导出名册); whether with whole names: only with a reason."""
    require(by, "consultation.export_roll", poll)
    whole = bool(reason.strip())
    record("consultation.export_roll", poll, by=by, whole_names=whole, reason=reason.strip()[:200])
    return whole


@transaction.atomic
def object_to_roll(
    poll: Poll, *, text: str, household: Household | None = None, by: User
) -> PollObjection:
    """Say that the roll is wrong (名册异议), until it is frozen."""
    poll = locked_poll(poll)
    objection = _objection(poll, PollObjection.About.ROLL, text, household, by)
    require(by, "consultation.object_to_roll", objection)
    refuse_unless(poll, Poll.State.ANNOUNCED)
    objection.save(force_insert=True)
    record("consultation.object_to_roll", objection, by=by)
    return objection


@transaction.atomic
def object_to_result(
    poll: Poll, *, text: str, household: Household | None = None, by: User
) -> PollObjection:
    """Say that the result is wrong (结果异议), within its days."""
    poll = locked_poll(poll)
    objection = _objection(poll, PollObjection.About.RESULT, text, household, by)
    require(by, "consultation.object_to_result", objection)
    refuse_unless(poll, Poll.State.COUNTED)
    if timezone.localdate() > poll.result.objections_until:
        raise Refused(_("结果异议期已过；对结果不服的，可以自知道起一年内请法院撤销"))
    objection.save(force_insert=True)
    record("consultation.object_to_result", objection, by=by)
    return objection


def _objection(
    poll: Poll, about: PollObjection.About, text: str, household: Household | None, by: User
) -> PollObjection:
    if not text.strip():
        raise Refused(_("请写明哪里不对"))
    return PollObjection(
        neighbourhood_id=poll.neighbourhood_id, poll=poll, about=about, text=text.strip(),
        household=household, raised_by_id=by.pk,
    )  # fmt: skip


@transaction.atomic
def answer_objection(
    objection: PollObjection, *, answer: str, upheld: bool, by: User
) -> PollObjection:
    """Answer an objection (答复异议), with reasons; the roll itself is corrected by its own acts."""
    objection = PollObjection.objects.select_for_update().get(pk=objection.pk)
    require(by, "consultation.answer_objection", objection)
    if objection.upheld is not None:
        raise Refused(_("这条异议已经答复"))
    if not answer.strip():
        raise Refused(_("请写明答复的理由"))
    objection.answer, objection.upheld = answer.strip(), upheld
    objection.answered_by, objection.answered_at = by, timezone.now()
    objection.save(update_fields=["answer", "upheld", "answered_by", "answered_at"])
    record("consultation.answer_objection", objection, by=by, upheld=upheld)
    return objection


@transaction.atomic
def record_delivery(
    entry: RollEntry,
    *,
    way: BallotDelivery.Way,
    delivered_on: date,
    proof: Attachment | None = None,
    note: str = "",
    by: User,
) -> BallotDelivery:
    """Note how the ballot reached a voter (登记送达), with its proof; once for each way."""
    entry = RollEntry.objects.select_related("poll").get(pk=entry.pk)
    delivery = BallotDelivery(
        neighbourhood_id=entry.neighbourhood_id, poll=entry.poll, entry=entry, way=way,
        delivered_on=delivered_on, proof=proof, note=note, recorded_by=by,
    )  # fmt: skip
    require(by, "consultation.record_delivery", delivery)
    refuse_delivery(entry.poll, way, delivered_on, proof)
    found = BallotDelivery.objects.filter(entry=entry, way=way).first()
    if found:
        return found
    delivery.save(force_insert=True)
    record("consultation.record_delivery", delivery, by=by, entry=entry.pk, way=str(way))
    return delivery


def refuse_delivery(
    poll: Poll, way: BallotDelivery.Way, delivered_on: date, proof: Attachment | None
) -> None:
    refuse_unless(poll, Poll.State.ANNOUNCED, Poll.State.FROZEN, Poll.State.OPEN)
    if proof is None and way not in (BallotDelivery.Way.ONLINE, BallotDelivery.Way.POSTED_UP):
        raise Refused(_("请附上送达的凭证，如签收单或照片"))
    if proof and proof.neighbourhood_id != poll.neighbourhood_id:
        raise Refused(_("这份凭证不属于本居民区"))
    if delivered_on > timezone.localdate():
        raise Refused(_("送达日期不能晚于今天"))


@transaction.atomic
def remind(poll: Poll, *, by: User) -> None:
    """Remind those who have not answered (提醒), and nobody else; at most once a day."""
    poll = locked_poll(poll)
    require(by, "consultation.remind", poll)
    refuse_unless(poll, Poll.State.OPEN)
    if checks.reminded_today(poll):
        raise Refused(_("今天已经提醒过，明天可以再提醒"))
    record("consultation.remind", poll, by=by)
