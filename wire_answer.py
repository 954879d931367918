"""Wire shapes of answers: an answer as JSON, whole or statement by statement."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Field

from search.answering.answer import Answer, Citation, Path, Statement, Verdict
from wire import A_HIT, HitReply, SourceReply, example

A_CITATION: dict[str, Any] = {
    "initiative": A_HIT["initiative"]["id"],
    "also_in": A_HIT["also_in"],
    "quote": A_HIT["passage"]["text"],
    "source": {"document": "dossier-2020", "start_line": 103, "end_line": 103},
}
A_STATEMENT: dict[str, Any] = {
    "text": "250 — Comment améliorer la qualité de l'air… (Gironde) : « Le kit sera testé auprès de 250 foyers… »",
    "citations": [0],
}


class CitationReply(BaseModel):
    """The words of a source that a statement rests on."""

    model_config = example(A_CITATION)
    initiative: str = Field(description="Id.")
    also_in: list[str] = Field(description="Ids of the same initiative in other documents.")
    quote: str = Field(description="Character for character in the lines of `source`.")
    source: SourceReply = Field(description="The lines of the quote.")


class StatementReply(BaseModel):
    """One sentence or line of an answer."""

    model_config = example(A_STATEMENT)
    text: str
    citations: list[int] = Field(description="What it rests on: positions in the answer's citations, from 0.")


class StatementEvent(BaseModel):
    """One statement of a streamed answer, with what it rests on."""

    model_config = example({"text": A_STATEMENT["text"], "citations": [A_CITATION]})
    text: str
    citations: list[CitationReply]

    @classmethod
    def of(cls, statement: Statement, citations: Sequence[Citation]) -> "StatementEvent":
        """Give a statement and its citations as JSON shows them."""
        return cls(text=statement.text, citations=[CitationReply.model_validate(citation) for citation in citations])


class AskReply(BaseModel):
    """The answer to a question, or a refusal that says so."""

    model_config = example(
        {
            "question": "combien de foyers testent le kit chauffage au bois ?",
            "language": "fr",
            "abstained": False,
            "verdict": "answered",
            "confidence": 0.95,
            "text": A_STATEMENT["text"],
            "statements": [A_STATEMENT],
            "citations": [A_CITATION],
            "hits": [A_HIT],
            "path": "extractive",
            "fallback": None,
            "removed": 0,
            "took_ms": 24.1,
        }
    )
    question: str = Field(description="As it was read.")
    language: str = Field(description="fr or en: of the question and of everything but the quotes.")
    abstained: bool = Field(description="The question was refused an answer.")
    verdict: Verdict = Field(description="closest: worded as the closest match, not as the answer.")
    confidence: float = Field(description="0 to 1: the probability that the statements answer the question.")
    text: str = Field(description="The statements, each on a line of its own.")
    statements: list[StatementReply] = Field(description="For a refusal one, that says what was searched.")
    citations: list[CitationReply]
    hits: list[HitReply] = Field(description="The initiatives nearest to the question.")
    path: Path = Field(
        description="What made the text: words of the sources, or a language model checked against them."
    )
    fallback: str | None = Field(description="Why a language model that was asked did not make the text.")
    removed: int = Field(description="Sentences of a language model that the sources did not support.")
    took_ms: float

    @classmethod
    def of(cls, answer: Answer) -> "AskReply":
        """Give an answer as JSON shows it."""
        return cls(
            question=answer.question,
            language=answer.language,
            abstained=answer.abstained,
            verdict=answer.verdict,
            confidence=answer.confidence,
            text=answer.text,
            statements=[StatementReply(text=one.text, citations=list(one.citations)) for one in answer.statements],
            citations=[CitationReply.model_validate(citation) for citation in answer.citations],
            hits=[HitReply.of(hit) for hit in answer.hits],
            path=answer.path,
            fallback=answer.fallback,
            removed=answer.removed,
            took_ms=answer.took_ms,
        )
