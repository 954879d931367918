"""What columns mean is told by their values as well as their names, and why."""

import pytest

from corpus.importing import Format, Layout, Record, Role, Table
from corpus.importing.guess import guess
from corpus.importing.locate import Locator
from corpus.importing.values import is_contact, is_date, said, url_of, words_of_name, year_of

TOWNS = ("BREST", "LYON", "NANTES", "RENNES", "BORDEAUX", "LILLE")
PROSE = "Les habitants du quartier {} réparent, sèment et cuisinent chaque semaine, avec l’aide de l’école voisine."
COLUMNS = {
    "ref": ["F-001", "F-002", "F-003", "F-004", "F-005", "F-006"],
    "Intitulé": ["Le potager", "L’atelier du port", "Un bus", "Café des aidants", "La bricothèque", "À vélo"],
    "Descriptif": [PROSE.format(n) for n in range(6)],
    "Commune": list(TOWNS),
    "INSEE": ["29019", "69123", "44109", "35238", "33063", "59350"],
    "dep": ["29", "69", "44", "35", "33", "59"],
    "Structure porteuse": [
        "Ville de Brest", "Association Le Fil", "CCAS de Nantes", "Mairie", "SCOP Eau", "Métropole",
    ],
    "debut": ["2019-05-01", "12/05/2020", "mars 2021", "2022", "2021-2023", "04/07/24"],
    "Dernière MAJ": ["2026-01-0" + str(n) for n in range(1, 7)],
    "Public": ["Jeunes;Aînés", "Jeunes", "Aînés", "Aînés", "Jeunes", "Jeunes;Aînés"],
    "Courriel": ["a@exemple.fr", "b@exemple.fr", "", "c@exemple.fr", "d@exemple.fr", ""],
    "Qui appeler": ["02 98 00 00 00", "", "04 72 00 00 00", "", "05 56 00 00 00", ""],
    "Lien": ["exemple.org/1", "https://exemple.org/2", "", "www.exemple.org", "exemple.org/4", ""],
    "LNG": ["-4.48", "4.83", "-1.55", "-1.67", "-0.57", "3.05"],
    "montant": ["21 667,00 €", "1 450,00 €", "300 €", "12 €", "5 €", "8,50 €"],
    "wifi": ["oui", "non", "oui", "oui", "non", "oui"],
}  # fmt: skip


def table_of(columns: dict[str, list[str]]) -> Table:
    rows = zip(*columns.values(), strict=True)
    records = tuple(Record(dict(zip(columns, row, strict=True)), f"row {n}") for n, row in enumerate(rows, start=2))
    return Table(file="a.csv", layout=Layout(format=Format.CSV), columns=tuple(columns), records=records)


@pytest.fixture(scope="module")
def locator(gazetteer) -> Locator:
    return Locator(gazetteer)


def roles_of(columns: dict[str, list[str]], locator: Locator) -> dict[str, Role]:
    guessed = guess([table_of(columns)], locator)
    return {name: role for role, names in reversed(guessed.columns.items()) for name in names}


EXPECTED = {
    "ref": Role.ID, "Intitulé": Role.TITLE, "Descriptif": Role.TEXT, "Commune": Role.PLACE, "INSEE": Role.PLACE,
    "dep": Role.PLACE, "Structure porteuse": Role.ORGANISATION, "debut": Role.DATE, "Dernière MAJ": Role.UPDATED,
    "Public": Role.FACET, "Courriel": Role.CONTACT, "Qui appeler": Role.CONTACT, "Lien": Role.URL, "LNG": Role.LEFT_OUT,
    "montant": Role.LEFT_OUT, "wifi": Role.LEFT_OUT,
}  # fmt: skip


def test_every_column_of_a_plain_table_is_understood(locator):
    assert roles_of(COLUMNS, locator) == EXPECTED


@pytest.mark.parametrize(
    "role", [Role.TEXT, Role.PLACE, Role.DATE, Role.URL, Role.CONTACT, Role.TITLE], ids=lambda role: role.value
)
def test_columns_whose_names_say_nothing_are_told_by_their_values(locator, role):
    wanted = [name for name, expected in EXPECTED.items() if expected is role and name not in ("INSEE", "dep")]
    hidden = {f"c{n}": values for n, values in enumerate(COLUMNS.values())}
    names = dict(zip(COLUMNS, hidden, strict=True))
    roles = roles_of(hidden, locator)
    assert [roles[names[name]] for name in wanted] == [role] * len(wanted)


def test_each_column_has_its_reason(locator):
    guessed = guess([table_of(COLUMNS)], locator)
    assert guessed.reasons.keys() == COLUMNS.keys()
    assert guessed.reasons["INSEE"] == "100 % are codes of places"
    assert guessed.reasons["Dernière MAJ"] == "100 % are dates, named like that of the record"


def test_without_prose_classes_and_titles_are_the_text(locator):
    columns = {name: COLUMNS[name] for name in ("Intitulé", "Commune", "Public", "montant")}
    assert guess([table_of(columns)], locator).of(Role.TEXT) == ("Intitulé", "Public")


def test_a_place_named_in_the_organisation_alone_is_found_there(locator):
    columns = {
        "nom": ["Aide aux vélos", "Aide aux haies", "Aide aux bus"],
        "financeur": ["Conseil départemental du Morbihan", "Département de l’Ain", "Région Bretagne"],
    }
    guessed = guess([table_of(columns)], locator)
    assert (guessed.of(Role.PLACE), guessed.of(Role.ORGANISATION)) == (("financeur",), ("financeur",))


# --- values ---


@pytest.mark.parametrize(
    "cell", ["#N/D", "n/a", "-", "  ", "Non renseigné", "À compléter sur la plateforme", "#REF!", "null"]
)
def test_what_stands_for_nothing_says_nothing(cell):
    assert said(cell) == ""


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        ("2021-2025", 2021),
        ("04/07/24", 2024),
        ("12/05/98", 1998),
        ("Réalisation entre 2022 et 2026", 2022),
        ("18000", None),
    ],
)
def test_the_first_year_counts(cell, year):
    assert year_of(cell) == year


@pytest.mark.parametrize(
    "cell", ["1er janv 2023", "15 août 2022", "Sep. 2021-Dec. 2022", "2022-07-28T11: 40: 47", "March 3, 2021"]
)
def test_dates_are_known_by_their_words(cell):
    assert is_date(cell)


@pytest.mark.parametrize("cell", ["18000", "Lot 2020", "Projet livré en 2024", "2021 300 4", "3,5"])
def test_what_only_holds_a_year_is_no_date(cell):
    assert not is_date(cell)


def test_coordinates_and_dates_are_no_telephones():
    assert [is_contact(cell) for cell in ("-0.53959184", "2018-01-01\n2019-02-03", "02 98 00 00 00")] == [
        False,
        False,
        True,
    ]


def test_addresses_are_mended():
    assert url_of("https: //exemple.org/ a") == "https://exemple.org/a"
    assert url_of("exemple.org") == "https://exemple.org"


def test_names_of_columns_are_read_as_words():
    assert [words_of_name(name) for name in ("nomBeneficiaire", "DATE_MAJ", "N° fiche")] == [
        "nom beneficiaire",
        "date maj",
        "n fiche",
    ]


# --- places ---


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("1", ["01"]),
        ("1004", ["01"]),
        ("97600", ["976"]),
        ("20090", ["2A"]),
        ("2b033", ["2B"]),
        ("200068450", ["61"]),
        ("99999", []),
        ("Montaud", []),
    ],
)
def test_codes_that_lost_their_zero_are_codes(locator, cell, codes):
    assert [one.code for one in locator.of_code(cell)] == codes


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("BREST", ["29"]),
        ("Conseil départemental du Morbihan", ["56"]),
        ("8 rue Haute - 33000 Bordeaux", ["33"]),
        ("COTES D'ARMOR", ["22"]),
        ("- France entière -", []),
        ("Bretagne", []),
    ],
)
def test_names_are_read_in_capitals_and_inside_others(locator, cell, codes):
    assert [one.code for one in locator.of_name(cell)] == codes
