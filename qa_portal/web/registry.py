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

    `draft(row)` gives {"title", "description", "requirement" (code), "unit" (Unit), "severity", "source" (kind)}.
    """

    key: str
    title: Any
    rows: Callable[[], QuerySet]
    draft: Callable[[Any], dict[str, Any]]


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
    panels: dict[type[Model], list[Callable[[Any, Any], dict[str, Any] | None]]] = field(default_factory=dict)
    counts: dict[type[Model], Callable[[Any, Iterable[str]], dict[str, int]]] = field(default_factory=dict)
    provable: dict[str, type[Model]] = field(default_factory=dict)
    provable_panels: list[Callable[[Any, Any], dict[str, Any] | None]] = field(default_factory=list)
    steps: Callable[[type[Model]], dict[str, StepLike]] = lambda model: {}
    #: words of history for verbs that are no step of the record itself ("begin"; a finding closed by its plan's check)
    words: dict[str, Any] = field(default_factory=dict)
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


def panels_of(model: type[Model]) -> list[Callable[[Any, Any], dict[str, Any] | None]]:
    """The panels of a kind of record; those of all provable ones too, whichever room was loaded first."""
    shared = registry.provable_panels if model in registry.provable.values() else []
    return [*registry.panels.get(model, ()), *shared]


def steps_of(model: type[Model]) -> dict[str, StepLike]:
    return registry.steps(model)
