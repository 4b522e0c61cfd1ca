from modeltranslation.translator import TranslationOptions, register

from .models import Discipline, Programme


@register(Programme)
@register(Discipline)
class NamedTranslation(TranslationOptions):
    fields = ("name",)
