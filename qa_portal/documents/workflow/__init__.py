"""What can happen to documents and evidence."""

from . import acquaintance, agreement, document, evidence, upkeep, version

__all__ = ["acquaintance", "agreement", "document", "evidence", "upkeep", "version"]
