"""Names in three languages as real columns (kk, ru, en), falling back in this order."""

from modeltranslation.translator import TranslationOptions, register

from .models import Document, DocumentKind, Provision


@register(DocumentKind)
class KindTranslation(TranslationOptions):
    fields = ("name",)


@register(Provision)
class ProvisionTranslation(TranslationOptions):
    fields = ("text",)


@register(Document)
class DocumentTranslation(TranslationOptions):
    fields = ("title", "issued_by")
