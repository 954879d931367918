"""The searcher: each question analysed and ranked once, one hit a real-world initiative, nothing where nothing fits."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import Concept, bundled_profile
from corpus.places import Gazetteer
from index import BadIndex, BadModel, model_folder
from search import (
    BadQuestion,
    Filters,
    RankedInitiative,
    Ranking,
    Results,
    Searcher,
    UnknownFilter,
)
from settings import Settings
from tests.almanac import CHALLENGES, Made
from tests.small_index import AIN, GIRONDE, record, searcher_of, sheet

PLACE_BONUS = bundled_profile().weights.place_bonus.value

SHEETS = (
    sheet("atlas-bus", "navette village", "tarifs", departements=(AIN,), theme="Transports", start_year=2016,
          same_as=("digest-bus",)),
    sheet("atlas-car", "covoiturage village", departements=(GIRONDE,), theme="Transports"),
    sheet("atlas-jardin", "potager école", start_year=2019),
    sheet("digest-bus", "navette village aînés", document="digest", departements=(AIN,), same_as=("atlas-bus",)),
)  # fmt: skip
NOTHING = "crypto monnaie"


@pytest.fixture(scope="module")
def small(gazetteer: Gazetteer) -> Searcher:
    return searcher_of(*SHEETS, gazetteer=gazetteer)


def ids(searcher: Searcher, ranked: Sequence[RankedInitiative]) -> list[str]:
    return [searcher.index.owner(one.passage).id for one in ranked]


def scores(searcher: Searcher, ranking: Ranking) -> dict[str, float]:
    return {searcher.index.owner(one.passage).id: one.score for one in ranking.nearest}


def without_time(results: Results) -> Results:
    return replace(results, took_ms=0.0)


# --- one analysis, one ranking ---


def test_a_search_encodes_its_question_once_and_nothing_else(gazetteer: Gazetteer):
    searcher = searcher_of(*SHEETS, gazetteer=gazetteer, records=[record("atlas-car", "boulot")])
    searcher.search("navette village")
    assert searcher.encoder.encoded == ["navette village"]


def test_results_and_hits_of_a_ranking_encode_nothing(gazetteer: Gazetteer):
    searcher = searcher_of(*SHEETS, gazetteer=gazetteer)
    ranking = searcher.rank("navette village")
    searcher.encoder.encoded.clear()
    searcher.results(ranking, k=3, language="en")
    searcher.hits(ranking, ranking.nearest, "fr")
    assert searcher.encoder.encoded == []


def test_a_search_is_the_results_of_a_ranking(small: Searcher):
    filters = Filters(theme=("Transports",))
    searched = small.search("navette en Gironde", 3, filters, "en", ("Gironde",))
    ranking = small.rank("navette en Gironde", filters, ("Gironde",))
    assert without_time(searched) == without_time(small.results(ranking, 3, "en"))
    assert (ranking.filters, ranking.query.places) == (filters, ())
    assert searched.took_ms > 0


# --- hits ---


def test_hits_are_ranked_from_one_best_first(small: Searcher):
    results = small.search("navette village")
    first, second, *_ = results.hits
    assert [(hit.rank, hit.initiative.id) for hit in (first, second)] == [(1, "atlas-bus"), (2, "atlas-car")]
    assert first.score > second.score
    assert (results.total, results.hint) == (1, None)


def test_sheets_of_one_initiative_are_one_hit_shown_by_the_one_that_matches_best(small: Searcher):
    shown = {question: small.search(question).hits[0] for question in ("navette tarifs", "navette aînés")}
    assert {question: (hit.initiative.id, hit.also_in) for question, hit in shown.items()} == {
        "navette tarifs": ("atlas-bus", ("digest-bus",)),
        "navette aînés": ("digest-bus", ("atlas-bus",)),
    }


def test_a_hit_shows_the_passage_that_matches_best(small: Searcher):
    assert small.search("tarifs").hits[0].passage.text == "tarifs"


def test_of_equal_sheets_the_first_of_the_corpus_comes_first(gazetteer: Gazetteer):
    copies = [sheet(f"atlas-{letter}", "navette") for letter in "cab"]
    results = searcher_of(*copies, gazetteer=gazetteer).search("navette")
    assert [hit.initiative.id for hit in results.hits[: results.total]] == ["atlas-c", "atlas-a", "atlas-b"]


def ranks(searcher: Searcher, question: str) -> dict[str, tuple[int | None, int | None]]:
    """By BM25 and by sentence vectors, of every initiative but the fillers."""
    ranking = searcher.rank(question)
    hits = searcher.hits(ranking, ranking.nearest, "fr")
    return {hit.initiative.id: (hit.lexical_rank, hit.dense_rank) for hit in hits if "filler" not in hit.initiative.id}


def test_a_hit_has_the_rank_of_its_initiative_in_each_list(small: Searcher):
    of_car = ranks(small, "covoiturage")
    assert of_car["atlas-car"] == (1, 1)
    assert {of_car[id][0] for id in ("atlas-bus", "atlas-jardin")} == {None}  # the term is not in their sheets
    assert all(dense is not None for _, dense in of_car.values())


def test_an_initiative_counts_once_in_each_list_however_many_sheets_it_has(small: Searcher):
    of_village = ranks(small, "village")  # in both sheets of the bus
    assert sorted(of_village[id][0] for id in ("atlas-bus", "atlas-car")) == [1, 2]
    assert sorted(of_village[id][1] for id in ("atlas-bus", "atlas-car")) == [1, 2]


@pytest.mark.parametrize("k", [1, 2, 10])
def test_no_more_hits_are_given_than_asked_for_and_total_and_facets_do_not_depend_on_it(small: Searcher, k):
    results, everything = small.search("village", k), small.search("village", 1000)
    assert results.hits == everything.hits[:k]
    assert len(results.hits) == k
    assert len(everything.hits) == everything.total + everything.further
    assert (results.total, results.further, results.facets) == (2, everything.further, everything.facets)


def test_facets_count_the_initiatives_on_the_subject(small: Searcher):
    facets = small.search("village", k=1).facets
    assert {name: [(one.value, one.count) for one in facets[name]] for name in ("departement", "theme", "year")} == {
        "departement": [("01", 1), ("33", 1)],
        "theme": [("Transports", 2)],
        "year": [("2016", 1)],
    }


def test_the_reader_s_language_changes_labels_and_hint_but_no_hit(gazetteer: Gazetteer):
    searcher = searcher_of(
        *SHEETS, gazetteer=gazetteer, records=[record("atlas-car", "covoiturage", publics=("jeunes",))]
    )
    french, english = (searcher.search("covoiturage", language=language) for language in ("fr", "en"))
    assert [hit.score for hit in french.hits] == [hit.score for hit in english.hits]
    assert [results.facets["public"][0].label for results in (french, english)] == ["Jeunes", "Young people"]
    assert [results.hits[0].record.title for results in (french, english)] == ["", "English title of atlas-car"]


# --- places ---


def test_a_place_in_the_question_adds_to_the_initiatives_there_and_scores_as_no_word(small: Searcher):
    there, anywhere = small.rank("navette village en Gironde"), small.rank("navette village")
    with_place, without = scores(small, there), scores(small, anywhere)
    assert with_place["atlas-car"] == pytest.approx(without["atlas-car"] + PLACE_BONUS)
    assert with_place["atlas-bus"] == without["atlas-bus"]
    assert with_place["atlas-jardin"] == without["atlas-jardin"]


def test_a_sheet_is_not_on_the_subject_because_it_prints_the_name_of_the_place(gazetteer: Gazetteer):
    elsewhere, there = sheet("atlas-bus", "navette"), sheet("atlas-jardin", "un potager en Gironde près de la Gironde")
    searcher = searcher_of(elsewhere, there, gazetteer=gazetteer)
    assert ids(searcher, searcher.rank("navette en Gironde").relevant) == ["atlas-bus"]
    assert ids(searcher, searcher.rank("Gironde").relevant) == ["atlas-jardin"]
    assert ids(searcher, searcher.rank("initiatives en Gironde").relevant) == ["atlas-jardin"]


def test_a_place_outweighs_a_smaller_difference_of_subject(gazetteer: Gazetteer):
    """Of eleven words of about the same weight the sheet elsewhere has ten, and the sheet there nine."""
    words = "un deux trois quatre cinq six sept huit neuf dix"
    here = sheet("atlas-here", words.removesuffix(" dix"), departements=(AIN,))
    elsewhere = sheet("atlas-elsewhere", words)
    searcher = searcher_of(elsewhere, here, gazetteer=gazetteer)
    question = f"{words} en Ain"
    assert ids(searcher, searcher.rank(question).nearest[:2]) == ["atlas-here", "atlas-elsewhere"]


def test_what_a_place_adds_puts_nothing_on_the_subject(gazetteer: Gazetteer):
    """The garden lies in the region asked for and has no word of the question: about 0 for its subject."""
    garden = sheet("atlas-jardin", "potager", departements=(GIRONDE,))
    searcher = searcher_of(sheet("atlas-bus", "navette"), garden, gazetteer=gazetteer)
    ranking = searcher.rank("navette en Nouvelle-Aquitaine")
    assert scores(searcher, ranking)["atlas-jardin"] == pytest.approx(PLACE_BONUS, abs=0.04)
    assert ids(searcher, ranking.relevant) == ["atlas-bus"]


# --- what is ignored ---


def test_what_is_ignored_of_a_question_neither_expands_it_nor_counts_as_a_synonym(gazetteer: Gazetteer):
    prison = Concept(id="prison", official=("prison",), lay=("taule",), en=(), acronym=None, field="justice")
    searcher = searcher_of(sheet("atlas-a", "prison"), gazetteer=gazetteer, thesaurus=[prison])
    understood, ignored = searcher.search("taule"), searcher.search("taule", ignored={"taule"})
    assert [(hit.initiative.id, hit.lexical_rank) for hit in understood.hits[: understood.total]] == [("atlas-a", 1)]
    assert ignored.hits == ()
    assert (ignored.query.text, ignored.query.concepts) == ("taule", ())


# --- nothing relevant ---


def test_what_stands_out_is_on_the_subject_the_others_are_further_and_all_are_among_the_nearest(small: Searcher):
    ranking = small.rank("navette")
    assert ids(small, ranking.relevant) == ["atlas-bus"]
    nearest = ids(small, ranking.nearest)
    assert nearest[0] == "atlas-bus"
    assert {"atlas-car", "atlas-jardin"} <= set(nearest)
    assert len(nearest) == len(set(nearest)) == len(small.catalogue.initiatives) - 1  # the bus has two sheets
    assert ids(small, ranking.further) == nearest[1:]


def test_results_show_what_is_on_the_subject_first_and_count_both(small: Searcher):
    ranking = small.rank("village en Gironde")
    results = small.results(ranking, k=1000)
    shown = [hit.initiative.id for hit in results.hits]
    assert shown[: results.total] == ids(small, ranking.relevant)
    assert shown[results.total :] == ids(small, ranking.further)
    assert results.further == len(ranking.further)


@pytest.mark.parametrize(
    ("question", "hint"),
    [
        ("la meilleure crypto des marchés", "Rien de pertinent dans ce recueil"),
        ("the best crypto of all", "Nothing relevant in this collection"),
    ],
)
def test_nothing_relevant_is_nothing_with_a_hint_in_the_language_of_the_question(small: Searcher, question, hint):
    ranking = small.rank(question)
    results = small.results(ranking)
    assert (results.hits, results.total, results.further, set(results.facets.values())) == ((), 0, 0, {()})
    assert results.hint is not None
    assert results.hint.startswith(hint)
    assert ranking.nearest != ()


def test_the_hint_is_in_the_reader_s_language(small: Searcher):
    assert small.search("the best crypto of all", language="fr").hint == small.search("la meilleure crypto").hint


@pytest.mark.parametrize(
    ("question", "is_relevant"),
    [
        ("navette crypto monnaie", True),  # the corpus knows one of three terms
        ("navette crypto monnaie bourse", False),  # one of four is a quarter, which is not more than that
    ],
)
def test_without_records_few_known_terms_are_the_second_sign(gazetteer: Gazetteer, question: str, is_relevant: bool):
    searcher = searcher_of(*SHEETS, gazetteer=gazetteer, least=0.99)
    assert bool(searcher.rank(question).relevant) == is_relevant


@pytest.mark.parametrize(("least", "is_relevant"), [(0.9, True), (2.1, False)])
def test_near_expansions_make_up_for_a_low_score(gazetteer: Gazetteer, least: float, is_relevant: bool):
    """Of the question "boulot" no sheet has a word; an expansion of the car's record is "boulot"."""
    searcher = searcher_of(*SHEETS, gazetteer=gazetteer, records=[record("atlas-car", "boulot")], least=least)
    assert ids(searcher, searcher.rank("boulot").relevant) == (["atlas-car"] if is_relevant else [])


# --- filters ---

FILTERS = [
    Filters(document=("digest",)),
    Filters(theme=("Transports",)),
    Filters(departement=("33",)),
    Filters(year_from=2017),
]


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("question", ["navette village", "village", "potager", NOTHING])
def test_a_filter_keeps_what_meets_it_and_changes_no_score_and_no_group(small: Searcher, question, filters):
    everything, allowed = small.rank(question), small.rank(question, filters)
    meeting = {one.id for one in small.catalogue.select(filters)}
    for found, of_all in ((allowed.relevant, everything.relevant), (allowed.nearest, everything.nearest)):
        unfiltered = dict(zip(ids(small, of_all), (one.score for one in of_all), strict=True))
        filtered = dict(zip(ids(small, found), (one.score for one in found), strict=True))
        assert filtered.keys() <= meeting
        assert {id: score for id, score in unfiltered.items() if id in meeting}.items() <= filtered.items()


def test_what_a_filter_leaves_of_a_subject_stays_what_it_was(small: Searcher):
    """Of "navette village" the bus alone is on the subject: with it filtered out the car comes no nearer."""
    assert ids(small, small.rank("navette village").relevant) == ["atlas-bus"]
    in_gironde = small.rank("navette village", Filters(departement=("33",)))
    assert (in_gironde.relevant, ids(small, in_gironde.further)) == ((), ["atlas-car"])


def test_a_filter_chooses_the_sheet_of_an_initiative_that_meets_it(small: Searcher):
    hit = small.search("navette", filters=Filters(document=("digest",))).hits[0]
    assert (hit.initiative.id, hit.also_in) == ("digest-bus", ("atlas-bus",))


def test_filters_that_leave_nothing_give_nothing_and_a_hint(small: Searcher):
    results = small.search("navette", filters=Filters(departement=("48",)))
    assert (results.total, results.hits) == (0, ())
    assert results.hint is not None
    assert "moins de filtres" in results.hint


def test_a_filter_that_nothing_can_meet_is_refused(small: Searcher):
    with pytest.raises(UnknownFilter, match=r"No initiative has the theme 'Pêche'"):
        small.search("navette", filters=Filters(theme=("Pêche",)))


# --- any question ---


def test_a_question_without_a_word_is_refused(small: Searcher):
    with pytest.raises(BadQuestion, match="The question holds no word"):
        small.search("?!")


def test_white_space_and_control_characters_change_nothing(small: Searcher):
    odd, plain = small.search(" navette\n\tvillage\u00a0\x00 "), small.search("navette village")
    assert without_time(odd) == without_time(plain)


@settings(max_examples=50)
@given(text=st.text(max_size=40), letter=st.characters(categories=["L", "N"]))
def test_any_text_with_a_letter_or_digit_can_be_searched_for(small: Searcher, text: str, letter: str):
    results = small.search(text + letter, k=3)
    assert len(results.hits) == min(3, results.total + results.further)
    assert (results.hint is None) == (results.total > 0)


# --- the shipped corpus ---

QUESTIONS = ("hébergement des femmes sans domicile", "mobility projects for rural youth", "aide aux aidants familiaux")


@pytest.mark.parametrize("question", QUESTIONS)
def test_hits_of_the_shipped_corpus_are_whole(searcher: Searcher, question: str):
    results = searcher.search(question, k=1000)
    assert [hit.rank for hit in results.hits] == list(range(1, results.total + results.further + 1))
    for group in (results.hits[: results.total], results.hits[results.total :]):
        assert [hit.score for hit in group] == sorted((hit.score for hit in group), reverse=True)
    told = [id for hit in results.hits for id in (hit.initiative.id, *hit.also_in)]
    assert len(told) == len(set(told))
    for hit in results.hits:
        lines = hit.initiative.text.split("\n")
        first = hit.initiative.source.start_line
        assert hit.passage.text in "\n".join(lines[hit.passage.start_line - first : hit.passage.end_line - first + 1])


def clicked(filters: Filters, facet: str, value: str) -> Filters:
    """The filters after a click on a value of a facet: it is set to that value alone, the others stay."""
    if facet == "year":
        return replace(filters, year_from=int(value), year_to=int(value))
    return replace(filters, **{facet: (value,)})


FACET_QUESTIONS = (*QUESTIONS, "mineurs non accompagnés", "mobilité en Gironde", "RSA")


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(departement=("33", "13")),
        Filters(kind=("sheet",), year_from=2015),
        Filters(topic=("emploi",)),
    ],
)
@pytest.mark.parametrize("question", FACET_QUESTIONS)
def test_every_count_of_every_facet_of_the_shipped_corpus_is_the_total_after_the_click(
    searcher: Searcher, question: str, filters: Filters
):
    ranking = searcher.rank(question)
    for name, values in searcher.results(searcher.rank(question, filters)).facets.items():
        for value in values:
            after = searcher.rank(question, clicked(filters, name, value.value))
            assert (name, value.value, value.count) == (name, value.value, len(after.relevant))
            assert set(ids_of_clusters(searcher, after)) <= set(ids_of_clusters(searcher, ranking))


def ids_of_clusters(searcher: Searcher, ranking: Ranking) -> list[int]:
    return [int(searcher.passage_clusters[one.passage]) for one in ranking.relevant]


@pytest.mark.parametrize("forms", [("MNA", "mineurs non accompagnés", "unaccompanied minors")])
def test_an_acronym_its_long_form_and_english_have_the_same_initiatives_on_the_subject(searcher: Searcher, forms):
    groups = [set(ids_of_clusters(searcher, searcher.rank(form))) for form in forms]
    assert 0 < len(groups[0]) < 10
    assert all(group == groups[0] for group in groups)


def test_questions_asked_at_once_have_the_replies_of_questions_asked_in_turn(searcher: Searcher):
    in_turn = [without_time(searcher.search(question)) for question in QUESTIONS]
    with ThreadPoolExecutor(2) as threads:
        assert [without_time(one) for one in threads.map(searcher.search, QUESTIONS)] == in_turn


# --- opening ---


def test_a_small_corpus_of_another_encoder_is_searched_alike(almanac: Made):
    paragraph = CHALLENGES["Bien vieillir"][0]
    results = almanac.searcher().search(paragraph, filters=Filters(theme=("Bien vieillir",)))
    assert results.hits[0].passage.text == paragraph
    assert {hit.initiative.theme for hit in results.hits} == {"Bien vieillir"}


def test_without_a_model_or_an_index_the_mend_is_to_build(almanac: Made, tmp_path: Path):
    with pytest.raises(BadModel, match=r"No model has been prepared .* Run `recueil build`\."):
        Searcher.open(almanac.index, tmp_path / "model", threads=1)
    with pytest.raises(BadIndex, match=r"There is no index .* Run `recueil build`\."):
        Searcher.open(tmp_path / "index", almanac.model, threads=1)


def test_an_index_of_another_model_is_refused(almanac: Made, built: Settings):
    with pytest.raises(BadIndex, match=r"not that of the model in use .* Run `recueil build`\."):
        Searcher.open(almanac.index, model_folder(built.var, built.encoder), threads=1)


# --- one subject ---


@pytest.mark.parametrize(
    "forms",
    [
        ("MNA", "mineurs non accompagnés", "unaccompanied minors", "les MNA ?"),
        ("RSA", "revenu de solidarité active", "guaranteed minimum income"),
        ("ASE", "aide sociale à l'enfance", "child welfare services"),
        ("EHPAD", "maison de retraite", "nursing home"),
    ],
)
def test_acronym_long_form_and_english_find_the_same_in_the_same_order(searcher: Searcher, forms: tuple[str, ...]):
    found = {tuple(ids(searcher, searcher.rank(form).relevant)) for form in forms}
    assert len(found) == 1
    assert found != {()}
