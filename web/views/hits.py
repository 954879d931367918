"""A hit as the page shows it: every word ready, every link made."""

from collections.abc import Iterator
from dataclasses import dataclass

from corpus import Initiative
from search import Hit, Piece, RecordView, snippet
from web.dependencies import Catalogue
from web.texts import Say, lines_in_words
from web.visitor import Link, Visitor

SNIPPET_WIDTH = 420  # characters of a passage
MOST_PAIRS = 6  # pairs of words that say why


@dataclass(frozen=True, slots=True, kw_only=True)
class HitView:
    """One initiative in a list."""

    id: str
    rank: int
    title: str
    printed_title: str | None  # where another is shown above it
    address: str
    place: str
    carriers: str
    start: str
    kind: str
    age: str  # of the information
    editorial: RecordView | None
    pieces: tuple[Piece, ...]
    passage_address: str
    passage_lines: str
    why: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]  # word of the question, word of the passage
    duplicates: tuple[Link, ...]  # the documents that tell of it too

    @classmethod
    def of(cls, hit: Hit, catalogue: Catalogue, visitor: Visitor) -> "HitView":
        """The view of a hit for one visitor."""
        say, one, passage = visitor.texts, hit.initiative, hit.passage
        document = catalogue.document_of(one)
        title = hit.editorial.title if hit.editorial else one.title
        return cls(
            id=one.id,
            rank=hit.rank,
            title=title,
            printed_title=one.title if title != one.title else None,
            address=visitor.sheet(one.id),
            place=place_of(one),
            carriers=", ".join(one.carriers),
            start=str(one.start_year or ""),
            kind=say(f"kind.{one.kind.value}"),
            age=say("results.age", document=document.title, year=document.date[:4]),
            editorial=hit.editorial,
            pieces=snippet(passage.text, hit.highlights, SNIPPET_WIDTH),
            passage_address=visitor.sheet(one.id, (passage.start_line, passage.end_line)),
            passage_lines=lines_in_words(passage.start_line, passage.end_line, say),
            why=tuple(_why(hit, say)),
            pairs=_pairs(hit),
            duplicates=tuple(_duplicate(id, catalogue, visitor) for id in hit.also_in),
        )


def place_of(initiative: Initiative) -> str:
    """Where an initiative takes place: its départements, else the place in the document's own words, if any."""
    return ", ".join(departement.name for departement in initiative.departements) or initiative.territory or ""


def _why(hit: Hit, say: Say) -> Iterator[str]:
    """Say in plain words by which ways a hit was found."""
    if hit.lexical_rank is not None:
        yield say("why.words", rank=hit.lexical_rank)
    if hit.dense_rank is not None:
        yield say("why.meaning", rank=hit.dense_rank)
    if hit.by_editorial:
        yield say("why.editorial")


def _pairs(hit: Hit) -> tuple[tuple[str, str], ...]:
    """The words that answer each other, the nearest first, each pair once whatever its capitals."""
    pairs: dict[tuple[str, str], tuple[str, str]] = {}
    for one in sorted(hit.highlights, key=lambda highlight: -highlight.similarity):
        word = hit.passage.text[one.start : one.end]
        pairs.setdefault((one.question_word.lower(), word.lower()), (one.question_word, word))
    return tuple(pairs.values())[:MOST_PAIRS]


def _duplicate(id: str, catalogue: Catalogue, visitor: Visitor) -> Link:
    return Link(catalogue.document_of(catalogue.initiatives[id]).title, visitor.sheet(id))
