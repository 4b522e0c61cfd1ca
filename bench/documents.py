"""The library of documents: its register and its search at 5,000 documents of 50 pages, against the bare page.

`python -m bench --only documents`; by itself `python -m bench.documents fill N PAGES|measure ROUNDS`.
"""

from __future__ import annotations

import datetime
import itertools
import os
import random
import sys
from typing import Any

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from qa_portal.documents.forms.library import PDF  # noqa: E402
from qa_portal.documents.models import Document, DocumentKind, Origin, Version, VersionText  # noqa: E402
from qa_portal.documents.words import each_once  # noqa: E402
from qa_portal.people.models import Person, Unit  # noqa: E402
from qa_portal.workflow.writing import door  # noqa: E402

from . import data  # noqa: E402
from .pages import BARE_PAGE, PEOPLE, ratios  # noqa: E402
from .printing import Table, line, summary, verdict  # noqa: E402
from .timing import Place, turn_by_turn  # noqa: E402

#: some, so that the bare page has its rows
FINDINGS = 200
PIECE, WORDS_A_PAGE, VOCABULARY = 50, 330, 40_000
RARE, EVERYWHERE, RARE_SHARE = "микроскоп", "университет", 500
REGISTER, LIBRARY, PUBLIC = "/documents/documents/", "/documents/", "/public/documents/"
#: what is asked: the name of the question, the words
QUESTIONS = {
    "a rare word": RARE,
    "its beginning": RARE[:6],
    "two words": f"{EVERYWHERE} {RARE}",
    "a word of every text": EVERYWHERE,
    "a frequent beginning": "са",
    "a number": "ЕР-УНИ-00042",
    "nothing": "жоқнәрсе",
}
#: a search cuts twenty pieces out of texts of 150,000 letters
MOST_REGISTER, MOST_FOUND, MOST_QUERIES = 2.0, 5.0, 14
ENDINGS = ("", "лар", "ның", "ға", "да", "дан", "мен", "ы", "сы", "лары", "ларының", "ымыз", "дың", "дағы", "сыз")
STATES = ((Document.IN_FORCE, 85), (Document.DUE_FOR_REVIEW, 5), (Document.ANNULLED, 10))


# -- data ------------------------------------------------------------------------------------------
def fill(documents: int, pages: int) -> None:
    data.make(FINDINGS)
    chance = random.Random(11)
    words, weights = _vocabulary(chance)
    units = list(Unit.objects.exclude(kind=Unit.Kind.UNIVERSITY))
    author, kinds = Person.objects.get(username="asb"), _kinds()
    for start in range(0, documents, PIECE):
        numbers = range(start, min(start + PIECE, documents))
        with transaction.atomic(), door("import"):
            made = Document.objects.bulk_create(_document(n, units, kinds, author, chance) for n in numbers)
            texts = {n: chance.choices(words, cum_weights=weights, k=pages * WORDS_A_PAGE) for n in numbers}
            _shelve(made, numbers, texts)
    if connection.vendor == "postgresql":  # what autovacuum does within a minute
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _vocabulary(chance: random.Random) -> tuple[list[str], list[float]]:
    """Stems with endings, a few of them frequent and most of them rare, as in a language."""
    consonants, vowels = "бғдзйкқлмнңпрстш", "аәеиоөұүыі"
    stems = [w for w in data.WORDS if w != RARE]
    while len(stems) * len(ENDINGS) < VOCABULARY:
        syllables = chance.randint(2, 4)
        stems.append("".join(chance.choice(consonants) + chance.choice(vowels) for _s in range(syllables)))
    words = [stem + ending for stem in stems for ending in ENDINGS]
    chance.shuffle(words)
    weights = list(itertools.accumulate(1 / (place + 10) for place in range(len(words))))
    return words, weights


def _kinds() -> list[DocumentKind]:
    kinds = list(DocumentKind.objects.filter(origin=Origin.INTERNAL))
    if not kinds:
        kinds = [
            DocumentKind.objects.create(code=f"kind{n}", level=level, name_kk=f"{n}-түр")
            for n, level in enumerate(("strategic", "regulatory", "operational", "monitoring"))
        ]
    return kinds


def _document(n: int, units: list[Unit], kinds: list[DocumentKind], author: Person, chance: random.Random) -> Document:
    day = timezone.localdate() - datetime.timedelta(days=chance.randrange(3, 2000))
    state = chance.choices([s for s, _share in STATES], [share for _s, share in STATES])[0]
    title = " ".join(chance.choices(data.WORDS, k=6)).capitalize()
    return Document(
        state=state,
        kind=chance.choice(kinds),
        number=f"ЕР-УНИ-{n:05d}/{day.year}",
        title_kk=title,
        title_ru=title,
        title_en=title,
        unit=chance.choice(units),
        languages=["kk"],
        supports=[f"S{chance.randint(1, 11)}"],
        in_force_on=day,
        last_review=day,
        review_due=day + datetime.timedelta(days=3 * 365),
        published_on=day if n % 3 == 0 else None,
        created_by=author,
    )


def _shelve(documents: list[Document], numbers: range, texts: dict[int, list[str]]) -> None:
    """Each document with its version in force and the words of its file."""
    versions = Version.objects.bulk_create(
        Version(
            document=document,
            state=Version.IN_FORCE if document.is_live else Version.ANNULLED,
            file=f"versions/bench/{n}.pdf",
            file_name=f"{n}.pdf",
            content_type=PDF,
            checksum=f"{n:064d}",
            in_force_on=document.in_force_on,
        )
        for document, n in zip(documents, numbers, strict=True)
    )
    for document, version in zip(documents, versions, strict=True):
        document.current = version
    Document.objects.bulk_update(documents, ["current"])
    rows = []
    for version, n in zip(versions, numbers, strict=True):
        words = texts[n]
        words[len(words) // 3] = EVERYWHERE
        if n % RARE_SHARE == 7:
            words[len(words) // 2] = RARE
        text = " ".join(words)
        rows.append(VersionText(version=version, checksum=version.checksum, text=text, sought=each_once(text), tries=1))
    VersionText.objects.bulk_create(rows)


# -- measuring ---------------------------------------------------------------------------------------
def run(rounds: int) -> None:
    line(f"\nLibrary: {Document.objects.count()} documents, {connection.vendor}")
    for username, who in PEOPLE.items():
        line(f"\nAs {username} ({who})")
        bare = Place("bare Django page", BARE_PAGE, username, bare=True)
        listed = [Place("register", REGISTER, username), Place("library, nothing asked", LIBRARY, username)]
        asked = [
            *[Place(f"library: {name}", f"{LIBRARY}?q={words}", username) for name, words in QUESTIONS.items()],
            Place("library: a rare word, earlier versions too", f"{LIBRARY}?q={RARE}&old=true", username),
            Place("library: a rare word of one level", f"{LIBRARY}?q={RARE}&level=regulatory", username),
            Place("register: a rare word", f"{REGISTER}?q={RARE}", username),
            Place("public library: a word of every text", f"{PUBLIC}?q={EVERYWHERE}", username),
        ]
        turn_by_turn([bare, *listed, *asked], rounds)
        _show([bare, *listed, *asked], bare)
        verdict(f"register ≤ {MOST_REGISTER} × bare ({username})", ratios(listed[0], bare)[0], MOST_REGISTER)
        for place in [listed[1], *asked]:
            verdict(f"{place.name} ≤ {MOST_FOUND} × bare ({username})", ratios(place, bare)[0], MOST_FOUND)
        most = max(place.queries for place in [*listed, *asked])
        verdict(f"queries of a page ≤ {MOST_QUERIES} ({username})", most, MOST_QUERIES)


def _show(places: list[Place], bare: Place) -> None:
    table = Table("page", "median ms", "least ms", "ratio", "of least", "queries", "in db ms", "bytes")
    for place in places:
        ratio, least = ratios(place, bare)
        table.add(place.name, place.median, place.least, ratio, least, place.queries, place.database, place.size)
    table.show()


def main(what: str, *numbers: Any) -> None:
    if what == "fill":
        fill(*map(int, numbers))
    else:
        run(*map(int, numbers))
        summary()


if __name__ == "__main__":
    main(*sys.argv[1:])
