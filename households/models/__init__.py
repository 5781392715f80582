"""Tables of the app, by noun; a noun refers only to nouns on its left: files, roster, projects,
plans, agreements."""

from .agreements import Agreement, ShareLink, Signatory, Signature, SigningProgress
from .files import Household, Mandate, Member, Residency
from .generation import GenerationBatch, GenerationFailure, GenerationJob
from .letters import LetterCode, LetterJob
from .lists import Export, GroupMessage, ListLook, SavedFilter
from .materials import Material, MaterialFile, MaterialItem
from .plans import Drawing, Plan, PlanConfirmation, PlanRemark
from .projects import AllowanceItem, AllowanceRule, Project, StageRecord
from .roster import ImportBatch, ImportRow, RosterSnapshot, SnapshotEntry
from .sealing import PublishedBoard, Sealing
from .templates import AgreementTemplate
from .visits import CareTag, Contact, CorrectionRequest, FileReading, Visit

__all__ = [
    "Agreement",
    "AgreementTemplate",
    "AllowanceItem",
    "AllowanceRule",
    "CareTag",
    "Contact",
    "CorrectionRequest",
    "Drawing",
    "Export",
    "FileReading",
    "GenerationBatch",
    "GenerationFailure",
    "GenerationJob",
    "GroupMessage",
    "Household",
    "ImportBatch",
    "ImportRow",
    "LetterCode",
    "LetterJob",
    "ListLook",
    "Mandate",
    "Material",
    "MaterialFile",
    "MaterialItem",
    "Member",
    "Plan",
    "PlanConfirmation",
    "PlanRemark",
    "Project",
    "PublishedBoard",
    "Residency",
    "RosterSnapshot",
    "SavedFilter",
    "Sealing",
    "ShareLink",
    "Signatory",
    "Signature",
    "SigningProgress",
    "SnapshotEntry",
    "StageRecord",
    "Visit",
]
