"""An index that grew by additions, changes and removals is that of a full build: every array of it, every ranking."""

from dataclasses import fields, is_dataclass, replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import Concept, Enrichment, Initiative
from corpus.places import Gazetteer
from index import Index
from index.encodings import Encodings
from search import Searcher
from tests.small_index import ELSEWHERE, VOCABULARY, documents_of, passage, record, sheet
from tests.word_encoder import WordEncoder

WORDS = ("bus", "car", "vélo", "école", "eau", "pont", "ville", "soin", "passeport", "permis", "boat", "licence")
THESAURUS = (Concept(id="vélo", official=("vélo",), lay=("bicyclette",), en=("bike",), acronym=None, field=""),)
ENCODER = WordEncoder(WORDS)

TEXTS = st.lists(st.sampled_from(WORDS[:8]), min_size=1, max_size=6).map(" ".join)
SHEETS = st.tuples(st.lists(TEXTS, min_size=1, max_size=3).map(tuple), st.booleans())  # paragraphs; with a record?
IDS = st.sampled_from("abcdef")
STATES = st.dictionaries(IDS, SHEETS, min_size=1, max_size=5)  # of a corpus, one after another


def built(corpus: dict[str, tuple[tuple[str, ...], bool]], encodings: Encodings | None) -> Index:
    sheets = [sheet(id, *paragraphs) for id, (paragraphs, _) in sorted(corpus.items())]
    records = tuple(record(id, paragraphs[0]) for id, (paragraphs, told) in sorted(corpus.items()) if told)
    return Index.of(
        sheets,
        [passage(one.id, text, number) for one in sheets for number, text in enumerate(one.text.split("\n"))],
        ENCODER,
        documents=documents_of(sheets),
        enrichment=Enrichment(records, VOCABULARY),
        thesaurus=THESAURUS,
        sample=ELSEWHERE,
        encodings=encodings,
    )


def assert_same(one: object, other: object) -> None:
    """The same to the last bit, part by part."""
    if isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other)
    elif is_dataclass(one) and not isinstance(one, Initiative):
        for field in fields(one):
            # Objects of libraries have no equality of their own; what they hold is compared by searching.
            if field.name not in ("multiply", "bm25", "store", "analyser"):
                assert_same(getattr(one, field.name), getattr(other, field.name))
    else:
        assert one == other


def rankings(index: Index, gazetteer: Gazetteer) -> list[object]:
    searcher = Searcher.of(index, ENCODER, gazetteer)
    ranked = [searcher.rank(question) for question in (*WORDS[:8], "vélo école", "bicyclette", "passeport perdu")]
    return [(one.nearest, one.relevant) for one in ranked]


@settings(max_examples=25)
@given(st.lists(STATES, min_size=2, max_size=4))
def test_whatever_happened_to_a_corpus_its_index_is_that_of_a_full_build(gazetteer, states):
    with Encodings.temporary(ENCODER) as kept:
        for corpus in states:
            grown = built(corpus, kept)
    full = built(states[-1], None)
    assert_same(grown, full)
    assert rankings(grown, gazetteer) == rankings(full, gazetteer)


def test_only_what_changed_is_encoded(gazetteer):
    before = {"a": (("bus", "car"), True), "b": (("vélo",), False)}
    after = {"a": (("bus", "soin"), True), "c": (("pont",), False)}
    with Encodings.temporary(ENCODER) as kept:
        built(before, kept)
        known = replace(kept.effort)
        built(after, kept)
    # Of the first three passages and a record; then the passages "soin" and "pont".
    assert (known.encoded, kept.effort.encoded - known.encoded) == (4, 2)
