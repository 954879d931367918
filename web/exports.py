"""A sheet as a file, and how to cite it: Markdown, BibTeX, RIS, and a line for people to copy.

A sheet is cited as a part of its document: the document's publisher and date, the lines, and a permalink. Its text is
what somebody else wrote. In a page the templates escape it; in a file nothing does but the functions here.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus import SNOWBALL, Contact, Document, Initiative, SheetLanguage
from corpus.text import fold
from search import RecordView
from web.visitor import Say, date_in_words

# Control characters but for line feed, carriage return and tab; halves of surrogate pairs and what is no character: XML
# cannot hold most of them. And those that turn the direction of what follows, so that a text looks like another one
# (Unicode's Bidi_Control).
NO_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)

# Marks of CommonMark, and of GitHub's tables and strikethrough. In prose stars and list marks were printed and stay.
MARKS = re.compile(r"[\\`*_\[\]<>&#|~]")
MARKS_IN_PROSE = re.compile(r"[\\`_\[\]<&|~]")
# These are written as entities, for readers of Markdown that know no escapes; every other mark after a backslash.
ENTITIES = {"<": "&lt;", "&": "&amp;"}

# What makes a heading, quote or rule of a line, or a heading or table of the line above; after marks of lists too.
LINE_MARK = re.compile(
    r"""
    ^ (?P<before> [ ]* (?: (?: [-*+] | \d{1,9}[.)] ) [ ]+ )* )
    (?P<mark> [#>] | (?: =+ | :?-+:? | (?: [*-] [ ]* ){3,} ) [ ]* $ )
    """,
    re.VERBOSE | re.MULTILINE,
)
LINE_END = re.compile(r"\r\n?")
# White space that makes code of prose: at the start of a line, or behind the marks of lists.
CODE_SPACE = re.compile(r"^(?P<before> {,3}(?:(?:[-*+]|\d{1,9}[.)]) {1,4})*) {4,}", re.MULTILINE)

# A backslash first, in one pass, so that no escape is escaped again.
BIBTEX_SPECIAL = re.compile(r"[\\{}#$%&_~^]")
BIBTEX_ESCAPES = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}

# In an address nothing is escaped, or it would lead elsewhere; what would end the field is written as addresses do.
UNFIT_FOR_A_FIELD = re.compile(r"[\\{}\s]")


# --- text: no character that hides what it says, and no markup by accident ---


def printable(text: str) -> str:
    """A text without control characters, halves of surrogate pairs and marks of direction."""
    return NO_TEXT.sub("", text)


def one_line(text: str) -> str:
    r"""A readable text on one line. Example: "La\nnavette " → "La navette"."""
    return " ".join(printable(text).split())


def markdown_line(text: str) -> str:
    r"""A readable text on one line in which nothing is markup. Example: "a_b <c>" → r"a\_b &lt;c\>"."""
    return MARKS.sub(_escaped, one_line(text))


def markdown_prose(text: str) -> str:
    r"""Readable lines in which stars and lists are markup, as they were printed, and nothing else is.

    Without HTML, links, images, code and headings; indents go, they would make code of prose.

    Example: "**Un** <b>bus</b>\n    vert" → "**Un** &lt;b>bus&lt;/b>\nvert"
    """
    lines = LINE_END.sub("\n", printable(text)).replace("\t", " ")
    lines = CODE_SPACE.sub(lambda m: m["before"].rstrip() + " " * bool(m["before"].strip()), lines)
    return LINE_MARK.sub(r"\g<before>\\\g<mark>", MARKS_IN_PROSE.sub(_escaped, lines))


def _escaped(mark: re.Match[str]) -> str:
    return ENTITIES.get(mark[0], f"\\{mark[0]}")


# --- fields ---


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a sheet: its name and its values, in the visitor's language."""

    name: str  # key of the texts
    values: tuple[str, ...]


def fields_of(initiative: Initiative, say: Say) -> tuple[Field, ...]:
    """The fields of a sheet that are filled, in the order in which a page shows them."""
    start = initiative.start_text or (str(initiative.start_year) if initiative.start_year else None)
    every = (
        Field("kind", (say(f"kind.{initiative.kind}"),)),
        Field("departements", tuple(f"{one.name} ({one.code})" for one in initiative.departements)),
        Field("territory", _one(initiative.territory)),
        Field("carriers", initiative.lead_organisations),
        Field("partners", initiative.partners),
        Field("start", _one(start)),
        Field("status", _one(initiative.status)),
        Field("theme", _one(initiative.theme)),
        Field("chapter", _one(initiative.chapter)),
        Field("also_titled", initiative.also_titled),
        Field("cited_departements", tuple(f"{one.name} ({one.code})" for one in initiative.cited_departements)),
    )
    return tuple(field for field in every if field.values)


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


# The fields that a page shows under another name.
SHOWN_AS = {"lead_organisations": "carriers", "start_year": "start", "start_text": "start"}


def corrections_of(initiative: Initiative, say: Say) -> Iterator[str]:
    """What was mended in the fields of a sheet, in words: the field, what the document says, why, and since when."""
    for one in initiative.corrections:
        field = say(f"sheet.corrections.field.{SHOWN_AS.get(one.field, one.field)}")
        how = "said" if one.said else "silent"
        yield say(
            f"sheet.corrections.{how}", field=field, said=one.said, why=one.why, since=date_in_words(one.since, say)
        )


# --- citations ---


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
        "url": UNFIT_FOR_A_FIELD.sub(lambda m: f"%{ord(m[0]):02X}", cited.permalink),
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
    """Under which licence a document is published, as far as it says so."""
    unstated = document.licence == "not stated"
    return say("sheet.licence.none") if unstated else say("sheet.licence.stated", licence=document.licence)


def _lines(cited: Reference, say: Say) -> str:
    return say("sheet.citation.lines", start=cited.start_line, end=cited.end_line)


def _bibtex_text(text: str) -> str:
    return BIBTEX_SPECIAL.sub(lambda m: BIBTEX_ESCAPES.get(m[0], "\\" + m[0]), one_line(text))


# --- Markdown ---


def markdown(initiative: Initiative, document: Document, record: RecordView | None, permalink: str, say: Say) -> str:
    """The whole sheet in CommonMark, in UTF-8; words of ours are in the language that `say` speaks."""
    parts = [
        f"# {markdown_line(initiative.title)}",
        *_record(record, say),
        "\n".join([*_fields(initiative, say), *_corrections(initiative, say)]),
        f"## {say('sheet.text.title')}",
        say(
            "sheet.text.lines",
            document=markdown_line(document.title),
            start=initiative.source.start_line,
            end=initiative.source.end_line,
        ),
        markdown_prose(initiative.text),
        *_contacts(initiative.contacts, document, say),
        f"## {say('sheet.citation.title')}",
        markdown_line(citation(Reference.of(initiative, document, permalink), say)),
    ]
    return "\n\n".join(parts) + "\n"


def _fields(initiative: Initiative, say: Say) -> Iterator[str]:
    for field in fields_of(initiative, say):
        values = " ; ".join(markdown_line(value) for value in field.values)
        yield f"- **{say(f'sheet.field.{field.name}')}** {values}"


def _corrections(initiative: Initiative, say: Say) -> Iterator[str]:
    for one in corrections_of(initiative, say):
        yield f"- **{say('sheet.corrections.title')}** {markdown_line(one)}"


def _record(record: RecordView | None, say: Say) -> Iterator[str]:
    if record is not None:
        labels = ", ".join(markdown_line(one.label) for one in (*record.publics, *record.topics))
        paragraphs = [
            markdown_line(record.summary),
            f"*{say('sheet.editorial.note')}*",
            *([labels] if labels else []),
        ]
        yield "\n>\n".join(f"> {paragraph}" for paragraph in paragraphs)


def _contacts(contacts: Iterable[Contact], document: Document, say: Say) -> Iterator[str]:
    lines = [
        f"- {markdown_line(', '.join(filter(None, (one.name, one.role, one.phone, one.email))))}" for one in contacts
    ]
    if lines:
        yield f"## {say('sheet.contacts.title')}"
        yield say("sheet.contacts.check", year=document.date[:4])
        yield "\n".join(lines)
