"""An answer: one or two sentences, the exact words of the sources they rest on, and how sure they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus import Language
from search import Citation


class MadeBy(StrEnum):
    """What made the text of an answer."""

    EXTRACTIVE = "extractive"  # quotes of the sources in sentences with blanks (`assemble`)
    LANGUAGE_MODEL = "language_model"  # a language model, each sentence checked against the sources


class Verdict(StrEnum):
    """What was decided from the confidence."""

    ANSWERED = "answered"
    CLOSEST = "closest"  # worded as the closest match, not as the answer
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence or line of an answer, and what it rests on."""

    text: str  # quotes inside are between « » with white space folded and markup left out
    citations: tuple[int, ...]  # positions in Answer.citations, from 0
    lead: str = ""  # the short answer with which the text begins; blank without one
    reworded: str = ""  # a sentence of the project in it, which says what the quote says; blank without one


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The reply to a question."""

    question: str  # as it was read
    language: Language  # of the question and of everything but the quotes
    verdict: Verdict
    # 0 to 1: the probability that the first statement answers; None for a list, and when not fitted on these texts
    confidence: float | None
    statements: tuple[Statement, ...]  # for a refusal one, that says what was searched, without citation
    citations: tuple[Citation, ...]
    path: MadeBy
    fallback: str | None  # why a language model that was asked did not make the text, None when none was asked
    removed: int  # sentences of a language model that the sources did not support
    took_ms: float
    is_list: bool = False  # one statement for each initiative, none of which is more an answer than the others

    @property
    def text(self) -> str:
        """The statements, each on a line of its own."""
        return text_of(self.statements)

    @property
    def abstained(self) -> bool:
        """Whether the question was refused an answer."""
        return self.verdict is Verdict.REFUSED


def text_of(statements: Sequence[Statement]) -> str:
    """Statements as one text, each on a line of its own."""
    return "\n".join(statement.text for statement in statements)
