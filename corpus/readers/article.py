"""The reader of an article that presents the experiments a jury has chosen.

LES 5 PROJETS RETENUS                          the chapter
  • Projet 1 : La réinsertion - Marseille      one bullet an experiment: number, subject, town
Comment réinventer …                           prose
Découvrir le défi en détail : La relève : …    a link, whose text is the experiment's own title
Lire l'interview …                             perhaps more links
"""

import re
from collections.abc import Iterator

from corpus.errors import BadDocument
from corpus.fields import experiment_start, locate
from corpus.model import Document, Initiative, Kind, Section, Source
from corpus.organisations import lead_organisations_credited
from corpus.places import Gazetteer

CHAPTER = re.compile(r"LES \d+ PROJETS RETENUS")
BULLET = re.compile(r"\s*•\s*(?P<title>Projet \d+ : .+)")
OWN_TITLE = re.compile(r"Découvrir le défi en détail ?:?\s*(?P<title>.+)")


def read(document: Document, gazetteer: Gazetteer) -> list[Initiative]:
    """The experiments of the article, in its order.

    Raises BadDocument where the list has another layout than the one described above.
    """
    chapter = next((n for n, line in enumerate(document.lines, start=1) if CHAPTER.fullmatch(line.strip())), None)
    if chapter is None:
        return []
    return [_experiment(document, gazetteer, chapter, bullet, link) for bullet, link in _blocks(document, chapter)]


def _blocks(document: Document, chapter: int) -> Iterator[tuple[int, int]]:
    """The 1-based lines that open and close the text of each experiment: its bullet, the link to its own title."""
    bullets = [n for n, line in enumerate(document.lines, start=1) if n > chapter and "•" in line]
    for bullet, following in zip(bullets, [*bullets[1:], None], strict=True):
        if not BULLET.fullmatch(document.lines[bullet - 1]):
            raise BadDocument(
                "A bullet of the list is no experiment",
                f"{document.file}:{bullet}",
                "Write it as '• Projet 1 : subject - town'.",
            )
        link = next((n for n in range(bullet + 1, following or len(document.lines) + 1) if _link(document, n)), None)
        if link is None:
            raise BadDocument(
                "The experiment does not give its own title",
                f"{document.file}:{bullet}",
                "Add the line 'Découvrir le défi en détail : …' after its text.",
            )
        stray, last = document.written(_last_link(document, link) + 1, following - 1 if following else 0)
        if stray <= last:
            raise BadDocument(
                "Text between two experiments belongs to none", f"{document.file}:{stray}", "Move it above the link."
            )
        yield bullet, link


def _link(document: Document, line: int) -> re.Match[str] | None:
    return OWN_TITLE.fullmatch(document.lines[line - 1].strip())


def _last_link(document: Document, link: int) -> int:
    """Links follow one another without a blank line."""
    while link < len(document.lines) and document.lines[link].strip():
        link += 1
    return link


def _experiment(document: Document, gazetteer: Gazetteer, chapter: int, bullet: int, link: int) -> Initiative:
    end = _last_link(document, link)
    printed = document.lines[bullet - 1].strip("• \t")
    own_title = _link(document, link)
    section = Section(None, *document.written(bullet + 1, link - 1))
    prose = document.text(section.start_line, section.end_line)
    town = printed.rpartition(" - ")[2]
    location = locate(gazetteer, [town, prose], prose)
    start = experiment_start(prose, preface=document.text(1, chapter))
    return Initiative(
        id="",
        kind=Kind.EXPERIMENT,
        title=printed,
        title_derived=False,
        source=Source(document.id, bullet, end),
        text=document.text(bullet, end),
        sections=(section,),
        chapter=document.lines[chapter - 1].strip(),
        theme=None,
        departements=location.departements,
        cited_departements=location.cited_departements,
        territory=town,
        lead_organisations=lead_organisations_credited(prose),
        partners=(),
        start_year=start.year if start else None,
        start_text=start.text if start else None,
        status=None,
        contacts=(),
        also_titled=(own_title["title"],) if own_title else (),
    )
