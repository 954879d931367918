"""A hit: one real-world initiative in a ranking, with the passage that speaks for it and the words that matched."""

from dataclasses import dataclass

from corpus.editorial_record import Language
from corpus.initiative import Initiative
from index.passage import Passage
from search.editorial import Editorial
from search.facets import FacetValue
from search.query import Query


@dataclass(frozen=True, slots=True)
class Highlight:
    """A word of the passage and the word of the question it answers, in whatever language."""

    start: int  # characters of the passage's text, 0-based
    end: int  # exclusive
    question_word: str
    similarity: float  # cosine of the two words in their contexts


@dataclass(frozen=True, slots=True)
class Hit:
    """An initiative in one ranking."""

    rank: int  # from 1
    score: float  # higher is better; comparable within one ranking, or one team of it, only
    initiative: Initiative  # of the tellings in several documents, the one that matched best
    also_in: tuple[str, ...]  # ids of the same initiative in other documents
    passage: Passage
    highlights: tuple[Highlight, ...]  # in the order of the text, without overlap
    word_rank: int | None  # the initiative's rank by words alone, None when no word matched
    vector_rank: int | None  # its rank by sentence vectors alone
    editorial: Editorial | None  # what the project says of it, in the reader's language
    by_editorial: bool  # the editorial record answers the question's words better than the passage does
    team: str | None = None  # the system that put it there, where two systems play against each other


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found. Hits, total and facets come from one candidate set."""

    query: Query
    total: int  # initiatives found, of which `hits` are the first
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[FacetValue, ...]]  # "departement", "region", "theme", "kind", "document", "year", …
    language: Language  # of labels, summaries and hint: the reader's, else the question's
    hint: str | None  # what to try, when nothing relevant was found
    took_ms: float
