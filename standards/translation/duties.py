"""Names in three languages as real columns."""

from modeltranslation.translator import TranslationOptions, register

from ..models import DutyRule


@register(DutyRule)
class DutyRuleTranslation(TranslationOptions):
    fields = ("name", "text", "doer", "paper")
