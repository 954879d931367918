"""What was asked: a question gathered over its spellings and its days."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from index.words import fold
from search.feedback.entry import Kept, Miss, MissKind


@dataclass(frozen=True, slots=True)
class Asked:
    """One question that the catalogue did not meet, and when."""

    text: str  # in its most frequent spelling
    language: str  # "fr" or "en"
    days: tuple[date, ...]  # on which it was asked, each once, ascending
    kinds: frozenset[MissKind]

    @property
    def times(self) -> int:
        """On how many days it was asked.

        A second time on one day says little: a page that searches and asks, a reload, the same person trying again.
        """
        return len(self.days)

    @property
    def by_month(self) -> Mapping[str, int]:
        """The times of each month, in order: "2026-03" → 2."""
        return dict(sorted(Counter(f"{day:%Y-%m}" for day in self.days).items()))


def gather(misses: Iterable[Kept[Miss]]) -> tuple[Asked, ...]:
    """The questions of misses, the most frequent first, then by their text."""
    same: dict[str, list[Kept[Miss]]] = defaultdict(list)
    for kept in misses:
        same[same_question(kept.entry.query)].append(kept)
    return tuple(sorted(map(_asked, same.values()), key=lambda asked: (-asked.times, asked.text)))


def same_question(text: str) -> str:
    """What the spellings of one question have in common.

    Example: "  Garde d'Enfants, la nuit ?" → "garde d'enfants, la nuit"
    """
    return " ".join(fold(text).split()).strip(" ?!.…")


def _asked(kept: list[Kept[Miss]]) -> Asked:
    (text, language), _ = Counter((one.entry.query, one.entry.language) for one in kept).most_common(1)[0]
    days = tuple(sorted({one.at for one in kept}))
    return Asked(text, language, days, frozenset(one.entry.kind for one in kept))
