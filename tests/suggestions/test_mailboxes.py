"""Mailboxes: opened by two, counted twice, and no letter left lying."""

import datetime as dt
import threading
from unittest import mock

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice
from caoyang_portal.uploads.models import Attachment
from suggestions.actions import letters as letter_acts
from suggestions.actions import mailboxes as acts
from suggestions.models import Claim, CollectionPoint, Letter, MailboxRound, Suggestion
from suggestions.queries.mailboxes import boxes
from tests.conftest import EVERYONE
from tests.suggestions.mailbox_builders import confirmed, letters, opened, scan
from tests.suggestions.point_builders import centre

pytestmark = pytest.mark.usefixtures("announced")
DAY = dt.timedelta(days=1)
COMMITTEE = {"chen", "lin"}
WHO_MAY = dict.fromkeys(
    (
        "open_mailbox", "void_mailbox_round", "add_letters", "transcribe_letter",
        "make_letter_a_suggestion", "make_letter_a_claim", "set_letter_aside",
        "close_mailbox_round",
    ),
    COMMITTEE,
) | {"confirm_mailbox_round": {"lin"}}  # fmt: skip
WORDS = {"category": "other", "title": "多放长椅", "reasons": "走累了没处坐"}


def at(name, *things):
    return reverse(f"suggestions:{name}", args=[thing.pk for thing in things])


@pytest.mark.parametrize("person", EVERYONE)
def test_who_may(person, people, places):
    one = opened(people, places.here)
    assert {act for act in WHO_MAY if may(people[person], f"suggestions.{act}", one)} == {
        act for act, allowed in WHO_MAY.items() if person in allowed
    }


def test_it_takes_two_to_open_it(people, places):
    point = centre(people, places.here, mailbox_days=7)
    given = {"opened_at": timezone.now(), "counted": 3, "by": people["chen"]}
    for second in ("chen", "wang", "fang"):
        with pytest.raises(Refused, match="开箱要两个人"):
            acts.open_mailbox(point, second=people[second], **given)
    one = acts.open_mailbox(point, second=people["lin"], **given)
    with pytest.raises(Refused, match="还没有办完"):
        acts.open_mailbox(point, second=people["lin"], **given)
    with pytest.raises(IntegrityError, match="by_two_people"), transaction.atomic():
        MailboxRound.objects.filter(pk=one.pk).update(second=people["chen"])
    deliver_pending()
    told = Notice.objects.get(entry__act="suggestions.open_mailbox")
    assert (told.reader, told.text) == (
        people["lin"], "“一心”的邮筒开了，请您登录确认数了几封。",
    )  # fmt: skip


def in_state(people, places, state):
    if state == "opened":
        return opened(people, places.here, 0)
    if state == "void":
        return acts.void_mailbox_round(
            opened(people, places.here, 0), reason="录错", by=people["chen"]
        )
    one = confirmed(people, places.here, 0)
    return acts.close_mailbox_round(one, by=people["chen"]) if state == "closed" else one


MOVES = {
    ("opened", "confirm_mailbox_round"): "confirmed", ("opened", "void_mailbox_round"): "void",
    ("confirmed", "close_mailbox_round"): "closed",
}  # fmt: skip
GIVEN = {"confirm_mailbox_round": {"counted_again": 0}, "void_mailbox_round": {"reason": "录错"}}


@pytest.mark.parametrize("state", MailboxRound.State.values)
@pytest.mark.parametrize(
    "act", ["confirm_mailbox_round", "void_mailbox_round", "close_mailbox_round"]
)
def test_what_may_follow_what(state, act, people, places):
    one = in_state(people, places, state)
    given = GIVEN.get(act, {}) | {"by": people["lin"]}
    if (state, act) in MOVES:
        assert getattr(acts, act)(one, **given).state == MOVES[state, act]
    else:
        with pytest.raises(Refused), transaction.atomic():
            getattr(acts, act)(one, **given)
        assert MailboxRound.objects.get().state == state


def test_two_counts_that_differ_are_explained(people, places):
    one = opened(people, places.here, 3)
    with pytest.raises(Refused, match="数的不一样"):
        acts.confirm_mailbox_round(one, counted_again=2, by=people["lin"])
    with pytest.raises(IntegrityError, match="two_counts_agree"), transaction.atomic():
        MailboxRound.objects.update(counted_again=2)
    done = acts.confirm_mailbox_round(
        one, counted_again=2, mismatch="一封是信封里的广告", by=people["lin"]
    )
    assert (done.counted, done.counted_again, done.mismatch) == (3, 2, "一封是信封里的广告")


def test_each_letter_becomes_a_suggestion_a_claim_or_neither_and_then_it_closes(people, places):
    one, chen = confirmed(people, places.here, 4), people["chen"]
    first, second, third = letters(people, one, 3)
    with pytest.raises(Refused, match="先抄录"):
        letter_acts.make_letter_a_suggestion(first, **WORDS, by=chen)
    acts.transcribe_letter(first, text="多放几张长椅", by=chen)
    acts.transcribe_letter(second, text="我家漏水", by=chen)
    made = letter_acts.make_letter_a_suggestion(first, **WORDS, by=chen)
    assert (made.source, made.confirmed, made.proposer_name, made.proposed_by) == (
        "mailbox", "own_hand", "没有署名", None,
    )  # fmt: skip
    assert made.source_note == f"一心的邮筒，{timezone.localdate().isoformat()}，第 1 封"
    claim = letter_acts.make_letter_a_claim(
        second, title="漏水", text="我家漏水", claimant_name="李阿婆", by=chen
    )
    with pytest.raises(Refused, match="1 封信没有办"):
        acts.close_mailbox_round(one, by=chen)
    letter_acts.set_letter_aside(third, reason="广告", by=chen)
    for again in (first, second, third):
        with pytest.raises(Refused, match="已经办了"):
            letter_acts.set_letter_aside(again, reason="再来", by=chen)
    with pytest.raises(Refused, match="数了 4 封，登记了 3 封"):
        acts.close_mailbox_round(one, by=chen)
    closed = acts.close_mailbox_round(one, mismatch="两张纸是一封", by=chen)
    assert (closed.state, closed.mismatch) == ("closed", "两张纸是一封")
    fates = Letter.objects.values_list("fate", "suggestion", "claim", "reason")
    assert list(fates) == [
        ("suggestion", made.pk, None, ""), ("claim", None, claim.pk, ""),
        ("neither", None, None, "广告"),
    ]  # fmt: skip
    with pytest.raises(Refused, match="才能登记信件"):
        letters(people, closed, 1)


def test_a_letter_made_a_claim_is_made_whole_or_not_at_all(people, places):
    one = confirmed(people, places.here)
    letter = acts.transcribe_letter(letters(people, one)[0], text="漏水", by=people["chen"])
    with (
        mock.patch.object(letter_acts, "record", side_effect=RuntimeError("lost")),
        pytest.raises(RuntimeError),
    ):
        letter_acts.make_letter_a_claim(letter, title="漏水", text="漏水", by=people["chen"])
    letter.refresh_from_db()
    assert (Claim.objects.count(), letter.fate, letter.claim) == (0, "waiting", None)


def test_the_database_holds_what_became_of_a_letter(people, places):
    one = confirmed(people, places.here)
    letter, _other = letters(people, one)
    for change, sentence in [
        ({"fate": "suggestion"}, "a_letter_made_a_suggestion_leads_to_it"),
        ({"fate": "claim"}, "a_letter_made_a_claim_leads_to_it"),
        ({"fate": "neither"}, "a_letter_that_is_neither_says_why"),
    ]:
        with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
            Letter.objects.filter(pk=letter.pk).update(**change)


def test_letters_lie_encrypted(client, people, places):
    one = confirmed(people, places.here)
    client.force_login(people["chen"])
    given = {"scans": [scan(), scan("b.jpg")], "as_one": "on"}
    assert client.post(at("add_letters", one), given).status_code == 302
    assert client.post(at("add_letters", one), {"scans": [scan(), scan()]}).status_code == 302
    assert [letter.scans.count() for letter in one.letters.all()] == [2, 1, 1]
    assert set(Attachment.objects.values_list("is_concealed", flat=True)) == {True}
    letter = one.letters.first()
    acts.transcribe_letter(letter, text="写信人电话 13800000000", by=people["chen"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM suggestions_letter WHERE text <> ''")
        [(stored,)] = cursor.fetchall()
    assert "13800000000" not in stored
    assert client.get(at("letter_scan", letter, letter.scans.first())).status_code == 200
    client.force_login(people["gu"])
    assert client.get(at("letter", letter)).status_code == 403
    assert client.get(at("letter_scan", letter, letter.scans.first())).status_code == 403


def test_the_second_person_is_not_shown_the_first_count(client, people, places):
    one = opened(people, places.here, 37)
    client.force_login(people["lin"])
    for name in ("mailbox_round", "confirm_mailbox_round"):
        assert "37" not in client.get(at(name, one)).content.decode().split("<main")[1]
    assert (
        client.post(at("confirm_mailbox_round", one), {"counted_again": "37"}).status_code == 302
    )
    assert "37 封" in client.get(at("mailbox_round", one)).content.decode()


def test_a_box_not_opened_in_time_is_told_of_once(people, places):
    point = centre(people, places.here, mailbox_days=7)
    today = timezone.localdate()
    CollectionPoint.objects.update(mailbox_since=today - 7 * DAY)
    [box] = boxes(CollectionPoint.objects.all())
    assert (box.due, box.is_late(today), box.is_late(today + DAY)) == (today, False, True)
    told = [acts.watch_mailboxes(today + n * DAY) for n in (0, 1, 1, 2)]
    assert told == [0, 1, 0, 0]
    opened(people, places.here)
    assert acts.watch_mailboxes(today + 7 * DAY) == 1  # the round, three working days on
    assert acts.watch_mailboxes(today + 8 * DAY) == 1  # the box, due again
    assert [e.act for e in Entry.objects.filter(act__startswith="suggestions.warn").order_by("at")] == [
        "suggestions.warn_mailbox", "suggestions.warn_mailbox_round", "suggestions.warn_mailbox",
    ]  # fmt: skip
    deliver_pending()
    readers = Notice.objects.filter(entry__act="suggestions.warn_mailbox").values_list(
        "reader__name", flat=True
    )
    assert sorted(readers) == ["林红", "林红", "陈静", "陈静"]
    assert point.pk


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_tell_of_it_once(people, places):
    centre(people, places.here, mailbox_days=7)
    today = timezone.localdate()
    CollectionPoint.objects.update(mailbox_since=today - 30 * DAY)
    both, told = threading.Barrier(2, timeout=5), []
    real = acts.locked_point

    def together(point):
        both.wait()
        return real(point)

    def clock():
        try:
            told.append(acts.watch_mailboxes(today))
        finally:
            connection.close()

    with mock.patch.object(acts, "locked_point", together):
        clocks = [threading.Thread(target=clock) for _ in range(2)]
        for one in clocks:
            one.start()
        for one in clocks:
            one.join(20)
    assert sorted(told) == [0, 1]
    assert Entry.objects.filter(act="suggestions.warn_mailbox").count() == 1


@pytest.mark.parametrize("name", ["mailbox_desk", "mailbox_round"])
def test_pages_ask_as_much_of_three_as_of_one(name, client, people, places):
    one = confirmed(people, places.here)
    first = letters(people, one, 1)[0]
    client.force_login(people["chen"])
    things = [one] if name == "mailbox_round" else []

    def cost():
        client.get(at(name, *things))
        with CaptureQueriesContext(connection) as asked:
            client.get(at(name, *things))
        return len(asked)

    alone = cost()
    acts.transcribe_letter(first, text="长椅", by=people["chen"])
    letter_acts.make_letter_a_suggestion(first, **WORDS, by=people["chen"])
    letters(people, one, 3)
    assert cost() == alone
    assert Suggestion.objects.count() == 1
