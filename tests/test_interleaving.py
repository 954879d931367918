"""Team-draft interleaving: two rankings in one, each fairly dealt with; and who wins the contest."""

import random
from collections import Counter
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from eval.contest import contests_of
from search import Engine, Filters
from search.feedback.entry import GivenJudgement
from search.interleaved_search import PUT_FORWARD, InterleavedSearch
from search.interleaving import Team, interleave, toss
from search.part import Part

FIRST, SECOND = Team.FIRST, Team.SECOND

RANKING = st.lists(st.integers(0, 30), unique=True, max_size=15)


def coin(tosses):
    """A chance that gives these results and no more; True: the first begins the round."""
    return iter(tosses).__next__


# --- the draft ---


def test_a_draft_reckoned_by_hand():
    # Round 1, the first begins: a, and the second's best is b. Round 2, the second begins: its best that is not there
    # yet is d, and the first's is c. Round 3, the first begins: e. It has nothing left, so g and h are not drafted.
    drafted = interleave("abcde", "badgh", coin([True, False, True]))
    assert drafted == [("a", FIRST), ("b", SECOND), ("d", SECOND), ("c", FIRST), ("e", FIRST)]


def test_a_team_picks_its_best_that_is_not_there_yet():
    assert interleave("ab", "ab", coin([False])) == [("a", SECOND), ("b", FIRST)]


@pytest.mark.parametrize(("first", "second"), [("", ""), ("abc", ""), ("", "abc")])
def test_against_nothing_nobody_plays(first, second):
    assert interleave(first, second, toss) == []


def test_the_draft_ends_when_one_ranking_has_nothing_left_to_give():
    assert interleave("abcdef", "x", coin([True, True])) == [("a", FIRST), ("x", SECOND)]
    assert interleave("abcdef", "x", coin([False])) == [("x", SECOND)]


@given(RANKING, RANKING, st.randoms(use_true_random=False))
def test_each_item_appears_once_and_in_the_team_of_a_ranking_that_has_it(first, second, chance):
    drafted = interleave(first, second, lambda: chance.random() < 0.5)
    items = [item for item, _ in drafted]
    assert len(items) == len(set(items))
    assert all(item in (first if team is FIRST else second) for item, team in drafted)


@given(RANKING, RANKING, st.randoms(use_true_random=False))
def test_the_teams_differ_by_one_at_most_at_every_depth(first, second, chance):
    drafted = interleave(first, second, lambda: chance.random() < 0.5)
    leads = accumulate(1 if team is FIRST else -1 for _, team in drafted)
    assert all(abs(lead) <= 1 for lead in leads)


@given(RANKING, RANKING, st.randoms(use_true_random=False))
def test_each_team_keeps_the_order_of_its_ranking(first, second, chance):
    drafted = interleave(first, second, lambda: chance.random() < 0.5)
    for team, ranking in ((FIRST, first), (SECOND, second)):
        picked = [item for item, of in drafted if of is team]
        assert picked == sorted(picked, key=ranking.index)


@given(RANKING, st.randoms(use_true_random=False))
def test_two_rankings_that_are_the_same_stay_as_they_are(ranking, chance):
    assert [item for item, _ in interleave(ranking, ranking, lambda: chance.random() < 0.5)] == ranking


def test_two_rankings_that_are_the_same_get_the_same_credit_for_every_item():
    chance = random.Random(7)
    times = 4000
    credit = Counter()
    for _ in range(times):
        credit.update(
            item for item, team in interleave("abcdef", "abcdef", lambda: chance.random() < 0.5) if team is FIRST
        )
    # Within what a fair coin gives but once in a million times, for each of six items.
    low, high = binom.ppf([1e-6, 1 - 1e-6], times, 0.5)
    assert all(low <= credit[item] <= high for item in "abcdef")


def test_a_toss_is_fair():
    low, high = binom.ppf([1e-6, 1 - 1e-6], 4000, 0.5)
    assert low <= sum(toss() for _ in range(4000)) <= high


# --- the search ---

ASKED = "mobilité des jeunes en milieu rural"


@pytest.mark.parametrize("part", Part)
def test_hits_of_both_systems_are_drafted_and_say_whose_they_are(engine: Engine, part: Part):
    searching = InterleavedSearch(engine, part, lambda: True)
    hits = searching.search(ASKED, 10).hits
    teams = [hit.team for hit in hits]
    assert teams[:8] == ["full", part] * 4
    assert searching.teams == ("full", part)
    assert [hit.rank for hit in hits] == list(range(1, 11))


def test_the_full_search_keeps_its_order_and_its_first_place_when_it_begins(engine: Engine):
    alone = [hit.initiative.id for hit in engine.search(ASKED, 100).hits]
    hits = InterleavedSearch(engine, Part.WORDS, lambda: True).search(ASKED, 100).hits
    own = [hit.initiative.id for hit in hits if hit.team == "full"]
    assert own == sorted(own, key=alone.index)
    assert own[0] == alone[0] == hits[0].initiative.id


@pytest.mark.parametrize("part", Part)
def test_a_real_world_initiative_appears_once(engine: Engine, part: Part):
    hits = InterleavedSearch(engine, part, toss).search("atelier photo", 100).hits
    told = [id for hit in hits for id in (hit.initiative.id, *hit.also_in)]
    assert len(told) == len(set(told))


def test_what_only_the_full_search_has_follows_in_no_team(engine: Engine):
    results = InterleavedSearch(engine, Part.WORDS, toss).search(ASKED, 100)
    in_teams = [hit.team is not None for hit in results.hits]
    assert in_teams == sorted(in_teams, reverse=True)
    assert sum(hit.team == "words" for hit in results.hits) <= PUT_FORWARD
    found = {hit.initiative.id for hit in engine.search(ASKED, 100).hits}
    # Another telling may speak for an initiative that the other team picked.
    assert found <= {id for hit in results.hits for id in (hit.initiative.id, *hit.also_in)}


def test_hits_total_and_facets_are_of_both_systems_together(engine: Engine):
    results = InterleavedSearch(engine, Part.VECTORS, toss).search(ASKED, 100)
    assert results.total == len(results.hits)
    kinds = Counter(str(hit.initiative.kind) for hit in results.hits)
    assert {value.value: value.count for value in results.facets["kind"]} == kinds


@pytest.mark.parametrize("part", Part)
def test_filters_hold_for_both_systems(engine: Engine, part: Part):
    hits = InterleavedSearch(engine, part, toss).search("jeunes", 100, Filters(departement="33")).hits
    assert {hit.team for hit in hits} >= {"full", part}
    assert all("33" in [one.code for one in hit.initiative.departements] for hit in hits)


def test_where_the_full_search_finds_nothing_relevant_nobody_plays(engine: Engine):
    off_topic = "recette de la tarte aux pommes"
    results = InterleavedSearch(engine, Part.VECTORS, toss).search(off_topic)
    assert (results.total, results.hits, bool(results.hint)) == (0, (), True)


def test_hits_show_words_that_matched_inside_their_passage(engine: Engine):
    hits = InterleavedSearch(engine, Part.WORDS, toss).search(ASKED, 20).hits
    assert any(hit.highlights for hit in hits if hit.team == "words")
    assert all(0 <= one.start < one.end <= len(hit.passage.text) for hit in hits for one in hit.highlights)
    assert all(hit.passage.initiative == hit.initiative.id for hit in hits)


# --- the contest ---


def judged(query, initiative, grade, system="full", against="words"):
    return GivenJudgement(query, "fr", initiative, grade, None, system, against)


def of_words(query, initiative, grade):
    return judged(query, initiative, grade, "words", "full")


def test_a_question_is_won_by_the_system_with_more_good_hits():
    (contest,) = contests_of(
        [
            judged("un bus", "a", 3),
            of_words("un bus", "b", 1),
            of_words("Un BUS ?", "c", 0),
            of_words("un vélo", "d", 2),
            judged("un train", "e", 2),
            of_words("un train", "f", 3),
        ]
    )
    assert [(game.question, game.first, game.second) for game in contest.games] == [
        ("un bus", 1, 0),
        ("un vélo", 0, 1),
        ("un train", 1, 1),
    ]
    assert (contest.first, contest.second) == ("full", "words")
    assert (contest.wins_first, contest.wins_second, contest.ties, contest.share, contest.p) == (1, 1, 1, 0.5, 1)


def test_an_initiative_counts_once_however_often_it_is_judged():
    (contest,) = contests_of([*[judged("un bus", "a", 3)] * 9, of_words("un bus", "b", 2), of_words("un bus", "c", 2)])
    (game,) = contest.games
    assert (game.first, game.second) == (1, 2)


def test_nine_wins_of_ten_are_more_than_chance():
    games = [judged(f"question {n}", "a", 3) for n in range(9)] + [of_words("question 9", "b", 3)]
    (contest,) = contests_of(games)
    # 2 · (1 + 10) / 2 ** 10, and Wilson's interval of 1 in 10
    assert contest.p == pytest.approx(22 / 1024)
    assert (contest.wins_first, contest.wins_second, contest.share) == (9, 1, pytest.approx(0.1))
    assert contest.interval == pytest.approx((0.0179, 0.4042), abs=1e-4)


def test_each_pair_of_systems_is_a_contest_of_its_own():
    games = [
        judged("un bus", "a", 3),
        judged("un bus", "a", 3, "vectors", "full"),
        judged("un bus", "a", 3, None, None),
    ]
    assert [(one.second, one.wins_first, one.wins_second) for one in contests_of(games)] == [
        ("vectors", 0, 1),
        ("words", 1, 0),
    ]


def test_without_a_good_hit_nobody_wins():
    (contest,) = contests_of([judged("un bus", "a", 1), of_words("un bus", "b", 0)])
    assert (contest.wins_first, contest.wins_second, contest.ties) == (0, 0, 1)
    assert (contest.share, contest.interval, contest.p) == (None, None, 1)


def test_without_judgements_there_is_no_contest():
    assert contests_of([]) == ()
