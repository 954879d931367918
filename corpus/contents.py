"""The contents page: which theme of which chapter each title stands under."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from corpus.markup import plain
from corpus.spelling import fold_all, slips

ROW = re.compile(r"^\|(?P<words>[^|]*[^|\s-][^|]*)\|\s*\d+\s*\|$")
CHAPTER = re.compile(r"^Chapitre (?P<number>\d+)\b")
THEME_SIGN = "»"

# Contents and body are set by different hands: "Wimoov" and "Wimooov", "CREA I ARA" and "CREAI ARA".
SLIPS = 2  # letters
# Short titles would otherwise take each other's place.
LETTERS_PER_SLIP = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One title of the contents page."""

    chapter: int
    theme: str | None  # None in a chapter without themes
    title: str


@dataclass(frozen=True, slots=True)
class Contents:
    """The titles and themes of a document, in the order of its contents page; both may be empty."""

    entries: tuple[Entry, ...]
    themes: tuple[str, ...]

    def find(self, chapter: int, title: str, running: str | None) -> Entry | None:
        """The entry of a title. When a chapter lists it twice, the one under the running header is meant."""
        found = [entry for entry in self.entries if entry.chapter == chapter and same_words(entry.title, title)]
        return next((entry for entry in found if entry.theme == running), found[0] if found else None)

    def theme_named(self, words: str) -> str | None:
        """The theme that is printed as `words`, give or take a slip."""
        return next((theme for theme in self.themes if same_words(theme, words)), None)


def same_words(one: str, other: str) -> bool:
    """Whether two printed titles are one, up to case, accents, punctuation and a slip or two."""
    a, b = _letters(one), _letters(other)
    return a == b or slips(a, b, SLIPS) <= min(SLIPS, len(a) // LETTERS_PER_SLIP)


@lru_cache(maxsize=1024)
def _letters(title: str) -> str:
    return "".join(fold_all(title))


def read_contents(lines: Iterable[str]) -> Contents:
    """Read the rows "| title..... | page |" of the front matter; rows of other tables do no harm."""
    chapter, theme = 0, None
    entries: list[Entry] = []
    themes: list[str] = []
    for row in filter(None, map(ROW.match, lines)):
        words = plain(row["words"]).rstrip(". ")
        if opening := CHAPTER.match(words):
            chapter, theme = int(opening["number"]), None
        elif words.startswith(THEME_SIGN):
            theme = words.removeprefix(THEME_SIGN).strip()
            themes.append(theme)
        elif chapter:
            entries.append(Entry(chapter, theme, words))
    return Contents(tuple(entries), tuple(dict.fromkeys(themes)))
