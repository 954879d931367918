"""The reader of a list of winners: one for each outer bullet, with or without a lead organisation."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import BadDocument
from corpus.load import read_document
from corpus.model import Document
from corpus.places import Gazetteer


def test_the_page_has_twenty_seven_winners_under_three_themes(
    documents: dict[str, Document], gazetteer: Gazetteer
) -> None:
    assert Counter(one.theme for one in read_document(documents["laureats-2022"], gazetteer)) == {
        "transformation des organisations et l’innovation managériale": 8,
        "solutions de transformation entièrement numériques": 5,
        "amélioration du parcours usagers / qualité du service rendu à l’usager": 14,
    }


def test_every_winner_has_its_place(documents: dict[str, Document], gazetteer: Gazetteer) -> None:
    told = read_document(documents["laureats-2022"], gazetteer)
    assert {one.source.start_line: [d.name for d in one.departements] for one in told if one.departements} == {
        68: ["Morbihan"],
        81: ["Seine-et-Marne"],
        91: ["La Réunion"],
        101: ["Gironde"],
        133: ["Meurthe-et-Moselle"],
        161: ["Tarn"],
        173: ["Haute-Garonne"],
        183: ["Calvados"],
        194: ["Savoie"],
        204: ["Puy-de-Dôme"],
        217: ["Gironde"],
        225: ["Loir-et-Cher"],
        247: ["Paris"],
        270: ["Côtes-d'Armor"],
        280: ["Corse-du-Sud", "Haute-Corse"],
    }


def test_a_region_is_a_territory_and_no_departement(documents: dict[str, Document], gazetteer: Gazetteer) -> None:
    told = {one.source.start_line: one for one in read_document(documents["laureats-2022"], gazetteer)}
    assert (told[239].departements, told[239].territory) == ((), "Hauts-de-France")
    assert told[68].territory == "Pays de Lorient"


@pytest.mark.parametrize(
    ("line", "leads", "partners"),
    [
        (
            68,
            ("Préfecture de Bretagne", "Région Bretagne", "Laboratoire d’innovation territorial Ti Lab"),
            ("partenaires territoriaux du Pays de Lorient",),
        ),
        (
            101,
            ("SMICVAL, syndicat mixte de collecte et de traitement des déchets du Libournais et de la Haute-Gironde",),
            ("laboratoire d’innovation La Base", "Conseil départemental de la Gironde"),
        ),
        (161, ("Préfecture du Tarn",), ("laboratoire d’innovation LabO d’Occitanie",)),
        (
            183,
            (
                "Direction de l’Emploi, du Travail et des Solidarités (DDETS) du Calvados"
                " (ministère des Solidarités et de la Santé (MSS))",
            ),
            (
                "SIAO",
                "conseil départemental",
                "CAF",
                "associations d'aide alimentaire",
                "missions locales",
                "pôle emploi",
            ),
        ),
        (257, (), ()),
    ],
)
def test_the_carrier_line_is_parted_into_carriers_and_partners(
    line: int,
    leads: tuple[str, ...],
    partners: tuple[str, ...],
    documents: dict[str, Document],
    gazetteer: Gazetteer,
) -> None:
    told = {one.source.start_line: one for one in read_document(documents["laureats-2022"], gazetteer)}
    assert (told[line].lead_organisations, told[line].partners) == (leads, partners)


def test_the_winner_of_whom_no_more_is_printed_than_a_sentence_is_a_winner_too(
    documents: dict[str, Document], gazetteer: Gazetteer
) -> None:
    told = {one.source.start_line: one for one in read_document(documents["laureats-2022"], gazetteer)}
    assert told[257].title == "Prévention de la perte d’autonomie des personnes âgées"
    assert told[257].source.end_line == 257


def test_prose_on_the_line_of_its_label_belongs_to_the_section(
    documents: dict[str, Document], gazetteer: Gazetteer
) -> None:
    told = {one.source.start_line: one for one in read_document(documents["laureats-2022"], gazetteer)}
    assert [(s.heading, s.start_line, s.end_line) for s in told[225].sections] == [
        ("Description du projet", 229, 233),
        ("Bénéfices du projet pour les agents et les usagers", 237, 238),
    ]
    assert [(s.start_line, s.end_line) for s in told[49].sections] == [(51, 53), (57, 58)]


@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_the_others_do_not_change_when_one_winner_is_taken_out(
    data: st.DataObject, documents: dict[str, Document], gazetteer: Gazetteer
) -> None:
    page = documents["laureats-2022"]
    told = read_document(page, gazetteer)
    gone = data.draw(st.sampled_from(told))
    lines = page.lines[: gone.source.start_line - 1] + page.lines[gone.source.end_line :]
    rest = read_document(replace(page, lines=lines), gazetteer)
    assert [(one.id, one.text, one.theme, one.lead_organisations) for one in rest] == [
        (one.id, one.text, one.theme, one.lead_organisations) for one in told if one != gone
    ]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("Perdu.",), r"Text in the list belongs to no winner .*:2\)\. Open a winner"),
        (("  • Porteur du projet : Ville de Brest", "Perdu."), r"belongs to no winner .*:3\)\. Open a winner"),
        (
            ("  • Porteur du projet : Ville de Brest",),
            r"no description below its lead organisation .*:2\)\. Write 'Description",
        ),
        (
            ("  • Porteur du projet : Ville de Brest", "    Perdu.", "    Description du projet : Courir."),
            r"no description below its lead organisation .*:3\)\. Write 'Description",
        ),
    ],
)
def test_what_the_reader_cannot_assign_is_a_fault_with_its_line(
    lines: tuple[str, ...], message: str, documents: dict[str, Document], gazetteer: Gazetteer
) -> None:
    opening = "Parmi les projets lauréats certains touchent la vie, c’est le cas de :"
    with pytest.raises(BadDocument, match=message):
        read_document(replace(documents["laureats-2022"], lines=(opening, *lines)), gazetteer)
