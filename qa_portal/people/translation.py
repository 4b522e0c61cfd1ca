"""Names in three languages as real columns (kk, ru, en), falling back in this order."""

from modeltranslation.translator import TranslationOptions, register

from .models import Person, Unit


@register(Unit)
class UnitTranslation(TranslationOptions):
    fields = ("name", "short")


@register(Person)
class PersonTranslation(TranslationOptions):
    fields = ("last_name", "first_name", "middle_name", "post")
