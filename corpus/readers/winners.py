"""The reader of a page that lists the winners of a call, lead organisation first, without titles.

Parmi les projets lauréats certains touchent l'innovation managériale, c'est le cas de :     a theme opens
  • Porteur du projet : Préfecture du Tarn avec le laboratoire LabO                          a winner opens
    Description du projet : Mobiliser …                                                      inline or below
    Bénéfices du projet pour les agents et les usagers :                                     may be missing
    • Réduction …                                                                            deeper bullets
  • Une démarche participative …                                                             no more is known
"""

import re
from collections.abc import Iterator

from corpus.errors import BadDocument
from corpus.fields import derive_title, locate
from corpus.model import Document, Initiative, Kind, Section, Source
from corpus.organisations import lead_organisations_credited, leads_and_partners_of_line, partners_credited
from corpus.places import Gazetteer

THEME = re.compile(
    r"Parmi les projets lauréats,? certains \w+ (?:l['’]|la |le |les |des )"
    r"(?P<theme>.+?)(?:, c['’]est le cas de)?\s*:\s*"
)
# Two spaces before the bullet of a winner, four before those inside its text.
WINNER = re.compile(r" {0,3}•\s*(?P<text>.+)")
LEAD_LINE = re.compile(r"Porteur du projet\s*:\s*(?P<names>.+)")
LABEL = re.compile(r"\s*(?P<heading>(?:Description|Bénéfices) du projet[^:]*?)\s*:[\s:]*(?P<inline>.*)")


def read(document: Document, gazetteer: Gazetteer) -> list[Initiative]:
    """The winners of the page, in its order.

    Raises BadDocument where the list has another layout than the one described above.
    """
    return [_winner(document, gazetteer, theme, start, end) for theme, start, end in _winners(document)]


def _winners(document: Document) -> Iterator[tuple[str, int, int]]:
    """Theme, first and last line of every winner; lines are 1-based and inclusive."""
    theme, start = None, None
    for n, line in enumerate(document.lines, start=1):
        opens_theme = THEME.fullmatch(line)
        if not (opens_theme or (theme and WINNER.fullmatch(line))):
            if theme and line.strip() and (not start or not line[0].isspace()):
                raise BadDocument(
                    "Text in the list belongs to no winner", f"{document.file}:{n}", "Open a winner with '  • '."
                )
            continue
        if theme and start:
            yield theme, *document.written(start, n - 1)
        theme, start = (opens_theme["theme"], None) if opens_theme else (theme, n)
    if theme and start:
        yield theme, *document.written(start, len(document.lines))


def _winner(document: Document, gazetteer: Gazetteer, theme: str, start: int, end: int) -> Initiative:
    opening = document.lines[start - 1].strip("• \t")
    lead_line = LEAD_LINE.fullmatch(opening)
    sections = _sections(document, start, end) if lead_line else (Section(None, start, end),)
    description = LABEL.sub(r"\g<inline>", document.text(sections[0].start_line, sections[0].end_line), count=1)
    if lead_line:
        leads, partners = leads_and_partners_of_line(lead_line["names"])
    else:
        leads, partners = lead_organisations_credited(description), ()
    location = locate(gazetteer, [lead_line["names"] if lead_line else "", description], description)
    return Initiative(
        id="",
        kind=Kind.WINNER,
        title=derive_title(description),
        title_derived=True,
        source=Source(document.id, start, end),
        text=document.text(start, end),
        sections=sections,
        chapter=None,
        theme=theme,
        departements=location.departements,
        cited_departements=location.cited_departements,
        territory=location.territory,
        lead_organisations=leads,
        partners=tuple(dict.fromkeys([*partners, *partners_credited(description)])),
        start_year=None,
        start_text=None,
        status=None,
        contacts=(),
    )


def _sections(document: Document, start: int, end: int) -> tuple[Section, ...]:
    """The labelled stretches below the line that names who leads.

    A label belongs to its stretch when prose shares its line.
    """
    labels = {n: label for n in range(start + 1, end + 1) if (label := LABEL.fullmatch(document.lines[n - 1]))}
    stray, last = document.written(start + 1, min(labels, default=end + 1) - 1)
    if stray <= last or not labels:
        raise BadDocument(
            "A winner has no description below its lead organisation",
            f"{document.file}:{min(stray, end)}",
            "Write 'Description du projet :' before it.",
        )
    stretches = zip(labels.items(), [*list(labels)[1:], end + 1], strict=True)
    return tuple(
        Section(label["heading"], *document.written(n if label["inline"] else n + 1, following - 1))
        for (n, label), following in stretches
    )
