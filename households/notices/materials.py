"""Whom to tell about materials: that another one is needed."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from caoyang_portal.community.models import User
from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.notices.sending import tell
from households.models import Agreement, Material, MaterialFile, Member, Residency


@subscribe("households.return_material")
def tell_that_another_one_is_needed(entry: Entry) -> None:
    """Those who handed it in, and those of the household who must sign."""
    material = Material.objects.select_related("item").get(pk=entry.subject_id)
    if material.state != Material.State.RETURNED:
        return  # another one has come in already
    agreement = (
        Agreement.objects.live()
        .filter(household=material.household_id, project=material.item.project_id)
        .first()
    )
    signing = Residency.objects.live().filter(
        household=material.household_id,
        member__role__in=(Member.Role.HOLDER, Member.Role.CO_OWNER),
    )
    handed_in = MaterialFile.objects.filter(material=material)
    readers = User.objects.filter(
        Q(pk__in=signing.values("user_id")) | Q(pk__in=handed_in.values("uploaded_by_id"))
    )
    said = {"what": material.item.name, "why": material.reason}
    tell(
        entry,
        readers,
        _("您交的“%(what)s”请再交一份，因为：%(why)s。可以在手机上传，也可以带到居委。") % said,
        link=reverse("households:sign_materials", args=[agreement.pk]) if agreement else "",
    )
