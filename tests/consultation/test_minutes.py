"""Minutes from their draft to the sealed file: who may, in which order, and what cannot be undone."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from caoyang_portal import documents
from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice
from caoyang_portal.uploads.intake import read
from consultation.actions import minutes as writing
from consultation.actions import minutes_corrections as corrections
from consultation.actions import minutes_papers, minutes_signing
from consultation.models import (
    Contribution,
    Meeting,
    MeetingDecision,
    MeetingNote,
    Minutes,
    MinutesCorrection,
    MinutesSignatory,
    MinutesSignature,
    UnnamedSpeaker,
)
from consultation.queries import minutes as queries
from tests.conftest import EVERYONE
from tests.consultation.minutes_builders import (
    again,
    changes,
    drafted,
    held,
    over,
    photo,
    sealed,
    sent,
    sign,
    signed,
    signing,
)

COMMITTEE = {"chen", "lin"}
WHO_MAY = dict.fromkeys(
    (
        "draft_minutes", "edit_minutes", "add_minutes_photo", "remove_minutes_photo",
        "send_minutes", "enter_correction", "start_signing", "reopen_minutes", "add_addendum",
    ),
    COMMITTEE,
) | {"retry_minutes_paper": COMMITTEE | {"adi"}, "see_full_minutes": COMMITTEE}  # fmt: skip
# Of a correction that 林红 raised in a meeting where 陈静, 林红, 王桂芳 and 赵大勇 were.
WHO_MAY_CORRECT = {
    "raise_correction": {"chen", "lin", "wang", "zhao"},
    "accept_correction": {"chen"},
    "answer_correction": {"chen"},
}
# Of 林红's own line: who kept the record does not enter her own signature on paper.
WHO_MAY_SIGN = {
    "sign_minutes": {"lin"},
    "enter_minutes_signature": {"chen"},
    "excuse_signatory": {"chen"},
}


@pytest.mark.parametrize("person", EVERYONE)
def test_who_may(person, people, places, households):
    meeting = held(people, places.here)
    minutes = Minutes(neighbourhood=places.here, meeting=meeting)
    correction = MinutesCorrection(
        neighbourhood=places.here, minutes=minutes, raised_by=people["lin"]
    )
    signatory = MinutesSignatory(neighbourhood=places.here, minutes=minutes, user=people["lin"])
    for table, subject in (
        (WHO_MAY, minutes), (WHO_MAY_CORRECT, correction), (WHO_MAY_SIGN, signatory),
    ):  # fmt: skip
        assert {act for act in table if may(people[person], f"consultation.{act}", subject)} == {
            act for act, allowed in table.items() if person in allowed
        }


MOVES = {
    ("draft", "sent"), ("sent", "signing"), ("signing", "sent"), ("signing", "signed"),
    ("signed", "sealed"),
}  # fmt: skip


@pytest.mark.parametrize("start", Minutes.State)
@pytest.mark.parametrize("end", Minutes.State)
def test_moves(start, end):
    minutes = Minutes(state=start)
    if (start, end) in MOVES:
        minutes.move_to(end)
        assert minutes.state == end
    else:
        with pytest.raises(Refused):
            minutes.move_to(end)


def _in_state(state, people, place):
    made = {"draft": drafted, "sent": sent, "signing": signing, "signed": signed, "sealed": sealed}
    return made[state](people, place)


def _acts(minutes, people, place):
    """Every act on minutes, each as whoever may do it."""
    chen, wang = people["chen"], people["wang"]
    signatory = minutes.signatories.filter(user=wang).first() or MinutesSignatory(
        neighbourhood=place, minutes=minutes, user=wang
    )
    version = queries.current(minutes)
    return {
        "edit_minutes": lambda: writing.edit_minutes(
            minutes, changes={"closing": "散会"}, edition=version.edition, by=chen
        ),
        "add_minutes_photo": lambda: writing.add_minutes_photo(
            minutes, photo=photo(place, chen), caption="", when="", is_public=True, by=chen
        ),
        "remove_minutes_photo": lambda: writing.remove_minutes_photo(minutes, photo="x", by=chen),
        "send_minutes": lambda: writing.send_minutes(
            minutes, recorder=people["lin"], correction_days=5, by=chen
        ),
        "raise_correction": lambda: corrections.raise_correction(
            minutes, section="a1", text="我说的是靠东", by=wang
        ),
        "start_signing": lambda: minutes_signing.start_signing(minutes, by=chen),
        "sign_minutes": lambda: sign(minutes, wang),
        "excuse_signatory": lambda: minutes_signing.excuse_signatory(
            signatory, reason="出差", by=chen
        ),
        "reopen_minutes": lambda: minutes_signing.reopen_minutes(minutes, reason="漏了", by=chen),
        "add_addendum": lambda: minutes_papers.add_addendum(
            minutes, text="补一句", reason="漏记", by=chen
        ),
    }


ALLOWED = {
    "draft": {"edit_minutes", "add_minutes_photo", "remove_minutes_photo", "send_minutes"},
    "sent": {"raise_correction", "start_signing"},
    "signing": {"raise_correction", "sign_minutes", "excuse_signatory", "reopen_minutes"},
    "signed": {"raise_correction"},
    "sealed": {"raise_correction", "add_addendum"},
}


@pytest.mark.parametrize("state", ALLOWED)
def test_every_act_in_every_state(state, people, places, households):
    minutes = _in_state(state, people, places.here)
    if state == "sent":
        minutes = over(minutes)
    done = set()
    for name, act in _acts(minutes, people, places.here).items():
        with transaction.atomic():
            try:
                act()
                done.add(name)
            except (Refused, MinutesSignatory.DoesNotExist):
                pass
            transaction.set_rollback(True)
    assert done == ALLOWED[state]


def test_a_draft_begins_with_what_is_known_and_goes_to_who_was_there(people, places, households):
    chen, lin, wang = (people[who] for who in ("chen", "lin", "wang"))
    meeting = held(people, places.here)
    minutes = writing.draft_minutes(meeting, by=chen)
    body = queries.current(minutes).body
    assert [section["title"] for section in body["sections"]] == ["摊位怎么排", "什么时候开工"]
    assert [one["name"] for one in body["people"]["present"]] == ["王桂芳", "赵大勇"]
    assert queries.sending(minutes) == ["还没有写讨论或决定。"]
    with pytest.raises(Refused, match="已经有纪要"):
        writing.draft_minutes(meeting, by=lin)
    writing.edit_minutes(minutes, changes=changes(minutes), edition=1, by=lin)
    with pytest.raises(Refused, match="林红 已经改过"):
        writing.edit_minutes(minutes, changes={"closing": "散会"}, edition=1, by=chen)
    writing.send_minutes(
        minutes, recorder=lin, representatives=[wang], on_paper=["李老伯"], correction_days=5,
        by=chen,
    )  # fmt: skip
    assert [str(one) for one in minutes.signatories.all()] == [
        "主持人 陈静", "记录人 林红", "代表 王桂芳", "代表 李老伯",
    ]  # fmt: skip
    deliver_pending()
    told = Notice.objects.filter(text__contains="纪要已写好").values_list(
        "reader__name", flat=True
    )
    assert sorted(told) == ["林红", "王桂芳", "赵大勇", "陈静"]


def test_what_was_noted_at_the_meeting_is_in_the_draft(people, places, households):
    meeting = held(people, places.here)
    place, lin = {"neighbourhood": places.here, "meeting": meeting}, people["lin"]
    Meeting.objects.filter(pk=meeting.pk).update(state="under_way")
    item = meeting.agenda.get(number=1)
    MeetingNote.objects.create(**place, item=item, text="走了一遍现场", version=1)
    speaker = meeting.attendances.get(user=people["wang"])
    label = UnnamedSpeaker.objects.create(**place, number=1)
    for order, (who, stance, text) in enumerate(
        [({"speaker": speaker}, "for", "靠北好"), ({"unnamed": label}, "against", "太吵")], 1
    ):
        Contribution.objects.create(
            **place, **who, item=item, stance=stance, text=text, order=order, recorder=lin
        )
    MeetingDecision.objects.create(
        **place, item=item, number=1, text="摊位靠北", responsible="林红", due="下周", noted_by=lin
    )
    Meeting.objects.filter(pk=meeting.pk).update(state="held")
    minutes = writing.draft_minutes(meeting, by=people["chen"])
    first = queries.current(minutes).body["sections"][0]
    assert first == {
        "key": "a1", "title": "摊位怎么排", "discussion": "走了一遍现场",
        "views_for": "王桂芳：靠北好", "views_against": "居民甲：太吵", "decision": "摊位靠北",
        "dissent": "", "tasks": [{"who": "林红", "what": "摊位靠北", "until": "下周"}],
    }  # fmt: skip


def test_minutes_from_a_correction_to_the_sealed_files(people, places, households):
    chen, lin, wang = (people[who] for who in ("chen", "lin", "wang"))
    minutes = sent(people, places.here, on_paper=["李老伯"])
    meeting = minutes.meeting
    correction = corrections.raise_correction(minutes, section="a1", text="我说的是靠东", by=wang)
    with pytest.raises(PermissionDenied):
        corrections.answer_correction(correction, answer="不改", by=people["sun"])
    minutes = over(minutes)
    with pytest.raises(Refused, match="有 1 条更正还没有答复"):
        minutes_signing.start_signing(minutes, by=chen)
    edited = changes(minutes, discussion="王桂芳：希望摊位靠东。")
    made = corrections.accept_correction(correction, changes=edited, version=1, by=lin)
    assert (made.number, made.changes) == (2, "按更正修改：摊位怎么排")
    minutes = again(minutes)
    assert minutes.takes_corrections(timezone.localdate())  # two days to look at the change
    minutes = over(minutes)
    minutes_signing.follow_minutes_clock()
    assert again(minutes).state == "signing"
    for who in (chen, lin, wang):
        sign(minutes, who)
    assert queries.completing(minutes) == ["还等这些人签字：代表 李老伯"]
    on_paper = minutes.signatories.get(user=None)
    scan = photo(places.here, chen, name="scan.jpg")
    paper = {"scan": scan, "signed_on": timezone.localdate(), "by": chen}
    with pytest.raises(Refused, match="指纹"):
        minutes_signing.enter_minutes_signature(on_paper, fingerprint="1234-5678", **paper)
    minutes_signing.enter_minutes_signature(on_paper, fingerprint=made.fingerprint, **paper)
    assert again(minutes).state == "signed"

    assert minutes_papers.work_on_minutes() == 2
    minutes = again(minutes)
    assert (minutes.state, queries.progress(list(minutes.papers.all())).done) == ("sealed", 6)
    entry = Entry.objects.get(act="consultation.seal_minutes", chain=f"meeting:{meeting.pk}")
    files = {paper.audience: paper for paper in minutes.papers.all()}
    assert entry.facts == {
        "text": made.text_sha256, **{name: paper.sha256 for name, paper in files.items()},
    }  # fmt: skip
    for paper in files.values():
        pdf = read(paper.file)
        judged = documents.verdict(pdf, expected_fields=["final"], registered_sha256=paper.sha256)
        assert judged.ok
    deliver_pending()
    told = Notice.objects.filter(text__contains="纪要已写好").values_list(
        "reader__name", flat=True
    )
    assert sorted(told) == ["林红", "王桂芳", "赵大勇", "陈静"]
    assert Notice.objects.filter(reader=people["zhao"], text__contains="签字盖章").count() == 1


def test_a_signature_is_for_one_text_by_one_code(people, places, households):
    minutes = signing(people, places.here)
    wang = people["wang"]
    signatory = minutes.signatories.get(user=wang)
    good = queries.current(minutes).text_sha256
    minutes_signing.ask_minutes_code(signatory, session_key="s", ip="192.0.2.1", by=wang)
    told = {"session_key": "s", "by": wang}
    with pytest.raises(Refused, match="已更新"):
        minutes_signing.sign_minutes(signatory, code="000000", text_sha256="0" * 64, **told)
    with pytest.raises(Refused, match="验证码不对"):
        minutes_signing.sign_minutes(signatory, code="000000", text_sha256=good, **told)
    with pytest.raises(PermissionDenied):
        minutes_signing.sign_minutes(
            signatory, code="000000", text_sha256=good, session_key="s", by=people["chen"]
        )
    sign(minutes, wang)
    with pytest.raises(Refused, match="已经签过"):
        sign(minutes, wang)
    kept = MinutesSignature.objects.get()
    assert (kept.text_sha256, kept.way, kept.evidence["phone"]) == (
        good,
        "code",
        wang.masked_phone,
    )


def test_a_text_changed_before_all_have_signed_is_signed_anew(people, places, households):
    minutes = signing(people, places.here)
    sign(minutes, people["wang"])
    minutes_signing.reopen_minutes(minutes, reason="决定抄错了", by=people["chen"])
    correction = corrections.raise_correction(
        again(minutes), section="a1", text="通道是三米", by=people["wang"]
    )
    edited = changes(minutes, decision="摊位靠北，留出三米通道。")
    corrections.accept_correction(correction, changes=edited, version=1, by=people["lin"])
    minutes_signing.start_signing(over(minutes), by=people["chen"])
    assert [str(one) for one in queries.unsigned(minutes)] == [
        "主持人 陈静", "记录人 林红", "代表 王桂芳",
    ]  # fmt: skip
    assert MinutesSignature.objects.get().version.number == 1


def test_who_does_not_sign_is_named_with_the_reason(people, places, households):
    minutes = signing(people, places.here)
    for who in ("chen", "lin"):
        sign(minutes, people[who])
    signatory = minutes.signatories.get(user=people["wang"])
    minutes_signing.excuse_signatory(signatory, reason="住院", by=people["chen"])
    assert again(minutes).state == "signed"
    deliver_pending()
    assert Notice.objects.filter(reader=people["wang"], text__contains="没有签字").count() == 1


# ---- deadlines ----


def test_five_working_days_leap_over_the_national_day(
    announced, people, places, households, monkeypatch
):
    """2026: 1 to 7 October are off, 10 October (Saturday) is worked."""
    minutes = drafted(people, places.here)
    monkeypatch.setattr(timezone, "localdate", lambda *_a: dt.date(2026, 9, 29))
    writing.send_minutes(minutes, recorder=people["lin"], correction_days=5, by=people["chen"])
    minutes = again(minutes)
    assert minutes.corrections_until == dt.date(2026, 10, 12)
    assert minutes.takes_corrections(dt.date(2026, 10, 12))
    assert not minutes.takes_corrections(dt.date(2026, 10, 13))


def test_the_clock_goes_on_or_says_once_a_day_what_waits(people, places, households):
    ready, waiting = (sent(people, places.here) for _n in "12")
    correction = corrections.raise_correction(
        waiting, section="", text="漏了一个人", by=people["zhao"]
    )
    minutes_signing.follow_minutes_clock()
    assert {again(ready).state, again(waiting).state} == {"sent"}  # their days are not over
    for minutes in (ready, waiting):
        over(minutes)
    for _minute in range(3):
        minutes_signing.follow_minutes_clock()
    assert (again(ready).state, again(waiting).state) == ("signing", "sent")
    deliver_pending()
    told = Notice.objects.filter(text__contains="还有更正没有答复")
    assert sorted(told.values_list("reader__name", flat=True)) == ["林红", "陈静"]
    asked = Notice.objects.filter(text__contains="请您签字")
    assert sorted(asked.values_list("reader__name", flat=True)) == ["林红", "王桂芳", "陈静"]
    corrections.answer_correction(correction, answer="名单已核对", by=people["chen"])
    minutes_signing.follow_minutes_clock()
    assert again(waiting).state == "signing"
