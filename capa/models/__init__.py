"""Finding → CapaPlan → CapaAction, and the extensions asked for an action (domain.md §4, N2 §10.2)."""

from .action import CapaAction, Extension, SignalSetAside
from .finding import FROM_OUTSIDE, SIGNIFICANT, Finding, Severity, SourceKind
from .link import ActionLink
from .plan import CapaPlan, know_live_plans

__all__ = [
    "FROM_OUTSIDE", "SIGNIFICANT", "ActionLink", "CapaAction", "CapaPlan", "Extension", "Finding", "Severity", "SignalSetAside",
    "SourceKind", "know_live_plans",
]  # fmt: skip
