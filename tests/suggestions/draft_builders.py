"""Draft laws as they stand after acts that a test is not about."""

import datetime as dt

from django.utils import timezone

from suggestions.actions import draft_batches, draft_opinions, drafts
from suggestions.models import ArticleOpinion, DraftLaw

TEXT = """上海市电梯使用安全若干规定
第一章 总则
第一条　为了加强电梯使用安全管理，制定本规定。
第二条　老旧小区应当优先更新电梯。
第三条　故障后三十分钟内到场。
"""
PASSED = TEXT.replace("三十分钟", "二十分钟")
DAY = dt.timedelta(days=1)


def preparing(people, places, title="电梯使用安全若干规定", **fields):
    """Entered by 陈静 today, owed in 30 days, its text not yet there."""
    today = timezone.localdate()
    values = {"level": "city", "asked_by_body": "市人大常委会法工委", "received_on": today,
              "city_due_on": today + 30 * DAY, "due_on": today + 20 * DAY}  # fmt: skip
    return drafts.start_draft(
        fields.pop("neighbourhood", places.here), title=title, by=fields.pop("by", people["chen"]),
        **values | fields,
    )  # fmt: skip


def imported(people, places, title="电梯使用安全若干规定", **fields):
    draft = preparing(people, places, title, **fields)
    drafts.import_draft(draft, name="征求意见稿", text=TEXT, by=people["chen"])
    return draft


def opened(people, places, title="电梯使用安全若干规定", **fields):
    draft = imported(people, places, title, **fields)
    return drafts.open_draft(draft, by=people["chen"])


def article(draft, label="第三条"):
    return draft.versions.get(is_final=False).articles.select_related("version").get(label=label)


def said(draft, people, who="wang", text="改成二十分钟。", **fields):
    """By 王桂芳 from her phone, of article three."""
    fields = {"kind": "change", "article": article(draft), **fields}
    return draft_opinions.raise_opinion(draft, text=text, by=people[who], **fields)


def entered(draft, people, text="老人等不起。", **fields):
    """By 陈静 for 李阿婆."""
    fields = {"kind": "change", "role": "resident", "article": article(draft), "speaker_name": "李阿婆"} | fields  # fmt: skip
    return draft_opinions.enter_opinion(draft, text=text, by=people["chen"], **fields)


def accepted(draft, people, **fields):
    one = said(draft, people, **fields)
    return draft_opinions.review_opinion(one, accept=True, by=people["lin"])


def closed(draft, people):
    return drafts.close_draft(draft, by=people["chen"])


def submitted(people, places, title="电梯使用安全若干规定", **fields):
    """With one opinion of 王桂芳 in a batch."""
    draft = opened(people, places, title, **fields)
    accepted(draft, people)
    closed(draft, people)
    draft_batches.submit_batch(draft, to_body="市人大常委会法工委", by=people["chen"])
    return again(draft)


def in_state(people, places, state, title="电梯"):
    """A draft led by acts to ``state``."""
    chen = people["chen"]
    if state == "past":
        return past(people, places, title)
    if state == "ended":
        draft = submitted(people, places, title)
        draft_opinions.record_result(draft.opinions.get(), result="adopted", by=chen)
        return drafts.end_draft(draft, outcome="passed", by=chen)
    if state == "closed":
        return again(closed(opened(people, places, title), people))
    made = {"preparing": imported, "open": opened, "submitted": submitted}[state]
    return again(made(people, places, title))


def past(people, places, title="早年", **figures):
    values = dict.fromkeys(
        ("past_activities", "past_people", "past_raised", "past_submitted", "past_adopted"), 0
    )
    return drafts.enter_past_draft(
        places.here, title=title, level="city", received_on=dt.date(2021, 3, 1),
        figures=values | figures, by=people["chen"],
    )  # fmt: skip


def opinion_in(people, places, state, title="电梯"):
    """An opinion led by acts to ``state``, of a draft of its own."""
    if state in ("submitted", "adopted", "partly", "rejected", "unknown"):
        one = submitted(people, places, title).opinions.get()
        if state != "submitted":
            one = draft_opinions.record_result(one, result=state, by=people["chen"])
        return once_more(one)
    draft = opened(people, places, title)
    one = said(draft, people)
    if state == "merged":
        other = said(draft, people, who="zhao", text="二十分钟。")
        one = draft_opinions.merge_opinion(one, into=other, by=people["chen"])
    elif state != "raised":
        words = "" if state == "accepted" else "和这部法规无关。"
        one = draft_opinions.review_opinion(
            one, accept=state == "accepted", words=words, by=people["lin"]
        )
    return once_more(one)


def again(draft) -> DraftLaw:
    return DraftLaw.objects.get(pk=draft.pk)


def once_more(opinion) -> ArticleOpinion:
    return ArticleOpinion.objects.select_related("draft").get(pk=opinion.pk)
