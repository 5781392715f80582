"""Whom to tell when a project goes on."""

from django.urls import reverse
from django.utils.translation import gettext as _

from caoyang_portal.community.models import User
from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.notices.sending import tell
from households.models import Project, Residency


@subscribe("households.advance_project")
def tell_residents_signing_opens(entry: Entry) -> None:
    """Only the opening of signing is told to everyone; the other stages show on the home page."""
    if entry.facts["after"] != Project.Stage.SIGNING:
        return
    project = Project.objects.get(pk=entry.subject_id)
    residents = Residency.objects.live().filter(neighbourhood_id=project.neighbourhood_id)
    tell(
        entry,
        User.objects.filter(pk__in=residents.values("user_id"), is_active=True),
        _("《%(project)s》开始签约。请打开“我的家”核对协议，也可到居委办理。")
        % {"project": project.name},
        link=reverse("households:home"),
    )
