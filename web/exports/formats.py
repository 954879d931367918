"""The formats in which anything can be taken along: the same for a sheet, a comparison, a list, what a search finds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from web.exports.blocks import Exported
from web.exports.markdown import markdown
from web.exports.opendocument import open_document
from web.exports.references import bibtex, ris
from web.exports.spreadsheets import comma_separated, workbook
from web.exports.word import word_document
from web.visitor import Say


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its media type, and what writes it in the visitor's language."""

    media_type: str
    write: Callable[[Exported, Say], bytes]


def _bibtex(exported: Exported, say: Say) -> bytes:
    return "\n".join(bibtex(one, say, exported.sheets_in) for one in exported.references).encode()


def _ris(exported: Exported, say: Say) -> bytes:
    return "".join(ris(one, say, exported.sheets_in) for one in exported.references).encode()


# By the endings of their addresses, in the order of the pages.
FORMATS: Mapping[str, Format] = {
    "csv": Format(
        "text/csv; charset=utf-8", lambda exported, say: comma_separated(exported.table, say("export.separator"))
    ),
    "xlsx": Format(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", lambda one, _: workbook(one.table)
    ),
    "odt": Format("application/vnd.oasis.opendocument.text", lambda one, _: open_document(one.text)),
    "docx": Format(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        lambda one, _: word_document(one.text),
    ),
    "md": Format("text/markdown; charset=utf-8", lambda one, _: markdown(one.text).encode()),
    "bib": Format("application/x-bibtex; charset=utf-8", _bibtex),
    "ris": Format("application/x-research-info-systems; charset=utf-8", _ris),
}
