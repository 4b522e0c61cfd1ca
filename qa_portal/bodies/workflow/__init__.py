"""What can happen to bodies, meetings and what they set going."""

from . import bodies, meetings, work

__all__ = ["bodies", "meetings", "work"]
