"""What a release shows of texts: themes with their counts, and reviewed texts where there are enough (anonymity.md, rule 6).

Inside: a theme with its count from k_inside texts on; texts of a question only when at least k_texts of it may be shown, in
an order drawn from the digest of the release, never beside ratings or strata. In public: themes from k_public texts on, no
texts. Of surveys about courses no texts here: a remark may concern a colleague, and the page is read by everybody inside.
The numbers are those of the release, or today's where they are stricter.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from qa_portal.policy.registry import policy

from .content import say
from .models import Release, TextAnswer, TextCode, Theme
from .querysets.releases import SHOWN as SHOWN_RELEASES
from .querysets.texts import SHOWN, WAITING
from .theme_socket import shown_by

#: texts of one theme on a page; which of them is drawn like their order
MOST_TEXTS = 30


def code_of(key: str) -> str:
    """The question of an item key: of `code@12#` it is `code#`, whoever was asked about."""
    code, _at, teacher = key.partition("@")
    return code + ("#" if teacher.endswith("#") else "")


def question_words(sections: Any) -> dict[str, str]:
    """{question: its words}, in the order asked; remarks have `#` behind the code."""
    found: dict[str, str] = {}
    for section in sections or ():
        for item in section["items"]:
            text = say(item["text"])
            found[item["code"]] = text
            found[f"{item['code']}#"] = _("Remarks: %(question)s") % {"question": text}
    return found


def least(release: Release, name: str) -> int:
    """A number of the release rules: as it was when the figures were made, or today's where that is stricter."""
    return max(int(policy(f"surveys.{name}")), int(release.facts.get("numbers", {}).get(name) or 0))


@shown_by
def shown_themes(release: Release, scope: str) -> list[dict[str, Any]]:
    """Rows of themes, question by question: {"question", "code", "reviewed", "theme", "count", "texts", "more"}.

    `count` is None where it stays unsaid (texts of no theme); `more`: how many texts are not listed.
    """
    public = scope == "public"
    k = least(release, "k_public" if public else "k_inside")
    reviewed, shown = _numbers(release)
    counts = _counts(release, k)
    open_codes = set() if public or release.about_courses else _open(release, shown)
    if not counts and not open_codes:
        return []
    names = Theme.objects.in_bulk({theme for themes in counts.values() for theme in themes})
    texts = _texts(release, open_codes, counts)
    words = question_words(release.facts.get("sections"))
    found: list[dict[str, Any]] = []
    for code in sorted({*counts, *open_codes}, key=_place(words)):
        about = {"question": words.get(code, code), "code": code, "reviewed": reviewed[code]}
        if public and reviewed[code] < k:
            continue
        for theme, number in counts.get(code, Counter()).most_common():
            found.append({**about, "theme": str(names[theme]), "count": number, **texts[code, theme]})
        if texts[code, None]["texts"]:
            found.append({**about, "theme": _("Without a theme"), "count": None, **texts[code, None]})
    return found


def _place(words: Mapping[str, str]) -> Any:
    order = {code: place for place, code in enumerate(words)}
    return lambda code: (order.get(code, len(order)), code)


def _numbers(release: Release) -> tuple[Counter[str], Counter[str]]:
    """Of each question how many texts are reviewed, and how many of them may be shown."""
    reviewed: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    rows = TextAnswer.objects.filter(survey__campaign=release.campaign_id).reviewed().order_by()
    columns = ("question", "review")
    for key, review, number in rows.values(*columns).annotate(n=Count("pk")).values_list(*columns, "n"):
        reviewed[code_of(key)] += number
        shown[code_of(key)] += number if review in SHOWN else 0
    return reviewed, shown


def _counts(release: Release, k: int) -> dict[str, Counter[int]]:
    """{question: {theme: texts}} of themes with at least k reviewed texts."""
    found: dict[str, Counter[int]] = defaultdict(Counter)
    rows = TextCode.objects.filter(text__survey__campaign=release.campaign_id).exclude(text__review=WAITING).order_by()
    columns = ("text__question", "theme")
    for key, theme, number in rows.values(*columns).annotate(n=Count("pk")).values_list(*columns, "n"):
        found[code_of(key)][theme] += number
    enough = {code: Counter({t: n for t, n in sorted(themes.items()) if n >= k}) for code, themes in found.items()}
    return {code: themes for code, themes in enough.items() if themes}


def _open(release: Release, shown: Counter[str]) -> set[str]:
    k = least(release, "k_texts")
    return {code for code, number in shown.items() if number >= k}


def _texts(release: Release, codes: set[str], counts: Mapping[str, Counter[int]]) -> dict[Any, dict[str, Any]]:
    """{(question, theme or None): {"texts", "more"}}; a text of no theme that is named stands under None."""
    chosen: dict[Any, list[UUID]] = defaultdict(list)
    if codes:
        rows = TextAnswer.objects.filter(survey__campaign=release.campaign_id).shown()
        keys = [key for key in set(rows.order_by().values_list("question", flat=True)) if code_of(key) in codes]
        rows = rows.filter(question__in=keys)
        under: dict[UUID, set[int]] = defaultdict(set)
        for text, theme in TextCode.objects.filter(text__in=rows.order_by()).values_list("text_id", "theme_id"):
            under[text].add(theme)
        drawn = sorted(rows.order_by().values_list("pk", "question"), key=lambda row: _draw(release, row[0]))
        for pk, key in drawn:
            code = code_of(key)
            told = under[pk] & set(counts.get(code, ()))
            under_none: list[int | None] = [None]
            for named in sorted(told) or under_none:
                chosen[code, named].append(pk)
    wanted = {pk for pks in chosen.values() for pk in pks[:MOST_TEXTS]}
    words = {row.pk: row.shown_as or row.text for row in TextAnswer.objects.filter(pk__in=wanted)} if wanted else {}
    found: dict[Any, dict[str, Any]] = defaultdict(lambda: {"texts": [], "more": 0})
    for place, pks in chosen.items():
        found[place] = {"texts": [words[pk] for pk in pks[:MOST_TEXTS]], "more": max(len(pks) - MOST_TEXTS, 0)}
    return found


def _draw(release: Release, pk: UUID) -> str:
    """Where a text stands: by chance, and on every page of this release the same."""
    return hashlib.sha256(f"{release.digest}{pk}".encode()).hexdigest()


# -- one theme across reports -----------------------------------------------------------------------------------------
def of_theme(theme: Theme, person: Any) -> list[tuple[Release, int]]:
    """Reports that this person may read in which at least k texts belong to the theme; the newest version of each."""
    k = int(policy("surveys.k_inside"))
    rows = TextCode.objects.filter(theme=theme).exclude(text__review=WAITING).order_by()
    counted = rows.values("text__survey__campaign").annotate(n=Count("pk")).filter(n__gte=k)
    numbers = dict(counted.values_list("text__survey__campaign", "n"))
    releases = Release.objects.visible_to(person).shown().filter(campaign__in=numbers).select_related("campaign")
    newest = {row.campaign_id: row for row in releases.defer("facts", "campaign__content").order_by("version")}
    return [(row, numbers[row.campaign_id]) for row in sorted(newest.values(), key=lambda row: -row.pk)]


def loud() -> list[tuple[int, int, int, Any]]:
    """(theme, campaign, texts, day its report was sent): themes of which enough texts of one report that is sent speak."""
    rows = TextCode.objects.exclude(text__review=WAITING).filter(
        text__survey__campaign__releases__state__in=SHOWN_RELEASES
    )
    columns = ("theme", "text__survey__campaign")
    counted = rows.order_by().values(*columns).annotate(n=Count("text", distinct=True))
    counted = counted.filter(n__gte=policy("surveys.theme_signal"))
    numbers = list(counted.values_list(*columns, "n"))
    if not numbers:
        return []
    campaigns = {campaign for _theme, campaign, _number in numbers}
    releases = Release.objects.shown().filter(campaign__in=campaigns, sent_on__isnull=False).order_by("-version")
    # The day of the first version: a corrected one has the same texts.
    sent: dict[int, Any] = dict(releases.values_list("campaign", "sent_on"))
    return [
        (theme, campaign, number, sent[campaign]) for theme, campaign, number in sorted(numbers) if campaign in sent
    ]
