"""Facets count the values of what was found."""

from dataclasses import replace

import pytest

from corpus import Departement, Gazetteer, Initiative, Kind, Source
from corpus.editorial_record import Language
from search import FacetValue, Filters
from search.facets import facets_of
from tests import atlas

AIN, RHONE, GIRONDE = Departement("01", "Ain"), Departement("69", "Rhône"), Departement("33", "Gironde")
TITLES = {"atlas": "L'atlas", "digest": "Un abrégé"}


def told(**changes) -> Initiative:
    return replace(atlas.initiative(), **changes)


@pytest.fixture
def counted(gazetteer: Gazetteer):
    def count(*found: Initiative, language: Language = "fr") -> dict[str, list[tuple[str, str, int]]]:
        facets = facets_of(found, TITLES, gazetteer, atlas.layer(), language)
        return {name: [(one.value, one.label, one.count) for one in values] for name, values in facets.items()}

    return count


def test_nothing_found_has_empty_facets(counted):
    names = ("departement", "region", "theme", "kind", "document", "year", "public", "topic")
    assert counted() == {name: [] for name in names}


def test_a_facet_value_is_what_the_filter_takes_and_what_people_read(gazetteer: Gazetteer):
    facets = facets_of([told()], TITLES, gazetteer, atlas.layer(), "en")
    assert facets["departement"] == (FacetValue("01", "Ain", 1),)
    assert facets["region"] == (FacetValue("84", "Auvergne-Rhône-Alpes", 1),)
    assert facets["theme"] == (FacetValue("Transports", "Transports", 1),)
    assert facets["kind"] == (FacetValue("sheet", "sheet", 1),)
    assert facets["document"] == (FacetValue("atlas", "L'atlas", 1),)
    assert facets["year"] == (FacetValue("2016", "2016", 1),)
    assert facets["public"] == (FacetValue("habitants", "Residents", 1),)
    assert facets["topic"] == (FacetValue("mobilite", "Mobility", 1),)


def test_publics_and_topics_are_labelled_in_the_reader_s_language(counted):
    assert counted(told(), language="fr")["public"] == [("habitants", "Habitants", 1)]
    assert counted(told(), language="en")["public"] == [("habitants", "Residents", 1)]


def test_an_initiative_without_a_record_has_no_public_and_no_topic(counted):
    counts = counted(told(id="atlas-le-train-01", same_as=()))
    assert (counts["public"], counts["topic"]) == ([], [])


def test_the_most_frequent_value_comes_first_then_the_alphabet(counted):
    found = (told(), told(kind=Kind.NOTE), told(kind=Kind.NOTE), told(kind=Kind.CHALLENGE))
    assert counted(*found)["kind"] == [("note", "note", 2), ("challenge", "challenge", 1), ("sheet", "sheet", 1)]


def test_an_initiative_counts_for_each_of_its_departements_but_once_for_their_region(counted):
    counts = counted(told(departements=(AIN, RHONE)), told(departements=(GIRONDE,)))
    assert counts["departement"] == [("01", "Ain", 1), ("33", "Gironde", 1), ("69", "Rhône", 1)]
    assert counts["region"] == [
        ("84", "Auvergne-Rhône-Alpes", 1),
        ("75", "Nouvelle-Aquitaine", 1),
    ]


def test_what_is_unknown_is_not_counted(counted):
    counts = counted(told(theme=None, start_year=None, departements=(), source=Source("digest", 1, 2)))
    assert (counts["theme"], counts["year"], counts["departement"], counts["region"]) == ([], [], [], [])
    assert counts["document"] == [("digest", "Un abrégé", 1)]


QUESTIONS = ["homeless women", "mobilité des jeunes", "accompagnement des bénéficiaires du RSA"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_hits_total_and_facets_are_of_one_candidate_set(engine, question):
    results = engine.search(question, k=1000)
    assert len(results.hits) == results.total > 0
    for name in ("kind", "document"):
        assert sum(value.count for value in results.facets[name]) == results.total
    for hit in results.hits:
        assert hit.initiative.kind in {value.value for value in results.facets["kind"]}
    counts = {value.value: value.count for value in results.facets["theme"]}
    themes = [hit.initiative.theme for hit in results.hits if hit.initiative.theme]
    assert counts == {theme: themes.count(theme) for theme in themes}
    places = [place.code for hit in results.hits for place in hit.initiative.departements]
    assert {value.value: value.count for value in results.facets["departement"]} == {
        code: places.count(code) for code in places
    }


@pytest.mark.parametrize("k", [1, 5])
def test_total_and_facets_do_not_depend_on_how_many_hits_are_shown(engine, k):
    few, all_of_them = engine.search(QUESTIONS[0], k), engine.search(QUESTIONS[0], 1000)
    assert (few.total, few.facets) == (all_of_them.total, all_of_them.facets)
    assert few.hits == all_of_them.hits[:k]


@pytest.mark.parametrize("question", QUESTIONS[:2])
def test_what_a_facet_counts_is_found_by_its_filter(engine, question):
    for name, values in engine.search(question).facets.items():
        for value in values:
            chosen = (
                {"year_from": int(value.value), "year_to": int(value.value)} if name == "year" else {name: value.value}
            )
            assert engine.search(question, filters=Filters(**chosen)).total >= value.count
