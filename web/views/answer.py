"""The answer panel: statements with numbered sources, or a refusal that says what was searched; whole or streamed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse
from fastapi.sse import EventSourceResponse

from corpus import Language
from feedback import missed_by_answer
from search import NO_FILTERS, Catalogue, Citation, Ranking
from search.answer import Answer, Answerer, Statement, Verdict, confidence_label
from web.dependencies import (
    AskedSearch,
    CurrentVisitor,
    MissLog,
    OpenAnswerer,
    OpenMissLog,
    RecentRankings,
)
from web.negotiation import Event, stream
from web.rendering import PAGE_HEADERS, html, page
from web.visitor import Visitor, lines_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """One source of an answer."""

    number: int  # from 1
    title: str
    quote: str
    document: str
    lines: str
    address: str

    @classmethod
    def of(cls, number: int, citation: Citation, catalogue: Catalogue, visitor: Visitor) -> "SourceView":
        """The view of a citation."""
        source = citation.source
        return cls(
            number=number,
            title=catalogue.initiative(citation.initiative).title,
            quote=re.sub(r"\s+", " ", citation.quote.replace("*", "")),
            document=catalogue.documents[source.document].title,
            lines=lines_in_words(source.start_line, source.end_line, visitor.texts),
            address=visitor.sheet(citation.initiative, (source.start_line, source.end_line)),
        )


@dataclass(frozen=True, slots=True)
class StatementView:
    """One statement."""

    before: str  # the lead; "Closest match: " perhaps
    lead: str  # the short answer, blank without one
    text: str
    quote: str  # in the language of the source; blank where nothing is quoted
    after: str
    sources: tuple[SourceView, ...]

    @classmethod
    def of(cls, statement: Statement, sources: Sequence[SourceView]) -> "StatementView":
        """The view of a statement: its lead, and what stands from its first quotation mark to its last, apart."""
        # Quotation marks stay on the line of the words they quote.
        told = statement.text.replace("« ", "«\u00a0").replace(" »", "\u00a0»")
        short = (statement.lead or statement.reworded).replace("« ", "«\u00a0").replace(" »", "\u00a0»")
        before, lead, rest = told.partition(short) if short else ("", "", told)
        quoted = re.search("«.*»", rest, re.DOTALL)
        if quoted is None:
            return cls(before, lead, rest, "", "", tuple(sources))
        return cls(before, lead, rest[: quoted.start()], quoted[0], rest[quoted.end() :], tuple(sources))


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """An answer, or the refusal of one."""

    verdict: str
    language: Language  # of the statements
    statements: tuple[StatementView, ...]
    sources: tuple[SourceView, ...]
    sureness: str | None  # key of the texts; None where nothing is known of it
    is_list: bool  # of initiatives, none of which is more an answer than the others
    names_place: bool  # the question names a place
    is_filtered: bool
    question: str
    first_cited: str | None  # id of the sheet that says it first
    searched: int  # sheets

    @classmethod
    def of(
        cls,
        answer: Answer,
        ranking: Ranking,
        searched: int,
        catalogue: Catalogue,
        visitor: Visitor,
    ) -> "AnswerView":
        """The view of an answer that was looked for in so many sheets."""
        sources = tuple(
            SourceView.of(number, one, catalogue, visitor) for number, one in enumerate(answer.citations, start=1)
        )
        return cls(
            verdict=answer.verdict.value,
            language=answer.language,
            statements=tuple(
                StatementView.of(one, [sources[position] for position in one.citations]) for one in answer.statements
            ),
            sources=sources,
            sureness=_sureness(answer),
            is_list=answer.is_list,
            names_place=bool(ranking.query.places),
            is_filtered=ranking.filters != NO_FILTERS,
            question=answer.question,
            first_cited=answer.citations[0].initiative if answer.citations else None,
            searched=searched,
        )


def _sureness(answer: Answer) -> str | None:
    # A list has no confidence, and the words of the closest match say already that it is one.
    if answer.confidence is None or answer.verdict is Verdict.CLOSEST:
        return None
    return "answer.sure" if confidence_label(answer.confidence) == "sure" else "answer.likely"


def answer_to(ranking: Ranking, answerer: Answerer, misses: MissLog, visitor: Visitor) -> AnswerView:
    """Answer the question of a ranking, and keep a refusal."""
    return _shown(answerer.answer(ranking), ranking, answerer, misses, visitor)


def _shown(answer: Answer, ranking: Ranking, answerer: Answerer, misses: MissLog, visitor: Visitor) -> AnswerView:
    misses.keep(missed_by_answer(answer, ranking.filters))
    searcher = answerer.searcher
    return AnswerView.of(answer, ranking, answerer.searched(ranking.filters), searcher.catalogue, visitor)


def give_answer(
    request: Request,
    answerer: OpenAnswerer,
    rank: RecentRankings,
    misses: OpenMissLog,
    asked: AskedSearch,
    visitor: CurrentVisitor,
) -> HTMLResponse:
    """Give the panel alone."""
    answer = answer_to(rank(asked), answerer, misses, visitor)
    return page(request, "parts/answer.html", visitor, answer=answer, keeps_gaps=misses.is_kept)


def stream_answer(
    request: Request,
    answerer: OpenAnswerer,
    rank: RecentRankings,
    misses: OpenMissLog,
    asked: AskedSearch,
    visitor: CurrentVisitor,
) -> EventSourceResponse:
    """Give each statement as it is ready, as HTML in server-sent events, then the whole panel, which replaces them."""
    ranking, catalogue = rank(asked), answerer.searcher.catalogue
    cited: list[SourceView] = []

    def event(said: tuple[Statement, tuple[Citation, ...]] | Answer) -> Event:
        if isinstance(said, Answer):
            whole = _shown(said, ranking, answerer, misses, visitor)
            return "answer", html("parts/answer.html", visitor, answer=whole, keeps_gaps=misses.is_kept)
        statement, citations = said
        # Numbered on from those of the statements before.
        sources = [
            SourceView.of(number, one, catalogue, visitor) for number, one in enumerate(citations, len(cited) + 1)
        ]
        cited.extend(sources)
        return "statement", html("parts/statement.html", visitor, statement=StatementView.of(statement, sources))

    return stream(request, answerer.stream(ranking), event, PAGE_HEADERS)
