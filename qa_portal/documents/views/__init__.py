from .evidence import EvidenceFile, EvidencePages

__all__ = ["EvidenceFile", "EvidencePages"]
