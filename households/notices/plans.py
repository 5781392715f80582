"""Whom to tell about plans: the household of a new version and of an answer, the committee of an objection."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.community.models import Posting, User
from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.notices.sending import tell
from households.models import Mandate, Plan, PlanRemark, Residency


@subscribe("households.publish_plan")
def tell_the_household(entry: Entry) -> None:
    plan = Plan.objects.get(pk=entry.subject_id)
    residents = Residency.objects.live().filter(household_id=plan.household_id)
    agents = Mandate.objects.about_plans(timezone.localdate(entry.at)).filter(
        household_id=plan.household_id
    )
    tell(
        entry,
        User.objects.filter(
            Q(pk__in=residents.values("user_id")) | Q(pk__in=agents.values("agent_id"))
        ),
        _("您家的改造方案第 %(version)s 版出来了，请看图并确认。") % {"version": plan.version},
        link=reverse("households:plan_detail", args=[plan.pk]),
    )


@subscribe("households.raise_remark")
def tell_the_committee(entry: Entry) -> None:
    remark = PlanRemark.objects.select_related("plan__household__building").get(
        pk=entry.subject_id
    )
    committee = Posting.objects.live().filter(
        neighbourhood_id=remark.neighbourhood_id, office=Posting.Office.COMMITTEE
    )
    tell(
        entry,
        User.objects.filter(pk__in=committee.values("user_id")),
        _("%(home)s对方案提了%(kind)s，请答复。")
        % {"home": remark.plan.household, "kind": remark.get_kind_display()},
        link=reverse("households:plan_detail", args=[remark.plan_id]),
        channels=(),
    )


@subscribe("households.answer_remark")
def tell_who_asked(entry: Entry) -> None:
    remark = PlanRemark.objects.select_related("raised_by").get(pk=entry.subject_id)
    tell(
        entry,
        [remark.raised_by],
        _("您对方案的意见有答复了：%(state)s。") % {"state": remark.get_state_display()},
        link=reverse("households:plan_detail", args=[remark.plan_id]),
    )
