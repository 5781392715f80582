"""Whom to tell about a written opinion: its representative, its department, the congress office."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.notices.sending import tell
from consultation.models import OpinionClock, OpinionHandling, OpinionReply, WrittenOpinion
from consultation.queries.opinions import department_people, holder_of, office_people

CLERKS = ("department", "department_head")
Step = OpinionClock.Step


def _opinion(pk) -> WrittenOpinion:
    return WrittenOpinion.objects.select_related("congress", "representative__user").get(pk=pk)


def _handling(entry: Entry) -> OpinionHandling:
    return OpinionHandling.objects.select_related("opinion__congress", "department").get(
        pk=entry.subject_id
    )


def _writer(opinion: WrittenOpinion):
    return [opinion.representative.user] if opinion.representative.user else []


def _office(opinion: WrittenOpinion):
    return office_people(opinion.congress.sub_district_id)


def _own_page(opinion: WrittenOpinion) -> str:
    return reverse("consultation:opinion", args=[opinion.pk])


def _desk_page(opinion: WrittenOpinion) -> str:
    return reverse("consultation:desk_opinion", args=[opinion.pk])


@subscribe("consultation.write_opinion")
def tell_the_office_there_is_one(entry: Entry) -> None:
    opinion = _opinion(entry.subject_id)
    text = _("有一件新的书面意见要登记：《%(title)s》")
    tell(entry, _office(opinion), text % {"title": opinion.title[:40]}, link=_desk_page(opinion))


@subscribe("consultation.receive_opinion")
def tell_the_writer_its_number(entry: Entry) -> None:
    opinion = _opinion(entry.subject_id)
    clock = opinion.clocks.get(kind="feedback", round=1)
    text = _("您的书面意见已登记，编号 %(number)s，%(day)s 前答复您。")
    said = {"number": opinion.number, "day": date_format(clock.due_on)}
    tell(entry, _writer(opinion), text % said, link=_own_page(opinion))


@subscribe("consultation.assign_opinion")
def tell_the_departments_it_is_theirs(entry: Entry) -> None:
    opinion = _opinion(entry.subject_id)
    text = _("书面意见 %(number)s 交给您的部门办理，请登录门户看期限。")
    for handling in opinion.live_handlings().select_related("department"):
        people = department_people(handling.department, *CLERKS)
        tell(entry, people, text % {"number": opinion.number}, link=_desk_page(opinion))


@subscribe("consultation.ask_return")
def tell_the_office_one_comes_back(entry: Entry) -> None:
    handling = _handling(entry)
    said = {"who": handling.department, "number": handling.opinion.number}
    text = _("%(who)s申请退回书面意见 %(number)s，请答复。")
    tell(entry, _office(handling.opinion), text % said, link=_desk_page(handling.opinion))


@subscribe("consultation.ask_extension")
def tell_the_office_one_needs_longer(entry: Entry) -> None:
    handling = _handling(entry)
    said = {"who": handling.department, "number": handling.opinion.number}
    text = _("%(who)s申请延长书面意见 %(number)s，请答复。")
    tell(entry, _office(handling.opinion), text % said, link=_desk_page(handling.opinion))


@subscribe("consultation.settle_return")
def tell_the_department_about_the_return(entry: Entry) -> None:
    handling = _handling(entry)
    text = _("书面意见 %(number)s 的退回申请已答复，请登录门户看。")
    people = department_people(handling.department, *CLERKS)
    said = {"number": handling.opinion.number}
    tell(entry, people, text % said, link=_desk_page(handling.opinion))


@subscribe("consultation.settle_extension")
def tell_both_sides_the_new_day(entry: Entry) -> None:
    handling = _handling(entry)
    opinion = _opinion(handling.opinion_id)
    text = _("书面意见 %(number)s 的延长申请已答复，请登录门户看。")
    said = text % {"number": opinion.number}
    tell(entry, department_people(handling.department, *CLERKS), said, link=_desk_page(opinion))
    clock = opinion.clocks.running().filter(kind="feedback").first()
    if handling.extension_agreed and clock:
        longer = _("您的书面意见 %(number)s 还要再办一段时间，%(day)s 前答复您。")
        day = date_format(clock.due_on)
        tell(
            entry, _writer(opinion), longer % {"number": opinion.number, "day": day},
            link=_own_page(opinion),
        )  # fmt: skip


@subscribe("consultation.submit_result")
def tell_the_office_the_result_is_in(entry: Entry) -> None:
    handling = _handling(entry)
    said = {"who": handling.department, "number": handling.opinion.number}
    text = _("%(who)s报来书面意见 %(number)s 的办理结果。")
    tell(entry, _office(handling.opinion), text % said, link=_desk_page(handling.opinion))


@subscribe("consultation.reply_opinion")
def tell_the_writer_the_answer(entry: Entry) -> None:
    reply = OpinionReply.objects.get(pk=entry.subject_id)
    opinion = _opinion(reply.opinion_id)
    text = _("您的书面意见 %(number)s 有答复了，请登录门户看，并评一评。")
    tell(entry, _writer(opinion), text % {"number": opinion.number}, link=_own_page(opinion))


@subscribe("consultation.rate_opinion")
def tell_how_content_it_left(entry: Entry) -> None:
    reply = OpinionReply.objects.select_related("department").get(pk=entry.subject_id)
    opinion = _opinion(reply.opinion_id)
    text = _("代表评价了书面意见 %(number)s 的办理，请登录门户看。")
    if opinion.state == WrittenOpinion.State.UNSATISFIED:
        text = _("代表对书面意见 %(number)s 不满意，请研究是否再办。")
    people = [*_office(opinion), *department_people(reply.department, *CLERKS)]
    tell(entry, people, text % {"number": opinion.number}, link=_desk_page(opinion))


@subscribe("consultation.study_opinion")
def tell_the_writer_what_follows(entry: Entry) -> None:
    opinion = _opinion(entry.subject_id)
    text = _("您不满意的书面意见 %(number)s 已经研究，请登录门户看。")
    tell(entry, _writer(opinion), text % {"number": opinion.number}, link=_own_page(opinion))


@subscribe("consultation.keep_promise")
def tell_the_writer_it_is_done(entry: Entry) -> None:
    opinion = _opinion(OpinionReply.objects.get(pk=entry.subject_id).opinion_id)
    text = _("您的书面意见 %(number)s 里承诺的事办成了，请登录门户看。")
    tell(entry, _writer(opinion), text % {"number": opinion.number}, link=_own_page(opinion))


def _late(entry: Entry) -> OpinionClock:
    return OpinionClock.objects.select_related("opinion__congress", "handling__department").get(
        pk=entry.subject_id
    )


@subscribe("consultation.warn_opinion")
def warn_whoever_has_it(entry: Entry) -> None:
    clock = _late(entry)
    department = holder_of(clock)
    people = department_people(department, "department") or _office(clock.opinion)
    text = _("书面意见 %(number)s 的“%(what)s”%(day)s 到期。")
    tell(entry, people, text % _words(clock), link=_desk_page(clock.opinion))


@subscribe("consultation.press_opinion")
def press_the_next_on_the_ladder(entry: Entry) -> None:
    clock = _late(entry)
    department = holder_of(clock)
    people = {
        Step.HANDLER: department_people(department, "department"),
        Step.HEAD: department_people(department, "department_head"),
        Step.STREET: _office(clock.opinion),
    }[Step(entry.facts["step"])]
    text = _("书面意见 %(number)s 的“%(what)s”已超期，期限是 %(day)s。")
    readers = people or _office(clock.opinion)
    tell(entry, readers, text % _words(clock), link=_desk_page(clock.opinion))


def _words(clock: OpinionClock) -> dict[str, str]:
    return {
        "number": clock.opinion.number,
        "what": clock.get_kind_display(),
        "day": date_format(clock.due_on),
    }
