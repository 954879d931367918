"""The catalogue: initiatives by id, their clusters, records and facets, and which of them meet conditions."""

from dataclasses import replace

import numpy as np
import pytest

from corpus import Bilingual, Departement, Kind
from corpus.places import Gazetteer, Place, PlaceKind
from search import (
    NO_FILTERS,
    Catalogue,
    FacetValue,
    Filters,
    Label,
    RecordView,
    UnknownFilter,
    UnknownInitiative,
)
from search.catalogue import FacetColumn
from tests import atlas
from tests.small_index import AIN, GIRONDE, contents_of, record, sheet

RHONE = Departement("69", "Rhône")

BUS = sheet(
    "atlas-bus", "navette", title="Le bus", departements=(AIN, RHONE), theme="Transports", start_year=2016,
    cited_departements=(Departement("2A", "Corse-du-Sud"),), same_as=("digest-bus",),
)  # fmt: skip
GARDEN = sheet("atlas-jardin", "potager", departements=(GIRONDE,), kind=Kind.NOTE, start_year=2019)
BUS_AGAIN = sheet("digest-bus", "navette", document="digest", departements=(AIN,), same_as=("atlas-bus",))
BARE = sheet("digest-rien", "rien", document="digest")
RECORDS = (
    record("atlas-bus", "aller en ville", publics=("jeunes", "aines"), topics=("mobilite",)),
    record("atlas-jardin", "planter", publics=("jeunes",), topics=("logement",)),
)


@pytest.fixture(scope="module")
def catalogue(gazetteer: Gazetteer) -> Catalogue:
    return Catalogue.of(contents_of([BUS, GARDEN, BUS_AGAIN, BARE], RECORDS), gazetteer)


# --- lookup ---


def test_an_initiative_and_its_document_are_found_by_its_id(catalogue: Catalogue):
    assert catalogue.initiative("atlas-jardin") == GARDEN
    assert catalogue.row("atlas-jardin") == 1
    assert catalogue.document(GARDEN).title == "Title of atlas"


def test_an_unknown_id_is_refused(catalogue: Catalogue):
    with pytest.raises(UnknownInitiative, match=r"There is no initiative 'x' \(id\)\. Take an id from /search"):
        catalogue.initiative("x")


def test_a_cluster_is_numbered_by_the_row_of_its_first_sheet(catalogue: Catalogue):
    assert catalogue.clusters.tolist() == [0, 1, 0, 3]


def test_a_sheet_that_is_not_in_the_index_does_not_count_for_a_cluster(gazetteer: Gazetteer):
    catalogue = Catalogue.of(contents_of([BARE, BUS_AGAIN]), gazetteer)  # without the sheet it is the same as
    assert catalogue.clusters.tolist() == [0, 1]


def test_of_each_real_world_initiative_the_first_sheet_is_kept_in_the_order_given(catalogue: Catalogue):
    assert catalogue.once_each([BARE, BUS_AGAIN, GARDEN, BUS]) == [BARE, BUS_AGAIN, GARDEN]
    assert catalogue.once_each([BUS, BUS_AGAIN, BUS]) == [BUS]
    assert catalogue.once_each([]) == []


# --- records ---


def test_a_record_is_shown_in_the_reader_s_language(gazetteer: Gazetteer):
    catalogue = Catalogue.of(contents_of([replace(atlas.initiative(), same_as=())]), gazetteer)
    catalogue = replace(catalogue, enrichment=atlas.enrichment())
    view = catalogue.record(atlas.initiative(), "en")
    assert view == RecordView(
        language="en",
        title="The bus",
        summary="A bus goes everywhere.",
        publics=(Label("habitants", "Residents"),),
        topics=(Label("mobilite", "Mobility"),),
        author=atlas.record().author,
        date="2026-11-25",
    )
    french = catalogue.record(atlas.initiative(), "fr")
    assert french is not None
    assert (french.title, french.summary) == ("Le bus", "Un bus va partout.")  # the sheet's own title
    assert french.publics == (Label("habitants", "Habitants"),)


def test_sheets_of_one_initiative_share_its_record(catalogue: Catalogue):
    first, again = (catalogue.record(one, "en") for one in (BUS, BUS_AGAIN))
    assert first is not None
    assert first == again


def test_an_initiative_without_a_record_has_none(catalogue: Catalogue):
    assert catalogue.record(BARE, "fr") is None


# --- a facet, by hand: initiative 0 has a and b, 1 none, 2 b, 3 b and c ---

LETTERS = FacetColumn.of(
    [("a", "b"), (), ("b",), ("b", "c")], {letter: Bilingual(letter.upper(), f"The {letter}") for letter in "abc"}
)


def test_the_values_of_a_facet_lie_one_initiative_after_the_other():
    assert LETTERS.values == ("a", "b", "c")
    assert LETTERS.codes.tolist() == [0, 1, 1, 1, 2]
    assert (LETTERS.rows.tolist(), LETTERS.initiatives) == ([0, 0, 2, 3, 3], 4)


@pytest.mark.parametrize(("value", "rows"), [("a", [0]), ("b", [0, 2, 3]), ("c", [3]), ("d", []), ("", [])])
def test_which_initiatives_have_a_value(value: str, rows: list[int]):
    assert np.flatnonzero(LETTERS.having(value)).tolist() == rows


def counted_letters(rows, clusters=(0, 1, 2, 3), language="fr") -> tuple[FacetValue, ...]:
    return LETTERS.count(np.isin(np.arange(4), rows), np.array(clusters), language)


@pytest.mark.parametrize(
    ("rows", "counts"),
    [
        ([0, 1, 2, 3], [("b", "B", 3), ("a", "A", 1), ("c", "C", 1)]),
        ([3, 2], [("b", "B", 2), ("c", "C", 1)]),
        ([1], []),
        ([], []),
    ],
)
def test_values_are_counted_the_most_frequent_first_then_by_label(rows, counts):
    assert counted_letters(rows) == tuple(FacetValue(*one) for one in counts)


def test_a_value_is_labelled_in_the_reader_s_language():
    assert counted_letters([1, 2], language="en") == (FacetValue("b", "The b", 1),)


def test_a_facet_of_which_nothing_has_a_value():
    nothing = FacetColumn.of([(), ()], {})
    assert nothing.having("a").tolist() == [False, False]
    assert nothing.count(np.ones(2, bool), np.arange(2), "fr") == ()


def test_what_several_sheets_tell_counts_once_for_each_value_that_any_of_them_has():
    """0 and 3 are one: it has a, b and c."""
    counts = {one.value: one.count for one in counted_letters([0, 2, 3], clusters=[0, 1, 2, 0])}
    assert counts == {"a": 1, "b": 2, "c": 1}


# --- facets ---


def counted(catalogue: Catalogue, *found, language="fr") -> dict[str, list[tuple[str, str, int]]]:
    mask = np.array([one in found for one in catalogue.initiatives])
    facets = catalogue.count_facets(mask, language)
    return {name: [(one.value, one.label, one.count) for one in values] for name, values in facets.items()}


def test_nothing_found_has_empty_facets(catalogue: Catalogue):
    names = ("departement", "region", "theme", "kind", "document", "year", "public", "topic")
    assert counted(catalogue) == {name: [] for name in names}


def test_a_facet_value_is_what_the_filter_takes_and_what_people_read(catalogue: Catalogue):
    assert counted(catalogue, BUS_AGAIN, GARDEN, language="en") == {
        "departement": [("01", "Ain", 1), ("33", "Gironde", 1)],
        "region": [("84", "Auvergne-Rhône-Alpes", 1), ("75", "Nouvelle-Aquitaine", 1)],
        "theme": [],
        "kind": [("note", "note", 1), ("sheet", "sheet", 1)],
        "document": [("atlas", "Title of atlas", 1), ("digest", "Title of digest", 1)],
        "year": [("2019", "2019", 1)],
        "public": [("jeunes", "Young people", 2), ("aines", "Elders", 1)],
        "topic": [("logement", "Housing", 1), ("mobilite", "Mobility", 1)],
    }


def test_publics_and_topics_are_labelled_in_the_reader_s_language(catalogue: Catalogue):
    assert counted(catalogue, GARDEN, language="fr")["public"] == [("jeunes", "Jeunes", 1)]


def test_an_initiative_counts_for_each_of_its_departements_but_once_for_their_region(catalogue: Catalogue):
    counts = counted(catalogue, BUS, GARDEN)
    assert counts["departement"] == [("01", "Ain", 1), ("33", "Gironde", 1), ("69", "Rhône", 1)]
    assert counts["region"] == [("84", "Auvergne-Rhône-Alpes", 1), ("75", "Nouvelle-Aquitaine", 1)]


def test_what_is_unknown_is_not_counted(catalogue: Catalogue):
    counts = counted(catalogue, BARE)
    assert {name for name, values in counts.items() if values} == {"kind", "document"}


# --- filters ---


@pytest.mark.parametrize(
    "filters",
    [
        NO_FILTERS,
        Filters(departement=("01",)),
        Filters(departement=("69",)),
        Filters(region=("84",)),
        Filters(theme=("Transports",)),
        Filters(kind=("sheet",)),
        Filters(document=("atlas",)),
        Filters(public=("aines",)),
        Filters(topic=("mobilite",)),
        Filters(year_from=2016, year_to=2016),
        Filters(year_to=2020),
        Filters(departement=("01",), theme=("Transports",), year_from=2000),
    ],
)
def test_an_initiative_is_allowed_that_meets_every_condition(catalogue: Catalogue, filters: Filters):
    assert catalogue.allowed(filters)[0]
    assert BUS in catalogue.select(filters)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(departement=("02",)),
        Filters(departement=("2A",)),  # merely cited
        Filters(region=("11",)),
        Filters(kind=("note",)),
        Filters(document=("digest",)),
        Filters(topic=("logement",)),
        Filters(year_from=2017),
        Filters(year_to=2015),
        Filters(departement=("01",), topic=("logement",)),
    ],
)
def test_one_condition_that_is_not_met_is_enough_to_refuse_it(catalogue: Catalogue, filters: Filters):
    assert not catalogue.allowed(filters)[0]
    assert BUS not in catalogue.select(filters)


@pytest.mark.parametrize("filters", [Filters(year_from=1900), Filters(year_to=2100)])
def test_without_a_start_year_no_condition_on_years_is_met(catalogue: Catalogue, filters: Filters):
    assert catalogue.select(filters) == (BUS, GARDEN)


def test_without_a_record_no_condition_on_publics_and_topics_is_met(catalogue: Catalogue):
    assert catalogue.select(Filters(public=("jeunes",))) == (BUS, GARDEN, BUS_AGAIN)


def test_what_meets_the_filters_is_given_in_the_order_of_the_corpus(catalogue: Catalogue):
    assert catalogue.select() == catalogue.initiatives == (BUS, GARDEN, BUS_AGAIN, BARE)
    assert catalogue.select(Filters(document=("digest",))) == (BUS_AGAIN, BARE)


def test_a_condition_with_several_values_is_met_by_either(catalogue: Catalogue):
    assert catalogue.select(Filters(document=("atlas", "digest"))) == catalogue.initiatives
    assert catalogue.select(Filters(departement=("69", "33"), theme=("Transports",))) == (BUS,)


def replaced(filters: Filters, facet: str, value: str) -> Filters:
    """The filters after a click: those of the facet set to the value alone."""
    if facet == "year":
        return replace(filters, year_from=int(value), year_to=int(value))
    return replace(filters, **{facet: (value,)})


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(document=("digest",)),
        Filters(departement=("69", "33")),
        Filters(public=("jeunes",), year_from=2000),
    ],
)
def test_what_a_facet_counts_is_what_there_is_once_its_filter_is_set_to_the_value(catalogue: Catalogue, filters):
    everything = np.ones(len(catalogue.initiatives), bool)
    for name, values in catalogue.count_facets(everything, "fr", filters).items():
        for one in values:
            left = catalogue.once_each(catalogue.select(replaced(filters, name, one.value)))
            assert (name, one.value, len(left)) == (name, one.value, one.count)


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        (Filters(departement=("99",)), r"No département has the code '99' \(departement\)\. 33 is an example"),
        (Filters(departement=("Gironde",)), r"No département has the code 'Gironde'"),
        (Filters(departement=("",)), r"No département has the code ''"),
        (Filters(region=("00",)), r"No region of today has the code '00' \(region\)\. 75 is an example"),
        (Filters(region=("Aquitaine",)), r"No region of today has the code 'Aquitaine'"),
        (Filters(theme=("Pêche",)), r"No initiative has the theme 'Pêche' \(theme\)\. Choose one of: Transports\."),
        (Filters(kind=("fiche",)), r"No initiative has the kind 'fiche' \(kind\)\. Choose one of: note; sheet\."),
        (Filters(document=("x",)), r"No initiative has the document 'x' \(document\)\. Choose one of: atlas; digest\."),
        (Filters(public=("x",)), r"No initiative has the public 'x' \(public\)\. Choose one of: aines; jeunes\."),
        (Filters(topic=("x",)), r"No initiative has the topic 'x' \(topic\)\. Choose one of: logement; mobilite\."),
        (Filters(year_from=2020, year_to=2010), r"comes after the last \(year_from\)\. Give year_from ≤ year_to"),
    ],
)
def test_a_value_that_nothing_can_have_is_refused_with_the_choices(catalogue: Catalogue, filters: Filters, message):
    with pytest.raises(UnknownFilter, match=message):
        catalogue.allowed(filters)


def test_a_public_of_the_vocabulary_that_no_sheet_has_is_met_by_none(gazetteer: Gazetteer):
    catalogue = Catalogue.of(contents_of([BARE]), gazetteer)
    assert catalogue.select(Filters(public=("jeunes",))) == ()


# --- places ---


def place(*departements: Departement) -> Place:
    return Place(name="Somewhere", kind=PlaceKind.REGION, code="0", departements=departements, start=0, end=1)


@pytest.mark.parametrize(
    ("places", "rows"),
    [
        ([], []),
        ([place(RHONE)], [0]),
        ([place(AIN, GIRONDE)], [0, 1, 2]),
        ([place(GIRONDE), place(RHONE)], [0, 1]),
        ([place(Departement("2A", "Corse-du-Sud"))], []),
        ([place()], []),
    ],
)
def test_an_initiative_is_in_a_place_when_it_takes_place_in_one_of_its_departements(catalogue, places, rows):
    assert np.flatnonzero(catalogue.in_places(places)).tolist() == rows


# --- territories ---


def test_a_sheet_that_prints_a_region_is_found_under_it_though_it_names_no_departement(gazetteer: Gazetteer):
    printed = sheet("atlas-idf", "potager", territory="Île-de-France / Gironde", departements=(GIRONDE,))
    former = sheet("atlas-ra", "potager", territory="Rhône-Alpes")
    catalogue = Catalogue.of(contents_of([printed, former, BARE]), gazetteer)
    assert [one.id for one in catalogue.select(Filters(region=("11",)))] == ["atlas-idf"]
    assert [one.id for one in catalogue.select(Filters(region=("84",)))] == ["atlas-ra"]
    regions = catalogue.count_facets(np.array([True, False, False]), "fr")["region"]
    assert [(value.value, value.count) for value in regions] == [("75", 1), ("11", 1)]


@pytest.mark.parametrize(
    ("question", "inside"),
    [
        ("emploi en Île-de-France", [True, False]),
        ("emploi à Paris", [False, False]),
        ("en Auvergne-Rhône-Alpes", [False, True]),
    ],
)
def test_a_question_that_names_a_whole_region_asks_for_what_prints_it(gazetteer, question, inside):
    sheets = [sheet("atlas-idf", "potager", territory="Île-de-France"), sheet("atlas-ra", "a", territory="Rhône-Alpes")]
    catalogue = Catalogue.of(contents_of(sheets), gazetteer)
    assert catalogue.in_places(gazetteer.places_in_query(question)).tolist() == inside
