"""A hit as the page shows it: every word ready, every link made."""

from dataclasses import dataclass

from corpus import Document, Initiative
from search import Hit
from search.editorial import Editorial
from search.snippet import Piece, snippet
from web.lines import lines_in_words
from web.reader import Reader

SNIPPET_WIDTH = 420  # characters of a passage
MOST_PAIRS = 6  # pairs of words that say why


@dataclass(frozen=True, slots=True)
class Link:
    """Some words that lead somewhere."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
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
    editorial: Editorial | None
    pieces: tuple[Piece, ...]
    passage_address: str
    passage_lines: str
    why: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]  # word of the question, word of the passage
    twins: tuple[Link, ...]


@dataclass(frozen=True)
class HitViews:
    """Makes views for one reader over one corpus."""

    reader: Reader
    documents: dict[str, Document]
    initiatives: dict[str, Initiative]

    def of(self, hit: Hit) -> HitView:
        """The view of a hit."""
        say, one, document = self.reader.texts, hit.initiative, self.documents[hit.initiative.source.document]
        title = hit.editorial.title if hit.editorial else one.title
        passage = hit.passage
        return HitView(
            one.id,
            hit.rank,
            title,
            one.title if title != one.title else None,
            self.sheet(one.id),
            ", ".join(place.name for place in one.departements) or one.territory or "",
            ", ".join(one.carriers),
            str(one.start_year or ""),
            say(f"kind.{one.kind.value}"),
            say("results.age", document=document.title, year=document.date[:4]),
            hit.editorial,
            snippet(passage.text, hit.highlights, SNIPPET_WIDTH),
            self.sheet(one.id, (passage.start_line, passage.end_line)),
            lines_in_words(passage.start_line, passage.end_line, say),
            tuple(self._why(hit)),
            self._pairs(hit),
            tuple(self._twin(id) for id in hit.also_in),
        )

    def sheet(self, id: str, lines: tuple[int, int] | None = None) -> str:
        """The address of a sheet, at some lines of its document."""
        if lines is None:
            return self.reader.link(f"/sheet/{id}")
        return self.reader.link(f"/sheet/{id}", [("from", lines[0]), ("to", lines[1])], "cited")

    def _twin(self, id: str) -> Link:
        return Link(self.documents[self.initiatives[id].source.document].title, self.sheet(id))

    def _why(self, hit: Hit) -> list[str]:
        """Say in plain words by which ways a hit was found."""
        say = self.reader.texts
        ways = []
        if hit.word_rank is not None:
            ways.append(say("why.words", rank=hit.word_rank))
        if hit.vector_rank is not None:
            ways.append(say("why.meaning", rank=hit.vector_rank))
        if hit.by_editorial:
            ways.append(say("why.editorial"))
        return ways

    def _pairs(self, hit: Hit) -> tuple[tuple[str, str], ...]:
        """The words that answer each other, the nearest first, each pair once whatever its capitals."""
        pairs: dict[tuple[str, str], tuple[str, str]] = {}
        for one in sorted(hit.highlights, key=lambda highlight: -highlight.similarity):
            word = hit.passage.text[one.start : one.end]
            pairs.setdefault((one.question_word.lower(), word.lower()), (one.question_word, word))
        return tuple(pairs.values())[:MOST_PAIRS]
