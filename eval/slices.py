"""Slices: the parts of the questions that figures are also given for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from eval.catalogue import Catalogue
from eval.collection import Collection, Question
from eval.relevance import Relevance

# Words of a short question, at most, and of a medium one: keywords, a sentence, and beyond it a problem told at length.
SHORT, MEDIUM = 5, 15

# With fewer members no difference is significant: were all five worse, chance would do so in 2 of 2^5 cases, .06.
FEWEST = 6

NO_THEME = "no theme"


@dataclass(frozen=True, slots=True)
class Slice:
    """Some of the questions, or of whatever else a series has values of."""

    kind: str  # what they are sliced by: "type", "language", "document", "theme", "length", "strength"
    name: str  # what is common to them
    members: tuple[str, ...]  # ids

    @property
    def label(self) -> str:
        """How figures and floors name it. Example: "type place"."""
        return f"{self.kind} {self.name}"


def slices_of(collection: Collection, relevance: Relevance, catalogue: Catalogue) -> tuple[Slice, ...]:
    """All slices of the questions, by kind and name.

    The document and the theme of a question are those of the initiative that answers it best; one that no initiative
    answers is in no slice of these two kinds.
    """
    everything = (*collection.questions, *collection.unanswerable)

    def best(question: Question) -> str:
        return relevance.best(question.id)

    return (
        *sliced("type", everything, lambda question: question.type),
        *sliced("language", everything, lambda question: question.language),
        *sliced("document", collection.questions, lambda question: catalogue.sheets[best(question)].document),
        *sliced("theme", collection.questions, lambda question: catalogue.sheets[best(question)].theme or NO_THEME),
        *sliced("length", everything, lambda question: length_of(question.text)),
    )


def sliced(kind: str, questions: Iterable[Question], name_of: Callable[[Question], str]) -> tuple[Slice, ...]:
    """One slice for each name, in the order of the names."""
    members: dict[str, list[str]] = {}
    for question in questions:
        members.setdefault(name_of(question), []).append(question.id)
    return tuple(Slice(kind, name, tuple(ids)) for name, ids in sorted(members.items()))


def length_of(text: str) -> str:
    """Tell "short", "medium" or "long" by the number of words. Example: "un bus en Ardèche" → "short"."""
    words = len(text.split())
    return "short" if words <= SHORT else "medium" if words <= MEDIUM else "long"
