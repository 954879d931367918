"""Views: how hits, sheets, answers and the progress of long work look on a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType

from rich.console import Console, Group, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from corpus import Initiative
from corpus.text import strip_markup
from search import Citation, Highlight, Hit, Query, RecordView, Results, snippet
from search.answer import Answer, ConfidenceLabel, MadeBy, Statement, confidence_label

SNIPPET_WIDTH = 240  # characters of a passage that a table shows
MATCH = "bold green"

CONFIDENCE_WORDS: dict[ConfidenceLabel, str] = {
    "sure": "sure",
    "likely": "likely right",
    "possible": "more likely right than not",
    "unsure": "unsure",
}


def results_view(results: Results) -> Group:
    """Show what was recognised in the question, the hits on the subject, those further away, and a hint if any."""
    on_subject, further = results.hits[: results.total], results.hits[results.total :]
    parts: list[RenderableType] = [query_line(results.query), hits_table(on_subject)]
    if further:
        parts += [Rule("further from the subject"), hits_table(further)]
    told = [f"{len(on_subject)} of {results.total} initiatives on the subject"]
    told += [f"{len(further)} of {results.further} further away", f"{results.took_ms:.1f} ms"]
    return Group(*parts, Text(", ".join(told), "dim"), *([Text(results.hint)] if results.hint else []))


def query_line(query: Query) -> Text:
    """Say in one line what was recognised in a question."""
    parts = [{"fr": "French", "en": "English"}[query.language]]
    parts += [f"ranked first: {place.name}" for place in query.places]
    parts += [f"{acronym.short} = {acronym.long}" for acronym in query.acronyms]
    parts += [f"{words}: also {', '.join(also)}" for words, also in query.synonyms()]
    return Text(" · ".join(parts), "dim")


def hits_table(hits: Sequence[Hit]) -> Table:
    """Show hits one under the other, each with the passage that speaks for it and why it is there."""
    table = Table(show_lines=True, expand=True)
    table.add_column("#", justify="right")
    table.add_column("initiative", ratio=2, overflow="fold")
    table.add_column("passage, with the words that matched", ratio=3)
    table.add_column("why")
    for hit in hits:
        table.add_row(str(hit.rank), _card(hit), _spoken(hit), why(hit))
    return table


def _spoken(hit: Hit) -> Text:
    """Give the passage that speaks for a hit, below what the project says of it."""
    passage = marked(hit.passage.text, hit.highlights)
    if hit.record is None:
        return passage
    return Text.assemble((f"{hit.record.summary} [editorial]", "dim italic"), "\n", passage)


def _card(hit: Hit) -> Text:
    initiative = hit.initiative
    places = ", ".join(departement.name for departement in initiative.departements)
    facts = [places, ", ".join(initiative.lead_organisations), str(initiative.start_year or "")]
    card = Text(hit.record.title if hit.record else initiative.title, "bold", overflow="fold")
    card.append("\n" + " · ".join(fact for fact in facts if fact), "not bold")
    card.append(f"\n{initiative.id}", "not bold dim")
    if hit.also_in:
        card.append(f"\nalso in {', '.join(hit.also_in)}", "not bold dim")
    return card


def why(hit: Hit) -> str:
    """Say at which rank a hit was found by words alone and by meaning alone, and what matched best, one a line."""
    ranks = {"words": hit.lexical_rank, "meaning": hit.dense_rank}
    ways = [f"{way} {rank}" for way, rank in ranks.items() if rank is not None]
    return "\n".join([*ways, *(["editorial summary"] if hit.by_record else [])])


def marked(text: str, highlights: Sequence[Highlight], width: int = SNIPPET_WIDTH) -> Text:
    """Give the snippet of a passage with its matched words marked."""
    shown = Text()
    for piece in snippet(text, highlights, width):
        shown.append(piece.text, MATCH if piece.question_word is not None else None)
    return shown


def sheet_view(initiative: Initiative, record: RecordView | None) -> Group:
    """Show a whole sheet: its fields, what the project adds to it, then its text as printed."""
    fields = Table.grid(padding=(0, 2))
    for name, value in [*_fields(initiative), *(_added(record) if record else [])]:
        fields.add_row(Text(name, "dim"), Text(value))
    return Group(Text(initiative.title, "bold"), fields, Text(), Text(initiative.text))


def _added(record: RecordView) -> list[tuple[str, str]]:
    labels = [label.label for label in (*record.publics, *record.topics)]
    return [(f"editorial ({record.author})", record.summary), ("publics, topics", ", ".join(labels))]


def _fields(initiative: Initiative) -> list[tuple[str, str]]:
    source = initiative.source
    contacts = [
        ", ".join(
            filter(None, (one.name, one.role, one.email, "damaged address" if one.email_damaged else "", one.phone))
        )
        for one in initiative.contacts
    ]
    fields = [
        ("id", initiative.id),
        ("kind", initiative.kind.value),
        ("source", f"{source.document}, lines {source.start_line} to {source.end_line}"),
        ("chapter", initiative.chapter),
        ("theme", initiative.theme),
        ("départements", ", ".join(f"{one.name} ({one.code})" for one in initiative.departements)),
        ("territory", initiative.territory),
        ("lead organisations", "\n".join(initiative.lead_organisations)),
        ("partners", "\n".join(initiative.partners)),
        ("start", initiative.start_text or str(initiative.start_year or "")),
        ("status", initiative.status),
        ("contacts", "\n".join(contacts)),
        ("same as", "\n".join(initiative.same_as)),
        ("corrected", "\n".join(f"{one.field}, since {one.since}: {one.why}" for one in initiative.corrections)),
    ]
    return [(name, value) for name, value in fields if value]


def show_answer(
    ready: Iterable[tuple[Statement, tuple[Citation, ...]] | Answer], nearest: Sequence[Hit], console: Console
) -> None:
    """Print statements as they are ready, and at the end what they rest on or, for a refusal, the nearest hits.

    The answer, which comes last, replaces statements that it does not hold.
    """
    shown: list[str] = []
    for one in ready:
        if isinstance(one, Answer):
            # What was printed as it came may have been withdrawn: then the whole of what holds follows.
            kept = shown == [statement.text for statement in one.statements]
            console.print(grounds_view(one, nearest) if kept else answer_view(one, nearest))
        else:
            shown.append(one[0].text)
            console.print(statement_view(one[0]))


def answer_view(answer: Answer, nearest: Sequence[Hit]) -> Group:
    """Show a whole answer, and for a refusal the nearest hits."""
    return Group(*map(statement_view, answer.statements), grounds_view(answer, nearest))


def statement_view(statement: Statement) -> Text:
    """Show a statement with the numbers of its sources, from 1. Example: "250 foyers … [1][2]"."""
    marks = "".join(f"[{number + 1}]" for number in statement.citations)
    text = Text(statement.text).append(f" {marks}" if marks else "", "bold")
    if short := statement.lead or statement.reworded:
        text.highlight_words([short], "bold")
    return text


def grounds_view(answer: Answer, nearest: Sequence[Hit]) -> Group:
    """Show what an answer rests on or, for a refusal, the nearest hits; how sure it is, and how it was made."""
    parts: list[RenderableType] = [Text()]
    parts += [_source(number, citation, answer) for number, citation in enumerate(answer.citations, start=1)]
    if answer.abstained and nearest:
        parts.append(hits_table(nearest))
    facts = [*certainty(answer), *_making(answer), f"{answer.took_ms:.1f} ms"]
    return Group(*parts, Text(" · ".join(facts), "dim"))


def certainty(answer: Answer) -> Iterator[str]:
    """Say that there is no answer, and how sure the confidence is where there is one. Example: "sure (0.83)"."""
    if answer.abstained:
        known = answer.confidence is not None
        yield "no sure answer" + (f" (an answer would be right with {answer.confidence:.2f})" if known else "")
    elif answer.confidence is not None:
        yield f"{CONFIDENCE_WORDS[confidence_label(answer.confidence)]} ({answer.confidence:.2f})"


def _source(number: int, citation: Citation, answer: Answer) -> Text:
    """Name the lines of a source; quote them where no statement does."""
    source, quote = citation.source, strip_markup(citation.quote)
    one_line = source.start_line == source.end_line
    lines = f"line {source.start_line}" if one_line else f"lines {source.start_line} to {source.end_line}"
    view = Text(f"[{number}]", "bold", overflow="fold")
    view.append(f" {source.document}, {lines} · {citation.initiative}", "not bold")
    if citation.also_in:
        view.append(f"\n    also in {', '.join(citation.also_in)}", "not bold dim")
    if quote not in answer.text:
        view.append(f"\n    « {quote} »", "not bold")
    return view


def _making(answer: Answer) -> Iterator[str]:
    """Say what made the text of an answer, and what became of a language model's part in it."""
    if not answer.abstained:
        yield "worded by a language model" if answer.path is MadeBy.LANGUAGE_MODEL else "in the words of the sources"
    if answer.fallback is not None:
        yield f"without the language model: {answer.fallback}"
    if answer.removed:
        yield f"unsupported sentences removed: {answer.removed}"


class Bars:
    """Progress bars of one run, one for each step: the index's `Progress`.

    with Bars() as bars:
        bars.step("Encoding the passages", 820)
        bars.advance(32)
    """

    def __init__(self, console: Console | None = None) -> None:
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=console or Console(stderr=True),
        )
        self._current: TaskID | None = None

    def __enter__(self) -> "Bars":
        """Show the bars until the end of the block."""
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the bars as they stand."""
        self._bars.stop()

    def step(self, label: str, total: int) -> None:
        """Begin a bar of `total` parts."""
        self._current = self._bars.add_task(label, total=total)

    def advance(self, parts: int) -> None:
        """Move the newest bar on by so many parts."""
        if self._current is not None:
            self._bars.advance(self._current, parts)

    def note(self, text: str) -> None:
        """Say it above the bars."""
        self._bars.console.print(text, style="yellow")
