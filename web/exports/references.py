"""How a sheet is cited: a line for people to copy, and records for programs that keep references, BibTeX and RIS.

A sheet is cited as a part of its document: the document's publisher and date, the lines, and a permalink.
"""

import re
from dataclasses import dataclass

from corpus import SNOWBALL, Document, Initiative, SheetLanguage
from corpus.text import fold
from web.exports.text import address_without, one_line
from web.visitor import Say, date_in_words

# A backslash first, in one pass, so that no escape is escaped again.
BIBTEX_SPECIAL = re.compile(r"[\\{}#$%&_~^]")
BIBTEX_ESCAPES = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}

UNFIT_FOR_A_FIELD = re.compile(r"[\\{}\s]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What a citation of a sheet tells."""

    id: str
    title: str
    document: Document
    start_line: int
    end_line: int
    permalink: str

    @classmethod
    def of(cls, initiative: Initiative, document: Document, permalink: str) -> "Reference":
        """The reference to a whole sheet."""
        return cls(
            id=initiative.id,
            title=initiative.title,
            document=document,
            start_line=initiative.source.start_line,
            end_line=initiative.source.end_line,
            permalink=permalink,
        )


def citation(cited: Reference, say: Say) -> str:
    """A citation in one line, as people put it under a text."""
    return say(
        "sheet.citation.line",
        title=one_line(cited.title),
        document=cited.document.title,
        publisher=cited.document.publisher,
        date=date_in_words(cited.document.date, say),
        lines=_lines(cited, say),
        licence=licence_of(cited.document, say),
        permalink=cited.permalink,
    )


def bibtex(cited: Reference, say: Say, sheets_in: SheetLanguage = "fr") -> str:
    r"""An entry for BibTeX and BibLaTeX, in UTF-8; double braces keep capitals and the names of organisations.

    Example: a title "Aide & soin" gives `title = {{Aide \& soin}},`
    """
    year, _, month = cited.document.date.partition("-")
    fields = {
        "title": f"{{{_bibtex_text(cited.title)}}}",
        "booktitle": f"{{{_bibtex_text(cited.document.title)}}}",
        "author": f"{{{_bibtex_text(cited.document.publisher)}}}",
        "publisher": f"{{{_bibtex_text(cited.document.publisher)}}}",
        "year": year,
        "month": month[:2].lstrip("0"),
        "note": _bibtex_text(f"{_lines(cited, say)} · {licence_of(cited.document, say)}"),
        "url": address_without(UNFIT_FOR_A_FIELD, cited.permalink),
        "language": SNOWBALL[sheets_in].lower(),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    # A key may hold letters, digits and hyphens.
    key = re.sub(r"[^a-z0-9-]+", "-", fold(cited.id)).strip("-") or "sheet"
    return "\n".join([f"@incollection{{{key},", *lines, "}", ""])


def ris(cited: Reference, say: Say, sheets_in: SheetLanguage = "fr") -> str:
    """A record in RIS, each line ended as the format demands by carriage return and line feed."""
    year, month, day = [*cited.document.date.split("-"), "", ""][:3]
    fields = [
        ("TY", "CHAP"),
        ("ID", cited.id),
        ("TI", cited.title),
        ("T2", cited.document.title),
        ("PB", cited.document.publisher),
        ("PY", year),
        ("DA", f"{year}/{month}/{day}/"),
        ("LA", sheets_in),
        ("N1", f"{_lines(cited, say)} · {licence_of(cited.document, say)}"),
        ("UR", cited.permalink),
        ("ER", ""),
    ]
    # A line end inside a value would begin a new field.
    return "".join(f"{tag}  - {one_line(value)}\r\n" for tag, value in fields)


def licence_of(document: Document, say: Say) -> str:
    """Under which licence a document is published, in words, as far as it says so."""
    licence = stated_licence(document)
    return say("sheet.licence.none") if licence is None else say("sheet.licence.stated", licence=licence)


def stated_licence(document: Document) -> str | None:
    """The licence of a document, None where it says nothing of one."""
    return None if document.licence == "not stated" else document.licence


def _lines(cited: Reference, say: Say) -> str:
    if cited.start_line == cited.end_line:
        return say("lines.one", start=cited.start_line)
    return say("sheet.citation.lines", start=cited.start_line, end=cited.end_line)


def _bibtex_text(text: str) -> str:
    return BIBTEX_SPECIAL.sub(lambda m: BIBTEX_ESCAPES.get(m[0], "\\" + m[0]), one_line(text))
