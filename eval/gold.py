"""Gold: the words that a right statement must hold, as a reader would look for them.

    gold = Gold((("huit", "8", "eight"), ("partenaires", "partner*")))
    gold.is_held("Eight partners, three of them French.")      # → True

Several groups of alternatives, in whatever languages the statement may be written in. Of each group one alternative
must stand in the statement, or of so many groups as `least` says. An alternative is a few words that follow each other;
casing, accents, markup and punctuation aside; a star ends one whose last word may go on.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.text import plain_words, strip_markup

STAR = "*"

# What a statement says first where it answers yes or no.
SAID = {"oui": "yes", "yes": "yes", "non": "no", "no": "no"}

Polarity = Literal["yes", "no"]


@dataclass(frozen=True, slots=True)
class Gold:
    """What a right statement holds."""

    groups: tuple[tuple[str, ...], ...]  # of alternatives
    least: int | None = None  # so many groups are enough; None: all of them
    says: Polarity | None = None  # of a question for yes or no: what a statement that says either must say

    def __post_init__(self) -> None:
        if self.least is not None and not 0 < self.least <= len(self.groups):
            raise ValueError(f"'least' is {self.least}, of {len(self.groups)} groups of answers")
        if hollow := [one for group in self.groups for one in group if not gold_words(one)]:
            raise ValueError(f"'{hollow[0]}' has no word that could be looked for")

    def is_held(self, text: str) -> bool:
        """Whether a statement holds it; a statement that says "yes" where "no" is right does not."""
        words = gold_words(text)
        held = sum(any(_follow(words, one) for one in group) for group in self.groups)
        said = SAID.get(words[0]) if words else None
        contrary = self.says is not None and said not in (None, self.says)
        return not contrary and held >= (len(self.groups) if self.least is None else self.least)

    def is_contradicted(self, lead: str) -> bool:
        """Whether what stands before a quote gives figures, none of which is one that is looked for.

        Example: with "en 2014" looked for, "2016 — Le bus: « Depuis 2014 … »" says 2016 to whoever reads on no further.
        A lead that holds the gold itself, in words perhaps ("une centaine" beside "en 2018"), contradicts nothing.
        """
        wanted = {word for group in self.groups for one in group for word in gold_words(one) if word.isdigit()}
        given = {word for word in gold_words(lead) if word.isdigit()}
        return bool(wanted and given) and not wanted & given and not self.is_held(lead)


def gold_words(text: str) -> list[str]:
    """The words of a text without markup, folded; signs such as "¼" are taken apart. Example: "Le ¼" → le, 1, 4."""
    return plain_words(unicodedata.normalize("NFKC", strip_markup(text.replace("**", " "))))


def _follow(words: Sequence[str], alternative: str) -> bool:
    """Whether the words of an alternative follow each other among some words.

    Example: "isol*" is followed in "rompre l'isolement", "8 mois" is not in "18 mois"
    """
    wanted = gold_words(alternative.rstrip(STAR))
    begun = r"\w*(?!\S)" if alternative.endswith(STAR) else r"(?!\S)"
    return re.search(rf"(?<!\S){re.escape(' '.join(wanted))}{begun}", " ".join(words)) is not None
