"""What search compares: the words of a text, each once, small letters; and the index of them on PostgreSQL.

Text and question go through the same door, so that a word is found in whatever case, font or line break it stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

#: The migration runs these on PostgreSQL; on SQLite `DOCUMENT_WORDS` in finding.py prepares its own index.
#: A function of our own says what the words of one text cost (20 ms, where PostgreSQL supposes nothing): else it reads
#: every text anew for a frequent word, or in a small table. SET keeps it from being replaced by its body.
#: No statistics: to gather them every text would be taken apart again and again.
INDEX = "version_words"
MAKE = f"""
CREATE OR REPLACE FUNCTION sought_words(words text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 20000 SET search_path = pg_catalog
    AS $$ SELECT to_tsvector('simple'::regconfig, words) $$;
CREATE INDEX {INDEX} ON documents_versiontext USING gin (sought_words(sought)) WITH (fastupdate = off);
ALTER INDEX {INDEX} ALTER COLUMN 1 SET STATISTICS 0;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX document_names ON documents_document USING gin (
    upper(number::text) gin_trgm_ops, upper(title_kk::text) gin_trgm_ops, upper(title_ru::text) gin_trgm_ops,
    upper(title_en::text) gin_trgm_ops
)
"""
DROP = f"""
DROP INDEX IF EXISTS document_names;
DROP INDEX IF EXISTS {INDEX};
DROP FUNCTION IF EXISTS sought_words(text)
"""

#: PostgreSQL keeps at most 1 MB of words a row: tables of numbers in an annex must not stop a text from being stored
MOST_BYTES = 400_000
LONGEST_WORD = 60
MOST_ASKED = 8

_WORD = re.compile(r"[^\W_]+")
_CYRILLIC, _LATIN = re.compile("[\u0400-\u04ff]"), re.compile("[a-zA-Z\u0259\u0275]")
#: letters that look alike: typed on the wrong keyboard, or put by an old font in the middle of a Cyrillic word
_BIG_ALIKE = str.maketrans("ABCEHIKMOPTXY", "АВСЕНІКМОРТХУ")
_SMALL_ALIKE = str.maketrans("aceopxyhikmt\u0259\u0275", "асеорхуһікмтәө")
_YO = str.maketrans("ё", "е")
#: before an ending the last letter of a Kazakh word becomes a soft one: сабақ – сабағы, талап – талабы
_SOFTENED = {"п": "б", "қ": "ғ", "к": "г"}


def words_of(text: str) -> list[str]:
    """The words of a text in their order, as search compares them."""
    return [_same(word)[:LONGEST_WORD] for word in _WORD.findall(text)]


def _same(word: str) -> str:
    if _LATIN.search(word) and _CYRILLIC.search(word):
        word = word.translate(_BIG_ALIKE).lower().translate(_SMALL_ALIKE)
    return word.lower().translate(_YO)


def each_once(*texts: str) -> str:
    """What is stored beside a text: " word word word ", so that a word begins after a space."""
    words: dict[str, None] = {}
    for text in texts:
        words.update(dict.fromkeys(words_of(text)))
    kept, size = [], 1
    for word in words:
        size += len(word.encode()) + 1
        if size > MOST_BYTES:
            break
        kept.append(word)
    return f" {' '.join(kept)} " if kept else ""


def forms(word: str) -> list[str]:
    """How the beginning of an asked word may stand in a text."""
    if len(word) > 2 and word[-1] in _SOFTENED:
        return [word, word[:-1] + _SOFTENED[word[-1]]]
    return [word]


def asked_words(text: str) -> list[list[str]]:
    """The words of a question, each with its forms; all of them are to be found."""
    return [forms(word) for word in dict.fromkeys(words_of(text))][:MOST_ASKED]


def tsquery(asked: Iterable[list[str]]) -> str:
    """The question for PostgreSQL: each word as a beginning, one letter only as a word of its own."""

    def one(word: str) -> str:
        return f"'{word}':*" if len(word) > 1 else f"'{word}'"

    return " & ".join(f"({' | '.join(map(one, words))})" for words in asked)
