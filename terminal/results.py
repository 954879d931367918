"""How hits and sheets look on a terminal."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from corpus import Initiative
from search import Highlight, Hit, Query, RecordView, Results, snippet

SNIPPET_WIDTH = 240  # characters of a passage that a table shows
MATCH = "bold green"


def results_view(results: Results) -> Group:
    """Show how the question was understood, the hits, and a hint if there is one."""
    shown = f"{len(results.hits)} of {results.total} initiatives, {results.took_ms:.1f} ms"
    parts: list[RenderableType] = [understood(results.query), hits_table(results.hits), Text(shown, "dim")]
    return Group(*parts, *([Text(results.hint)] if results.hint else []))


def understood(query: Query) -> Text:
    """Say in one line what was understood of a question."""
    parts = [{"fr": "French", "en": "English"}[query.language]]
    parts += [f"place: {place.name}" for place in query.places]
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
    if hit.editorial is None:
        return passage
    return Text.assemble((f"{hit.editorial.summary} [editorial]", "dim italic"), "\n", passage)


def _card(hit: Hit) -> Text:
    initiative = hit.initiative
    places = ", ".join(departement.name for departement in initiative.departements)
    facts = [places, ", ".join(initiative.carriers), str(initiative.start_year or "")]
    card = Text(hit.editorial.title if hit.editorial else initiative.title, "bold", overflow="fold")
    card.append("\n" + " · ".join(fact for fact in facts if fact), "not bold")
    card.append(f"\n{initiative.id}", "not bold dim")
    if hit.also_in:
        card.append(f"\nalso in {', '.join(hit.also_in)}", "not bold dim")
    return card


def why(hit: Hit) -> str:
    """Say at which rank a hit was found by words alone and by meaning alone, and what matched best, one a line."""
    ranks = {"words": hit.lexical_rank, "meaning": hit.dense_rank}
    ways = [f"{way} {rank}" for way, rank in ranks.items() if rank is not None]
    return "\n".join([*ways, *(["editorial summary"] if hit.by_editorial else [])])


def marked(text: str, highlights: Sequence[Highlight], width: int = SNIPPET_WIDTH) -> Text:
    """Give the snippet of a passage with its matched words marked."""
    shown = Text()
    for piece in snippet(text, highlights, width):
        shown.append(piece.text, MATCH if piece.question_word is not None else None)
    return shown


def sheet_view(initiative: Initiative, editorial: RecordView | None) -> Group:
    """Show a whole sheet: its fields, what the project adds to it, then its text as printed."""
    fields = Table.grid(padding=(0, 2))
    for name, value in [*_fields(initiative), *(_added(editorial) if editorial else [])]:
        fields.add_row(Text(name, "dim"), Text(value))
    return Group(Text(initiative.title, "bold"), fields, Text(), Text(initiative.text))


def _added(editorial: RecordView) -> list[tuple[str, str]]:
    labels = [label.label for label in (*editorial.publics, *editorial.topics)]
    return [(f"editorial ({editorial.author})", editorial.summary), ("publics, topics", ", ".join(labels))]


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
        ("carriers", "\n".join(initiative.carriers)),
        ("partners", "\n".join(initiative.partners)),
        ("start", initiative.start_text or str(initiative.start_year or "")),
        ("status", initiative.status),
        ("contacts", "\n".join(contacts)),
        ("same as", "\n".join(initiative.same_as)),
    ]
    return [(name, value) for name, value in fields if value]
