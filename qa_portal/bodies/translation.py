"""Names in three languages as real columns (kk, ru, en), falling back in this order."""

from modeltranslation.translator import TranslationOptions, register

from .models import Body, BodyKind, Matter


@register(BodyKind)
class KindTranslation(TranslationOptions):
    fields = ("name", "short", "without_vote", "remit")


@register(Matter)
class MatterTranslation(TranslationOptions):
    fields = ("name",)


@register(Body)
class BodyTranslation(TranslationOptions):
    fields = ("name", "remit")
