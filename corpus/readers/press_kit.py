"""The reader of a press kit that describes each chosen experiment under the same headings.

1 - **La relève** : un dispositif de …        early on: a short list, which gives each a short title
Les 5 expérimentations lauréates              the chapter
1 - La relève : comment lutter contre … ?     number and title
Le défi                                       headings, each with its paragraphs
La solution
L'expérimentation
L'équipe                                      bullets: organisations, the leading one first
Où ?                                          one line
Contact presse                                the end: the contact is that of the whole kit
"""

import re
from collections.abc import Iterator

from corpus.errors import BadDocument
from corpus.fields import experiment_start, locate
from corpus.model import Document, Initiative, Kind, Section, Source
from corpus.organisations import lead_organisations_credited, organisation_of_member
from corpus.places import Gazetteer

CHAPTER = re.compile(r"Les \d+ expérimentations lauréates")
SHORT_TITLE = re.compile(r"(?P<number>\d+) [-–] \*\*(?P<title>.+?)\*\* ?:.*")
TITLE = re.compile(r"(?P<number>\d+) [-–] (?P<title>.+)")
END = re.compile(r"Contact\b.*")
# A heading stands alone between blank lines, is short and ends like no sentence.
HEADING = re.compile(r"[A-ZÀÉÎÔ][^.;:!]{1,40}")
TEAM = re.compile(r"L['’]équipe")
WHERE = re.compile(r"Où ?\?")


def read(document: Document, gazetteer: Gazetteer) -> list[Initiative]:
    """The experiments of the kit, in its order.

    Raises BadDocument where the list has another layout than the one described above.
    """
    chapter = next((n for n, line in enumerate(document.lines, start=1) if CHAPTER.fullmatch(line.strip())), None)
    if chapter is None:
        return []
    short_titles = {
        short["number"]: short["title"] for line in document.lines[:chapter] if (short := SHORT_TITLE.fullmatch(line))
    }
    return [_experiment(document, gazetteer, chapter, *block, short_titles) for block in _blocks(document, chapter)]


def _blocks(document: Document, chapter: int) -> Iterator[tuple[int, int]]:
    """The first and last line of each experiment, 1-based and inclusive."""
    numbered = [(n, line.strip()) for n, line in enumerate(document.lines, start=1) if n > chapter]
    end = next((n for n, line in numbered if END.fullmatch(line)), len(document.lines) + 1)
    titles = [n for n, line in numbered if n < end and TITLE.fullmatch(line)]
    stray, last = document.written(chapter + 1, (titles or [end])[0] - 1)
    if stray <= last:
        raise BadDocument("Text before the first experiment", f"{document.file}:{stray}", "Number it: '1 - title'.")
    for title, following in zip(titles, [*titles[1:], end], strict=True):
        yield document.written(title, following - 1)


def _experiment(
    document: Document, gazetteer: Gazetteer, chapter: int, first: int, end: int, short_titles: dict[str, str]
) -> Initiative:
    title = TITLE.fullmatch(document.lines[first - 1].strip())
    assert title is not None  # the line was found by this very pattern
    sections, place = _sections(document, first, end)
    team = next((section for section in sections if section.heading and TEAM.fullmatch(section.heading)), None)
    prose = "\n".join(document.text(s.start_line, s.end_line) for s in sections if s is not team)
    members = document.lines[team.start_line - 1 : team.end_line] if team else ()
    leads, partners = _leads_and_partners([member.strip("-•; .") for member in members], prose)
    location = locate(gazetteer, [place or "", prose], prose)
    start = experiment_start(prose, preface=document.text(1, chapter))
    short_title = short_titles.get(title["number"])
    return Initiative(
        id="",
        kind=Kind.EXPERIMENT,
        title=title["title"],
        title_derived=False,
        source=Source(document.id, first, end),
        text=document.text(first, end),
        sections=sections,
        chapter=document.lines[chapter - 1].strip(),
        theme=None,
        departements=location.departements,
        cited_departements=location.cited_departements,
        territory=place,
        lead_organisations=leads,
        partners=partners,
        start_year=start.year if start else None,
        start_text=start.text if start else None,
        status=None,
        contacts=(),
        also_titled=(short_title,) if short_title else (),
    )


def _sections(document: Document, start: int, end: int) -> tuple[tuple[Section, ...], str | None]:
    """The headed stretches of an experiment, and the line that says where it takes place."""
    headings = [n for n in range(start + 1, end + 1) if _is_heading(document, n)]
    place = next((n + 1 for n in headings if WHERE.fullmatch(document.lines[n - 1].strip())), end + 1)
    headings = [n for n in headings if n <= place]
    stray, last = document.written(start + 1, (headings or [end + 1])[0] - 1)
    if stray <= last:
        raise BadDocument(
            "Text of an experiment stands under no heading", f"{document.file}:{stray}", "Give it a heading."
        )
    answer, last = document.written(place, end)
    if answer < last:
        raise BadDocument(
            "More than one line says where an experiment takes place",
            f"{document.file}:{answer + 1}",
            "Keep to one line, or number the next experiment.",
        )
    stretches = zip(headings, [*headings[1:], end + 1], strict=True)
    sections = tuple(
        Section(document.lines[heading - 1].strip(), *document.written(heading + 1, following - 1))
        for heading, following in stretches
        if heading < place - 1
    )
    return sections, document.lines[answer - 1].strip() if answer <= last else None


def _is_heading(document: Document, line: int) -> bool:
    alone = not document.lines[line - 2].strip() and not "".join(document.lines[line : line + 1]).strip()
    return alone and HEADING.fullmatch(document.lines[line - 1].strip()) is not None


def _leads_and_partners(team: list[str], prose: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The members of the team that the prose credits with the solution lead, else the first; the rest are partners."""
    credited = lead_organisations_credited(prose)
    leads = [member for member in team if member in credited] or team[:1]
    partners = (member for member in team if member not in leads)
    return tuple(map(organisation_of_member, leads)), tuple(map(organisation_of_member, partners))
