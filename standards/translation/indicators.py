"""Names in three languages as real columns."""

from modeltranslation.translator import TranslationOptions, register

from ..models import Indicator


@register(Indicator)
class IndicatorTranslation(TranslationOptions):
    fields = ("name", "text")
