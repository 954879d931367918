"""Citations of a sheet: for people to copy, and for the programs that keep references (BibTeX and RIS).

A sheet is cited as a part of its document: the document's publisher and date, the lines, and a permalink.
"""

import re
from dataclasses import dataclass

from corpus import Document, Initiative
from index.words import fold
from web.dates import Say, in_words

# A backslash first, in one pass, so that no escape is escaped again.
BIBTEX_SPECIAL = re.compile(r"[\\{}#$%&_~^]")
BIBTEX_ESCAPES = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}

# In an address nothing is escaped, or it would lead elsewhere; what would end the field is written as addresses do.
UNFIT_FOR_A_FIELD = re.compile(r"[\\{}\s]")


@dataclass(frozen=True, slots=True)
class Cited:
    """What a citation tells."""

    id: str
    title: str
    document: Document
    start_line: int
    end_line: int
    permalink: str

    @classmethod
    def of(cls, initiative: Initiative, document: Document, permalink: str) -> "Cited":
        """The citation of a whole sheet."""
        source = initiative.source
        return cls(initiative.id, initiative.title, document, source.start_line, source.end_line, permalink)


def one_line(cited: Cited, say: Say) -> str:
    """A citation in one line, as people put it under a text."""
    return say(
        "sheet.citation.line",
        title=_on_one_line(cited.title),
        document=cited.document.title,
        publisher=cited.document.publisher,
        date=in_words(cited.document.date, say),
        lines=_lines(cited, say),
        licence=licence_of(cited.document, say),
        permalink=cited.permalink,
    )


def bibtex(cited: Cited, say: Say) -> str:
    r"""An entry for BibTeX and BibLaTeX, in UTF-8; double braces keep capitals and the names of organisations.

    Example: a title "Aide & soin" gives `title = {{Aide \& soin}},`
    """
    year, _, month = cited.document.date.partition("-")
    fields = {
        "title": f"{{{_escaped(cited.title)}}}",
        "booktitle": f"{{{_escaped(cited.document.title)}}}",
        "author": f"{{{_escaped(cited.document.publisher)}}}",
        "publisher": f"{{{_escaped(cited.document.publisher)}}}",
        "year": year,
        "month": month[:2].lstrip("0"),
        "note": _escaped(f"{_lines(cited, say)} · {licence_of(cited.document, say)}"),
        "url": UNFIT_FOR_A_FIELD.sub(lambda m: f"%{ord(m[0]):02X}", cited.permalink),
        "language": "french",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@incollection{{{_key(cited.id)},", *lines, "}", ""])


def ris(cited: Cited, say: Say) -> str:
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
        ("LA", "fr"),
        ("N1", f"{_lines(cited, say)} · {licence_of(cited.document, say)}"),
        ("UR", cited.permalink),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {_on_one_line(value)}\r\n" for tag, value in fields)


def licence_of(document: Document, say: Say) -> str:
    """Under which licence a document is published, as far as it says so."""
    unstated = document.licence == "not stated"
    return say("sheet.licence.none") if unstated else say("sheet.licence.stated", licence=document.licence)


def _lines(cited: Cited, say: Say) -> str:
    return say("sheet.citation.lines", start=cited.start_line, end=cited.end_line)


def _escaped(text: str) -> str:
    return BIBTEX_SPECIAL.sub(lambda m: BIBTEX_ESCAPES.get(m[0], "\\" + m[0]), _on_one_line(text))


def _key(id: str) -> str:
    """An entry's key, which may hold letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9-]+", "-", fold(id)).strip("-") or "sheet"


def _on_one_line(text: str) -> str:
    """A line end inside a value would begin a new field."""
    return " ".join(text.split())
