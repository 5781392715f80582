"""Tables of the app, by noun; a noun refers only to nouns on its left: points, campaigns, suggestions,
claims, keepsakes, drafts."""

from .campaigns import (
    Campaign,
    CampaignAnswer,
    CampaignEntry,
    CampaignHome,
    CampaignQuestion,
    CampaignVisit,
)
from .points import CollectionPoint, PointHours
from .suggestion_handling import (
    Outcome,
    Reply,
    ReplyTemplate,
    Satisfaction,
    SuggestionHandling,
    SuggestionMerge,
    SuggestionNote,
    SuggestionPause,
)
from .suggestions import (
    Category,
    Endorsement,
    NameShown,
    Suggestion,
    SuggestionDraft,
    SuggestionPhoto,
    SuggestionStep,
)

__all__ = [
    "Campaign",
    "CampaignAnswer",
    "CampaignEntry",
    "CampaignHome",
    "CampaignQuestion",
    "CampaignVisit",
    "Category",
    "CollectionPoint",
    "Endorsement",
    "NameShown",
    "Outcome",
    "PointHours",
    "Reply",
    "ReplyTemplate",
    "Satisfaction",
    "Suggestion",
    "SuggestionDraft",
    "SuggestionHandling",
    "SuggestionMerge",
    "SuggestionNote",
    "SuggestionPause",
    "SuggestionPhoto",
    "SuggestionStep",
]
