"""The answer panel: statements with numbered sources, or a refusal that says what was searched; whole or streamed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, StreamingResponse

from opened import OpenAsker
from search.answering.answer import Answer, Citation, Statement, Verdict
from search.answering.asker import Asker
from search.feedback.giving import missed_by_answer
from web.hit_view import HitViews, Link
from web.lines import lines_in_words
from web.page_query import PageQuery
from web.reader import Reader, reader_of
from web.rendering import SAFE_HEADERS, html, page

EVENTS = "text/event-stream"

# From this confidence on the panel says that it is sure (docs/images/risk-coverage.svg).
SURE = 0.8


@dataclass(frozen=True, slots=True)
class SourceView:
    """One source of an answer."""

    number: int  # from 1
    title: str
    quote: str
    document: str
    lines: str
    address: str


@dataclass(frozen=True, slots=True)
class StatementView:
    """One statement."""

    text: str
    quote: str  # in the language of the source; blank where nothing is quoted
    after: str
    sources: tuple[SourceView, ...]


@dataclass(frozen=True, slots=True)
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


def views_of(asker: Asker, reader: Reader) -> HitViews:
    """What makes the views of initiatives."""
    contents = asker.engine.index.contents
    documents = {document.id: document for document in contents.documents}
    return HitViews(reader, documents, {one.id: one for one in contents.initiatives})


def answer_view(answer: Answer, views: HitViews, searched: int) -> AnswerView:
    """The view of an answer that was looked for in so many sheets."""
    sources = tuple(_source(number, one, views) for number, one in enumerate(answer.citations, start=1))
    statements = tuple(
        _statement(one, tuple(sources[position] for position in one.citations)) for one in answer.statements
    )
    sureness = "answer.sure" if answer.confidence >= SURE else "answer.likely"
    nearest = tuple(
        Link(hit.editorial.title if hit.editorial else hit.initiative.title, views.sheet(hit.initiative.id))
        for hit in answer.hits[:3]
    )
    return AnswerView(
        answer.verdict.value,
        answer.language,
        statements,
        sources,
        "answer.closest" if answer.verdict is Verdict.CLOSEST else sureness,
        nearest if answer.abstained else (),
        answer.question,
        searched,
    )


def ask(request: Request, asker: Asker, query: PageQuery, reader: Reader) -> AnswerView:
    """Answer the question of a page, and keep a refusal. Raises what `Asker.ask` raises."""
    filters = query.filters(asker.engine.gazetteer)
    answer = asker.ask(query.text, filters, query.ignored)
    keep_miss(request, answer, query)
    return answer_view(answer, views_of(asker, reader), asker.searched(filters))


def give_answer(request: Request, asker: OpenAsker) -> HTMLResponse:
    """Give the panel alone."""
    query, reader = PageQuery.of(request), reader_of(request)
    shown = ask(request, asker, query, reader)
    return page(request, "parts/answer.html", reader, answer=shown, keeps_gaps=keeps_gaps(request))


def stream_answer(request: Request, asker: OpenAsker) -> StreamingResponse:
    """Give each statement as it is ready, as HTML in server-sent events, then the whole panel, which replaces them."""
    query, reader = PageQuery.of(request), reader_of(request)
    filters = query.filters(asker.engine.gazetteer)
    ready = asker.stream(query.text, filters, query.ignored)
    views, searched = views_of(asker, reader), asker.searched(filters)

    def events() -> Iterator[str]:
        cited: list[SourceView] = []
        for said in ready:
            if isinstance(said, Answer):
                keep_miss(request, said, query)
                whole = answer_view(said, views, searched)
                panel = html("parts/answer.html", reader, answer=whole, keeps_gaps=keeps_gaps(request))
                yield _event("answer", panel)
            else:
                yield _event("statement", html("parts/statement.html", reader, statement=_streamed(said, cited, views)))

    return StreamingResponse(events(), headers={**SAFE_HEADERS, "X-Accel-Buffering": "no"}, media_type=EVENTS)


def keeps_gaps(request: Request) -> bool:
    """Whether the service keeps what people did not find."""
    return request.app.state.feedback is not None


def keep_miss(request: Request, answer: Answer, query: PageQuery) -> None:
    """Keep a refusal, where feedback is kept."""
    writer = request.app.state.feedback
    miss = missed_by_answer(answer, query.filters(request.app.state.engine.result().gazetteer))
    if writer is not None and miss is not None:
        writer.write_later(miss)


def _streamed(said: tuple[Statement, tuple[Citation, ...]], cited: list[SourceView], views: HitViews) -> StatementView:
    statement, citations = said
    sources = [_source(len(cited) + number, one, views) for number, one in enumerate(citations, start=1)]
    cited += sources
    return _statement(statement, tuple(sources))


def _statement(statement: Statement, sources: tuple[SourceView, ...]) -> StatementView:
    """The view of a statement, from its first quotation mark to its last apart."""
    text = unbroken(statement.text)
    quoted = re.search("«.*»", text, re.DOTALL)
    if quoted is None:
        return StatementView(text, "", "", sources)
    return StatementView(text[: quoted.start()], quoted[0], text[quoted.end() :], sources)


def _source(number: int, citation: Citation, views: HitViews) -> SourceView:
    source = citation.source
    return SourceView(
        number,
        views.initiatives[citation.initiative].title,
        re.sub(r"\s+", " ", citation.quote.replace("*", "")),
        views.documents[source.document].title,
        lines_in_words(source.start_line, source.end_line, views.reader.texts),
        views.sheet(citation.initiative, (source.start_line, source.end_line)),
    )


def unbroken(text: str) -> str:
    """Keep quotation marks on the line of the words they quote."""
    return text.replace("« ", "«\u00a0").replace(" »", "\u00a0»")


def _event(name: str, fragment: str) -> str:
    """One event; every line of the fragment is a line of data."""
    data = "".join(f"data: {line}\n" for line in fragment.splitlines())
    return f"event: {name}\n{data}\n"
