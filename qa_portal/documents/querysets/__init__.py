from .acquaintance import AcquaintanceQuerySet
from .evidence import EvidenceQuerySet, EvidenceUseQuerySet
from .library import AgreementQuerySet, ChangeQuerySet, DocumentQuerySet, KindQuerySet, VersionQuerySet
from .upkeep import CopyQuerySet, ProposalQuerySet, ReviewQuerySet, VerdictQuerySet

__all__ = [
    "AcquaintanceQuerySet", "AgreementQuerySet", "ChangeQuerySet", "CopyQuerySet", "DocumentQuerySet", "EvidenceQuerySet",
    "EvidenceUseQuerySet", "KindQuerySet", "ProposalQuerySet", "ReviewQuerySet", "VerdictQuerySet", "VersionQuerySet",
]  # fmt: skip
