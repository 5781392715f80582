"""Tables of the app, by noun; a noun refers only to nouns on its left: kinds, polls, rolls, ballots,
paper, board, topics, meetings, congress, congress_issues, opinions."""

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
from .kinds import PollKind, Secrecy
from .meeting_questions import MeetingQuestion, QuestionSecond
from .meetings import AgendaItem, Draw, Invitation, Meeting, MeetingSeries, Registration
from .opinions import (
    OpinionClock,
    OpinionHandling,
    OpinionReply,
    Satisfaction,
    WrittenOpinion,
)
from .paper import Keying, PaperBallot, PaperJob, StrayScan
from .polls import Option, Poll, Question
from .rolls import BallotDelivery, PollObjection, RollEntry, RollJob, RollUnit
from .topics import Topic, TopicStep

__all__ = [
    "AgendaItem",
    "AreaBallot",
    "BallotDelivery",
    "BoardEntry",
    "CastMark",
    "Channel",
    "Congress",
    "CongressIssue",
    "Draw",
    "FaceToFace",
    "FollowUp",
    "InnerEnvelope",
    "Invitation",
    "Keying",
    "Matter",
    "Meeting",
    "MeetingQuestion",
    "MeetingSeries",
    "MergeRecord",
    "MergedIssue",
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
    "Proxy",
    "Question",
    "QuestionSecond",
    "Registration",
    "Representative",
    "RollEntry",
    "RollJob",
    "RollUnit",
    "Satisfaction",
    "SealedEnvelope",
    "Secrecy",
    "SecretBallot",
    "StrayScan",
    "Topic",
    "TopicStep",
    "WrittenOpinion",
]
