from .bodies import BodyQuerySet, ElectionQuerySet, KindQuerySet, SeatQuerySet
from .meetings import DecisionQuerySet, ItemQuerySet, MeetingQuerySet
from .work import AssignmentQuerySet, DispatchQuerySet, QualityProposalQuerySet, RequestQuerySet

__all__ = [
    "AssignmentQuerySet", "BodyQuerySet", "DecisionQuerySet", "DispatchQuerySet", "ElectionQuerySet", "ItemQuerySet",
    "KindQuerySet", "MeetingQuerySet", "QualityProposalQuerySet", "RequestQuerySet", "SeatQuerySet",
]  # fmt: skip
