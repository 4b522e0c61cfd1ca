"""Search in the library: titles in three languages, numbers, and the words of files.

Each word asked for must be there, as the beginning of a word: Kazakh and Russian add endings. Without a reader only
versions in force are looked through, which everybody reads who sees the document; earlier ones only for a reader.
"""

from __future__ import annotations

import functools
import re
from typing import Any

from django.apps import apps
from django.db import connections, models
from django.db.models import Case, F, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest, NullIf, StrIndex, Substr
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from qa_portal.people.querysets import in_any_language
from qa_portal.web.words import Words

from .words import INDEX, asked_words, forms, tsquery

#: SQLite: pieces of three letters of the words, each of which begins after a space. PostgreSQL: words.MAKE. Without
#: either each text is read: the answer is the same, only later.
DOCUMENT_WORDS = Words("documents_versiontext", "sought")
LIVE = ("in_force", "due_for_review")
ISSUED = ("approved", "in_force", "superseded", "annulled")
#: how much of a text is shown around a hit, and how much of it before
AROUND, BEFORE = 160, 50


class _Holds(Func):
    """PostgreSQL: the words of this row answer a question; written as the index is."""

    template = "(sought_words(%(expressions)s::tsquery)"
    arg_joiner = ") @@ "
    output_field = models.BooleanField()


def found_documents(rows: Any, text: str, old_for: Any = None) -> Any:
    """Those of `rows` in which the text is found; with a person in `old_for` also in earlier versions that they may read."""
    asked = asked_words(text)
    named = _named(text, asked, rows.db)
    if not asked:
        return rows.filter(pk__in=named)
    texts = _texts_with(asked, rows.db)
    if old_for is None:
        in_files = _documents(rows.db).filter(current__in=texts.values("version")).values("pk")
    else:
        versions = _versions(old_for).filter(pk__in=texts.values("version"))
        in_files = versions.order_by().values("document")
    # Numbers gathered by index and put together; joined by OR every title would be looked at.
    return rows.filter(pk__in=named.union(in_files))


def best_first(rows: Any, text: str) -> Any:
    """Titles and numbers before words in files, what is in force before what was, the newest first."""
    named = _named(text, asked_words(text), rows.db)
    places = [When(pk__in=named, then=Value(0))] if text else []
    return rows.annotate(
        find_place=Case(*places, default=Value(1), output_field=IntegerField()),
        find_live=Case(When(state__in=LIVE, then=Value(0)), default=Value(1), output_field=IntegerField()),
    ).order_by("find_place", "find_live", F("in_force_on").desc(nulls_last=True), "-pk")


def _documents(using: str) -> QuerySet:
    return apps.get_model("documents", "Document")._base_manager.using(using).order_by()


def _named(text: str, asked: list[list[str]], using: str) -> QuerySet:
    """Ids of documents whose number holds the text, or whose title holds it or each of its words."""
    words = Q() if asked else Q(pk__in=[])
    for variants in asked:
        one = Q(pk__in=[])
        for word in variants:
            one |= in_any_language(word, "title")
        words &= one
    # One word needs no second look at the titles for the whole question.
    named = words if asked == [forms(text.lower())] else words | in_any_language(text, "title")
    return _documents(using).filter(Q(number__icontains=text) | named).values("pk")


def _versions(person: Any) -> Any:
    return apps.get_model("documents", "Version").objects.visible_to(person).filter(state__in=ISSUED)


def _texts(using: str) -> QuerySet:
    return apps.get_model("documents", "VersionText")._base_manager.using(using).order_by()


@functools.lru_cache(maxsize=100)
def _indexed(using: str, database: str) -> bool:
    """PostgreSQL, and the migration has made its index."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [INDEX])
        return bool(cursor.fetchone()[0])


def _texts_with(asked: list[list[str]], using: str) -> QuerySet:
    """The texts that hold each of the words."""
    texts = _texts(using)
    if _indexed(using, str(connections[using].settings_dict["NAME"])):
        return texts.filter(_Holds(F("sought"), Value(tsquery(asked))))
    for variants in asked:
        one = Q(pk__in=[])
        for word in variants:
            # Before each word stands a space: with it in front a piece is the beginning of a word.
            piece = f" {word}" if len(word) > 1 else f" {word} "
            known = DOCUMENT_WORDS.numbers(piece, using)
            one |= Q(sought__contains=piece) if known is None else Q(pk__in=known)
        texts = texts.filter(one)
    return texts


# -- what is shown of a text ---------------------------------------------------------------------
def snippets(found: list[Any], text: str, old_for: Any = None) -> dict[int, dict[str, Any]]:
    """For the documents of one page: some words around the first hit, and in which version it stands.

    Cut out in the database: a text has a hundred thousand letters, a page twenty of them.
    """
    asked = asked_words(text)
    if not asked or not found:
        return {}
    using = found[0]._state.db
    if old_for is None:
        rows = _texts(using).filter(version__in=[row.current_id for row in found if row.current_id])
    else:
        own = _versions(old_for).filter(document__in=[row.pk for row in found])
        rows = _texts_with(asked, using).filter(version__in=own.order_by().values("pk"))
    rows = rows.select_related("version").defer("text", "sought")
    rows = rows.annotate(hit=_first_hit(text, asked)).annotate(
        around=Substr("text", Greatest(F("hit") - BEFORE, Value(1)), AROUND + BEFORE)
    )
    shown: dict[int, dict[str, Any]] = {}
    for row in rows.order_by("version__major", "version__minor"):  # the latest edition has the last word
        if row.hit or old_for is not None:
            cut = _cut(row.around or "", begins=not row.hit or row.hit <= BEFORE)
            shown[row.version.document_id] = {"version": row.version, "words": marked(cut, asked) if row.hit else ""}
    return shown


def _first_hit(text: str, asked: list[list[str]]) -> Coalesce:
    """Where the whole question stands, else its first word that does.

    In the ways that words are written: to make small letters of a whole text would take longer than all the rest.
    """
    wanted = [" ".join(text.lower().split()), *(word for variants in asked for word in variants)]
    written = dict.fromkeys(way for words in wanted for way in (words, words.capitalize(), words.upper()))
    places = [NullIf(StrIndex(F("text"), Value(words)), Value(0)) for words in written]
    return Coalesce(*places, Value(None), output_field=IntegerField())


def _cut(piece: str, begins: bool) -> str:
    """Whole words only, one line."""
    words = piece.split()
    if not begins and len(words) > 2:
        words = ["…", *words[1:]]
    return " ".join([*words[:-1], "…"] if len(words) > 3 else words)


def marked(text: str, asked: list[list[str]]) -> SafeString:
    """The text, escaped, with what was asked for in <mark>."""
    wanted = sorted({word for variants in asked for word in variants}, key=len, reverse=True)
    beginnings = "|".join(re.escape(word).replace("е", "[её]") for word in wanted)
    parts = re.split(rf"(?<![^\W_])((?:{beginnings})[^\W_]*)", text, flags=re.IGNORECASE)
    # Every second part is a hit.
    return mark_safe("".join(f"<mark>{escape(p)}</mark>" if n % 2 else str(escape(p)) for n, p in enumerate(parts)))
