"""What documents hand to shared pages: each module declares its menu, desk, panels, reminders."""

from .. import figures, permissions, workflow  # noqa: F401 - declares formulas, rights and steps
from . import acquaintance, evidence, library, search, upkeep  # noqa: F401
