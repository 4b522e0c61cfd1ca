"""What can happen to documents and evidence."""

from . import evidence

__all__ = ["evidence"]
