"""Bodies with seats and elections; meetings, items, votes, decisions; assignments and the quality manager's tools."""

from .body import Ballot, Base, Body, BodyKind, Candidate, Election, Matter, Passing, Quorum, RemoteBase, Seat
from .meeting import AgendaItem, Attendance, Decision, Meeting, Vote
from .work import Assignment, Dispatch, InformationRequest, QualityProposal

__all__ = [
    "AgendaItem", "Assignment", "Attendance", "Ballot", "Base", "Body", "BodyKind", "Candidate", "Decision", "Dispatch",
    "Election", "InformationRequest", "Matter", "Meeting", "Passing", "QualityProposal", "Quorum", "RemoteBase", "Seat",
    "Vote",
]  # fmt: skip
