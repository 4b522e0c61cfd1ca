"""What texts hand to shared pages: the desk of the quality office, search in the codebook, the signal of loud themes."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, IntegerField, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from capa.models import Finding, SignalSetAside
from qa_portal.people.models import Unit
from qa_portal.web.registry import DeskSource, SearchSource, Signal, desk, searchable, signal

from ..models import Campaign, TextAnswer, Theme
from ..text_results import loud

KEY = "surveys.theme"


# -- desk and search ------------------------------------------------------------------------------------------------
def _to_review(person: Any) -> Any:
    """Surveys with texts that nobody has reviewed."""
    if not person.standing.quality_office:
        return Campaign.objects.none()
    waiting = TextAnswer.objects.filter(review=TextAnswer.Review.WAITING).order_by().values("survey__campaign")
    return Campaign.objects.filter(pk__in=waiting).defer("content", "counts").order_by("report_due", "pk")


desk(
    DeskSource(
        "texts-review",
        _("Texts to review"),
        _to_review,
        lambda row: {
            "label": row.name,
            "url": reverse("surveys:texts-review", args=[row.pk]),
            "meta": str(row.state_label),
            "due": None,
        },
        lambda: reverse("surveys:texts"),
        60,
    )
)


def _find(person: Any, text: str) -> list[dict[str, Any]]:
    rows = Theme.objects.visible_to(person).matching(text).order_by("code")[:10]
    return [{"label": row.name, "url": row.get_absolute_url(), "meta": row.code} for row in rows]


searchable(SearchSource("themes", _("Codebook of themes"), _find, 47))


# -- signal -----------------------------------------------------------------------------------------------------------
def _decided_since() -> dict[int, Any]:
    """{theme: the last day on which somebody decided about its signal}."""
    kind = ContentType.objects.get_for_model(Theme)
    found: dict[int, Any] = {}
    findings = Finding.objects.filter(signal_key=KEY, source_type=kind).exclude(state=Finding.CANCELLED)
    aside = SignalSetAside.objects.filter(key=KEY, source_type=kind)
    decided: list[Any] = [*findings.values_list("source_id", "created_at"), *aside.values_list("source_id", "at")]
    for theme, moment in decided:
        day = timezone.localtime(moment).date()
        found[theme] = max(day, found.get(theme, day))
    return found


def _waiting() -> dict[int, tuple[int, int]]:
    """{theme: (campaign, texts)} of the newest report whose theme nobody has decided about since the report was sent."""
    rows = loud()
    decided = _decided_since() if rows else {}
    found: dict[int, tuple[Any, int, int]] = {}
    for theme, campaign, number, day in rows:
        if theme in decided and decided[theme] >= day:
            continue
        found[theme] = max(found.get(theme, (day, 0, 0)), (day, campaign, number))
    return {theme: (campaign, number) for theme, (_day, campaign, number) in found.items()}


def _rows() -> Any:
    """Each report speaks once: a theme decided about waits again only when a later report is as loud about it."""
    waiting = _waiting()
    campaign = [When(pk=theme, then=Value(said[0])) for theme, said in waiting.items()]
    texts = [When(pk=theme, then=Value(said[1])) for theme, said in waiting.items()]
    rows = Theme.objects.filter(pk__in=waiting).order_by("code")
    whole = IntegerField()
    return rows.annotate(
        said_in=Case(*campaign, default=0, output_field=whole), said_by=Case(*texts, default=0, output_field=whole)
    )


def _draft(theme: Theme) -> dict[str, Any]:
    counted: Any = theme  # annotated by _rows
    campaign = Campaign.objects.select_related("unit").defer("content", "counts").get(pk=counted.said_in)
    university = Unit.objects.filter(kind=Unit.Kind.UNIVERSITY).order_by("pk").first()
    words = {"theme": theme.name, "survey": campaign, "n": counted.said_by}
    return {
        "title": gettext("Many speak of it: %(theme)s") % words,
        "description": gettext("%(n)s texts of the survey “%(survey)s” belong to the theme “%(theme)s”.") % words,
        "requirement": "",
        "area": theme.areas[0] if len(theme.areas) == 1 else "",
        "unit": campaign.unit or university,
        "severity": "observation",
        "source_kind": "survey",
    }


signal(Signal(KEY, _("Themes of which many texts speak"), _rows, _draft))
