"""A text in CommonMark: without HTML, images and links but our own."""

import re
from collections.abc import Iterator
from itertools import groupby

from web.exports.blocks import Aside, Block, Grid, Heading, Look, Paragraph, Prose, Run, Text
from web.exports.text import address_without, markdown_line, markdown_prose

UNFIT_FOR_A_LINK = re.compile(r"[\\<>\s]")


def markdown(text: Text) -> str:
    """The whole file, to be written in UTF-8."""
    parts = [f"# {markdown_line(text.title)}"]
    for is_list, blocks in groupby(text.blocks, lambda block: isinstance(block, Paragraph) and block.look is Look.ITEM):
        written = [part for block in blocks for part in _block(block)]
        parts += ["\n".join(written)] if is_list else written
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"{'#' * block.level} {markdown_line(block.text)}"
        case Paragraph():
            yield _paragraph(block)
        case Aside():
            yield "\n>\n".join(f"> {_paragraph(paragraph)}" for paragraph in block.paragraphs)
        case Prose():
            yield markdown_prose(block.text)
        case Grid():
            yield from _grid(block)


def _grid(grid: Grid) -> Iterator[str]:
    """A table cell by cell: of cells that hold more than a line CommonMark has no tables."""
    (_, *titles), *rows = grid.rows
    for (heading, *cells), level in ((row, "##") for row in rows):
        yield f"{level} {_line(heading)}"
        yield "\n".join(f"- **{_line(title)}** {_line(cell)}" for title, cell in zip(titles, cells, strict=True))


def _line(paragraphs: tuple[Paragraph, ...]) -> str:
    return " ".join(" ".join(map(_words, one.runs)) for one in paragraphs)


def _paragraph(paragraph: Paragraph) -> str:
    written = " ".join(map(_run, paragraph.runs))
    match paragraph.look:
        case Look.ITEM:
            return f"- {written}"
        case Look.QUOTE:
            return f"> {written}"
        case Look.NOTE:
            return f"*{written}*"
        case _:
            return written


def _run(run: Run) -> str:
    return f"**{_words(run)}**" if run.is_strong else _words(run)


def _words(run: Run) -> str:
    words = markdown_line(run.text)
    return f"[{words}](<{address_without(UNFIT_FOR_A_LINK, run.address)}>)" if run.address else words
