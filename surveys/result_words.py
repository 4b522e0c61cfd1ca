"""Results as people read them: figures with their margins, bands where more would tell too much, charts, names of groups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from qa_portal.web import charting
from qa_portal.web.charts import AROUND, BAR, DIVERGING, LINE, Chart, Point, Series

from . import scales
from .content import STEPS, say
from .models import QuestionKind, Release, ReleaseNode, Scale
from .results import Part, Question, Reading

#: words of the bands of a mean (release_rules)
GRADES = {
    "poor": gettext_lazy("poor"),
    "fair": gettext_lazy("fair"),
    "good": gettext_lazy("good"),
    "very_good": gettext_lazy("very good"),
}
LIGHTS = {"poor": "red", "fair": "amber", "good": "", "very_good": "green"}
_DIMENSIONS = {
    "school": gettext_lazy("school"),
    "department": gettext_lazy("department"),
    "level": gettext_lazy("level of study"),
    "year": gettext_lazy("year of study"),
    "course": gettext_lazy("course"),
    "teacher": gettext_lazy("teacher"),
    "programme": gettext_lazy("programme"),
    "form": gettext_lazy("form of study"),
}
FEW = gettext_lazy("too few answers")
#: of a question that was asked of another group (of teachers, of the course)
DASH = "—"


def written(value: float, decimals: int = 0) -> str:
    """A number in people's figures. A page has hundreds, few of them different."""
    return _written(value, decimals, get_language())


@lru_cache(maxsize=5000)
def _written(value: float, decimals: int, language: str | None) -> str:
    return charting.written(value, decimals)


# -- names ---------------------------------------------------------------------------------------------
def tree_label(tree: str) -> str:
    """ "school/department" → "school → department"."""
    names = [str(_DIMENSIONS.get(part, part)) for part in tree.split("/") if part]
    return " → ".join(names) or _("all together")


def group_label(node: ReleaseNode) -> str:
    return say(node.label) or (_("All together") if not node.path else DASH)


def option_label(question: Question, code: str) -> str:
    return next((say(words) for known, words in question.options if known == code), code)


def is_around(question: Question) -> bool:
    """The middle is the ideal: too little … just right … too much."""
    return question.kind == QuestionKind.LIKERT and question.scale == Scale.BIPOLAR


# -- figures -----------------------------------------------------------------------------------------
def percent(share: float | None) -> str:
    return "" if share is None else f"{written(100 * share)} %"


def _span(low: float | None, high: float | None, decimals: int, factor: int = 1) -> str:
    if low is None or high is None:
        return ""
    tail = " %" if factor == 100 else ""
    return f"{written(factor * low, decimals)}–{written(factor * high, decimals)}{tail}"


@dataclass(frozen=True)
class Said:
    """One question in one group as it is written everywhere. Empty words: there is nothing to say."""

    few: bool
    n: str = ""
    mean: str = ""
    mean_span: str = ""
    grade: str = ""
    light: str = ""
    top: str = ""
    top_span: str = ""
    apart: str = ""
    band_only: bool = False

    @property
    def short(self) -> str:
        """Both figures in a cell of a comparison; where only a band is shown, its word."""
        return " · ".join(part for part in (self.mean, self.top) if part) or self.grade or DASH


HIDDEN = Said(few=True)


def said(question: Question, cell: dict[str, Any] | None) -> Said:
    if not cell:
        return HIDDEN
    exact = bool(cell.get("exact"))
    decimals = 2 if exact else 1
    mean = cell.get("mean")
    around = is_around(question)
    grade = cell.get("grade") or ""
    return Said(
        few=False,
        n=written(cell["n"]) if cell.get("n") is not None else "",
        mean=_mean(question, mean, decimals),
        mean_span=_span(cell.get("mean_low"), cell.get("mean_high"), 2) or _quartiles(question, cell),
        grade=str(GRADES.get(grade, "")),
        light=LIGHTS.get(grade, ""),
        top=_around(cell) if around else _top(cell),
        top_span="" if around else _span(cell.get("top2_low"), cell.get("top2_high"), 0, 100),
        apart=_apart(cell),
        band_only=not exact,
    )


def _share_span(share: list[float]) -> str:
    return _span(share[1], share[2], 0, 100)


def _mean(question: Question, value: float | None, decimals: int) -> str:
    """Of steps with as many decimals as may be said; of a number as it was rounded."""
    if value is None:
        return ""
    if question.kind == QuestionKind.NUMBER:
        decimals = next((n for n in range(3) if round(value, n) == value), 2)
    return written(value, decimals)


def _quartiles(question: Question, cell: dict[str, Any]) -> str:
    if question.kind != QuestionKind.NUMBER or cell.get("median") is None:
        return ""
    return _("median %(median)s, half between %(low)s and %(high)s") % {
        "median": written(cell["median"], 1),
        "low": written(cell["low"], 1) if cell.get("low") is not None else DASH,
        "high": written(cell["high"], 1) if cell.get("high") is not None else DASH,
    }


def _top(cell: dict[str, Any]) -> str:
    if cell.get("top2") is not None:
        return percent(cell["top2"])
    return f"{cell['top2_band']} %" if cell.get("top2_band") else ""


def _around(cell: dict[str, Any]) -> str:
    if cell.get("ideal") is None:
        return f"{cell['ideal_band']} %" if cell.get("ideal_band") else ""
    words = {name: percent(cell.get(name)) for name in ("ideal", "too_little", "too_much")}
    return _("%(ideal)s just right; %(too_little)s too little, %(too_much)s too much") % words


def _apart(cell: dict[str, Any]) -> str:
    """Those who answered "not applicable" or would rather not say: apart from all shares and means."""
    apart = cell.get("apart") or {}
    return ", ".join(
        f"{scales.APART_WORDS[name]}: {apart[name]}" for name in ("na", "refused") if apart.get(name) is not None
    )


# -- what the whole rests on -----------------------------------------------------------------------------
def response_of(release: Release, public: bool = False) -> dict[str, Any]:
    """How many were asked and answered; in public not who are fewer than public results need."""
    response = dict(release.facts.get("response") or {})
    least = (release.facts.get("numbers") or {}).get("k_public", 0)
    if public and (response.get("answered") or 0) < least:
        return {**response, "answered": None, "rate": None, "margin": None}
    return response


def response_words(release: Release, public: bool = False) -> str:
    """ "75 of 415 answered (18 %)."."""
    response = response_of(release, public)
    invited, answered, rate = response.get("invited"), response.get("answered"), response.get("rate")
    if answered is None:
        return _("How many answered is not shown.")
    if not invited:
        return _("%(answered)s answered; how many could have answered is not known.") % {"answered": answered}
    share = rate if rate is not None else answered / invited
    return _("%(answered)s of %(invited)s answered (%(rate)s).") % {
        "answered": written(answered),
        "invited": written(invited),
        "rate": percent(share),
    }


def margin_words(release: Release, public: bool = False) -> str:
    """How far a share of the whole may be from that of all who were asked; non-response is treated as random."""
    response = response_of(release, public)
    error = response.get("margin")
    if error is None:
        return ""
    return _(
        "A share of the whole may differ by at most %(margin)s percentage points from that of all who were asked, "
        "in 95 cases of 100. This treats those who did not answer as if chance had chosen them, which is not certain."
    ) % {"margin": written(100 * error, 1)}


def indicative_words(release: Release) -> str:
    return _("Indicative only: too few answered to speak for all who were asked.") if release.indicative else ""


# -- charts ------------------------------------------------------------------------------------------------
def steps_chart(title: str, questions: list[Question], cells: dict[str, Any], around: bool) -> Chart | None:
    """Answers by steps, one stacked bar a question; a question with bands only, or hidden, says so in its place."""
    if not questions or not any((cells.get(question.code) or {}).get("counts") for question in questions):
        return None
    rows = [(question, cells.get(question.code)) for question in questions]
    names = _step_names(questions)
    series = []
    for step in range(1, STEPS + 1):
        points = tuple(
            Point(label, _share(cell, str(step)), note=_behind(question, cell) if step == STEPS else "")
            for label, (question, cell) in zip(_labels(questions), rows, strict=True)
        )
        series.append(Series(names[step - 1], points))
    return Chart(title, tuple(series), AROUND if around else DIVERGING, "%")


def _step_names(questions: list[Question]) -> list[str]:
    """The words of the scale; where a section mixes scales, from 1 to 5."""
    kinds = {question.scale for question in questions}
    if len(kinds) == 1:
        return [str(word) for word in scales.words_of(kinds.pop())]
    return [str(step) for step in range(1, STEPS + 1)]


def _labels(questions: list[Question]) -> list[str]:
    """Words of the questions, told apart where two are the same."""
    found: list[str] = []
    for question in questions:
        words = say(question.text)
        words = f"{words} ↔" if question.reverse else words
        found.append(words if words not in found else f"{words} ({question.code})")
    return found


def _share(cell: dict[str, Any] | None, key: str) -> float | None:
    counts = (cell or {}).get("counts")
    if not counts or not cell:
        return None
    total = sum(counts.values())
    return 100 * counts.get(key, 0) / total if total else None


def _behind(question: Question, cell: dict[str, Any] | None) -> str:
    words = said(question, cell)
    if words.few:
        return str(FEW)
    if not (cell or {}).get("counts"):
        return _("only a band: %(band)s") % {"band": words.short}
    return _("n = %(n)s") % {"n": words.n}


def bar_chart(question: Question, cell: dict[str, Any] | None) -> Chart | None:
    """Shares of the answers of a choice, or of the points of a rating."""
    if not cell:
        return None
    if question.kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE) and cell.get("shares"):
        points = tuple(
            Point(say(words) or code, 100 * cell["shares"][code][0], note=_share_span(cell["shares"][code]))
            for code, words in question.options
            if code in cell["shares"]
        )
    elif question.kind == QuestionKind.RATING and cell.get("counts"):
        points = tuple(Point(str(step), _share(cell, str(step))) for step in range(11))
    else:
        return None
    note = _("n = %(n)s") % {"n": said(question, cell).n}
    return Chart(say(question.text), (Series(_("share of answers"), points),), BAR, "%", low=0, high=100, note=note)


def trend_chart(question: Question, points: list[dict[str, Any]]) -> Chart | None:
    """The mean over the years; a new wording begins a line of its own."""
    runs: list[list[dict[str, Any]]] = []
    for point in points:
        if not runs or point.get("break"):
            runs.append([])
        runs[-1].append(point)
    if len(points) < 2:
        return None
    series = []
    for place, run in enumerate(runs, 1):
        name = _("wording %(n)s") % {"n": run[0].get("wording", place)} if len(runs) > 1 else _("mean")
        series.append(
            Series(name, tuple(Point(str(p["year"]), p.get("mean"), note=f"n = {p.get('n', DASH)}") for p in run))
        )
    low, high = (0, 10) if question.kind == QuestionKind.RATING else (1, STEPS)
    number = question.kind == QuestionKind.NUMBER
    return Chart(
        say(question.text), tuple(series), LINE, decimals=1, low=None if number else low, high=None if number else high
    )


def charts_of(part: Part, cells: dict[str, Any]) -> list[Chart]:
    """The pictures of a section: bars round the middle, round the ideal, then choices and ratings one by one."""
    likert = [question for question in part.questions if question.kind == QuestionKind.LIKERT]
    name = say(part.name)
    found = [
        steps_chart(name, [q for q in likert if not is_around(q)], cells, around=False),
        steps_chart(
            _("%(section)s: the middle is the ideal") % {"section": name},
            [q for q in likert if is_around(q)],
            cells,
            around=True,
        ),
    ]
    found += [bar_chart(q, cells.get(q.code)) for q in part.questions if q.kind != QuestionKind.LIKERT]
    return [chart for chart in found if chart is not None]


def trend_words(points: list[dict[str, Any]]) -> str:
    """ "2024: 3.9 · 2025: 4.1 ¦ 2026: 4.3"; ¦ stands where the wording changed."""
    parts = []
    for place, point in enumerate(points):
        mark = "" if not place else " ¦ " if point.get("break") else " · "
        mean = written(point["mean"], 1) if point.get("mean") is not None else DASH
        parts.append(f"{mark}{point['year']}: {mean}")
    return "".join(parts)


# -- notes on method ---------------------------------------------------------------------------------------
def method_notes(reading: Reading) -> list[str]:
    """What a reader has to know to read the figures rightly; the same on page and paper."""
    numbers = reading.release.facts.get("numbers") or {}
    least = numbers.get("k_public" if reading.public else "k_inside")
    notes = []
    if least:
        notes.append(
            _(
                "A group with fewer than %(least)s answers to a question is not shown, nor another group from which it "
                "would follow by subtraction: there it says “too few answers”."
            )
            % {"least": least}
        )
    notes += [
        _("With fewer than 20 answers, or when nearly all answered alike, only a rounded mean and a band are shown."),
        _(
            "Means go from 1 to 5. Where agreeing is bad (marked ↔), answers are turned round in the mean, not in the picture."
        ),
        _("“Not applicable” and “prefer not to say” stand apart and enter no share and no mean."),
        _("Intervals hold in 95 cases of 100 and take into account how many of all who were asked have answered."),
        _(
            "Those who did not answer are treated as if chance had chosen them: whoever is dissatisfied may answer more often, or less."
        ),
        _(
            "¦ in a series of years: the wording of the question changed, so the figures before and after it do not compare."
        ),
        _(
            "Who answered what is known to nobody: answers were sealed until the close and carry no name, time or number."
        ),
    ]
    return notes
