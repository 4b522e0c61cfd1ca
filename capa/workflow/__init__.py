"""What can happen to findings, plans and actions. Importing this package declares every step."""

from . import action, finding, link, plan

__all__ = ["action", "finding", "link", "plan"]
