"""Tables of the app, by noun; a noun refers only to nouns on its left: kinds, polls, rolls, ballots,
paper, board, topics, meetings."""

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
from .kinds import PollKind, Secrecy
from .meetings import AgendaItem, Invitation, Meeting, MeetingSeries, Registration
from .paper import Keying, PaperBallot, PaperJob, StrayScan
from .polls import Option, Poll, Question
from .rolls import BallotDelivery, PollObjection, RollEntry, RollUnit
from .topics import Topic, TopicStep

__all__ = [
    "AgendaItem",
    "BallotDelivery",
    "BoardEntry",
    "CastMark",
    "Channel",
    "FollowUp",
    "InnerEnvelope",
    "Invitation",
    "Keying",
    "Meeting",
    "MeetingSeries",
    "OpenBallot",
    "Option",
    "PaperBallot",
    "PaperJob",
    "Poll",
    "PollKind",
    "PollObjection",
    "PollResult",
    "Proxy",
    "Question",
    "Registration",
    "RollEntry",
    "RollUnit",
    "SealedEnvelope",
    "Secrecy",
    "SecretBallot",
    "StrayScan",
    "Topic",
    "TopicStep",
]
