"""Who is asked to come (邀请): by role, by name, by lot; and what they answer."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Organisation, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from consultation import lots
from consultation.models import Draw, Invitation, Meeting
from consultation.queries.invitees import Group, Invitee, not_invited_yet

from .meeting_locks import locked_meeting, meeting_in_words, meeting_must_be

Answer, Role = Invitation.Answer, Invitation.Role
OPEN = (Meeting.State.DRAFT, Meeting.State.ANNOUNCED)


def invite(
    meeting: Meeting,
    *,
    role: str,
    group: Group | None = None,
    names: Sequence[str] = (),
    organisations: Iterable[Organisation] = (),
    by: User,
) -> int:
    """Invite a whole group, people by name, offices and organisations (邀请); who is invited stays so."""
    with meeting_in_words(), transaction.atomic():
        meeting = locked_meeting(meeting)
        require(by, "consultation.invite", meeting)
        meeting_must_be(meeting, *OPEN)
        now = timezone.now()
        of = {"meeting": meeting, "neighbourhood_id": meeting.neighbourhood_id, "role": role}
        of["invited_at"] = now
        known = set(meeting.invitations.filter(member=None).values_list("name", flat=True))
        rows = [_row(one, of) for one in not_invited_yet(meeting, group.people if group else [])]
        rows += [Invitation(**of, name=name) for name in dict.fromkeys(names) if name not in known]
        rows += [
            Invitation(**of, name=body.name, organisation=body)
            for body in organisations
            if body.name not in known
        ]
        if not rows:
            raise Refused(_("没有新的人可以邀请，都已经邀请过了。"))
        Invitation.objects.bulk_create(rows)
        record("consultation.invite", meeting, by=by, at=now, role=role, invited=len(rows))
        return len(rows)


def _row(one: Invitee, of: dict[str, Any], **more: Any) -> Invitation:
    return Invitation(
        **of,
        name=one.member.name,
        member=one.member,
        household=one.household,
        user=one.user,
        **more,
    )


def draw_invitees(
    meeting: Meeting,
    *,
    role: str,
    group: Group,
    wanted: int,
    spread: str,
    seed: str = "",
    by: User,
) -> Draw:
    """Draw ``wanted`` of a group by lot and invite them (抽签); list and seed are published.

    The list is fixed before the seed is known. Whoever draws again leaves the first draw standing.
    """
    with meeting_in_words(), transaction.atomic():
        meeting = locked_meeting(meeting)
        require(by, "consultation.draw_invitees", meeting)
        meeting_must_be(meeting, *OPEN)
        draw = Draw(
            meeting=meeting, neighbourhood_id=meeting.neighbourhood_id, group=group.words,
            spread=spread, wanted=wanted, seed=seed.strip(), seed_is_given=bool(seed.strip()),
            number=1 + meeting.draws.count(), drawn_by=by,
        )  # fmt: skip
        people = {
            lots.code_of(draw.pk, one.key): one for one in not_invited_yet(meeting, group.people)
        }
        if len(people) < wanted:
            raise Refused(_("这一组还没邀请的只有 %(n)s 位，抽不出这么多。") % {"n": len(people)})
        draw.frame = sorted([code, one.stratum] for code, one in people.items())
        draw.frame_hash = lots.frame_hash(draw.frame)
        draw.seed = draw.seed or secrets.token_hex(16)
        draw.drawn = lots.draw(draw.frame, wanted, draw.seed, spread)
        draw.save(force_insert=True)
        now = timezone.now()
        of = {"meeting": meeting, "neighbourhood_id": meeting.neighbourhood_id, "role": role}
        of |= {"invited_at": now, "draw": draw, "drawn_from": group.words}
        Invitation.objects.bulk_create(_row(people[code], of) for code in draw.drawn)
        record(
            "consultation.draw_invitees", meeting, by=by, at=now, draw=draw.pk, seed=draw.seed,
            frame=draw.frame_hash, size=len(draw.frame), invited=wanted,
        )  # fmt: skip
        return draw


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User) -> None:
    """Take back an invitation nobody was told of (撤回); whoever was drawn by lot stays."""
    meeting = locked_meeting(invitation.meeting)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    require(by, "consultation.withdraw_invitation", meeting)
    meeting_must_be(meeting, Meeting.State.DRAFT)
    if invitation.draw_id:
        raise Refused(_("抽签抽到的不能撤回，否则等于改了抽签结果。"))
    gone = invitation.pk
    invitation.delete()
    record("consultation.withdraw_invitation", meeting, by=by, invitation=gone)


@transaction.atomic
def answer_invitation(invitation: Invitation, *, answer: str, by: User) -> Invitation:
    """The invited say whether they come (回复)."""
    meeting, invitation = _locked(invitation)
    require(by, "consultation.answer_invitation", invitation)
    _answer(meeting, invitation, answer)
    record(
        "consultation.answer_invitation", meeting, by=by, invitation=invitation.pk, answer=answer
    )
    return invitation


@transaction.atomic
def enter_answer(invitation: Invitation, *, answer: str, by: User) -> Invitation:
    """The same, told to the staff by telephone or at the door (代录回复)."""
    meeting, invitation = _locked(invitation)
    require(by, "consultation.enter_answer", meeting)
    _answer(meeting, invitation, answer)
    record("consultation.enter_answer", meeting, by=by, invitation=invitation.pk, answer=answer)
    return invitation


def _locked(invitation: Invitation) -> tuple[Meeting, Invitation]:
    meeting = locked_meeting(invitation.meeting)
    return meeting, Invitation.objects.select_for_update().get(pk=invitation.pk)


def _answer(meeting: Meeting, invitation: Invitation, answer: str) -> None:
    meeting_must_be(meeting, Meeting.State.ANNOUNCED)
    if answer not in (Answer.YES, Answer.NO):
        raise Refused(_("请选来还是不来。"))
    invitation.answer, invitation.answered_at = answer, timezone.now()
    invitation.save(update_fields=["answer", "answered_at"])
