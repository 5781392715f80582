"""What follows a completed agreement, and whom to tell when the project takes effect or lapses."""

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from caoyang_portal.community.models import Posting, User
from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.notices.sending import tell
from households.actions import board, effect
from households.models import Agreement, Project, Residency, SnapshotEntry


@subscribe("households.complete_agreement")
def see_whether_it_is_enough(entry: Entry) -> None:
    """The signature's own request has usually counted already; this makes sure that somebody did."""
    project = Agreement.objects.select_related("project").get(pk=entry.subject_id).project
    effect.take_effect_if_reached(project)
    effect.bring_late_agreements_into_effect(project)


@subscribe("households.take_effect")
def publish_at_once(entry: Entry) -> None:
    """The rate that brought the effect is published without waiting for the hour."""
    board.publish_if_changed(Project.objects.get(pk=entry.subject_id), every=timedelta(0))


@subscribe("households.take_effect")
def tell_all_it_takes_effect(entry: Entry) -> None:
    project = Project.objects.get(pk=entry.subject_id)
    effect.bring_late_agreements_into_effect(project)
    tell(
        entry,
        _everyone(project),
        _("《%(project)s》签约 %(signed)s 户，已达生效比例，协议生效。")
        % {"project": project.name, "signed": entry.facts["signed"]},
        link=reverse("households:public_board", args=[project.code]),
    )


@subscribe("households.lapse_project")
def tell_all_it_lapsed(entry: Entry) -> None:
    project = Project.objects.get(pk=entry.subject_id)
    tell(
        entry,
        _everyone(project),
        _("《%(project)s》签约期满，未达生效比例，协议不生效。请向居委了解下一步。")
        % {"project": project.name},
        link=reverse("households:public_board", args=[project.code]),
    )


def _everyone(project: Project) -> list[User]:
    """Residents of the households on the roster, and the neighbourhood's committee."""
    roster = SnapshotEntry.objects.filter(snapshot_id=project.snapshot_id).values("household_id")
    residents = Residency.objects.live().filter(household_id__in=roster).values("user_id")
    committee = (
        Posting.objects.live()
        .filter(neighbourhood_id=project.neighbourhood_id, office=Posting.Office.COMMITTEE)
        .values("user_id")
    )
    return list(User.objects.filter(Q(pk__in=residents) | Q(pk__in=committee), is_active=True))
