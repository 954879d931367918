"""A list of initiatives as it is shown, every word ready and every link made: what a card says of a hit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from corpus import Initiative, Kind
from corpus.places import Place
from corpus.text import fold, numbers_in
from search import Catalogue, Hit, Piece, RankedInitiative, Ranking, RecordView, Searcher, snippet
from web.visitor import Link, Say, Visitor, lines_in_words

SNIPPET_WIDTH = 200  # characters of a passage: two lines
MOST_ORGANISATIONS = 2  # of those that run an initiative


@dataclass(frozen=True, slots=True, kw_only=True)
class HitView:
    """One initiative in a list."""

    id: str
    rank: int
    title: str  # without the place, which is said beside it
    printed_title: str | None  # where another is shown above it
    address: str
    place: str
    carriers: str
    start: str
    kind: str  # blank for a sheet, which most are
    contact: Link | None  # where the document prints one
    age: str  # of the information
    record: RecordView | None
    pieces: tuple[Piece, ...]  # the telling lines of the passage
    whole: tuple[str, ...]  # all lines of the passage, none where the pieces are all of it
    passage_address: str
    passage_lines: str
    reason: str  # why it is there, in a plain sentence; blank where the marks say it
    duplicates: tuple[Link, ...]  # the documents that tell of it too

    @classmethod
    def of(cls, hit: Hit, catalogue: Catalogue, visitor: Visitor, places: Sequence[Place] = ()) -> "HitView":
        """The view of a hit for one visitor; `places` are those that the question asks for."""
        say, one, passage = visitor.texts.typeset, hit.initiative, hit.passage
        document, place = catalogue.document(one), place_of(one)
        title = hit.record.title if hit.record else one.title
        contacts = visitor.link(f"/sheet/{one.id}", anchor="contacts-title")
        return cls(
            id=one.id,
            rank=hit.rank,
            title=title.removesuffix(f", {place}"),
            printed_title=one.title if title != one.title else None,
            address=visitor.sheet(one.id),
            place=place,
            carriers=_first_of(one.lead_organisations),
            start=str(one.start_year or ""),
            kind="" if one.kind is Kind.SHEET else say(f"kind.{one.kind.value}"),
            contact=Link(say("results.contact", year=document.date[:4]), contacts) if one.contacts else None,
            age=say("results.age", document=document.title, year=document.date[:4]),
            record=hit.record,
            pieces=snippet(passage.text, hit.highlights, SNIPPET_WIDTH),
            whole=_lines(passage.text) if len(passage.text) > SNIPPET_WIDTH else (),
            passage_address=visitor.sheet(one.id, (passage.start_line, passage.end_line)),
            passage_lines=lines_in_words(passage.start_line, passage.end_line, say),
            reason=_reason(hit, places, say),
            duplicates=tuple(_duplicate(id, catalogue, visitor) for id in hit.also_in),
        )


def place_of(initiative: Initiative) -> str:
    """Where an initiative takes place: its départements, else the place in the document's own words, if any."""
    return ", ".join(departement.name for departement in initiative.departements) or initiative.territory or ""


def _first_of(organisations: Sequence[str]) -> str:
    """The first two of those that run it, and how many more there are."""
    more = len(organisations) - MOST_ORGANISATIONS
    return ", ".join(organisations[:MOST_ORGANISATIONS]) + (f" + {more}" if more > 0 else "")


def _lines(text: str) -> tuple[str, ...]:
    """The lines of a passage, without marks of emphasis."""
    return tuple(line.strip() for line in text.replace("*", "").splitlines() if line.strip())


def _reason(hit: Hit, places: Sequence[Place], say: Say) -> str:
    """What speaks for a hit where its marks do not: a concept in another form, its record, a translation, its meaning.

    Blank where the passage has the question's own words, for these are marked.
    """
    for one in hit.highlights:
        said = hit.passage.text[one.start : one.end]
        if one.names_concept and not _is_same(one.question_word, said):
            return say("why.concept", asked=one.question_word, said=" ".join(said.split()))
    nearest = sorted(hit.highlights, key=lambda one: -one.similarity)
    names = {fold(word) for place in places for word in place.name.split()}  # told by themselves
    words = [
        (one.question_word, hit.passage.text[one.start : one.end])
        for one in nearest
        if fold(one.question_word) not in names and not any(numbers_in(one.question_word))  # "deux" says nothing alone
    ]
    if any(_is_same(asked, word) for asked, word in words):
        return ""
    if hit.by_record:
        return say("why.editorial")
    if words:
        return say("why.otherwise", asked=words[0][0], word=words[0][1])
    return say("why.meaning")


def _is_same(asked: str, said: str) -> bool:
    """Whether words of a sheet are those of the question, or one of them, in whatever number."""
    words = [_singular(word) for word in asked.split()]
    return _singular(said) in words or [_singular(word) for word in said.split()] == words


def _singular(word: str) -> str:
    """A word without its accents, capitals and the letter of its plural."""
    return fold(word).rstrip("sx")


def _duplicate(id: str, catalogue: Catalogue, visitor: Visitor) -> Link:
    return Link(catalogue.document(catalogue.initiative(id)).title, visitor.sheet(id))


def in_order(ranking: Ranking, sort: str, searcher: Searcher) -> Ranking:
    """The same ranking, those on the subject in another order: the latest first, or by place; unknown ones last."""
    keys: dict[str, Callable[[Initiative], tuple[bool, int, str]]] = {
        "year": lambda one: (not one.start_year, -(one.start_year or 0), ""),
        "place": lambda one: (not place_of(one), 0, fold(place_of(one))),
    }
    if sort not in keys:
        return ranking

    def key(one: RankedInitiative) -> tuple[bool, int, str]:
        return keys[sort](searcher.index.owner(one.passage))

    return replace(ranking, relevant=tuple(sorted(ranking.relevant, key=key)))
