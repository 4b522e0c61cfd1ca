"""Pages of records, as declarations. An app writes a subclass of `RecordPages` and one line of `urls.py`."""

from .declaration import RecordPages
from .register import search_terms

__all__ = ["RecordPages", "search_terms"]
