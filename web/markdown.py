"""A sheet as Markdown: its fields, its text as printed, its contacts and how to cite it.

The texts came to us with stars for bold and hyphens for lists: they are Markdown already, and are left alone but for
what would be read as HTML, and for indents, which would make code of prose.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus import Document, Initiative
from corpus.contact import Contact
from search.editorial import Editorial
from web.citation import Cited, one_line
from web.dates import Say

SPECIAL = re.compile(r"[\\`*_\[\]<>#|~]")
INDENT = re.compile(r"^(?: {4,}|\t+)(?=\S)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a sheet: its name and its values, in the reader's language."""

    name: str  # key of the texts
    values: tuple[str, ...]


def fields_of(initiative: Initiative, say: Say) -> tuple[Field, ...]:
    """The fields of a sheet that are filled, in the order in which a page shows them."""
    start = initiative.start_text or (str(initiative.start_year) if initiative.start_year else None)
    every = (
        Field("kind", (say(f"kind.{initiative.kind}"),)),
        Field("departements", tuple(f"{one.name} ({one.code})" for one in initiative.departements)),
        Field("territory", _one(initiative.territory)),
        Field("carriers", initiative.carriers),
        Field("partners", initiative.partners),
        Field("start", _one(start)),
        Field("status", _one(initiative.status)),
        Field("theme", _one(initiative.theme)),
        Field("chapter", _one(initiative.chapter)),
        Field("also_titled", initiative.also_titled),
        Field("cited_departements", tuple(f"{one.name} ({one.code})" for one in initiative.cited_departements)),
    )
    return tuple(field for field in every if field.values)


def markdown(initiative: Initiative, document: Document, editorial: Editorial | None, permalink: str, say: Say) -> str:
    """The whole sheet in CommonMark, in UTF-8; words of ours are in the language that `say` speaks."""
    parts = [
        f"# {escaped(initiative.title)}",
        *_editorial(editorial, say),
        "\n".join(_fields(initiative, say)),
        f"## {say('sheet.text.title')}",
        say(
            "sheet.text.lines",
            document=escaped(document.title),
            start=initiative.source.start_line,
            end=initiative.source.end_line,
        ),
        as_printed(initiative.text),
        *_contacts(initiative.contacts, document, say),
        f"## {say('sheet.citation.title')}",
        escaped(one_line(Cited.of(initiative, document, permalink), say)),
    ]
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    r"""Text in which nothing is markup. Example: "a_b <c>" → r"a\_b \<c\>"."""
    return SPECIAL.sub(lambda m: "\\" + m[0], " ".join(text.split()))


def as_printed(text: str) -> str:
    """The lines of a sheet, its own stars and lists kept, without HTML and without indents."""
    return INDENT.sub("", text).replace("<", r"\<").replace("&", "&amp;")


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _fields(initiative: Initiative, say: Say) -> Iterator[str]:
    for field in fields_of(initiative, say):
        values = " ; ".join(escaped(value) for value in field.values)
        yield f"- **{say(f'sheet.field.{field.name}')}** {values}"


def _editorial(editorial: Editorial | None, say: Say) -> Iterable[str]:
    if editorial is None:
        return
    labels = ", ".join(escaped(one.label) for one in (*editorial.publics, *editorial.topics))
    yield f"> {escaped(editorial.summary)}\n>\n> *{say('sheet.editorial.note')}*" + (
        f"\n>\n> {labels}" if labels else ""
    )


def _contacts(contacts: Iterable[Contact], document: Document, say: Say) -> Iterable[str]:
    lines = [f"- {escaped(', '.join(filter(None, (one.name, one.role, one.phone, one.email))))}" for one in contacts]
    if lines:
        yield f"## {say('sheet.contacts.title')}"
        yield say("sheet.contacts.check", year=document.date[:4])
        yield "\n".join(lines)
