from .evidence import EvidenceFilters

__all__ = ["EvidenceFilters"]
