"""Tables of the app, by noun: places, people, codes, venues; a noun refers only to nouns on its left."""

from .codes import CountedWindow, OneTimeCode, UnknownCaller
from .people import (
    Posting,
    PostingQuerySet,
    User,
    UserManager,
    UserQuerySet,
    normalise_phone,
)
from .places import Building, Neighbourhood, Organisation, SubDistrict, WorkZone
from .venues import Booking, Venue

__all__ = [
    "Booking",
    "Building",
    "CountedWindow",
    "Neighbourhood",
    "OneTimeCode",
    "Organisation",
    "Posting",
    "PostingQuerySet",
    "SubDistrict",
    "UnknownCaller",
    "User",
    "UserManager",
    "UserQuerySet",
    "Venue",
    "WorkZone",
    "normalise_phone",
]
