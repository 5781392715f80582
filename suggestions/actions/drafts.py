"""Draft laws from the letter that asks to what became of them (法规草案)."""

import hashlib
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from suggestions import draft_paces
from suggestions.draft_text import ParsedDraft, parse
from suggestions.models import (
    ConsultationActivity,
    DraftArticle,
    DraftLaw,
    DraftStep,
    DraftVersion,
)
from suggestions.queries.drafts import latest

State = DraftLaw.State
PROMISE = ["next_step", "next_on", "rung"]


def locked_draft(draft: DraftLaw) -> DraftLaw:
    """The draft as it stands, held until the transaction ends."""
    return (
        DraftLaw.objects.select_for_update(of=("self",), no_key=True)
        .select_related("neighbourhood")
        .get(pk=draft.pk)
    )


def promise(draft: DraftLaw) -> None:
    """Set what comes next and until when, by the draft's state."""
    late = draft.state == State.SUBMITTED and draft.opinions.filter(
        state__in=("raised", "accepted")
    )
    draft.next_step, draft.next_on = draft_paces.promised(
        draft, timezone.localdate(), has_late_ones=bool(late and late.exists())
    )
    draft.rung = 0


def go_on(
    draft: DraftLaw, state: State, *, by: User | None, words: str = "", **changes: Any
) -> None:
    """Move, change, promise, and say so on the draft's line."""
    draft.move_to(state)
    stay(draft, by=by, words=words, state=draft.state, **changes)


def stay(draft: DraftLaw, *, by: User | None, words: str = "", **changes: Any) -> None:
    """The same without moving."""
    for name, value in changes.items():
        setattr(draft, name, value)
    promise(draft)
    draft.save(update_fields=[*PROMISE, *changes])
    add_step(draft, by, words)


def add_step(draft: DraftLaw, by: User | None, words: str = "") -> None:
    DraftStep.objects.create(
        neighbourhood_id=draft.neighbourhood_id, draft=draft, state=draft.state, by=by,
        text=words.strip(), next_step=draft.next_step, next_on=draft.next_on,
    )  # fmt: skip


def _refuse_days(draft: DraftLaw) -> None:
    if draft.due_on < draft.received_on:
        raise Refused(_("意见收到的那天不能早于收到草案的那天"))
    if draft.due_on > draft.city_due_on:
        raise Refused(_("我们收意见的截止日期不能晚于上报截止"))


@transaction.atomic
def start_draft(
    neighbourhood: Neighbourhood, *, title: str, level: DraftLaw.Level, asked_by_body: str,
    received_on: date, city_due_on: date, due_on: date | None = None, source_ref: str = "",
    by: User,
) -> DraftLaw:  # fmt: skip
    """Enter a draft on which the contact point is asked (登记草案)."""
    draft = DraftLaw(
        neighbourhood=neighbourhood, title=title.strip(), level=level, received_on=received_on,
        asked_by_body=asked_by_body.strip(), source_ref=source_ref.strip(), entered_by=by,
        city_due_on=city_due_on,
        due_on=due_on or draft_paces.internal_due(city_due_on, received_on),
    )  # fmt: skip
    require(by, "suggestions.start_draft", draft)
    _refuse_twice(draft)
    if received_on > timezone.localdate():
        raise Refused(_("收到日期还没有到"))
    _refuse_days(draft)
    promise(draft)
    draft.save(force_insert=True)
    add_step(draft, by)
    record("suggestions.start_draft", draft, by=by)
    return draft


def _refuse_twice(draft: DraftLaw) -> None:
    Neighbourhood.objects.select_for_update(no_key=True).get(pk=draft.neighbourhood_id)
    if DraftLaw.objects.filter(neighbourhood=draft.neighbourhood, title=draft.title).exists():
        raise Refused(_("已经登记过叫这个名称的草案"))


@transaction.atomic
def import_draft(
    draft: DraftLaw, *, name: str, text: str, is_final: bool = False, by: User
) -> DraftVersion:
    """Put in a text (导入): its articles stand from here as they were given; a better one is a new text."""
    draft = locked_draft(draft)
    require(by, "suggestions.import_draft", draft)
    _refuse_text(draft, is_final=is_final)
    read = parse(text)
    if read.errors:
        raise Refused("\n".join(read.errors))
    before = latest(draft)
    last = draft.versions.aggregate(last=Max("number"))["last"] or 0
    version = DraftVersion.objects.create(
        neighbourhood_id=draft.neighbourhood_id, draft=draft, number=last + 1, name=name.strip(),
        is_final=is_final, preamble=read.preamble, annex=read.annex, imported_by=by,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )  # fmt: skip
    DraftArticle.objects.bulk_create(_articles(version, read, before))
    record("suggestions.import_draft", draft, by=by, version=version.pk, sha256=version.sha256)
    return version


def _refuse_text(draft: DraftLaw, *, is_final: bool) -> None:
    if not draft.is_live:
        raise Refused(_("这部草案已有结果，不再导入文本"))
    if is_final and draft.state not in (State.CLOSED, State.SUBMITTED):
        raise Refused(_("通过的文本要等意见收完以后才导入"))
    if not is_final and draft.state == State.OPEN:
        raise Refused(_("大家正在看这一稿，请先收完意见再换文本"))


def _articles(
    version: DraftVersion, read: ParsedDraft, before: DraftVersion | None
) -> list[DraftArticle]:
    """The articles in order; what stayed word for word keeps its plain words."""
    explained = {
        (one.label, one.text): one
        for one in (before.articles.exclude(explained_at=None) if before else ())
    }
    found = []
    for position, one in enumerate(read.articles, 1):
        article = DraftArticle(
            neighbourhood_id=version.neighbourhood_id, version=version, position=position,
            label=one.label, chapter=one.chapter, text=one.text,
        )  # fmt: skip
        if (kept := explained.get((one.label, one.text))) is not None:
            article.note, article.terms = kept.note, kept.terms
            article.explained_at, article.explained_by = kept.explained_at, kept.explained_by
        found.append(article)
    return found


@transaction.atomic
def explain_article(article: DraftArticle, *, note: str, terms: str, by: User) -> DraftArticle:
    """Say an article in plain words (大白话); the article itself stays."""
    article = (
        DraftArticle.objects.select_for_update(of=("self",), no_key=True)
        .select_related("version")
        .get(pk=article.pk)
    )
    require(by, "suggestions.explain_article", article)
    article.note, article.terms = note.strip(), terms.strip()
    article.explained_at, article.explained_by = timezone.now(), by
    article.save(update_fields=["note", "terms", "explained_at", "explained_by"])
    record("suggestions.explain_article", article, by=by, article=article.pk)
    return article


@transaction.atomic
def open_draft(draft: DraftLaw, *, by: User) -> DraftLaw:
    """Put it before residents (开始征求意见)."""
    draft = locked_draft(draft)
    require(by, "suggestions.open_draft", draft)
    if draft.state != State.PREPARING:
        raise Refused(_("这部草案已经征求过意见"))
    _refuse_opening(draft)
    go_on(draft, State.OPEN, by=by)
    record("suggestions.open_draft", draft, by=by)
    return draft


def _refuse_opening(draft: DraftLaw) -> None:
    if latest(draft) is None:
        raise Refused(_("还没有导入草案文本"))
    if draft.due_on < timezone.localdate():
        raise Refused(_("收意见的日期已经过了，请先改日期"))


@transaction.atomic
def reopen_draft(
    draft: DraftLaw, *, city_due_on: date, due_on: date | None = None, reason: str, by: User
) -> DraftLaw:
    """Ask once more (再次征求意见), on a second reading or because time was given."""
    draft = locked_draft(draft)
    require(by, "suggestions.reopen_draft", draft)
    if draft.state == State.PREPARING:
        raise Refused(_("这部草案还没有征求过意见"))
    if not reason.strip():
        raise Refused(_("请写明原因"))
    draft.city_due_on = city_due_on
    draft.due_on = due_on or draft_paces.internal_due(city_due_on, timezone.localdate())
    _refuse_days(draft)
    _refuse_opening(draft)
    go_on(
        draft, State.OPEN, by=by, words=reason, city_due_on=draft.city_due_on, due_on=draft.due_on
    )
    record("suggestions.reopen_draft", draft, by=by)
    return draft


@transaction.atomic
def close_draft(draft: DraftLaw, *, by: User) -> DraftLaw:
    """Opinions are in (意见收完); late ones may still be entered at the desk."""
    draft = locked_draft(draft)
    require(by, "suggestions.close_draft", draft)
    go_on(draft, State.CLOSED, by=by)
    record("suggestions.close_draft", draft, by=by)
    return draft


@transaction.atomic
def change_draft_due(
    draft: DraftLaw, *, city_due_on: date, due_on: date, reason: str, by: User
) -> DraftLaw:
    """Take over another day (改截止日期), with the reason."""
    draft = locked_draft(draft)
    require(by, "suggestions.change_draft_due", draft)
    if draft.state not in (State.PREPARING, State.OPEN, State.CLOSED):
        raise Refused(_("已经报送，不用再改截止日期"))
    if not reason.strip():
        raise Refused(_("请写明原因"))
    draft.city_due_on, draft.due_on = city_due_on, due_on
    _refuse_days(draft)
    stay(draft, by=by, words=reason, city_due_on=city_due_on, due_on=due_on)
    record("suggestions.change_draft_due", draft, by=by, due_on=due_on)
    return draft


@transaction.atomic
def ask_about_results(draft: DraftLaw, *, words: str, by: User) -> DraftLaw:
    """We asked what became of the opinions, and know no more yet (问过了): the next time is promised."""
    draft = locked_draft(draft)
    require(by, "suggestions.ask_about_results", draft)
    if draft.state != State.SUBMITTED:
        raise Refused(_("还没有报送，没有结果可问"))
    if not words.strip():
        raise Refused(_("请写明问了谁、怎么说"))
    stay(draft, by=by, words=words)
    record("suggestions.ask_about_results", draft, by=by)
    return draft


@transaction.atomic
def end_draft(
    draft: DraftLaw, *, outcome: DraftLaw.Outcome, words: str = "", by: User
) -> DraftLaw:
    """Say how it ended (登记结果); every opinion must have got its own answer first."""
    draft = locked_draft(draft)
    require(by, "suggestions.end_draft", draft)
    waiting = draft.opinions.waiting().count()
    if waiting:
        raise Refused(_("还有 %(n)s 条意见没有结果，请先逐条登记") % {"n": waiting})
    go_on(draft, State.ENDED, by=by, words=words, outcome=outcome, outcome_words=words.strip())
    record("suggestions.end_draft", draft, by=by, outcome=str(outcome))
    return draft


@transaction.atomic
def enter_past_draft(
    neighbourhood: Neighbourhood, *, title: str, level: DraftLaw.Level, received_on: date,
    figures: dict[str, int], by: User,
) -> DraftLaw:  # fmt: skip
    """Enter what is known of a draft from before the portal (补录早年数字): numbers and no words."""
    draft = DraftLaw(
        neighbourhood=neighbourhood, title=title.strip(), level=level, received_on=received_on,
        state=State.PAST, entered_by=by, **figures,
    )  # fmt: skip
    require(by, "suggestions.enter_past_draft", draft)
    _refuse_twice(draft)
    if not draft.past_adopted <= draft.past_submitted <= draft.past_raised:
        raise Refused(_("采纳的不会比报送的多，报送的不会比提出的多"))
    draft.save(force_insert=True)
    record("suggestions.enter_past_draft", draft, by=by)
    return draft


@transaction.atomic
def enter_activity(draft: DraftLaw, *, by: User, **fields: Any) -> ConsultationActivity:
    """Enter an occasion at which the draft was talked over (登记活动)."""
    draft = locked_draft(draft)
    activity = ConsultationActivity(
        neighbourhood_id=draft.neighbourhood_id, draft=draft, entered_by=by, **fields
    )
    require(by, "suggestions.enter_activity", activity)
    _refuse_activity(activity)
    activity.save(force_insert=True)
    record("suggestions.enter_activity", activity, by=by)
    return activity


@transaction.atomic
def change_activity(
    activity: ConsultationActivity, *, by: User, **fields: Any
) -> ConsultationActivity:
    """Correct what was entered of it (修改活动)."""
    activity = ConsultationActivity.objects.select_for_update(no_key=True).get(pk=activity.pk)
    require(by, "suggestions.change_activity", activity)
    for name, value in fields.items():
        setattr(activity, name, value)
    _refuse_activity(activity)
    activity.save(update_fields=list(fields))
    record("suggestions.change_activity", activity, by=by)
    return activity


def _refuse_activity(activity: ConsultationActivity) -> None:
    if activity.draft.state == State.PAST:
        raise Refused(_("这部草案只有早年的数字，不再登记活动"))
    if activity.held_on > timezone.localdate():
        raise Refused(_("活动还没有办，办完再登记"))
    if activity.people < 1:
        raise Refused(_("请写明来了几个人"))
