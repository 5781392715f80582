"""Tables of the app, by noun; a noun refers only to nouns on its left: kinds, polls, rolls, ballots,
paper, board, topics, meetings, attendance, hands, record, notes, minutes, congress, congress_issues, opinions, house_rules,
evaluations."""

from .attendance import Attendance, Presence, Seat
from .ballots import (
    CastMark,
    Channel,
    InnerEnvelope,
    OpenBallot,
    Proxy,
    SealedEnvelope,
    SecretBallot,
)
from .board import BoardEntry, FollowUp, PollResult
from .congress import Congress, FaceToFace, Representative
from .congress_issues import AreaBallot, CongressIssue, Matter, MergedIssue, MergeRecord
from .evaluations import (
    Evaluation,
    EvaluationCriterion,
    EvaluationForm,
    EvaluationSheet,
)
from .hands import HandTick, ShowOfHands, TellerCount
from .house_rules import (
    ArticleComment,
    HouseRules,
    RulesAcknowledgement,
    RulesArticle,
    RulesVersion,
)
from .kinds import PollKind, Secrecy
from .meeting_questions import MeetingQuestion, QuestionSecond
from .meetings import AgendaItem, Draw, Invitation, Meeting, MeetingSeries, Registration
from .minutes import (
    Minutes,
    MinutesCorrection,
    MinutesSignatory,
    MinutesSignature,
    MinutesVersion,
)
from .minutes_papers import MinutesAddendum, MinutesPaper
from .notes import MeetingNote, NoteVersion
from .opinions import (
    OpinionClock,
    OpinionHandling,
    OpinionReply,
    Satisfaction,
    WrittenOpinion,
)
from .paper import Keying, PaperBallot, PaperJob, StrayScan
from .polls import Option, Poll, Question
from .record import (
    Contribution,
    ContributionVersion,
    MeetingAudio,
    MeetingDecision,
    MeetingPhoto,
    UnnamedSpeaker,
)
from .resolutions import (
    Resolution,
    ResolutionEvidence,
    ResolutionNote,
    ResolutionScore,
)
from .rolls import BallotDelivery, PollObjection, RollEntry, RollJob, RollUnit
from .self_governance import (
    BudgetLine,
    Expense,
    ProjectMember,
    ProjectPhoto,
    ProjectTask,
    SelfGovernanceProject,
)
from .topics import Topic, TopicMerge, TopicScreening, TopicStep, TopicSupport

__all__ = [
    "AgendaItem",
    "AreaBallot",
    "ArticleComment",
    "Attendance",
    "BallotDelivery",
    "BoardEntry",
    "BudgetLine",
    "CastMark",
    "Channel",
    "Congress",
    "CongressIssue",
    "Contribution",
    "ContributionVersion",
    "Draw",
    "Evaluation",
    "EvaluationCriterion",
    "EvaluationForm",
    "EvaluationSheet",
    "Expense",
    "FaceToFace",
    "FollowUp",
    "HandTick",
    "HouseRules",
    "InnerEnvelope",
    "Invitation",
    "Keying",
    "Matter",
    "Meeting",
    "MeetingAudio",
    "MeetingDecision",
    "MeetingNote",
    "MeetingPhoto",
    "MeetingQuestion",
    "MeetingSeries",
    "MergeRecord",
    "MergedIssue",
    "Minutes",
    "MinutesAddendum",
    "MinutesCorrection",
    "MinutesPaper",
    "MinutesSignatory",
    "MinutesSignature",
    "MinutesVersion",
    "NoteVersion",
    "OpenBallot",
    "OpinionClock",
    "OpinionHandling",
    "OpinionReply",
    "Option",
    "PaperBallot",
    "PaperJob",
    "Poll",
    "PollKind",
    "PollObjection",
    "PollResult",
    "Presence",
    "ProjectMember",
    "ProjectPhoto",
    "ProjectTask",
    "Proxy",
    "Question",
    "QuestionSecond",
    "Registration",
    "Representative",
    "Resolution",
    "ResolutionEvidence",
    "ResolutionNote",
    "ResolutionScore",
    "RollEntry",
    "RollJob",
    "RollUnit",
    "RulesAcknowledgement",
    "RulesArticle",
    "RulesVersion",
    "Satisfaction",
    "SealedEnvelope",
    "Seat",
    "Secrecy",
    "SecretBallot",
    "SelfGovernanceProject",
    "ShowOfHands",
    "StrayScan",
    "TellerCount",
    "Topic",
    "TopicMerge",
    "TopicScreening",
    "TopicStep",
    "TopicSupport",
    "UnnamedSpeaker",
    "WrittenOpinion",
]
