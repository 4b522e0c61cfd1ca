"""What bodies hand to shared pages and to rooms below: each module declares its menu, desk, panels."""

from .. import (  # noqa: F401 - declares rights and steps
    chapters,  # noqa: F401 - declares a part of reports
    figures,  # declares formulas
    permissions,
    workflow,
)
from . import bodies, meetings, work  # noqa: F401
