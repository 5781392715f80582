"""Tables of the app, by noun; a noun refers only to nouns on its left: kinds, polls, rolls, ballots,
paper, board."""

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
from .paper import Keying, PaperBallot, PaperJob, StrayScan
from .polls import Option, Poll, Question
from .rolls import BallotDelivery, PollObjection, RollEntry, RollUnit

__all__ = [
    "BallotDelivery",
    "BoardEntry",
    "CastMark",
    "Channel",
    "FollowUp",
    "InnerEnvelope",
    "Keying",
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
    "RollEntry",
    "RollUnit",
    "SealedEnvelope",
    "Secrecy",
    "SecretBallot",
    "StrayScan",
]
