"""The queue of questions: asked, let through, on air one at a time, answered; who asked is told."""

import itertools

import pytest
from django.core.exceptions import PermissionDenied

from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice
from consultation.actions import invitations, meeting_questions, meetings
from consultation.models import Meeting, MeetingQuestion
from consultation.queries import meeting_questions as queries
from tests.conftest import EVERYONE
from tests.consultation.meeting_builders import announced_meeting, drafted, opened_meeting
from tests.households.test_signing_races import together

State = MeetingQuestion.State
MODERATORS = {"chen", "lin", "lou"}
RESIDENTS = {"wang", "zhao"}
MODERATING = (
    "enter_question", "approve_question", "reject_question", "merge_question", "move_question",
    "put_on_air", "take_off_air", "answer_question",
)  # fmt: skip
WHO_MAY = dict.fromkeys(MODERATING, MODERATORS)
WHO_MAY |= dict.fromkeys(("ask_question", "second_question"), RESIDENTS)


@pytest.mark.parametrize("person", EVERYONE)
def test_who_may(person, people, places):
    meeting = Meeting(neighbourhood=places.here, host=people["lou"])
    question = MeetingQuestion(meeting=meeting, neighbourhood=places.here)
    assert {act for act in WHO_MAY if may(people[person], f"consultation.{act}", question)} == {
        act for act, allowed in WHO_MAY.items() if person in allowed
    }


def test_a_recorder_moderates_and_the_invited_ask(people, places, households):
    meeting = drafted(people, places, is_public=False, recorders=[people["deng"]])
    invitations.invite(meeting, role="expert", names=["孙丽"], by=people["chen"])
    meeting.invitations.update(user=people["sun"])
    asks = {who for who in EVERYONE if may(people[who], "consultation.ask_question", meeting)}
    lets_through = {
        who for who in EVERYONE if may(people[who], "consultation.put_on_air", meeting)
    }
    assert (asks, lets_through) == ({"sun"}, {"chen", "lin", "deng"})


MOVES = {
    ("waiting", "approved"), ("waiting", "rejected"), ("waiting", "merged"), ("approved", "on_air"),
    ("approved", "answered"), ("approved", "rejected"), ("approved", "merged"),
    ("on_air", "approved"), ("on_air", "answered"), ("answered", "on_air"),
    ("rejected", "approved"), ("merged", "approved"),
}  # fmt: skip


@pytest.mark.parametrize(("start", "end"), itertools.product(State, State))
def test_moves(start, end):
    question = MeetingQuestion(state=start)
    if (start, end) in MOVES:
        question.move_to(end)
        assert question.state == end
    else:
        with pytest.raises(Refused):
            question.move_to(end)


def ask(meeting, by, text="装电梯要多少钱？", **more):
    return meeting_questions.ask_question(meeting, text=text, by=by, **more)


def shown(meeting, user):
    return [(q.shown_text, q.state, q.others) for q in queries.shown_questions(meeting, user)]


def test_from_the_question_to_the_answer(people, places, households):
    wang, zhao, chen = people["wang"], people["zhao"], people["chen"]
    meeting = opened_meeting(people, places)
    first = ask(meeting, wang, "楼下老李家的噪音怎么办？", is_unnamed=True)
    same = ask(meeting, zhao, "噪音！")
    assert shown(meeting, wang) == []
    meeting_questions.approve_question(first, shown_text="装修噪音怎么办？", by=chen)
    meeting_questions.second_question(first, by=zhao)
    meeting_questions.second_question(first, by=zhao)
    with pytest.raises(Refused, match="您自己提的"):
        meeting_questions.second_question(first, by=wang)
    meeting_questions.merge_question(same, into=first, by=chen)
    hall = meeting_questions.enter_question(meeting, text="几点结束？", by=chen)
    refused = ask(meeting, wang, "广告")
    meeting_questions.reject_question(refused, reason="与会议无关", by=chen)
    assert shown(meeting, wang) == [
        ("装修噪音怎么办？", "approved", 2),
        ("几点结束？", "approved", 0),
    ]
    meeting_questions.move_question(hall, up=True, by=chen)
    with pytest.raises(Refused, match="已经在头上"):
        meeting_questions.move_question(hall, up=True, by=chen)
    meeting_questions.put_on_air(first, by=chen)
    with pytest.raises(Refused, match="另一个问题正在回答"):
        meeting_questions.put_on_air(hall, by=chen)
    meeting_questions.take_off_air(first, by=chen)
    meeting_questions.put_on_air(first, by=chen)
    meeting_questions.answer_question(first, answer="晚八点后不装修。", by=chen)
    question = MeetingQuestion.objects.get(pk=first.pk)
    assert (question.text, question.shown_name) == ("楼下老李家的噪音怎么办？", "一位居民")
    assert shown(meeting, wang)[1] == ("装修噪音怎么办？", "answered", 2)
    deliver_pending()
    told = Notice.objects.filter(text__contains="提的问题")
    assert {(n.reader, n.text.partition("提的问题")[2]) for n in told} == {
        (wang, "没有采用：与会议无关"), (wang, "已回答，请到门户看。"), (zhao, "有人也问了，已合在一起回答。"),
        (zhao, "已回答，请到门户看。"),
    }  # fmt: skip
    assert "噪音" not in "".join(Entry.objects.values_list("payload", flat=True))


def test_a_merge_is_taken_back_and_a_refusal_too(people, places, households):
    chen = people["chen"]
    meeting = announced_meeting(people, places)
    one, two = ask(meeting, people["wang"]), ask(meeting, people["zhao"], "电梯")
    with pytest.raises(Refused, match="已通过的问题"):
        meeting_questions.merge_question(two, into=one, by=chen)
    meeting_questions.approve_question(one, by=chen)
    meeting_questions.merge_question(two, into=one, by=chen)
    third = ask(meeting, people["wang"], "费用")
    meeting_questions.approve_question(third, by=chen)
    with pytest.raises(Refused, match="已并入这一个"):
        meeting_questions.merge_question(one, into=third, by=chen)
    assert meeting_questions.approve_question(two, by=chen).merged_into is None
    assert meeting_questions.merge_question(one, into=third, by=chen).merged_into == third
    assert meeting_questions.approve_question(one, by=chen).state == "approved"
    with pytest.raises(Refused, match="请写明原因"):
        meeting_questions.reject_question(one, reason=" ", by=chen)
    meeting_questions.reject_question(one, reason="重复", by=chen)
    assert meeting_questions.approve_question(one, by=chen).reason == ""


def test_only_while_questions_are_taken(people, places, households):
    meeting = opened_meeting(people, places)
    for n in range(meeting_questions.MOST_OF_ONE):
        ask(meeting, people["wang"], f"问题 {n}")
    with pytest.raises(Refused, match="最多提 10 个"):
        ask(meeting, people["wang"])
    with pytest.raises(PermissionDenied):
        ask(meeting, people["hu"])
    waiting = MeetingQuestion.objects.first()
    meetings.close_meeting(meeting, by=people["chen"])
    with pytest.raises(Refused, match="不收提问"):
        ask(meeting, people["zhao"])
    with pytest.raises(Refused):
        meeting_questions.put_on_air(waiting, by=people["chen"])
    meeting_questions.approve_question(
        waiting, by=people["chen"]
    )  # answered in writing afterwards
    meeting_questions.answer_question(waiting, answer="见纪要", by=people["chen"])


@pytest.mark.django_db(transaction=True)
def test_two_moderators_put_one_question_on_air(people, places, households):
    meeting = opened_meeting(people, places)
    asked = [ask(meeting, people[who]) for who in ("wang", "zhao")]
    for question in asked:
        meeting_questions.approve_question(question, by=people["chen"])
    results = together(
        *[
            lambda q=q, who=who: meeting_questions.put_on_air(q, by=people[who])
            for q, who in zip(asked, ("chen", "lin"), strict=True)
        ]
    )
    assert MeetingQuestion.objects.filter(state="on_air").count() == 1
    assert sum(isinstance(one, Refused) for one in results) == 1
