"""Names in three languages as real columns."""

from modeltranslation.translator import TranslationOptions, register

from ..models import ReportKind


@register(ReportKind)
class ReportKindTranslation(TranslationOptions):
    fields = ("name", "text", "addressees")
