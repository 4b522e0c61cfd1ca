"""Names in three languages as real columns."""

from modeltranslation.translator import TranslationOptions, register

from ..models import Mechanism, MechanismAim


@register(Mechanism)
class MechanismTranslation(TranslationOptions):
    fields = ("name", "text", "doer", "governing")


@register(MechanismAim)
class AimTranslation(TranslationOptions):
    fields = ("text",)
