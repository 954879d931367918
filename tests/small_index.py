"""A small collection in memory, and an encoder whose cosines can be told by eye, to try the rules of searching on.

Every word has an axis of its own, so that two tokens have a cosine near 1 when they are the same word and near 0 when
they are not. Fillers, of words that nothing else holds, make the words of a test rare enough to count.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import numpy as np

from corpus import (
    Bilingual,
    Departement,
    Document,
    EditorialLayer,
    EditorialRecord,
    Gazetteer,
    Initiative,
    Kind,
    Reader,
    Section,
    Source,
    Vocabulary,
)
from corpus.editorial_record import Author, Phrasings
from corpus.lexicon_entry import LexiconEntry
from index import questions
from index.acronyms import Acronym, explained_acronyms
from index.build import context, source_spans
from index.editorial import EditorialIndex, record_text
from index.encoder import Encoded, unit_rows
from index.gist import Gists
from index.index import Contents, Index
from index.lexicon import LexiconIndex
from index.passage import Passage
from index.plain import plain
from index.questions import QuestionNorms
from index.tokens import TokenBank
from index.vectors import VectorIndex
from index.words import Analyser, WordIndex
from search import Query, QueryTokens, Searcher

AIN, GIRONDE = Departement("01", "Ain"), Departement("33", "Gironde")
FILLERS = 20

# Questions about something else, in French and in English: no sheet has a word of them.
ELSEWHERE = ("passeport perdu", "permis bateau", "lost passport", "boat licence")

VOCABULARY = Vocabulary(
    {"jeunes": Bilingual("Jeunes", "Young people"), "aines": Bilingual("Aînés", "Elders")},
    {"mobilite": Bilingual("Mobilité", "Mobility"), "logement": Bilingual("Logement", "Housing")},
)


@dataclass(frozen=True)
class ListeningEncoder:
    """A model of one axis a word: word n of `words` has id n + 1 and lies along axis n + 1, all others along 0.

    The vector of a text points to the sum of its words. `encoded` keeps every text that was given, in order.
    """

    words: tuple[str, ...]
    name: str = "words"
    digest: str = "words"
    max_tokens: int = 64
    encoded: list[str] = field(default_factory=list)

    def questions(self, texts: Sequence[str]) -> list[Encoded]:
        return [self._encode(text) for text in texts]

    def passages(self, texts: Sequence[str], done: Callable[[int], None] = lambda n: None) -> list[Encoded]:
        return [self._encode(text) for text in texts]

    def fits(self, text: str) -> bool:
        return len(text.split()) <= self.max_tokens

    def _encode(self, text: str) -> Encoded:
        self.encoded.append(text)
        found = list(re.finditer(r"\w+", text))
        tokens = [1 + self.words.index(word) if (word := one[0].lower()) in self.words else 0 for one in found]
        states = np.eye(1 + len(self.words), dtype=np.float32)[tokens]
        spans = np.array([one.span() for one in found], np.int32).reshape(-1, 2)
        return Encoded(unit_rows(states.sum(axis=0)[None])[0], states, np.array(tokens, np.int32), spans)


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
        chapter=None,
        theme=None,
        departements=(),
        cited_departements=(),
        territory=None,
        carriers=(),
        partners=(),
        start_year=None,
        start_text=None,
        status=None,
        contacts=(),
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
        asked_as=Phrasings(expansions, ()),
    )


def contents_of(
    sheets: Sequence[Initiative],
    records: Sequence[EditorialRecord] = (),
    thesaurus: Sequence[LexiconEntry] = (),
    acronyms: Sequence[Acronym] = (),
    passages: Sequence[Passage] = (),
) -> Contents:
    """What an index of some sheets holds; their documents are titled "Title of …"."""
    names = dict.fromkeys(one.source.document for one in sheets)
    documents = tuple(
        Document(name, f"Title of {name}", "", "2026", "not stated", Reader.PROGRAMME, "", "", ()) for name in names
    )
    return Contents(
        documents=documents,
        initiatives=tuple(sheets),
        passages=tuple(passages),
        acronyms=tuple(acronyms),
        editorial=EditorialLayer(tuple(records), VOCABULARY),
        lexicon=tuple(thesaurus),
    )


def passage(initiative: str, text: str, number: int = 0) -> Passage:
    """A passage of one line, the first of its initiative if not told otherwise."""
    return Passage(f"{initiative}#{number}", initiative, None, number + 1, number + 1, text)


def searcher_of(
    *sheets: Initiative,
    gazetteer: Gazetteer,
    records: Sequence[EditorialRecord] = (),
    thesaurus: Sequence[LexiconEntry] = (),
    best: float = 0.3,
    hit: float = 0.2,
    expansion: float = 0.3,
    longest: int = 8,
) -> Searcher:
    """A searcher of sheets and, behind them, the fillers; its thresholds are set by hand, on the scale of cosines."""
    everything = [*sheets, *(sheet(f"filler-{n}", f"premier{n} second{n}") for n in range(FILLERS))]
    passages = [passage(one.id, text, number) for one in everything for number, text in enumerate(one.text.split("\n"))]
    encoder = ListeningEncoder(_words(everything, records, thesaurus))
    index = _index(everything, passages, encoder, records, thesaurus)
    encoder.encoded.clear()
    near = expansion if records else -np.inf
    thresholds = replace(index.questions, best_floor=best, hit_floor=hit, near_floor=near, longest=longest)
    return Searcher.of(replace(index, questions=thresholds), encoder, gazetteer)


def _words(
    sheets: Sequence[Initiative], records: Sequence[EditorialRecord], thesaurus: Sequence[LexiconEntry]
) -> tuple[str, ...]:
    """Every word that is written anywhere, in lower case; what else a question says lies along the axis of no word."""
    texts = [text for one in sheets for text in (context(one), one.text)]
    texts += [record_text(one, VOCABULARY) for one in records] + [form for one in thesaurus for form in one.forms]
    return tuple(dict.fromkeys(re.findall(r"\w+", " ".join([*texts, *ELSEWHERE]).lower())))


def _index(everything, passages, encoder, records, thesaurus) -> Index:
    analyser, owners = Analyser.open(), {one.id: one for one in everything}
    before = [context(owners[passage.initiative]) for passage in passages]
    readable = [plain(passage.text) for passage in passages]
    texts = [start + text.text for start, text in zip(before, readable, strict=True)]
    encoded = encoder.passages(texts)
    spans = [source_spans(e.spans, len(b), t) for e, b, t in zip(encoded, before, readable, strict=True)]
    tokens = TokenBank.build(encoded, spans)
    real, questions._sample_pairs = questions._sample_pairs, lambda: [ELSEWHERE[::2], ELSEWHERE[1::2]]
    norms = questions.question_norms(encoder, tokens)
    questions._sample_pairs = real
    acronyms = explained_acronyms([one.text for one in everything], analyser)
    contents = contents_of(everything, records, thesaurus, acronyms, passages)
    editorial = None
    if records:
        editorial = EditorialIndex.build(contents.editorial, encoder, encoder, norms.vector, lambda n: None)
    lexicon = LexiconIndex(*(np.zeros((0, n), np.int8) for n in (len(passages), len(records))))
    if thesaurus:
        bank = editorial.records if editorial else None
        lexicon = LexiconIndex.build(thesaurus, encoder, norms, tokens, bank, lambda n: None)
    rows = {one.id: row for row, one in enumerate(everything)}
    return Index(
        manifest=None,
        contents=contents,
        words=WordIndex.build(texts, analyser),
        vectors=VectorIndex.build(np.stack([one.vector for one in encoded])),
        tokens=tokens,
        gists=Gists.build(tokens, np.array([rows[passage.initiative] for passage in passages])),
        questions=norms,
        editorial=editorial,
        lexicon=lexicon,
        overview=None,
    )


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
        words=SimpleNamespace(
            analyser=SimpleNamespace(question_terms=question_terms),
            scores=lambda terms: np.array(lexical_scores, np.float32),
            vocabulary=dict.fromkeys(known, 0),
        ),
        vectors=SimpleNamespace(nearest=lambda vector, k: (np.zeros(k), np.array(nearest[:k]))),
        owners=np.arange(len(nearest)),
        editorial=None,
        asked=asked,
    )


def index_of_tokens(text: str, spans: Sequence[tuple[int, int]]) -> SimpleNamespace:
    """The parts of an index that highlighting asks: one passage, and the spans of its tokens."""
    return SimpleNamespace(
        contents=SimpleNamespace(passages=[passage("atlas-a", text)]),
        tokens=SimpleNamespace(spans_of=lambda passage: np.array(spans, np.int32)),
    )


def language_parts(*texts: str) -> tuple[WordIndex, QuestionNorms]:
    """What languages are told by: the words of French texts; sentence vectors [2] whose first component is English."""
    nothing, english = np.zeros(2, np.float32), np.array([1, 0], np.float32)
    norms = QuestionNorms(nothing, nothing, 0.0, 0.0, 0.0, 0, english, 0.0)
    return WordIndex.build(texts, Analyser.open()), norms


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
    facts = {"language": "fr", "places": (), "acronyms": (), "concepts": ()} | understood
    return Query(text=text, encoded=encoded, vector=vector, tokens=tokens, **facts)
