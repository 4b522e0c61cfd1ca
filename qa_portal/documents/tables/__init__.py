from .evidence import EvidenceTable

__all__ = ["EvidenceTable"]
