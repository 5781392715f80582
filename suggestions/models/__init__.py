"""Tables of the app, by noun; a noun refers only to nouns on its left: points, campaigns, suggestions,
claims, mailboxes, keepsakes, drafts."""

from .campaigns import (
    Campaign,
    CampaignAnswer,
    CampaignEntry,
    CampaignHome,
    CampaignQuestion,
    CampaignVisit,
)
from .claim_limits import ClaimLimit
from .claims import Claim, ClaimMerge, ClaimPause, ClaimStep
from .dispatches import ClaimCallback, ClaimExtension, ClaimReply, Dispatch, Level
from .draft_opinions import ArticleOpinion, OpinionBatch, OpinionMerge
from .drafts import ConsultationActivity, DraftArticle, DraftLaw, DraftStep, DraftVersion
from .keepsakes import Keepsake, KeepsakePhoto
from .leader_visits import LeaderVisit, VisitFinding
from .mailboxes import Letter, MailboxRound
from .points import CollectionPoint, PointHours
from .saved_views import SavedView
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
    "ArticleOpinion",
    "Campaign",
    "CampaignAnswer",
    "CampaignEntry",
    "CampaignHome",
    "CampaignQuestion",
    "CampaignVisit",
    "Category",
    "Claim",
    "ClaimCallback",
    "ClaimExtension",
    "ClaimLimit",
    "ClaimMerge",
    "ClaimPause",
    "ClaimReply",
    "ClaimStep",
    "CollectionPoint",
    "ConsultationActivity",
    "Dispatch",
    "DraftArticle",
    "DraftLaw",
    "DraftStep",
    "DraftVersion",
    "Endorsement",
    "Keepsake",
    "KeepsakePhoto",
    "LeaderVisit",
    "Letter",
    "Level",
    "MailboxRound",
    "NameShown",
    "OpinionBatch",
    "OpinionMerge",
    "Outcome",
    "PointHours",
    "Reply",
    "ReplyTemplate",
    "Satisfaction",
    "SavedView",
    "Suggestion",
    "SuggestionDraft",
    "SuggestionHandling",
    "SuggestionMerge",
    "SuggestionNote",
    "SuggestionPause",
    "SuggestionPhoto",
    "SuggestionStep",
    "VisitFinding",
]
