"""Blocks, the contents page, and the header and headings of a sheet."""

import pytest

from corpus.model import Section
from corpus.places import Gazetteer
from corpus.readers.layout import (
    Block,
    Entry,
    blocks_of,
    departements_of,
    is_heading,
    is_place_line,
    read_contents,
    read_header,
    same_words,
    sections_of,
    territory_of,
)


def test_a_blank_line_ends_a_block_and_lines_are_counted_from_one():
    assert blocks_of(["", "a", "**b**", " ", "- c"]) == [Block(2, ("a", "**b**")), Block(5, ("- c",))]
    assert [(block.end, block.text, block.is_list) for block in blocks_of(["a", "**b**", "", "- c"])] == [
        (2, "a\nb", False),
        (4, "- c", True),
    ]


CONTENTS = read_contents(
    [
        "| Chapitre 1 Insertion | 11 |",
        "| » <i>Santé.....</i> | 12 |",
        "| Un bus..... | 12 |",
        "| » Logement | 13 |",
        "| Un bus | 14 |",
    ]
)


def test_the_contents_page_says_under_which_theme_a_title_stands():
    assert CONTENTS.themes == ("Santé", "Logement")
    assert CONTENTS.entries == (Entry(1, "Santé", "Un bus"), Entry(1, "Logement", "Un bus"))
    assert CONTENTS.find(1, "UN BUS", running="Logement") == Entry(1, "Logement", "Un bus")
    assert CONTENTS.find(1, "Un bus", running=None) == Entry(1, "Santé", "Un bus")
    assert CONTENTS.find(2, "Un bus", running=None) is None
    assert CONTENTS.theme_named("Logment") == "Logement"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("Wimoov", "Wimooov", True), ("CREA I ARA", "CREAI ARA", True), ("Un bus", "Un car", False)],
)
def test_titles_are_one_up_to_case_punctuation_and_a_slip_or_two(one, other, same):
    assert same_words(one, other) is same


@pytest.mark.parametrize(
    ("line", "heading"),
    [("**OBJECTIFS**", True), ("DESCRIPTION DE L'ACTION", True), ("Description", False), ("CAF", False)],
)
def test_a_heading_has_known_words_in_capitals(line, heading):
    assert is_heading(line) is heading


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("Département de l'Ain", True),
        ("Départements du Nord et de la Somme", True),
        ("Métropole de Lyon", True),
        ("Département de l'Ain.", False),
        ("Département des rêves", False),
        ("Conseil départemental de l'Ain", False),
    ],
)
def test_a_place_line_names_a_departement_and_is_no_sentence(line, place, gazetteer: Gazetteer):
    assert is_place_line(line, gazetteer) is place


def header_of(text: str, gazetteer: Gazetteer):
    return read_header(blocks_of(text.split("\n")), 0, gazetteer)


def test_fields_of_a_header_are_told_apart_by_what_they_say(gazetteer: Gazetteer):
    header = header_of(
        "Titre\n\nDépartement de l'Ain\n\nEn cours\n\nConseil départemental\n\n2016\n\nAnne ROY\n\nOBJECTIFS", gazetteer
    )
    assert (header.title, header.place, header.status, header.lead_organisations) == (
        "Titre",
        "Département de l'Ain",
        "En cours",
        "Conseil départemental",
    )
    assert (header.start.year, header.contacts, header.blocks) == (2016, "Anne ROY", 6)


def test_fields_may_share_one_line_each_in_bold(gazetteer: Gazetteer):
    header = header_of("Titre**Département du Nord****Conseil départemental****OBJECTIFS**", gazetteer)
    assert header is None  # a title of its own opens the line, without its own bold
    header = header_of("Titre\n\n**Département du Nord****Conseil départemental****OBJECTIFS**\n\nUn texte.", gazetteer)
    assert (header.place, header.lead_organisations, header.heading, header.blocks) == (
        "Département du Nord",
        "Conseil départemental",
        "OBJECTIFS",
        2,
    )


def test_without_a_place_line_below_a_block_opens_no_sheet(gazetteer: Gazetteer):
    assert header_of("Titre\n\nUn texte.\n\nOBJECTIFS", gazetteer) is None


def test_prose_is_cut_at_its_headings_and_boilerplate_belongs_to_none():
    lines = ["Un texte.", "", "OBJECTIFS", "Réunir.", "Retrouvez cette action sur www.a.fr"]
    assert sections_of(lines, 10, "CONTEXTE") == (Section("CONTEXTE", 10, 10), Section("OBJECTIFS", 13, 13))


@pytest.mark.parametrize(
    ("line", "codes", "territory"),
    [
        ("Département de l'Ain", ["01"], None),
        ("Département du Nord – Territoire de Lens", ["59"], "Territoire de Lens"),
        ("Départements de la Marne et de la Somme", ["51", "80"], "Départements de la Marne et de la Somme"),
        ("Département de l'Ain (comme dans le Nord)", ["01"], None),
    ],
)
def test_a_place_line_gives_departements_and_what_it_adds(line, codes, territory, gazetteer: Gazetteer):
    assert [one.code for one in departements_of(line, gazetteer)] == codes
    assert territory_of(line) == territory
