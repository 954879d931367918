"""A comparison as the page, a spreadsheet or a document shows it: words in the visitor's language, links in place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from corpus import Document
from search import Cell, CellText, ComparedInitiative, RecordView
from web.texts import Say, lines_in_words

# Id of a sheet, and lines to show → its address.
Address = Callable[[str, tuple[int, int] | None], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnView:
    """One of the initiatives."""

    id: str
    title: str  # as the document has it
    editorial_title: str | None  # in the visitor's language, where the project gives one and it is another
    document: str
    lines: str
    address: str


@dataclass(frozen=True, slots=True)
class SaidView:
    """Words of a sheet, with a link to their lines; or a field that is not printed in these words, without."""

    text: str
    lines: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class CellView:
    """What one sheet says of one aspect."""

    said: tuple[SaidView, ...]
    note: str | None  # what the visitor must know: that it is empty, or hoped for


@dataclass(frozen=True, slots=True)
class RowView:
    """One aspect, a cell for each column."""

    aspect: str  # key of the texts
    label: str
    cells: tuple[CellView, ...]


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """Two to five initiatives side by side."""

    columns: tuple[ColumnView, ...]
    rows: tuple[RowView, ...]

    @classmethod
    def of(
        cls,
        compared: Sequence[ComparedInitiative],
        documents: Mapping[str, Document],
        editorials: Sequence[RecordView | None],
        address: Address,
        say: Say,
    ) -> "ComparisonView":
        """Show a comparison; `editorials` are those of the initiatives, in order."""
        columns = tuple(
            _column(one, documents, editorial, address, say)
            for one, editorial in zip(compared, editorials, strict=True)
        )
        rows = tuple(
            RowView(
                cells[0].aspect,
                say(f"compare.aspect.{cells[0].aspect}"),
                tuple(_cell(cell, address, say) for cell in cells),
            )
            for cells in zip(*(one.cells for one in compared), strict=True)
        )
        return cls(columns, rows)


def _column(
    one: ComparedInitiative, documents: Mapping[str, Document], editorial: RecordView | None, address: Address, say: Say
) -> ColumnView:
    source, title = one.initiative.source, one.initiative.title
    return ColumnView(
        id=one.initiative.id,
        title=title,
        editorial_title=editorial.title if editorial is not None and editorial.title != title else None,
        document=documents[source.document].title,
        lines=lines_in_words(source.start_line, source.end_line, say),
        address=address(one.initiative.id, None),
    )


def _cell(cell: Cell, address: Address, say: Say) -> CellView:
    note = say("compare.hoped") if cell.hoped else None if cell.said else say("compare.empty")
    return CellView(tuple(_said(said, address, say) for said in cell.said), note)


def _said(said: CellText, address: Address, say: Say) -> SaidView:
    if said.citation is None:
        return SaidView(said.text, None, None)
    source = said.citation.source
    lines = source.start_line, source.end_line
    return SaidView(said.text, lines_in_words(*lines, say), address(said.citation.initiative, lines))
