"""Names in three languages."""

from modeltranslation.translator import TranslationOptions, register

from .models import Campaign, LoopEntry, Question, Questionnaire, Release, Section, Theme


@register(Question)
class QuestionTranslation(TranslationOptions):
    fields = ("text", "hint")


@register(Questionnaire)
class QuestionnaireTranslation(TranslationOptions):
    fields = ("name", "intro", "thanks")


@register(Section)
class SectionTranslation(TranslationOptions):
    fields = ("name", "intro")


@register(Campaign)
class CampaignTranslation(TranslationOptions):
    fields = ("name", "invitation")


@register(Theme)
class ThemeTranslation(TranslationOptions):
    fields = ("name", "description")


@register(Release)
class ReleaseTranslation(TranslationOptions):
    fields = ("summary", "conclusions")


@register(LoopEntry)
class LoopTranslation(TranslationOptions):
    fields = ("said", "did")
