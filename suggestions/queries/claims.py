"""Claims as pages show them (诉求): the way they have gone, what the desk looks for, who is not told yet."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Organisation, Posting, User
from suggestions.models import Claim, ClaimStep
from suggestions.models.claims import HANDLERS

State = Claim.State

WAY = (
    (State.MADE, _("收到")),
    (State.ACCEPTED, _("受理")),
    (State.CONTACTED, _("联系")),
    (State.IN_PROGRESS, _("办理")),
    (State.REPLIED, _("答复")),
    (State.CLOSED, _("办结")),
)


def way_of(claim: Claim) -> list[tuple[Any, str]]:
    """Every stage in order with "done", "now" or "next"; empty for one that left the way."""
    state = State.IN_PROGRESS if claim.state == State.SUPERVISED else claim.state
    states = [one for one, _word in WAY]
    if state not in states:
        return []
    here = states.index(State(state))
    words = {-1: "done", 0: "now", 1: "next"}
    return [(word, words[(n > here) - (n < here)]) for n, (_s, word) in enumerate(WAY)]


def narrowed(claims: QuerySet[Claim], wanted: Mapping[str, str], today: date) -> QuerySet[Claim]:
    """Of ``claims`` what the filters ask for; the live ones unless a state is asked for."""
    if wanted["state"]:
        claims = claims.filter(state=wanted["state"])
    elif not wanted["q"]:
        claims = claims.exclude(state__in=Claim.ENDED)
    for name in ("claim_class", "source", "building"):
        if wanted[name]:
            claims = claims.filter(**{name: wanted[name]})
    if wanted["late"]:
        claims = claims.exclude(state__in=Claim.ENDED).filter(next_on__lt=today)
    if wanted["q"]:
        text = wanted["q"]
        claims = claims.filter(
            Q(title__icontains=text)
            | Q(text__icontains=text)
            | Q(number=text)
            | Q(hotline_number=text)
            | Q(claimant_name=text)
            | Q(claimant__name=text)
        )
    return claims


def untold(steps: QuerySet[ClaimStep]) -> QuerySet[ClaimStep]:
    """Of each claim its latest step, if somebody without an account is still to be told (还没告诉)."""
    latest = ClaimStep.objects.filter(claim=OuterRef("claim")).order_by("-at", "-pk").values("pk")
    untold = steps.filter(claim__claimant=None, pk=latest[:1], told_at=None)
    return untold.select_related("claim")


def units_for(claim: Claim) -> QuerySet[Organisation]:
    """Whom one may whistle for: the street's departments, the grids of the place."""
    here = Organisation.objects.filter(sub_district=claim.neighbourhood.sub_district_id)
    kinds = (Organisation.Kind.DEPARTMENT, Organisation.Kind.GRID)
    place = Q(neighbourhood=None) | Q(neighbourhood=claim.neighbourhood_id)
    return here.filter(place, kind__in=kinds).order_by("kind", "name")


def colleagues_for(claim: Claim) -> QuerySet[User]:
    """Who may be named for a joint team: the place's committee and leaders, the street, its departments."""
    street = Q(
        sub_district=claim.neighbourhood.sub_district_id, office__in=("street_official", *HANDLERS)
    )
    local = Q(neighbourhood=claim.neighbourhood_id)
    posts = Posting.objects.live().filter(street | local)
    return User.objects.filter(pk__in=posts.values("user_id"), is_active=True).order_by("name")
