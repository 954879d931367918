"""The reader of a programme's page: challenges in a paragraph each, under themes, without titles.

Les thématiques
Donner accès aux droits     Prendre le problème …     the themes, several on a line, wide spaces between
  Donner accès aux droits                             a theme opens
Le défi vise à réduire …                              one challenge: a line or two
En savoir plus                                        its link
4165                                                  a counter of the page
"""

import re
from collections.abc import Iterator

from corpus.errors import BadDocument
from corpus.fields import derive_title, locate
from corpus.model import Document, Initiative, Kind, Section, Source
from corpus.organisations import lead_organisations_credited, partners_credited
from corpus.places import Gazetteer

THEMES = "Les thématiques"
LINK = "En savoir plus"
COUNTER = re.compile(r"\d+")
# "Le défi SAPEIN (Soutien et …) a pour ambition": a challenge that has a name of its own.
NAME = re.compile(r"^Le défi (?P<name>[A-ZÉ][A-ZÉ0-9-]+(?: \([^()]+\))?)")


def read(document: Document, gazetteer: Gazetteer) -> list[Initiative]:
    """The challenges of the page, in its order.

    Raises BadDocument where the list has another layout than the one described above.
    """
    return [_challenge(document, gazetteer, theme, start, end) for theme, start, end in _challenges(document)]


def _challenges(document: Document) -> Iterator[tuple[str, int, int]]:
    """Theme, first and last line of every challenge; lines are 1-based and inclusive."""
    themes, after = _themes(document)
    theme = None
    open_paragraph: tuple[int, int] | None = None
    for start, end in _paragraphs(document, after):
        line = document.lines[start - 1].strip()
        if start == end and line == LINK and theme and open_paragraph:
            yield theme, *open_paragraph
            open_paragraph = None
        elif open_paragraph or (start == end and line == LINK):
            raise BadDocument(
                f"'{LINK}' does not follow its challenge",
                f"{document.file}:{start}",
                f"Each challenge is one paragraph under a theme, then '{LINK}'.",
            )
        elif start == end and line in themes:
            theme = line
        elif not (start == end and COUNTER.fullmatch(line)):
            open_paragraph = start, end
    if open_paragraph:
        raise BadDocument(
            "Text after the last challenge belongs to none",
            f"{document.file}:{open_paragraph[0]}",
            f"End a challenge with '{LINK}'.",
        )


def _themes(document: Document) -> tuple[set[str], int]:
    """The names in the lines below "Les thématiques", and the line after them (1-based)."""
    opening = next((n for n, line in enumerate(document.lines, start=1) if line.strip() == THEMES), None)
    if opening is None:
        return set(), len(document.lines) + 1
    names: list[str] = []
    for n, line in enumerate(document.lines[opening:], start=opening + 1):
        # A name that comes a second time is no longer the list: it opens its theme.
        if line.strip() in names:
            return set(names), n
        names += [name for name in re.split(r"\s{2,}", line.strip()) if name]
    return set(names), len(document.lines) + 1


def _paragraphs(document: Document, first: int) -> Iterator[tuple[int, int]]:
    """First and last line of every stretch of lines without a blank one between them."""
    start = first
    for n in range(first, len(document.lines) + 2):
        if n > len(document.lines) or not document.lines[n - 1].strip():
            if n > start:
                yield start, n - 1
            start = n + 1


def _challenge(document: Document, gazetteer: Gazetteer, theme: str, start: int, end: int) -> Initiative:
    text = document.text(start, end)
    location = locate(gazetteer, [text], text)
    named = NAME.match(text)
    return Initiative(
        id="",
        kind=Kind.CHALLENGE,
        title=derive_title(text),
        title_derived=True,
        source=Source(document.id, start, end),
        text=text,
        sections=(Section(None, start, end),),
        chapter=None,
        theme=theme,
        departements=location.departements,
        cited_departements=location.cited_departements,
        territory=location.territory,
        lead_organisations=lead_organisations_credited(text),
        partners=partners_credited(text),
        start_year=None,
        start_text=None,
        status=None,
        contacts=(),
        also_titled=(named["name"],) if named else (),
    )
