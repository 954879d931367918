"""Similar initiatives: like aim and public, whatever the place; a sheet is never similar to itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from corpus.places import Gazetteer
from index import Encoded, Encoder
from search import BadQuestion, Searcher, UnknownInitiative
from search.similar import ENOUGH_TOKENS, MOST_WINDOWS, embedding_of_initiative, embedding_of_text
from tests.small_index import AIN, GIRONDE, record, searcher_of, sheet

SHEETS = (
    sheet("atlas-bus", "navette village", departements=(AIN,), same_as=("digest-bus",)),
    sheet("atlas-car", "horaires tarifs", "navette gare", departements=(GIRONDE,)),
    sheet("atlas-jardin", "potager école", departements=(AIN,)),
    sheet("digest-bus", "navette village", document="digest", same_as=("atlas-bus",)),
)


@pytest.fixture(scope="module")
def small(gazetteer: Gazetteer) -> Searcher:
    return searcher_of(*SHEETS, gazetteer=gazetteer)


def ids(hits) -> list[str]:
    return [hit.initiative.id for hit in hits]


def test_what_says_the_same_comes_first_whatever_the_place(small: Searcher):
    assert ids(small.similar("atlas-car", k=1)) == ["atlas-bus"]


def test_neither_the_initiative_nor_another_sheet_of_it_is_similar_to_it(small: Searcher):
    for id in ("atlas-bus", "digest-bus"):
        assert not {"atlas-bus", "digest-bus"} & set(ids(small.similar(id, k=1000)))


def test_every_other_real_world_initiative_is_ranked_once(small: Searcher):
    hits = small.similar("atlas-jardin", k=1000)
    others = {one.id for one in small.catalogue.initiatives} - {"atlas-jardin"}
    assert sorted([*ids(hits), *(id for hit in hits for id in hit.also_in)]) == sorted(others)


def test_hits_come_in_the_order_of_their_scores_and_no_more_than_asked_for(small: Searcher):
    hits = small.similar("atlas-bus", k=5)
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(-1 <= hit.score <= 1.0001 for hit in hits)


def test_the_passage_shown_is_the_one_that_makes_them_similar(small: Searcher):
    assert small.similar("atlas-bus", k=1)[0].passage.text == "navette gare"
    assert small.similar_to("tarifs horaires", k=1)[0].passage.text == "horaires tarifs"


def test_similarity_is_mutual(small: Searcher):
    def score(one: str, other: str) -> float:
        return next(hit.score for hit in small.similar(one, k=1000) if hit.initiative.id == other)

    assert score("atlas-car", "atlas-jardin") == score("atlas-jardin", "atlas-car")


def test_a_sheet_given_as_a_description_is_most_similar_to_itself(small: Searcher):
    hits = small.similar_to("horaires tarifs\nnavette gare", k=1)
    assert ids(hits) == ["atlas-car"]
    assert hits[0].score == pytest.approx(1, abs=0.01)  # states are kept in eight bits


def test_a_description_is_read_without_its_markup(small: Searcher):
    marked, bare = (small.similar_to(text, k=3) for text in ("- **potager**\n\n école", "potager école"))
    assert marked == bare


def test_expansions_weigh_half_of_what_the_sheets_weigh(gazetteer: Gazetteer):
    """Two sheets are as similar to a third; one of them is asked for as it is, the other as something else is."""
    asked_for = {"atlas-a": "aînés", "atlas-b": "jeunes", "atlas-c": "aînés"}
    searcher = searcher_of(
        *(sheet(id, "navette") for id in asked_for),
        gazetteer=gazetteer,
        records=[record(id, words) for id, words in asked_for.items()],
    )
    first, second = searcher.similar("atlas-a", k=2)
    assert (first.initiative.id, second.initiative.id) == ("atlas-c", "atlas-b")
    # Of unit vectors centred on the mean of "aînés", "jeunes", "aînés", the first and third are one and the same, and
    # the second points the other way: (1 + 0.5) / 1.5 and (1 - 0.5) / 1.5.
    assert (first.score, second.score) == pytest.approx((1, 1 / 3), abs=1e-3)


def test_sheets_without_a_record_are_compared_by_themselves_alone(small: Searcher, gazetteer: Gazetteer):
    aware = searcher_of(*SHEETS, gazetteer=gazetteer, records=[record("atlas-jardin", "planter")])
    for id in ("atlas-bus", "atlas-car"):
        assert aware.similar(id, k=1)[0].score == small.similar(id, k=1)[0].score


def test_embeddings_have_length_one(gazetteer: Gazetteer):
    records = [record("atlas-car", "voyager"), record("atlas-jardin", "planter")]
    searcher = searcher_of(*SHEETS, gazetteer=gazetteer, records=records)
    for embedding in (
        embedding_of_initiative(searcher.index, searcher.catalogue.row("atlas-car")),
        embedding_of_text(searcher.index, searcher.encoder, "navette village"),
    ):
        assert embedding.expansions is not None
        assert np.linalg.norm(embedding.sheet) == pytest.approx(1, abs=1e-5)
        assert np.linalg.norm(embedding.expansions) == pytest.approx(1, abs=1e-5)


def test_without_records_there_are_no_expansions_to_compare(small: Searcher):
    assert embedding_of_initiative(small.index, 0).expansions is None
    assert embedding_of_text(small.index, small.encoder, "navette").expansions is None


@pytest.mark.parametrize("text", ["", "   ", "?!", "🙂", "- **"])
def test_a_description_without_a_word_is_refused(small: Searcher, text: str):
    with pytest.raises(BadQuestion, match=r"holds no word \(text\)\. Say in a few sentences"):
        small.similar_to(text)


def test_a_description_that_is_too_long_is_refused(small: Searcher):
    with pytest.raises(BadQuestion, match=r"has 20001 characters, at most 20000 are read \(text\)\. Give the para"):
        small.similar_to("a" * 20_001)


@dataclass(frozen=True)
class Counting:
    """An encoder that keeps what it was asked to encode."""

    encoder: Encoder
    asked: list[str]

    def __getattr__(self, name: str) -> object:
        return getattr(self.encoder, name)

    def passages(self, texts: Sequence[str]) -> list[Encoded]:
        self.asked.extend(texts)
        return self.encoder.passages(texts)


@pytest.mark.parametrize(
    "text",
    [
        "Une navette au village. " * 800,
        "navette " * 2500,
        "a\n" * 10_000,
        "a" * 20_000,
        "漢 字" * 6_000,
        "\ufdfa" * 1_100,
    ],
)
def test_of_a_long_description_no_more_is_encoded_than_a_few_windows_that_the_model_reads(small: Searcher, text: str):
    counting = Counting(small.encoder, [])
    embedding_of_text(small.index, counting, text)
    assert 1 <= len(counting.asked) <= MOST_WINDOWS
    assert all(small.encoder.fits(window) for window in counting.asked)


def test_the_windows_of_a_long_description_are_its_beginning_its_end_and_what_lies_between(small: Searcher):
    counting = Counting(small.encoder, [])
    sections = [f"{word} " * 40 for word in ("un", "deux", "trois", "quatre", "cinq", "six", "sept")]
    embedding_of_text(small.index, counting, ". ".join("navette " + one * 4 for one in sections))
    first, *between, last = (set(window.replace(".", "").split()) - {"navette"} for window in counting.asked)
    assert (first, last - {"sep"}) == ({"un"}, {"sept"})  # a cut may go through a word
    assert between == [{"trois"}, {"quatre"}]


def test_of_many_tokens_fewer_windows_are_encoded(small: Searcher):
    wordy = replace(small.encoder, max_tokens=10_000)
    counting = Counting(wordy, [])
    embedding_of_text(small.index, counting, "a b c " * 3_000)
    assert len(counting.asked) < MOST_WINDOWS
    assert sum(len(window.split()) for window in counting.asked[:-1]) < ENOUGH_TOKENS


def test_an_unknown_initiative_is_refused(small: Searcher):
    with pytest.raises(UnknownInitiative, match=r"There is no initiative 'no-such' \(id\)\. Take an id from /search"):
        small.similar("no-such")


def test_a_sheet_of_the_shipped_corpus_given_as_a_description_finds_itself(searcher: Searcher):
    for one in searcher.catalogue.initiatives[:120:20]:
        assert one.id in ids(searcher.similar_to(one.text[:4000], k=3))


def test_no_sheet_of_the_shipped_corpus_is_similar_to_another_of_the_same_initiative(searcher: Searcher):
    told_again = [one for one in searcher.catalogue.initiatives if one.same_as]
    assert told_again
    for one in told_again:
        assert not set(ids(searcher.similar(one.id, k=1000))) & {one.id, *one.same_as}
