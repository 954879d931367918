"""Filters say which initiatives a search may return; what cannot be met is refused with the choices."""

from dataclasses import replace

import pytest

from corpus import Departement, Gazetteer, Kind
from search import Filters, UnknownFilter
from tests import atlas

LAYER = atlas.layer()
INITIATIVE = replace(atlas.initiative(), departements=(Departement("01", "Ain"), Departement("33", "Gironde")))


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(departement="01"),
        Filters(departement="33"),
        Filters(region="84"),
        Filters(region="75"),
        Filters(theme="Transports"),
        Filters(kind="sheet"),
        Filters(document="atlas"),
        Filters(public="habitants"),
        Filters(topic="mobilite"),
        Filters(year_from=2016, year_to=2016),
        Filters(year_to=2020),
        Filters(departement="01", theme="Transports", year_from=2000),
    ],
)
def test_an_initiative_is_allowed_that_meets_every_condition(gazetteer: Gazetteer, filters: Filters):
    filters.check([INITIATIVE], gazetteer, LAYER)
    assert filters.allow(INITIATIVE, gazetteer, LAYER)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(departement="02"),
        Filters(region="11"),
        Filters(theme="Logement"),
        Filters(kind="note"),
        Filters(document="digest"),
        Filters(public="aidants"),
        Filters(topic="logement"),
        Filters(year_from=2017),
        Filters(year_to=2015),
        Filters(departement="01", theme="Logement"),
    ],
)
def test_one_condition_that_is_not_met_is_enough_to_refuse_it(gazetteer: Gazetteer, filters: Filters):
    assert not filters.allow(INITIATIVE, gazetteer, LAYER)


def test_departements_merely_cited_do_not_count(gazetteer: Gazetteer):
    assert INITIATIVE.cited_departements[0].code == "2A"
    assert not Filters(departement="2A").allow(INITIATIVE, gazetteer, LAYER)


@pytest.mark.parametrize("filters", [Filters(year_from=1900), Filters(year_to=2100)])
def test_without_a_start_year_no_condition_on_years_is_met(gazetteer: Gazetteer, filters: Filters):
    assert not filters.allow(replace(INITIATIVE, start_year=None), gazetteer, LAYER)


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        (Filters(departement="99"), r"No département has the code '99' \(departement\)\. 33 is an example"),
        (Filters(departement="Gironde"), r"No département has the code 'Gironde'"),
        (Filters(departement=""), r"No département has the code ''"),
        (Filters(region="00"), r"No region of today has the code '00' \(region\)\. 75 is an example"),
        (Filters(region="Aquitaine"), r"No region of today has the code 'Aquitaine'"),
        (Filters(theme="Pêche"), r"No initiative has the theme 'Pêche' \(theme\)\. Choose one of: Transports\."),
        (Filters(kind="fiche"), r"No initiative has the kind 'fiche' \(kind\)\. Choose one of: sheet\."),
        (Filters(document="x"), r"No initiative has the document 'x' \(document\)\. Choose one of: atlas\."),
        (Filters(public="x"), r"No initiative has the public 'x' \(public\)\. Choose one of: aidants; habitants\."),
        (Filters(topic="x"), r"No initiative has the topic 'x' \(topic\)\. Choose one of: logement; mobilite\."),
        (Filters(year_from=2020, year_to=2010), r"comes after the last \(year_from\)\. Give year_from ≤ year_to"),
    ],
)
def test_a_value_that_nothing_can_have_is_refused_with_the_choices(
    gazetteer: Gazetteer, filters: Filters, message: str
):
    with pytest.raises(UnknownFilter, match=message):
        filters.check([INITIATIVE], gazetteer, LAYER)


QUESTION = "accompagnement des jeunes"


def searched(engine, **conditions):
    return engine.search(QUESTION, k=1000, filters=Filters(**conditions))


@pytest.mark.parametrize("name", ["departement", "region", "theme", "kind", "document", "public", "topic"])
def test_only_what_meets_the_filter_is_found_hits_are_full_and_facets_agree(engine, name):
    values = engine.search(QUESTION, k=1000).facets[name]
    assert values
    for value in values:
        filters = Filters(**{name: value.value})
        results = engine.search(QUESTION, k=5, filters=filters)
        assert all(filters.allow(hit.initiative, engine.gazetteer, engine.layer) for hit in results.hits)
        assert len(results.hits) == min(5, results.total)
        own = {facet.value: facet.count for facet in results.facets[name]}
        assert own.get(value.value, 0) == results.total


def test_a_kind_and_its_complement_share_out_what_is_found(engine):
    kinds = {kind.value: searched(engine, kind=kind.value) for kind in Kind}
    for kind, results in kinds.items():
        assert {hit.initiative.kind.value for hit in results.hits} <= {kind}
    everything = searched(engine)
    assert {hit.initiative.kind.value for hit in everything.hits} <= {kind for kind, own in kinds.items() if own.total}


def test_years_hold_for_every_hit(engine):
    results = searched(engine, year_from=2012, year_to=2014)
    assert results.hits
    assert {hit.initiative.start_year for hit in results.hits} <= {2012, 2013, 2014}
    assert {value.value for value in results.facets["year"]} <= {"2012", "2013", "2014"}


def test_a_filter_chooses_the_telling_that_meets_it(engine):
    challenges = engine.search("défis", k=1000, filters=Filters(kind="challenge"))
    assert all(hit.initiative.kind == "challenge" for hit in challenges.hits)


def test_select_gives_every_initiative_that_meets_the_filters_in_the_order_of_the_corpus(engine):
    notes = engine.select(Filters(kind="note"))
    assert len(notes) == 62
    assert [one.id for one in notes] == [one.id for one in engine.initiatives if one.kind == "note"]
    assert engine.select() == engine.initiatives


def test_filters_that_leave_nothing_give_nothing_and_a_hint(engine):
    nowhere = next(
        code
        for code in ("75", "2A", "976", "48", "90")
        if not engine.select(Filters(departement=code, kind="challenge"))
    )
    results = engine.search(QUESTION, filters=Filters(departement=nowhere, kind="challenge"))
    assert (results.total, results.hits) == (0, ())
    assert results.hint is not None
    assert "moins de filtres" in results.hint
