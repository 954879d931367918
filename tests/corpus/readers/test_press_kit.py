"""The reader of a press kit: one experiment under each numbered title of its list."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import BadDocument
from corpus.load import read_document
from corpus.model import Document
from corpus.places import Gazetteer


def test_the_kit_tells_of_five_experiments_and_not_of_ten(documents: dict[str, Document], gazetteer: Gazetteer) -> None:
    told = read_document(documents["dossier-2020"], gazetteer)
    assert [
        (one.source.start_line, one.source.end_line, [d.name for d in one.departements], one.territory, one.start_year)
        for one in told
    ] == [
        (62, 87, ["Bouches-du-Rhône"], "Marseille", 2020),
        (91, 116, ["Gironde"], "Une ou deux communes du territoire métropolitain de Bordeaux", 2020),
        (120, 143, ["Finistère"], "Bretagne, Brest", 2020),
        (147, 168, ["Seine-et-Marne"], "Agglomération Melun Val de Seine", 2020),
        (172, 194, ["Loire-Atlantique", "Gironde"], "Île-de-France / Loire-Atlantique / Gironde", 2020),
    ]


def test_titles_go_without_their_number_and_keep_the_short_title_of_the_summary(
    documents: dict[str, Document], gazetteer: Gazetteer
) -> None:
    third = read_document(documents["dossier-2020"], gazetteer)[2]
    assert third.title == (
        "De 15 à 1 documents : simplifier les étapes administratives du parcours de formation des demandeurs d'emploi"
    )
    assert third.also_titled == ("De 15 à 1 document",)


def test_sections_are_the_headed_stretches_without_the_place(
    documents: dict[str, Document], gazetteer: Gazetteer
) -> None:
    third = read_document(documents["dossier-2020"], gazetteer)[2]
    assert [(s.heading, s.start_line, s.end_line) for s in third.sections] == [
        ("Le défi", 124, 124),
        ("La solution", 128, 128),
        ("Personnes concernées", 132, 132),
        ("L'équipe", 136, 139),
    ]


def test_the_first_of_the_team_carries_unless_the_text_credits_another(
    documents: dict[str, Document], gazetteer: Gazetteer
) -> None:
    told = read_document(documents["dossier-2020"], gazetteer)
    assert [one.lead_organisations for one in told] == [
        ("Structure d'Accompagnement vers la Sortie du centre pénitentiaire des Baumettes (Ministère de la Justice)",),
        ("Direction régionale de l'Environnement, de l'Aménagement et du Logement Nouvelle Aquitaine",),
        ("Pôle Emploi Bretagne",),
        ("Service Départemental Incendies et Secours de Seine-et-Marne",),
        ("Solinum",),
    ]
    assert told[4].partners == ("Préfecture de région Nouvelle Aquitaine", "Bordeaux métropole")


def test_the_press_contact_belongs_to_no_experiment(documents: dict[str, Document], gazetteer: Gazetteer) -> None:
    assert all(
        one.contacts == () and "@" not in one.text for one in read_document(documents["dossier-2020"], gazetteer)
    )


@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_the_others_do_not_change_when_one_experiment_is_taken_out(
    data: st.DataObject, documents: dict[str, Document], gazetteer: Gazetteer
) -> None:
    kit = documents["dossier-2020"]
    told = read_document(kit, gazetteer)
    gone = data.draw(st.sampled_from(told))
    lines = kit.lines[: gone.source.start_line - 1] + kit.lines[gone.source.end_line :]
    rest = read_document(replace(kit, lines=lines), gazetteer)
    assert [(one.id, one.text, one.lead_organisations, one.territory) for one in rest] == [
        (one.id, one.text, one.lead_organisations, one.territory) for one in told if one != gone
    ]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("Perdu.", "", "1 - Le bruit"), r"Text before the first experiment .*:2\)\. Number it"),
        (
            ("1 - Le bruit", "", "Perdu.", "", "Le défi", "", "A."),
            r"stands under no heading .*:4\)\. Give it a heading",
        ),
        (
            ("1 - Le bruit", "", "Où ?", "", "Brest", "", "Perdu."),
            r"More than one line says where .*:7\)\. Keep to one",
        ),
    ],
)
def test_what_the_reader_cannot_assign_is_a_fault_with_its_line(
    lines: tuple[str, ...], message: str, documents: dict[str, Document], gazetteer: Gazetteer
) -> None:
    with pytest.raises(BadDocument, match=message):
        read_document(replace(documents["dossier-2020"], lines=("Les 5 expérimentations lauréates", *lines)), gazetteer)
