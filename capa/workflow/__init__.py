"""What can happen to findings, plans and actions. Importing this package declares every step."""

from . import action, finding, plan

__all__ = ["action", "finding", "plan"]
