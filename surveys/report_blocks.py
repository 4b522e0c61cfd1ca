"""The report on a survey as blocks: the same for page, PDF and DOCX, inside and for everybody (N1 §4.1.7)."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from qa_portal.reports.blocks import Block, Facts, Heading, Picture, Table, Text

from . import theme_socket
from .content import say
from .models import Campaign, Recommendation, Release, ReleaseNode
from .result_words import (
    DASH,
    FEW,
    Said,
    charts_of,
    group_label,
    indicative_words,
    margin_words,
    method_notes,
    percent,
    response_words,
    said,
    tree_label,
    trend_words,
    written,
)
from .results import Part, Reading, asked_of

#: groups side by side in one table of a paper
ABREAST = 6


def blocks_of(reading: Reading) -> list[Block]:
    """The whole report in the language at hand."""
    cells = reading.with_cells(reading.groups)
    root = reading.root
    whole = cells.get(root.pk, {}) if root is not None else {}
    return [
        *_about(reading),
        *_in_short(reading.release),
        *_response(reading),
        *_results(reading, whole),
        *_breakdowns(reading, cells),
        *_reliability(reading),
        *_trends(reading, whole),
        *_themes(reading),
        *_conclusions(reading),
        *_method(reading),
    ]


def facts_of(release: Release, public: bool = False) -> list[tuple[str, str]]:
    """What was asked, of whom, when; for the head of page and paper."""
    campaign = release.campaign
    rows = [
        (_("Questionnaire"), str(campaign.questionnaire)),
        (_("Who was asked"), str(campaign.questionnaire.get_audience_display())),
        (
            _("When"),
            f"{date_format(campaign.opens_on, 'DATE_FORMAT')} – {date_format(campaign.closes_on, 'DATE_FORMAT')}",
        ),
        (_("Unit"), str(campaign.unit.name)) if campaign.unit else ("", ""),
        (_("Term"), str(campaign.term)) if campaign.way == Campaign.Way.COURSES and campaign.term else ("", ""),
        (_("Response"), response_words(release, public)),
        (_("Version"), str(release.version)) if release.version > 1 else ("", ""),
        (_("Published on"), date_format(release.published_on, "DATE_FORMAT")) if release.published_on else ("", ""),
        (_("Edition"), _("public") if public else _("inside the university")),
    ]
    return [(label, value) for label, value in rows if value]


def _about(reading: Reading) -> list[Block]:
    found: list[Block] = [Facts(tuple(facts_of(reading.release, reading.public)))]
    indicative = indicative_words(reading.release)
    return [*found, Text(indicative)] if indicative else found


def _in_short(release: Release) -> list[Block]:
    return [Heading(_("In short"), 1), Text(release.summary)] if (release.summary or "").strip() else []


def _response(reading: Reading) -> list[Block]:
    release = reading.release
    found: list[Block] = [
        Heading(_("Response and representativeness"), 1),
        Text(response_words(release, reading.public)),
    ]
    if words := margin_words(release, reading.public):
        found.append(Text(words))
    rows = tuple(
        (
            f"{stratum_label(row)}{' ≠' if row.get('apart') else ''}",
            _number(row.get("invited")),
            _number(row.get("answered")),
            percent(row.get("share_invited")) or DASH,
            percent(row.get("share_answered")) or DASH,
        )
        for row in reading.strata
    )
    if rows:
        head = (_("Group"), _("Asked"), _("Answered"), _("Share of those asked"), _("Share of those who answered"))
        found.append(Table(head, rows, _("Whom the answers speak for"), (1, 2, 3, 4)))
        if any(row.get("apart") for row in reading.strata):
            found.append(Text(apart_words(), quiet=True))
    return found


def stratum_label(row: dict) -> str:
    return f"{tree_label(row['tree'])}: {say(row['label'])}"


def apart_words() -> str:
    return _(
        "≠ marks a group whose share among the answers is further from its share among those asked than chance brings."
    )


def _number(value: int | None) -> str:
    return DASH if value is None else written(value)


# -- results --------------------------------------------------------------------------------------------
def _results(reading: Reading, whole: dict) -> list[Block]:
    found: list[Block] = [Heading(_("Results"), 1)]
    for part in reading.parts:
        if reading.root is None or not asked_of(reading.root, part):
            continue
        found.append(Heading(say(part.name), 2))
        found += [Picture(chart) for chart in charts_of(part, whole)]
        found.append(_figures(part, whole))
    return found if len(found) > 1 else []


HEAD = ("n", "mean", "interval", "band", "top", "top_interval", "apart")


def head_words() -> tuple[str, ...]:
    """The columns of the table of figures."""
    return (
        _("Question"),
        _("Answers"),
        _("Mean"),
        _("95 % interval"),
        _("Band"),
        _("Two best answers"),
        _("95 % interval of the share"),
        _("Apart"),
    )


def figure_cells(words: Said) -> tuple[str, ...]:
    """The figures of one question in the order of the head; a dash where there is none."""
    if words.few:
        return (str(FEW), *[DASH] * 6)
    row = (words.n, words.mean, words.mean_span, words.grade, words.top, words.top_span, words.apart)
    return tuple(cell or DASH for cell in row)


def _figures(part: Part, cells: dict) -> Table:
    rows = [(question, said(question, cells.get(question.code))) for question in part.questions]
    lines = tuple((say(question.text), *figure_cells(words)) for question, words in rows)
    return Table(head_words(), lines, "", (1, 2, 3, 5, 6), tuple(words.light for _question, words in rows))


def _breakdowns(reading: Reading, cells: dict) -> list[Block]:
    """Every tree declared before launch: the groups side by side with the whole, mean and share of the two best."""
    found: list[Block] = []
    for tree in reading.trees:
        groups = reading.of_tree(tree)
        found.append(Heading(_("By %(tree)s") % {"tree": tree_label(tree)}, 1))
        for start in range(0, len(groups), ABREAST):
            some = groups[start : start + ABREAST]
            for part in reading.parts:
                if any(asked_of(group, part) for group in some):
                    found.append(_side_by_side(reading, part, some, cells))
    return found


def _side_by_side(reading: Reading, part: Part, groups: list[ReleaseNode], cells: dict) -> Table:
    shown = [*([reading.root] if reading.root else []), *groups]
    head = (say(part.name), *[group_label(group) for group in shown])
    lines = tuple(
        (say(question.text), *[_short(said(question, cells.get(group.pk, {}).get(question.code))) for group in shown])
        for question in part.questions
    )
    return Table(head, lines, "", tuple(range(1, len(head))))


def _short(words: Said) -> str:
    return str(FEW) if words.few else words.short


# -- how far the figures carry ------------------------------------------------------------------------------
def reliability_rows(reading: Reading) -> list[dict]:
    """Sections with their alpha, items with their correlation to the rest; warnings in words."""
    words = {question.code: say(question.text) for part in reading.parts for question in part.questions}
    return [
        {
            "name": say(row["name"]) if isinstance(row.get("name"), dict) else str(row.get("name", "")),
            "n": _number(row.get("n")),
            "alpha": written(row["alpha"], 2) if row.get("alpha") is not None else DASH,
            "warning": bool(row.get("warning")),
            "items": [
                {
                    "text": words.get(item["code"], item["code"]),
                    "rest": written(item["rest"], 2) if item.get("rest") is not None else DASH,
                    "without": written(item["without"], 2) if item.get("without") is not None else DASH,
                    "negative": (item.get("rest") or 0) < 0,
                }
                for item in row.get("items") or ()
            ],
        }
        for row in reading.reliability
    ]


def warning_words() -> str:
    return _("A question goes against the rest of its section: look at its wording, and whether it is turned round.")


def _reliability(reading: Reading) -> list[Block]:
    rows = reliability_rows(reading)
    if not rows:
        return []
    head = (
        _("Section or question"),
        _("Complete answers"),
        _("Cronbach's alpha"),
        _("With the rest"),
        _("Alpha without it"),
    )
    lines: list[tuple[str, ...]] = []
    for row in rows:
        lines.append((row["name"], row["n"], row["alpha"], "", ""))
        lines += [(f"· {item['text']}", "", "", item["rest"], item["without"]) for item in row["items"]]
    found: list[Block] = [Heading(_("Reliability"), 1), Table(head, tuple(lines), "", (1, 2, 3, 4))]
    return [*found, Text(warning_words())] if any(row["warning"] for row in rows) else found


def _trends(reading: Reading, whole: dict) -> list[Block]:
    lines = tuple(
        (say(question.text), trend_words(points))
        for part in reading.parts
        for question in part.questions
        if len(points := reading.trend(question.code, whole)) > 1
    )
    if not lines:
        return []
    return [Heading(_("Over the years"), 1), Table((_("Question"), _("Mean by year")), lines)]


def _themes(reading: Reading) -> list[Block]:
    found: list[Block] = []
    asked = None
    for theme in theme_socket.themes(reading.release, reading.scope):
        if theme.get("code") != asked:
            asked = theme.get("code")
            found.append(Heading(str(theme["question"]), 2))
        count = f" ({theme['count']})" if theme["count"] is not None else ""
        found.append(Heading(f"{theme['theme']}{count}", 3))
        found += [Text(f"— {text}") for text in theme.get("texts", ())]
    return [Heading(_("What people wrote"), 1), *found] if found else []


# -- what follows --------------------------------------------------------------------------------------------
def recommendation_lines(release: Release) -> list[Recommendation]:
    return list(release.recommendations.select_related("unit", "theme"))


def about_words(row: Recommendation, questions: dict[str, str]) -> str:
    """On which figure or theme a recommendation rests."""
    parts = (questions.get(row.question, row.question), str(row.theme) if row.theme else "", row.area)
    return "; ".join(part for part in parts if part)


def _conclusions(reading: Reading) -> list[Block]:
    release = reading.release
    found: list[Block] = []
    if (release.conclusions or "").strip():
        found += [Heading(_("Conclusions"), 1), Text(release.conclusions)]
    rows = recommendation_lines(release)
    if rows:
        words = {question.code: say(question.text) for part in reading.parts for question in part.questions}
        head = (_("Recommendation"), _("To which unit"), _("On which ground"))
        lines = tuple((row.text, str(row.unit) if row.unit else DASH, about_words(row, words) or DASH) for row in rows)
        found += [Heading(_("Recommendations"), 1), Table(head, lines)]
    return found


def _method(reading: Reading) -> list[Block]:
    return [Heading(_("How to read the figures"), 1), *[Text(note, quiet=True) for note in method_notes(reading)]]
