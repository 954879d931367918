"""Several corpora are searched together: each keeps its own order, and the best of each are compared fairly."""

from dataclasses import replace

import pytest

from corpus.places import Gazetteer
from search import BadQuestion, Filters, Searcher, UnknownFilter, search_together
from tests.small_index import AIN, GIRONDE, searcher_of, sheet

BUS = sheet("a-bus", "autobus minibus navette", title="Bus", departements=(GIRONDE,))
BOAT = sheet("a-boat", "bateau navette", title="Boat", departements=(AIN,))
POND = sheet("a-pond", "mare grenouille roseau", title="Pond")


@pytest.fixture(scope="module")
def travel(gazetteer: Gazetteer) -> Searcher:
    return searcher_of(BUS, BOAT, gazetteer=gazetteer)


@pytest.fixture(scope="module")
def garden(gazetteer: Gazetteer) -> Searcher:
    return searcher_of(POND, gazetteer=gazetteer)


def scoring(searcher: Searcher, *, mean: float = 0, deviation: float = 1) -> Searcher:
    """The same corpus, in which questions about something else score so."""
    thresholds = searcher.index.thresholds
    fitted = replace(
        thresholds,
        means=(mean, *thresholds.means[1:]),
        deviations=(deviation, *thresholds.deviations[1:]),
        least=(thresholds.least - mean) / deviation,
    )
    return replace(searcher, index=replace(searcher.index, thresholds=fitted))


def found(searchers, question, **more):
    results = search_together(searchers, question, **more)
    return [(corpus, hit.initiative.id) for corpus, hit in results.hits[: results.total]]


@pytest.mark.parametrize("order", [("travel", "garden"), ("garden", "travel")])
@pytest.mark.parametrize(
    ("question", "first"), [("autobus minibus", ("travel", "a-bus")), ("mare roseau", ("garden", "a-pond"))]
)
def test_what_one_corpus_knows_best_is_first_whatever_the_order_of_corpora(travel, garden, order, question, first):
    both = {"travel": travel, "garden": garden}
    assert found({name: both[name] for name in order}, question)[0] == first


def test_a_corpus_in_which_anything_scores_high_has_to_score_higher(travel, garden):
    """Half of the question is said in each; what that is worth depends on what other questions score there."""
    question = "navette grenouille"
    usual = found(
        {"travel": scoring(travel, deviation=0.1), "garden": scoring(garden, deviation=0.1, mean=0.2)}, question
    )
    assert usual[0][0] == "travel"
    usual = found(
        {"travel": scoring(travel, deviation=0.1, mean=0.2), "garden": scoring(garden, deviation=0.1)}, question
    )
    assert usual[0][0] == "garden"


def test_each_corpus_keeps_its_order_and_ranks_and_scores_are_those_of_the_whole(travel, garden):
    results = search_together({"travel": travel, "garden": garden}, "navette autobus mare", k=100)
    for name, searcher in (("travel", travel), ("garden", garden)):
        alone = [hit.initiative.id for hit in searcher.search("navette autobus mare", k=100).hits]
        assert [hit.initiative.id for corpus, hit in results.hits if corpus == name] == alone
    ranks = [hit.rank for _, hit in results.hits]
    scores = [hit.score for _, hit in results.hits[: results.total]]
    assert ranks == list(range(1, len(ranks) + 1))
    assert scores == sorted(scores, reverse=True)


def test_totals_and_counts_are_the_sums_of_those_of_each(travel, garden):
    searchers = {"travel": travel, "garden": garden}
    results = search_together(searchers, "navette")
    alone = {name: one.search("navette") for name, one in searchers.items()}
    assert results.total == sum(one.total for one in alone.values())
    assert {one.value: one.count for one in results.facets["corpus"]} == {
        name: one.total for name, one in alone.items() if one.total
    }
    assert {one.value: one.count for one in results.facets["departement"]} == {"33": 1, "01": 1}


def test_nothing_relevant_in_any_is_said_once(travel, garden):
    results = search_together({"travel": travel, "garden": garden}, "passeport perdu")
    assert (results.total, results.hits) == (0, ())
    assert results.hint is not None


def test_a_corpus_that_a_filter_means_nothing_to_is_left_out_with_the_reason(travel, garden):
    of_pond = replace(POND, source=replace(POND.source, document="almanac"))
    other = searcher_of(of_pond, gazetteer=travel.catalogue.gazetteer)
    results = search_together(
        {"travel": travel, "garden": other}, "navette mare", filters=lambda _: Filters(document=("almanac",))
    )
    assert list(results.left_out) == ["travel"]
    assert "almanac" in results.left_out["travel"]
    assert {corpus for corpus, _ in results.hits} == {"garden"}


def test_a_filter_that_means_nothing_to_any_and_an_empty_question_are_refused(travel, garden):
    both = {"travel": travel, "garden": garden}
    with pytest.raises(UnknownFilter, match="timetable"):
        search_together(both, "navette", filters=lambda _: Filters(document=("timetable",)))
    with pytest.raises(BadQuestion):
        search_together(both, " ")
