"""The answer panel: statements with numbered sources, or a refusal that says what was searched; whole or streamed."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from fastapi import Request
from fastapi.responses import HTMLResponse
from fastapi.sse import EventSourceResponse

from feedback import missed_by_answer, reported
from search import Citation, Filters
from search.answer import Answer, Answerer, Statement, Verdict
from search.answer import confidence_label
from web.dependencies import (
    AskedSearch,
    Catalogue,
    CurrentVisitor,
    MissLog,
    OpenAnswerer,
    OpenCatalogue,
    OpenSearcher,
    OpenFeedback,
    OpenMissLog,
)
from web.events import Event, stream
from web.rendering import SAFE_HEADERS, html, page
from web.texts import lines_in_words
from web.visitor import Link, SearchRequest, Visitor

NEAREST = 3  # initiatives that a refusal names


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
            title=catalogue.initiatives[citation.initiative].title,
            quote=re.sub(r"\s+", " ", citation.quote.replace("*", "")),
            document=catalogue.documents[source.document].title,
            lines=lines_in_words(source.start_line, source.end_line, visitor.texts),
            address=visitor.sheet(citation.initiative, (source.start_line, source.end_line)),
        )


@dataclass(frozen=True, slots=True)
class StatementView:
    """One statement."""

    text: str
    quote: str  # in the language of the source; blank where nothing is quoted
    after: str
    sources: tuple[SourceView, ...]

    @classmethod
    def of(cls, statement: Statement, sources: Sequence[SourceView]) -> "StatementView":
        """The view of a statement, from its first quotation mark to its last apart."""
        # Quotation marks stay on the line of the words they quote.
        text = statement.text.replace("« ", "«\u00a0").replace(" »", "\u00a0»")
        quoted = re.search("«.*»", text, re.DOTALL)
        if quoted is None:
            return cls(text, "", "", tuple(sources))
        return cls(text[: quoted.start()], quoted[0], text[quoted.end() :], tuple(sources))


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """An answer, or the refusal of one."""

    verdict: str
    language: str  # of the statements
    statements: tuple[StatementView, ...]
    sources: tuple[SourceView, ...]
    sureness: str  # key of the texts
    nearest: tuple[Link, ...]  # where there is no answer
    question: str
    searched: int  # sheets

    @classmethod
    def of(cls, answer: Answer, searched: int, catalogue: Catalogue, visitor: Visitor) -> "AnswerView":
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
            nearest=tuple(_nearest(answer, visitor)) if answer.abstained else (),
            question=answer.question,
            searched=searched,
        )


def _sureness(answer: Answer) -> str:
    if answer.verdict is Verdict.CLOSEST:
        return "answer.closest"
    return "answer.sure" if confidence_label(answer.confidence) == "sure" else "answer.likely"


def _nearest(answer: Answer, visitor: Visitor) -> list[Link]:
    return [
        Link(hit.editorial.title if hit.editorial else hit.initiative.title, visitor.sheet(hit.initiative.id))
        for hit in answer.hits[:NEAREST]
    ]


def answer_to(answerer: Answerer, asked: SearchRequest, filters: Filters, misses: MissLog) -> Answer:
    """Answer the question of a page, and keep a refusal. Raises what `Answerer.ask` raises."""
    answer = answerer.ask(asked.text, filters, asked.ignored)
    misses.keep(missed_by_answer(answer, filters))
    return answer


def give_answer(
    request: Request,
    answerer: OpenAnswerer,
    catalogue: OpenCatalogue,
    misses: OpenMissLog,
    asked: AskedSearch,
    visitor: CurrentVisitor,
) -> HTMLResponse:
    """Give the panel alone."""
    filters = asked.filters(answerer.searcher.gazetteer)
    answer = answer_to(answerer, asked, filters, misses)
    shown = AnswerView.of(answer, answerer.searched(filters), catalogue, visitor)
    return page(request, "parts/answer.html", visitor, answer=shown, keeps_gaps=misses.is_kept)


def stream_answer(
    request: Request,
    answerer: OpenAnswerer,
    catalogue: OpenCatalogue,
    misses: OpenMissLog,
    asked: AskedSearch,
    visitor: CurrentVisitor,
) -> EventSourceResponse:
    """Give each statement as it is ready, as HTML in server-sent events, then the whole panel, which replaces them."""
    filters = asked.filters(answerer.searcher.gazetteer)
    searched = answerer.searched(filters)
    cited: list[SourceView] = []

    def event(said: tuple[Statement, tuple[Citation, ...]] | Answer) -> Event:
        if isinstance(said, Answer):
            misses.keep(missed_by_answer(said, filters))
            whole = AnswerView.of(said, searched, catalogue, visitor)
            return "answer", html("parts/answer.html", visitor, answer=whole, keeps_gaps=misses.is_kept)
        statement, citations = said
        # Numbered on from those of the statements before.
        sources = [
            SourceView.of(number, one, catalogue, visitor) for number, one in enumerate(citations, len(cited) + 1)
        ]
        cited.extend(sources)
        return "statement", html("parts/statement.html", visitor, statement=StatementView.of(statement, sources))

    return stream(request, answerer.stream(asked.text, filters, asked.ignored), event, SAFE_HEADERS)


async def report_gap(
    request: Request, writer: OpenFeedback, searcher: OpenSearcher, visitor: CurrentVisitor
) -> HTMLResponse:
    """Keep that the question of a form finds nothing, and thank. Raises BadQuestion for one that is blank."""
    form = parse_qs((await request.body()).decode("utf-8", "replace"))
    question = form.get("q", [""])[0]
    miss = await asyncio.to_thread(reported, searcher, question)
    await asyncio.wrap_future(writer.write(miss))
    return page(request, "gap.html", visitor, question=question)
