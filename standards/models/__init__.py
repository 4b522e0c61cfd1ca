"""The catalogue; self-assessment; mechanisms; indicators with values and ratings; risks; duties; reports."""

from .answers import POINTS, AreaAnswer, Score
from .catalogue import (
    PARTS,
    CatalogueRisk,
    DocumentGroup,
    Edition,
    EvaluationArea,
    ExpectedDocument,
    Framework,
    FrameworkItem,
    Mapping,
    Origin,
    Part,
    Requirement,
    Responsibility,
    Stage,
    Standard,
    Task,
)
from .cycles import Assessment, CommissionMember, Cycle, PlanRow
from .duties import Duty, DutyMark, DutyRule, DutyStart
from .indicators import Indicator, IndicatorSet, IndicatorTarget, IndicatorUnit, Period
from .measurements import Light, Measurement, MeasurementImport
from .mechanisms import AimResult, CommitteeView, Conclusion, Effect, Mechanism, MechanismAim, MechanismYear
from .ratings import Rating, RatingFormula
from .reporting import QualityReport, ReportIssue, ReportKind, ReportMeasure
from .risks import ContextSheet, RiskEvent, RiskMeasure, RiskRating, UnitRisk

__all__ = [
    "PARTS", "POINTS", "AimResult", "AreaAnswer", "Assessment", "CatalogueRisk", "CommissionMember", "CommitteeView",
    "Conclusion", "ContextSheet", "Cycle", "DocumentGroup", "Duty", "DutyMark", "DutyRule", "DutyStart", "Edition", "Effect",
    "EvaluationArea", "ExpectedDocument", "Framework", "FrameworkItem", "Indicator", "IndicatorSet", "IndicatorTarget",
    "IndicatorUnit", "Light", "Mapping", "Measurement", "MeasurementImport", "Mechanism", "MechanismAim",
    "MechanismYear", "Origin", "Part", "Period", "PlanRow", "QualityReport", "Rating", "RatingFormula", "ReportIssue",
    "ReportKind", "ReportMeasure", "Requirement", "Responsibility", "RiskEvent", "RiskMeasure", "RiskRating", "Score",
    "Stage", "Standard", "Task", "UnitRisk",
]  # fmt: skip
