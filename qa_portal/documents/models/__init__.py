"""Documents: evidence; the library with its versions, sheets and acquaintance; upkeep."""

from .acquaintance import Acquaintance
from .evidence import Evidence, EvidenceUse, evidence_path
from .kinds import DocumentKind, Level, Origin, Provision, RouteStop
from .library import Document, Version, version_path
from .sheets import Agreement, ChangeLine
from .texts import VersionText
from .upkeep import ChangeProposal, ConformityReview, ConformityVerdict, PaperCopy

__all__ = [
    "Acquaintance", "Agreement", "ChangeLine", "ChangeProposal", "ConformityReview", "ConformityVerdict", "Document",
    "DocumentKind", "Evidence", "EvidenceUse", "Level", "Origin", "PaperCopy", "Provision", "RouteStop", "Version",
    "VersionText", "evidence_path", "version_path",
]  # fmt: skip
