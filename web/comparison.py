"""A comparison in the visitor's language, links in place: for the page, and to be taken along as a file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus import Document, SheetLanguage
from search import Cell, CellText, ComparedInitiative, RecordView
from web.exports import Exported, Grid, Heading, Look, Paragraph, Reference, Run, Table, Text
from web.visitor import Say, lines_in_words

# Id of a sheet, and lines to show → its address.
Address = Callable[[str, tuple[int, int] | None], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnView:
    """One of the initiatives."""

    id: str
    title: str  # as the document has it
    record_title: str | None  # in the visitor's language, where the project gives one and it is another
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
        records: Sequence[RecordView | None],
        address: Address,
        say: Say,
    ) -> "ComparisonView":
        """Show a comparison; `records` are those of the initiatives, in order."""
        columns = tuple(
            _column(one, documents, record, address, say) for one, record in zip(compared, records, strict=True)
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
    one: ComparedInitiative, documents: Mapping[str, Document], record: RecordView | None, address: Address, say: Say
) -> ColumnView:
    source, title = one.initiative.source, one.initiative.title
    return ColumnView(
        id=one.initiative.id,
        title=title,
        record_title=record.title if record is not None and record.title != title else None,
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


# --- as files ---


def exported_comparison(
    comparison: ComparisonView, references: Sequence[Reference], say: Say, sheets_in: SheetLanguage
) -> Exported:
    """A comparison to be taken along; `references` are those of its columns, in order."""
    return Exported(
        name=say("compare.file"),
        text=_text(comparison, say),
        table=_table(comparison, say),
        references=tuple(references),
        sheets_in=sheets_in,
    )


def _text(comparison: ComparisonView, say: Say) -> Text:
    """Title, table, and where each column is from."""
    head = (_strong(say("compare.aspect.title")), *(_strong(column.title) for column in comparison.columns))
    rows = [(_strong(row.label), *(tuple(_told(cell)) for cell in row.cells)) for row in comparison.rows]
    sources = (
        Paragraph((Run(f"{one.title} — {one.document}, {one.lines}."), Run(one.address, one.address)), Look.SMALL)
        for one in comparison.columns
    )
    return Text(
        title=say("compare.title"),
        blocks=(
            Paragraph.of(say("compare.lead"), Look.SMALL),
            Grid((head, *rows)),
            Heading(say("compare.sources")),
            *sources,
        ),
        locale=say("language.tag"),
        is_wide=True,
    )


def _strong(text: str) -> tuple[Paragraph, ...]:
    return (Paragraph((Run(text, is_strong=True),)),)


def _told(cell: CellView) -> Iterator[Paragraph]:
    if cell.note:
        yield Paragraph.of(cell.note, Look.NOTE)
    for one in cell.said:
        if one.address is None or one.lines is None:
            yield Paragraph.of(one.text)
        else:
            yield Paragraph((Run(f"«\u00a0{one.text}\u00a0»"), Run(one.lines, one.address)))


def _table(comparison: ComparisonView, say: Say) -> Table:
    """A row for each aspect, a column for each initiative."""
    columns = comparison.columns
    return Table(
        (say("compare.aspect.title"), *(column.title for column in columns)),
        (
            *((row.label, *(_in_one_cell(cell) for cell in row.cells)) for row in comparison.rows),
            (say("compare.source"), *(f"{column.document}, {column.lines}" for column in columns)),
            (say("compare.address"), *(column.address for column in columns)),
        ),
    )


def _in_one_cell(cell: CellView) -> str:
    note = [f"[{cell.note}]"] if cell.note else []
    return "\n".join(
        [*note, *(f"«\u00a0{one.text}\u00a0» ({one.lines})" if one.lines else one.text for one in cell.said)]
    )
