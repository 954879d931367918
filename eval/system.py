"""A system: whatever gives a ranking for a question, and what it gave."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import perf_counter

from eval.catalogue import Catalogue
from eval.collection import Question
from eval.measures import Ranking
from search.answering.answer import Answer

# A question → initiative ids, best first, at most `measures.DEPTH`; empty when nothing relevant was found.
Rank = Callable[[str], Ranking]

# An initiative's id → the ids of what is shown as similar to it, among the first ten.
Similar = Callable[[str], Iterable[str]]

# A question → its answer, or the refusal of one.
Ask = Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class System:
    """What can be evaluated."""

    name: str
    rank: Rank
    catalogue: Catalogue  # of what it can find
    similar: Similar | None = None  # None for one that only ranks
    answer: Ask | None = None  # None for one that gives no answers


@dataclass(frozen=True, slots=True)
class Run:
    """What one system gave for each question it was asked."""

    system: str
    catalogue: Catalogue
    rankings: Mapping[str, tuple[str, ...]]  # question id → initiative ids, best first
    took_ms: Mapping[str, float]  # question id → time of the whole call; empty for a run read from a file


def ask(system: System, questions: Iterable[Question]) -> Run:
    """Put each question to a system."""
    rankings: dict[str, tuple[str, ...]] = {}
    took_ms: dict[str, float] = {}
    for question in questions:
        began = perf_counter()
        rankings[question.id] = tuple(system.rank(question.text))
        took_ms[question.id] = (perf_counter() - began) * 1000
    return Run(system.name, system.catalogue, rankings, took_ms)
