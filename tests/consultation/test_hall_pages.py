"""The door, the hall and the record through their pages; what they cost with one who came and three hundred."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from consultation import check_in_codes as codes
from consultation.models import (
    Attendance,
    Contribution,
    MeetingDecision,
    MeetingNote,
    Presence,
    Seat,
    ShowOfHands,
)
from tests.consultation.builders import entry_of
from tests.consultation.hall_builders import MINUTE, came, closed, meeting_on, owners_meeting
from tests.consultation.test_record import picture, wav


def at(name, thing=None, *more):
    return reverse(f"consultation:{name}", args=[thing.pk, *more] if thing else [])


def said(response):
    return response.content.decode()


def post(client, name, thing, /, **data):
    return client.post(at(name, thing), data, follow=True)


@pytest.fixture
def lin(client, people):
    client.force_login(people["lin"])
    return client


# --- the code ----------------------------------------------------------------------------------


def test_a_code_is_good_for_three_minutes_and_for_one_meeting(people, places):
    here, there = meeting_on(people, places).pk, meeting_on(people, places).pk
    now = timezone.now().replace(second=30)
    code = codes.code_now(here, now)
    assert [codes.is_good(here, code, now + n * MINUTE) for n in (-1, 0, 2, 3)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert codes.is_good(there, code, now) is False
    poster = codes.code_on_the_poster(here)
    assert (codes.is_good(here, poster, now), codes.is_good(there, poster, now)) == (True, False)
    for made_up in ("", "0", "0-", "x-y", "-1-" + poster[2:], poster[:-1] + "g", "0-" + "0" * 20):
        assert codes.is_good(here, made_up, now) is False


def test_from_the_code_to_the_seat(client, people, places, households):
    meeting = meeting_on(people, places)
    client.force_login(people["wang"])
    assert "请先扫码" in said(client.get(at("check_in", meeting)))
    page = client.post(at("check_in", meeting), follow=True)
    assert ("请先扫会场大屏幕上的码" in said(page), Presence.objects.count()) == (True, 0)
    code = codes.code_now(meeting.pk, timezone.now())
    page = client.get(at("check_in_code", meeting, code), follow=True)
    assert "我到了，签到" in said(page)
    page = post(client, "check_in", meeting)
    assert ("您已到会" in said(page), Presence.objects.get().channel) == (True, "qr")
    page = post(client, "leave_meeting", meeting)
    assert ("您刚才离开了" in said(page), Presence.objects.get().left_at is None) == (True, False)


def test_a_scan_outlives_signing_in(client, people, places, households):
    """Scanned before signing in, as most do; the code is old by then, the scan is remembered."""
    meeting = meeting_on(people, places)
    code = codes.code_now(meeting.pk, timezone.now())
    there = client.get(at("check_in_code", meeting, code))
    assert there.headers["Location"] == at("check_in", meeting)
    kept = client.session[f"scanned:{meeting.pk}"]
    to_login = client.get(at("check_in", meeting))
    assert to_login.headers["Location"].startswith("/accounts/login/")
    client.force_login(people["wang"])
    assert client.session[f"scanned:{meeting.pk}"] == kept
    assert "我到了，签到" in said(client.get(at("check_in", meeting)))


def test_after_closing_the_code_opens_nothing(client, people, places, households):
    meeting = meeting_on(people, places)
    client.force_login(people["wang"])
    client.get(at("check_in_code", meeting, codes.code_on_the_poster(meeting.pk)))
    closed(meeting)
    assert "会已经开完，不用签到了" in said(client.get(at("check_in", meeting)))
    assert "不能签到了" in said(post(client, "check_in", meeting))
    assert Presence.objects.count() == 0


def test_the_hall_s_screen_names_nobody(lin, people, places, households):
    meeting = owners_meeting(people, places, quorum_part=2, quorum_whole=3, quorum_exceeded=False)
    came(meeting, "王桂芳", entries=[entry_of(meeting.roll, "王桂芳")])
    page = said(lin.get(at("hall_screen", meeting)))
    assert ("到会 1 人，还差 1 人" in page, "王桂芳" in page, "<svg" in page) == (
        True,
        False,
        True,
    )
    part = said(lin.get(at("hall_screen", meeting), headers={"HX-Request": "true"}))
    assert ("到会 1 人，还差 1 人" in part, "<html" in part, "every 5s" in part) == (
        True,
        False,
        True,
    )
    closed(meeting)
    part = said(lin.get(at("hall_screen", meeting), headers={"HX-Request": "true"}))
    assert ("every 5s" in part, "<svg" in part) == (False, False)
    assert "签到海报" in said(lin.get(at("check_in_poster", meeting)))


# --- the desk ----------------------------------------------------------------------------------


def test_one_tap_in_one_tap_out_and_back(lin, people, places, households):
    meeting = meeting_on(people, places)
    page = said(lin.get(at("desk_attendance", meeting), {"q": "3-101"}))
    key = f"m:{households.wang.members.get().pk}"
    assert key in page
    page = post(lin, "admit", meeting, who=key)
    presence = Presence.objects.get()
    assert (page.redirect_chain[0][0].endswith(f"?undo={presence.pk}"), "按错了，撤销" in said(page)) == (
        True, True,
    )  # fmt: skip
    assert "王桂芳 离开了" in said(post(lin, "see_out", presence))
    post(lin, "undo_tap", presence)
    presence.refresh_from_db()
    assert presence.left_at is None
    page = post(lin, "admit", meeting, name="走进来的人", role="observer")
    assert Attendance.objects.get(name="走进来的人").role == "observer"
    assert "请再查一次" in said(post(lin, "admit", meeting, who="m:没有"))
    part = lin.get(at("desk_attendance", meeting), headers={"HX-Request": "true"})
    assert ("到会 2 人" in said(part), "王桂芳" in said(part)) == (True, False)


def test_a_mandate_is_entered_with_its_paper(lin, people, places, households):
    meeting = owners_meeting(people, places)
    row = came(meeting, "王桂芳", entries=[entry_of(meeting.roll, "王桂芳")]).attendance
    number = entry_of(meeting.roll, "孙丽").number
    given = {"entry": number.lstrip("0"), "scope": "全部", "mandated_on": timezone.localdate()}
    wrong = post(lin, "record_meeting_mandate", row, **given | {"entry": "99"}, document=picture())
    assert (wrong.status_code, "名册上没有这个号" in said(wrong)) == (422, True)
    post(lin, "record_meeting_mandate", row, **given, document=picture())
    seat = Seat.objects.get(is_proxy=True)
    assert (seat.document.is_concealed, seat.scope) == (True, "全部")
    assert lin.get(at("see_meeting_mandate", seat)).headers["Content-Type"] == "image/jpeg"
    assert "孙丽" in said(lin.get(at("attendee", row)))
    assert "到会 2 人，人数够了" in said(lin.get(at("desk_attendance", meeting)))
    post(lin, "end_seat", seat)
    assert "到会 1 人，还差 1 人" in said(lin.get(at("desk_attendance", meeting)))
    history = said(lin.get(at("quorum_history", meeting)))
    assert ("从这时起够了" in history, "从这时起不够" in history) == (True, True)


def test_the_paper_sheet_is_entered_after_the_meeting(lin, people, places, households):
    meeting = closed(meeting_on(people, places))
    key = f"m:{households.wang.members.get().pk}"
    assert f"?who={key}" in said(lin.get(at("desk_attendance", meeting), {"q": "王桂芳"}))
    first = timezone.localtime(meeting.opened_at + MINUTE)
    given = {
        "name": "王桂芳",
        "role": "participant",
        "arrived_at": first.strftime("%Y-%m-%dT%H:%M"),
    }
    lin.post(f"{at('enter_from_sheet', meeting)}?who={key}", given)
    presence = Presence.objects.get()
    assert (presence.channel, presence.attendance.household) == ("sheet", households.wang)


# --- hands -------------------------------------------------------------------------------------


def test_hands_are_counted_through_the_pages(lin, people, places, households):
    meeting = meeting_on(people, places)
    came(meeting, "张三")
    given = {
        "question": "画车位？", "counting": "tellers", "passes": "half", "must_hold": "throughout",
        "item": meeting.agenda.first().pk,
    }  # fmt: skip
    post(lin, "open_show_of_hands", meeting, **given)
    show = ShowOfHands.objects.get()
    count = {"yes": 1, "no": 0, "abstain": 0}
    page = said(post(lin, "enter_teller_count", show, teller="甲", **count))
    assert ("甲 已经报数，等另一位" in page, "1 / 0 / 0" in page) == (True, False)
    wrong = post(lin, "enter_teller_count", show, teller="乙", **count | {"yes": 9})
    assert (wrong.status_code, "比到会的 1 位还多" in said(wrong)) == (422, True)
    post(lin, "enter_teller_count", show, teller="乙", **count)
    assert "同意 1，不同意 0，弃权 0" in said(post(lin, "close_show_of_hands", show))
    post(lin, "note_dissent", show, dissent="没有人不同意")
    show.refresh_from_db()
    assert (show.is_adopted, show.dissent) == (True, "没有人不同意")
    assert "通过" in said(lin.get(at("desk_hands", meeting)))


def test_hands_are_ticked_off_the_roll(lin, people, places, households):
    meeting = owners_meeting(people, places, quorum="heads_and_area")
    names = ("王桂芳", "赵大勇")
    for name in names:
        came(meeting, name, entries=[entry_of(meeting.roll, name)])
    page = said(lin.get(at("open_show_of_hands", meeting)))
    assert ("逐个登记" in page, "各数一遍" in page) == (True, False)
    given = {
        "question": "画车位？",
        "counting": "ticks",
        "passes": "two_thirds",
        "must_hold": "throughout",
    }
    post(lin, "open_show_of_hands", meeting, **given)
    show = ShowOfHands.objects.get()
    ticks = {f"v-{entry_of(meeting.roll, name).pk}": "yes" for name in names}
    post(lin, "tick_hands", show, **ticks)
    assert show.ticks.count() == 2
    assert "按面积：同意 41.00 ㎡" in said(post(lin, "close_show_of_hands", show))


# --- the record --------------------------------------------------------------------------------


def test_a_sheet_is_saved_by_script_and_by_form(lin, people, places, client):
    meeting = meeting_on(people, places)
    item = meeting.agenda.first()
    url, by_script = at("save_note", meeting), {"Accept": "application/json"}
    first = lin.post(url, {"item": item.pk, "text": "一", "base": 0}, headers=by_script)
    assert json.loads(first.content) == {"yours": 1, "version": 1, "text": "一", "clashes": False}
    lin.post(url, {"item": item.pk, "text": "一\r\n二", "base": 1})
    merged = lin.post(url, {"item": item.pk, "text": "一\n三", "base": 1}, headers=by_script)
    assert json.loads(merged.content)["text"] == "一\n二\n三"
    clash = lin.post(url, {"item": item.pk, "text": "一改", "base": 1}, follow=True)
    assert ("两边写得不一样" in said(clash), MeetingNote.objects.get().text) == (
        False, "一改\n二\n三",
    )  # fmt: skip
    clash = lin.post(url, {"item": item.pk, "text": "一又改", "base": 1}, follow=True)
    assert ("两边写得不一样" in said(clash), MeetingNote.objects.get().text) == (
        True, "一改\n二\n三",
    )  # fmt: skip
    wrong = lin.post(url, {"item": item.pk, "text": "一", "base": 99}, headers=by_script)
    assert (wrong.status_code, "refused" in json.loads(wrong.content)) == (422, True)
    now = json.loads(lin.get(at("notes_now", meeting)).content)["notes"]
    assert now[str(item.pk)]["text"] == "一改\n二\n三"
    assert "一又改" in said(lin.get(at("note_versions", MeetingNote.objects.get())))


def test_quick_entries_beside_the_notes(lin, people, places):
    meeting = meeting_on(people, places)
    row = came(meeting, "王桂芳").attendance
    given = {
        "speaker": row.pk,
        "stance": "against",
        "text": "太吵",
        "item": meeting.agenda.first().pk,
    }
    page = lin.post(at("add_contribution", meeting), given, headers={"HX-Request": "true"})
    assert (page.headers["HX-Trigger"], "<html" in said(page)) == ("noted", False)
    wrong = lin.post(at("add_contribution", meeting), {"stance": "for", "text": "谁"})
    assert (wrong.status_code, "请选是谁说的" in said(wrong)) == (422, True)
    post(lin, "note_decision", meeting, text="画车位", responsible="居委会")
    beside = said(lin.get(at("meeting_notes", meeting), headers={"HX-Request": "true"}))
    assert ("太吵" in beside, "画车位" in beside, "textarea" in beside) == (True, True, False)
    one = Contribution.objects.get()
    post(lin, "correct_contribution", one, text="晚上太吵", stance="against", version=1)
    assert "太吵" in said(lin.get(at("correct_contribution", one)))
    decision = MeetingDecision.objects.get()
    post(lin, "edit_decision", decision, text="画八个车位")
    post(lin, "strike_decision", decision, reason="议而未决")
    page = said(lin.get(at("meeting_record", meeting)))
    assert ("晚上太吵" in page, "已划掉：议而未决" in page) == (True, True)
    post(
        lin, "add_contribution", meeting, speaker=row.pk, is_unnamed="on", stance="for", text="好"
    )
    page = said(lin.post(at("see_unnamed_speakers", meeting)))
    assert ("居民甲" in page, "王桂芳" in page) == (True, True)


def test_photos_and_recordings(lin, people, places):
    meeting = meeting_on(people, places)
    post(lin, "add_meeting_photo", meeting, file=picture(), caption="举手", is_public="on")
    photo = meeting.photos.get()
    assert lin.get(at("meeting_photo", photo)).headers["Content-Type"] == "image/jpeg"
    sound = SimpleUploadedFile("会场.wav", wav())
    wrong = post(lin, "attach_audio", meeting, file=picture(), consent="说过")
    assert (wrong.status_code, "只收录音" in said(wrong)) == (422, True)
    post(lin, "attach_audio", meeting, file=sound, consent="会前说明")
    audio = meeting.recordings.get()
    answer = lin.post(at("download_audio", audio))
    assert (answer.headers["Content-Type"], answer.headers["Content-Disposition"][:10]) == (
        "audio/wav", "attachment",
    )  # fmt: skip
    assert lin.get(at("download_audio", audio)).status_code == 405
    post(lin, "destroy_audio", audio, reason="纪要已定")
    assert "已销毁" in said(lin.get(at("meeting_files", meeting)))
    post(lin, "remove_meeting_photo", photo)
    assert meeting.photos.count() == 0


# --- what it costs -----------------------------------------------------------------------------

PAGES = {
    "desk_attendance": 24,
    "hall_screen": 16,
    "quorum_history": 16,
    "desk_hands": 18,
    "show_of_hands": 24,
    "meeting_notes": 34,
    "meeting_record": 18,
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("rows", [1, 300])
def test_pages_cost_the_same_with_one_attendee_and_three_hundred(
    name, rows, lin, people, places, households, django_assert_max_num_queries
):
    meeting = owners_meeting(people, places, quorum_part=0, quorum_exceeded=False)
    place = {"neighbourhood": places.here, "meeting": meeting}
    made = Attendance.objects.bulk_create(
        Attendance(**place, name=f"居民{n}", household=households.wang) for n in range(rows)
    )
    Presence.objects.bulk_create(
        Presence(
            **place, attendance=row, channel="desk", arrived_at=meeting.opened_at + n * MINUTE / 9
        )
        for n, row in enumerate(made)
    )
    entry = meeting.roll.roll.first()
    Seat.objects.bulk_create(
        Seat(**place, attendance=row, entry=entry, since=meeting.opened_at) for row in made
    )
    for n in range(1, min(rows, 40) + 1):
        Contribution.objects.create(
            **place, speaker=made[0], text="说", order=n, recorder=people["lin"],
            item=meeting.agenda.first(),
        )  # fmt: skip
        MeetingDecision.objects.create(**place, number=n, text="决定", noted_by=people["lin"])
    show = ShowOfHands.objects.create(
        **place, number=1, question="？", counting="ticks", opened_by=people["lin"]
    )
    thing = show if name == "show_of_hands" else meeting
    with django_assert_max_num_queries(PAGES[name]):
        assert lin.get(at(name, thing)).status_code == 200
