from modeltranslation.translator import TranslationOptions, register

from ..models import (
    CatalogueRisk,
    DocumentGroup,
    EvaluationArea,
    ExpectedDocument,
    Framework,
    FrameworkItem,
    Requirement,
    Responsibility,
    Stage,
    Standard,
    Task,
)


@register(ExpectedDocument)
class NameOnly(TranslationOptions):
    fields = ("name",)


@register(Framework)
class FrameworkTranslation(TranslationOptions):
    fields = ("name", "note")


@register(FrameworkItem)
class ItemTranslation(TranslationOptions):
    fields = ("name", "issuer", "note")


@register(Standard)
class StandardTranslation(TranslationOptions):
    fields = ("name", "text", "goal", "note")


@register(Task)
@register(Requirement)
@register(EvaluationArea)
@register(DocumentGroup)
class PartTranslation(TranslationOptions):
    fields = ("text", "note")


@register(Stage)
@register(Responsibility)
class NamedPartTranslation(TranslationOptions):
    fields = ("name", "text", "note")


@register(CatalogueRisk)
class RiskTranslation(TranslationOptions):
    fields = ("text", "mitigation", "note")
