"""Aspects of an initiative that people compare, and the words by which a sheet speaks of them."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from corpus.text import fold, strip_markup

ASPECT_WORDS = Path(__file__).with_name("aspect_words.toml")

LABEL, ABOUT, SAYS, HINTS = 5, 2, 2, 1  # points, as the words' file tells

NEVER = re.compile(r"(?!)")


class Aspect(StrEnum):
    """What initiatives are compared by, in the order of a table."""

    PROBLEM = "problem"
    PUBLIC = "public"
    PLACE = "place"
    CARRIERS = "carriers"
    PARTNERS = "partners"
    START = "start"
    STATUS = "status"
    COST = "cost"
    RESULTS = "results"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """The words that speak of one aspect; all are sought in folded words."""

    headings: re.Pattern[str]  # of sections about it
    title: bool  # whether the title may say it
    labels: re.Pattern[str]  # that name it at the beginning of a sentence
    says: tuple[re.Pattern[str], ...]
    hints: tuple[re.Pattern[str], ...]  # that count only beside the others
    never: re.Pattern[str]  # of sentences that say something else
    hoped: re.Pattern[str] | None  # None where hopes and findings are not told apart

    def points(self, sentence: str, heading: str | None) -> int:
        """How clearly a sentence under this heading speaks of the aspect; 0 for one that says something else.

        Example: of the cost, "Le montant est de 750 €" has 5, and "Un service de proximité" none.
        """
        words = folded_words(sentence)
        if self.never.search(words):
            return 0
        about = ABOUT * self.are_about(heading)
        points = about + SAYS * _count(self.says, words) + LABEL * bool(self.labels.match(words))
        return points + HINTS * _count(self.hints, words) if points else 0

    def points_of_title(self, title: str) -> int:
        """The same of a title, which stands for a heading about the aspect when any of its words are."""
        words = folded_words(title)
        said, hinted = _count(self.says, words), _count(self.hints, words)
        return ABOUT + SAYS * said + HINTS * hinted if self.title and said + hinted else 0

    def is_hoped(self, sentence: str, heading: str | None) -> bool:
        """Whether a sentence tells what is hoped for, or to be measured, rather than what was found."""
        if self.hoped is None:
            return False
        words = folded_words(sentence)
        below = f"{folded_words(heading or '')} {words}"
        return not _count(self.says + self.hints, words) or bool(self.hoped.search(below))

    def are_about(self, heading: str | None) -> bool:
        """Whether a section with this heading is about the aspect."""
        return bool(heading and self.headings.search(folded_words(heading)))


def _count(patterns: Sequence[re.Pattern[str]], words: str) -> int:
    """How many of the patterns fit."""
    return sum(bool(one.search(words)) for one in patterns)


def folded_words(text: str) -> str:
    """The words of a text as the cues are written. Example: "L'âge moyen : 9,2 %" → "l age moyen 9 2 %"."""
    return " ".join(re.findall(r"\w+|[€%]", fold(strip_markup(text))))


@cache
def cues() -> Mapping[Aspect, Cues]:
    """The cues of every aspect that is read from prose."""
    tables = tomllib.loads(ASPECT_WORDS.read_text(encoding="utf8"))
    named = {name: f"(?:{'|'.join(words)})" for name, words in tables.pop("named").items()}
    return {Aspect(name): _cues(table, named) for name, table in tables.items()}


def _cues(table: Mapping[str, Any], named: Mapping[str, str]) -> Cues:
    def patterns(key: str) -> tuple[re.Pattern[str], ...]:
        return tuple(_pattern(words, named) for words in table.get(key, ()))

    def any_of(key: str) -> re.Pattern[str] | None:
        return _pattern("|".join(table[key]), named) if key in table else None

    return Cues(
        headings=any_of("headings") or NEVER,
        title=table.get("title", False),
        labels=any_of("labels") or NEVER,
        says=patterns("says"),
        hints=patterns("hints"),
        never=any_of("never") or NEVER,
        hoped=any_of("hoped"),
    )


def _pattern(words: str, named: Mapping[str, str]) -> re.Pattern[str]:
    for name, meaning in named.items():
        words = words.replace(f"{{{name}}}", meaning)
    return re.compile(rf"(?<![\w€%])(?:{words})(?!\w)")
