"""What apps hand to shared pages: menu, desk, search, signals, panels, figures. Apps register; pages ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db.models import Model, QuerySet


class StepLike(Protocol):
    """A step as the pages see it; `workflow` implements it."""

    name: str
    slug: str
    label: Any
    form: Any
    primary: bool
    danger: bool
    bulk: bool
    icon: str
    confirm: Any
    needs_input: bool
    from_: Any

    def refusal(self, record: Any, person: Any) -> Any | None: ...
    def who_refuses(self, record: Any, person: Any) -> Any | None: ...
    def when_refuses(self, record: Any) -> Any | None: ...
    def offered(self, record: Any) -> bool: ...
    def make_form(self, record: Any, by: Any, *args: Any, **kwargs: Any) -> Any: ...
    def run(self, record: Any, by: Any, data: Any = None, files: Any = None) -> Any: ...


@dataclass(frozen=True)
class MenuItem:
    key: str
    label: Any
    url_name: str
    icon: str
    order: int = 50
    visible: Callable[[Any], bool] = lambda person: True
    #: stands under "More": a place that most people open seldom
    more: bool = False


@dataclass(frozen=True)
class DeskSource:
    """One kind of work that waits for a person: rows with label, address, meta, due date; the first ones and a count."""

    key: str
    title: Any
    rows: Callable[[Any], QuerySet]
    item: Callable[[Any], dict[str, Any]]
    url: Callable[[], str]
    order: int = 50


@dataclass(frozen=True)
class SearchSource:
    key: str
    title: Any
    find: Callable[[Any, str], Iterable[dict[str, Any]]]
    order: int = 50


@dataclass(frozen=True)
class Signal:
    """Rows of an app that may become findings, and what a finding from one row would say.

    `draft(row)` gives {"title", "description", "requirement" (code or ""), "area" (code, if there is one), "unit" (Unit),
    "severity", "source_kind"}. `once` is for rows that are happenings and not conditions: what was decided about one holds
    for ever, also when its finding is closed.
    """

    key: str
    title: Any
    rows: Callable[[], QuerySet]
    draft: Callable[[Any], dict[str, Any]]
    once: bool = False


@dataclass(frozen=True)
class Decidable:
    """A step that a body's decision takes: its app declares it, an agenda item names it, the decision performs it.

    `body(record)` is the code of the body whose decision it waits for ("" when none does now), `waiting(code)` the
    records that wait for that body. `undo` is the verb that takes it back when a body above annuls the decision;
    `otherwise` the verb performed when the vote did not pass; `inputs(record, decision)` fills the step's form.
    """

    model: type[Model]
    verb: str
    title: Any
    body: Callable[[Any], str]
    waiting: Callable[[str], QuerySet]
    undo: str = ""
    otherwise: str = ""
    inputs: Callable[[Any, Any], dict[str, Any]] = lambda record, decision: {}

    @property
    def key(self) -> str:
        return f"{key_of(self.model)}.{self.verb}"


@dataclass(frozen=True)
class Figure:
    """One computed value; `weight` is the number of cases behind it, for the mean weighted over units."""

    value: Any
    weight: Any = None


@dataclass(frozen=True)
class Formula:
    """An indicator that the portal computes from its own records.

    `values(since, until)` gives {unit id: Figure} for every unit with cases in the days from `since` to `until`, both
    included, and under None the value of the whole university; units without cases are left out. One call, however many
    units. `measure` is the unit of measure ("percent", "days", "number"), `direction` "up" or "down".
    """

    key: str
    title: Any
    measure: str
    direction: str
    values: Callable[[Any, Any], dict[int | None, Figure]]


@dataclass(frozen=True)
class ChapterScope:
    """What a chapter of a report is about: the days, the year, one standard ("S9") or all (""), one unit and below or all.

    `person` is whose sight holds; None means the whole university (a frozen issue says the same to everybody).
    """

    since: Any
    until: Any
    year: int
    standard: str = ""
    unit: Any = None
    person: Any = None


@dataclass(frozen=True)
class Chapter:
    """A part of reports that an app fills from its records: `make(scope)` gives blocks (qa_portal.reports.blocks).

    Made under the language of the report. No blocks: there is nothing to say, and the chapter says so.
    """

    key: str
    title: Any
    order: int
    make: Callable[[ChapterScope], list[Any]]
    #: stands in each standard's section of the annual report; otherwise once for the whole
    by_standard: bool = True


@dataclass(frozen=True)
class CalendarSource:
    """Days with deadlines for a person's calendar feed: `events(person)` gives {"uid", "day", "title", "url", "note"}."""

    key: str
    events: Callable[[Any], Iterable[dict[str, Any]]]


@dataclass(frozen=True)
class Verb:
    """One of the five to seven things a role does, on its home page."""

    label: Any
    url: Callable[[], str]
    icon: str
    text: Any = ""
    order: int = 50
    visible: Callable[[Any], bool] = lambda person: True


@dataclass
class _Registry:
    menu: dict[str, MenuItem] = field(default_factory=dict)
    desk: dict[str, DeskSource] = field(default_factory=dict)
    search: dict[str, SearchSource] = field(default_factory=dict)
    signals: dict[str, Signal] = field(default_factory=dict)
    verbs: list[Verb] = field(default_factory=list)
    figures: list[Callable[[Any], list[dict[str, Any]]]] = field(default_factory=list)
    public_figures: list[Callable[[], list[dict[str, Any]]]] = field(default_factory=list)
    #: ways into pages that are open to everybody, as cards of the public page: {title, text, url, icon}
    public_links: list[Callable[[], dict[str, Any]]] = field(default_factory=list)
    panels: dict[type[Model], list[Callable[[Any, Any], dict[str, Any] | None]]] = field(default_factory=dict)
    counts: dict[type[Model], Callable[[Any, Iterable[str]], dict[str, int]]] = field(default_factory=dict)
    provable: dict[str, type[Model]] = field(default_factory=dict)
    provable_panels: list[Callable[[Any, Any], dict[str, Any] | None]] = field(default_factory=list)
    linkable: dict[str, type[Model]] = field(default_factory=dict)
    linkable_panels: list[Callable[[Any, Any], dict[str, Any] | None]] = field(default_factory=list)
    steps: Callable[[type[Model]], dict[str, StepLike]] = lambda model: {}
    #: words of history for verbs that are no step of the record itself ("begin"; a finding closed by its plan's check)
    words: dict[str, Any] = field(default_factory=dict)
    #: "documents.version.approve" → what a body may decide
    decidable: dict[str, Decidable] = field(default_factory=dict)
    formulas: dict[str, Formula] = field(default_factory=dict)
    chapters: dict[str, Chapter] = field(default_factory=dict)
    calendars: dict[str, CalendarSource] = field(default_factory=dict)
    #: events that open a duty: key → rows since a day as (day, subject or None); declared by the room that knows them
    events: dict[str, Callable[[Any], Iterable[tuple[Any, Any]]]] = field(default_factory=dict)
    #: kind of record → who else sees some of it: `ids(person)` gives numbers as a subquery (members of a body its papers)
    lends_sight: dict[type[Model], list[Callable[[Any], Any]]] = field(default_factory=dict)
    #: the bodies, asked from below by the code of their kind or their own: name, the one for a unit, who is told
    body_name: Callable[[str], str] = lambda code: code
    body_for: Callable[[str, Any], str] = lambda code, unit: code
    body_people: Callable[[str], Iterable[Any]] = lambda code: ()
    #: the catalogue's parts that a document may support, asked from below: (code, words) and where a code is read
    catalogue_choices: Callable[[], list[tuple[str, str]]] = lambda: []
    catalogue_links: Callable[[Iterable[str]], list[dict[str, str]]] = lambda codes: [
        {"code": code, "label": code, "url": ""} for code in codes
    ]
    identity: Callable[[], dict[str, str]] = lambda: {"name": "", "short": ""}
    export: Callable[..., Any] | None = None
    print_paper: Callable[..., Any] | None = None


registry = _Registry()


def menu(item: MenuItem) -> None:
    registry.menu[item.key] = item


def desk(source: DeskSource) -> None:
    registry.desk[source.key] = source


def searchable(source: SearchSource) -> None:
    registry.search[source.key] = source


def signal(source: Signal) -> None:
    registry.signals[source.key] = source


def formula(what: Formula) -> None:
    registry.formulas[what.key] = what


def chapter(what: Chapter) -> None:
    registry.chapters[what.key] = what


def calendar_of(source: CalendarSource) -> None:
    registry.calendars[source.key] = source


def verb(*items: Verb) -> None:
    registry.verbs.extend(items)


def panel(model: type[Model]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def declare(render: Callable[..., Any]) -> Callable[..., Any]:
        registry.panels.setdefault(model, []).append(render)
        return render

    return declare


def counting(model: type[Model]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """How much is open on each row of a kind: `count(person, codes)` gives {code: number that the person may see}."""

    def declare(count: Callable[..., Any]) -> Callable[..., Any]:
        registry.counts[model] = count
        return count

    return declare


def counts_of(model: type[Model], person: Any, codes: Iterable[str]) -> dict[str, int]:
    count = registry.counts.get(model)
    return count(person, codes) if count else {}


def key_of(model: Any) -> str:
    """How a kind of record is named in addresses and in the API: `capa.action`."""
    return f"{model._meta.app_label}.{model.slug()}"


def provable(model: type[Model]) -> None:
    """Evidence may be attached to this kind of record, and is seen by whoever sees the record."""
    registry.provable[key_of(model)] = model


def linkable(model: type[Model]) -> None:
    """Actions of CAPA may serve this kind of record too: a risk, an objective, a line of a yearly plan."""
    registry.linkable[key_of(model)] = model


def decidable(what: Decidable) -> None:
    registry.decidable[what.key] = what


def lends_sight(model: type[Model]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Whoever takes part in something else sees these records too: the rooms above say so, `visible_to` asks."""

    def declare(ids: Callable[..., Any]) -> Callable[..., Any]:
        registry.lends_sight.setdefault(model, []).append(ids)
        return ids

    return declare


def panels_of(model: type[Model]) -> list[Callable[[Any, Any], dict[str, Any] | None]]:
    """The panels of a kind of record; those of all provable and linkable ones too, whichever room was loaded first."""
    proved = registry.provable_panels if model in registry.provable.values() else []
    linked = registry.linkable_panels if model in registry.linkable.values() else []
    return [*registry.panels.get(model, ()), *linked, *proved]


def steps_of(model: type[Model]) -> dict[str, StepLike]:
    return registry.steps(model)
