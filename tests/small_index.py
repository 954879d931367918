"""A small collection in memory, and an encoder whose cosines can be told by eye, to try the rules of searching on.

Every word has an axis of its own, so that two tokens have a cosine near 1 when they are the same word and near 0 when
they are not. Fillers, of words that nothing else holds, make the words of a test rare enough to count.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import numpy as np

from corpus import (
    Author,
    Bilingual,
    Concept,
    Departement,
    Document,
    EditorialRecord,
    Enrichment,
    Expansions,
    Initiative,
    Kind,
    Section,
    Source,
    Vocabulary,
)
from corpus.places import Gazetteer
from index import (
    Acronym,
    Analyser,
    Contents,
    Encoded,
    Index,
    LexicalIndex,
    Passage,
    QuestionCentre,
    Thresholds,
    context,
)
from index.expansion import record_text
from search import Query, QueryTokens, Searcher
from search.searched import SearchedText
from tests.word_encoder import WordEncoder

AIN, GIRONDE = Departement("01", "Ain"), Departement("33", "Gironde")
FILLERS = 20

# Questions about something else, in French and in English: no sheet has a word of them.
ELSEWHERE = ("passeport perdu", "permis bateau", "lost passport", "boat licence")

VOCABULARY = Vocabulary(
    {"jeunes": Bilingual("Jeunes", "Young people"), "aines": Bilingual("Aînés", "Elders")},
    {"mobilite": Bilingual("Mobilité", "Mobility"), "logement": Bilingual("Logement", "Housing")},
)


@dataclass(frozen=True)
class ListeningEncoder(WordEncoder):
    """A word encoder that keeps every text it was given, in order."""

    encoded: list[str] = field(default_factory=list)

    def _encode(self, text: str) -> Encoded:
        self.encoded.append(text)
        return super()._encode(text)


def sheet(id: str, *paragraphs: str, document: str = "atlas", **fields: object) -> Initiative:
    """An initiative of which every paragraph is a line, a section and a passage."""
    made = Initiative(
        id=id,
        kind=Kind.SHEET,
        title="",
        title_derived=False,
        source=Source(document, 1, len(paragraphs)),
        text="\n".join(paragraphs),
        sections=tuple(Section(None, line, line) for line in range(1, len(paragraphs) + 1)),
    )
    return replace(made, **fields)


def record(
    initiative: str, *expansions: str, publics: tuple[str, ...] = (), topics: tuple[str, ...] = ()
) -> EditorialRecord:
    """An editorial record whose title names its initiative, and which has expansions and no summary."""
    return EditorialRecord(
        initiative=initiative,
        author=Author.PERSON,
        date="2026-11-25",
        title_en=f"English title of {initiative}",
        summary=Bilingual("", ""),
        publics=publics,
        topics=topics,
        expansions=Expansions(expansions, ()),
    )


def documents_of(sheets: Sequence[Initiative]) -> tuple[Document, ...]:
    """The documents that sheets stand in, titled "Title of …"."""
    return tuple(
        Document(
            id=name,
            title=f"Title of {name}",
            publisher="",
            date="2026",
            licence="not stated",
            reader="programme",
            file="",
            original_name="",
            lines=(),
        )
        for name in dict.fromkeys(one.source.document for one in sheets)
    )


def contents_of(
    sheets: Sequence[Initiative],
    records: Sequence[EditorialRecord] = (),
    acronyms: Sequence[Acronym] = (),
    passages: Sequence[Passage] = (),
) -> Contents:
    """What an index of some sheets holds."""
    return Contents(
        documents=documents_of(sheets),
        initiatives=tuple(sheets),
        passages=tuple(passages),
        acronyms=tuple(acronyms),
        enrichment=Enrichment(tuple(records), VOCABULARY),
        thesaurus=(),
    )


def passage(initiative: str, text: str, number: int = 0) -> Passage:
    """A passage of one line, the first of its initiative if not told otherwise."""
    return Passage(
        id=f"{initiative}#{number}",
        initiative=initiative,
        heading=None,
        start_line=number + 1,
        end_line=number + 1,
        text=text,
    )


def searcher_of(
    *sheets: Initiative,
    gazetteer: Gazetteer,
    records: Sequence[EditorialRecord] = (),
    thesaurus: Sequence[Concept] = (),
    least: float = 0.3,
) -> Searcher:
    """A searcher of sheets and, behind them, the fillers; what the signs, cosines all, must sum to is set by hand."""
    everything = [*sheets, *(sheet(f"filler-{n}", f"premier{n} second{n}") for n in range(FILLERS))]
    encoder = ListeningEncoder(_words(everything, records, thesaurus))
    index = Index.of(
        everything,
        [passage(one.id, text, number) for one in everything for number, text in enumerate(one.text.split("\n"))],
        encoder,
        documents=documents_of(everything),
        enrichment=Enrichment(tuple(records), VOCABULARY),
        thesaurus=thesaurus,
        sample=ELSEWHERE,
    )
    thresholds = Thresholds(means=(0, 0, 0), deviations=(1, 1, 1), least=least)
    encoder.encoded.clear()
    return Searcher.of(replace(index, thresholds=thresholds), encoder, gazetteer)


def _words(
    sheets: Sequence[Initiative], records: Sequence[EditorialRecord], thesaurus: Sequence[Concept]
) -> tuple[str, ...]:
    """Every word that is written anywhere, in lower case; what else a question says lies along the axis of no word."""
    texts = [text for one in sheets for text in (context(one), one.text)]
    texts += [record_text(one, VOCABULARY) for one in records] + [form for one in thesaurus for form in one.forms]
    return tuple(dict.fromkeys(re.findall(r"\w+", " ".join([*texts, *ELSEWHERE]).lower())))


def index_of_lists(
    lexical_scores: Sequence[float], nearest: Sequence[int], known: Sequence[str] = ("bus",)
) -> SimpleNamespace:
    """The parts of an index that retrieval asks, with their answers given: scores by BM25, rows by cosine.

    The terms of a question are its words, all of which `asked` keeps.
    """
    asked: list[tuple[str, str]] = []

    def question_terms(text: str, language: str) -> list[str]:
        asked.append((text, language))
        return text.split()

    return SimpleNamespace(
        lexical=SimpleNamespace(
            analyser=SimpleNamespace(question_terms=question_terms),
            scores=lambda terms: np.array(lexical_scores, np.float32),
            vocabulary=dict.fromkeys(known, 0),
        ),
        dense=SimpleNamespace(nearest=lambda vector, k: (np.zeros(k), np.array(nearest[:k]))),
        owners=np.arange(len(nearest)),
        expansion=None,
        adaptation=None,
        asked=asked,
    )


def index_of_tokens(text: str, spans: Sequence[tuple[int, int]], thesaurus: Sequence[Concept] = ()) -> SimpleNamespace:
    """The parts of an index that highlighting asks: one passage, and the spans of its tokens."""
    return SimpleNamespace(
        contents=SimpleNamespace(passages=[passage("atlas-a", text)], thesaurus=tuple(thesaurus)),
        lexical=SimpleNamespace(analyser=Analyser.open()),
        multivector=SimpleNamespace(spans_of=lambda passage: np.array(spans, np.int32)),
    )


def language_parts(*texts: str) -> tuple[LexicalIndex, QuestionCentre]:
    """What languages are told by: the words of French texts; sentence vectors [2] whose first component is English."""
    nothing = np.zeros(2, np.float32)
    english = np.array([1, 0], np.float32)
    centre = QuestionCentre(state_mean=nothing, vector_mean=nothing, english=english, boundary=0.0)
    return LexicalIndex.build(texts, Analyser.open()), centre


def query(
    text: str,
    *,
    words: Sequence[str] = (),
    weights: Sequence[float] = (),
    **understood: object,
) -> Query:
    """A question understood by hand: `words` are its informative tokens, of these weights, each along its own axis."""
    starts = [text.index(word) for word in words]
    spans = np.array([(at, at + len(word)) for at, word in zip(starts, words, strict=True)], np.int32).reshape(-1, 2)
    tokens = QueryTokens(np.eye(len(words), dtype=np.float32), np.array(weights, np.float32), spans)
    vector = np.array([1, 0], np.float32)
    encoded = Encoded(vector, tokens.embeddings, np.arange(len(words), dtype=np.int32), spans)
    understood.setdefault("searched", SearchedText.whole(text))
    facts = {"language": "fr", "places": (), "acronyms": (), "concepts": ()} | understood
    return Query(text=text, typed=text, encoded=encoded, vector=vector, tokens=tokens, **facts)
