"""The reader of a programme's page: one challenge for each paragraph that a link follows."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import BadDocument
from corpus.load import read_document
from corpus.model import Document
from corpus.places import Gazetteer


def test_the_page_has_twenty_three_challenges_under_five_themes(
    documents: dict[str, Document], gazetteer: Gazetteer
) -> None:
    assert Counter(one.theme for one in read_document(documents["programme-2019"], gazetteer)) == {
        "Faire le service public avec les bénéficiaires": 4,
        "Donner accès aux droits": 5,
        "Améliorer l'expérience et le parcours usager": 5,
        "S'adapter aux risques émergents": 4,
        "Prendre le problème sous un autre angle": 5,
    }


def test_a_challenge_is_its_paragraph_and_no_more(documents: dict[str, Document], gazetteer: Gazetteer) -> None:
    told = {one.source.start_line: one for one in read_document(documents["programme-2019"], gazetteer)}
    victims = told[126]
    assert victims.source.end_line == 127
    assert victims.title == "Informer les victimes d’infractions pénales sur le suivi de leur plainte"
    assert victims.title_derived
    assert victims.text.endswith("en partant des constats faits auprès d'elles.")


def test_places_carriers_and_names_are_those_of_the_text(documents: dict[str, Document], gazetteer: Gazetteer) -> None:
    told = read_document(documents["programme-2019"], gazetteer)
    assert {one.source.start_line: [d.name for d in one.departements] for one in told if one.departements} == {
        107: ["Paris"],
        249: ["Gironde"],
    }
    assert {one.source.start_line: one.lead_organisations for one in told if one.lead_organisations} == {
        276: ("équipe Hagilis",)
    }
    assert {one.source.start_line: one.also_titled for one in told if one.also_titled} == {
        100: ("SAPEIN (Soutien et Accompagnement des Parents d’Élèves dans l’Inclusion Numérique)",)
    }


@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_the_others_do_not_change_when_one_challenge_is_taken_out(
    data: st.DataObject, documents: dict[str, Document], gazetteer: Gazetteer
) -> None:
    page = documents["programme-2019"]
    told = read_document(page, gazetteer)
    gone = data.draw(st.sampled_from(told))
    link = page.lines.index("En savoir plus", gone.source.end_line)
    rest = read_document(
        replace(page, lines=page.lines[: gone.source.start_line - 1] + page.lines[link + 1 :]), gazetteer
    )
    assert [(one.id, one.text, one.theme) for one in rest] == [
        (one.id, one.text, one.theme) for one in told if one != gone
    ]


PAGE = ("Les thématiques", "Les droits    Les risques", "", " Les droits \u00a0", "")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("Le défi vise à courir.", "", "Perdu.", "", "En savoir plus"), r"does not follow its challenge .*:8\)"),
        (
            ("En savoir plus",),
            r"'En savoir plus' does not follow its challenge .*:6\)\. Each challenge is one paragraph",
        ),
        (("Le défi vise à courir.",), r"after the last challenge belongs to none .*:6\)\. End a challenge with"),
    ],
)
def test_what_the_reader_cannot_assign_is_a_fault_with_its_line(
    lines: tuple[str, ...], message: str, documents: dict[str, Document], gazetteer: Gazetteer
) -> None:
    with pytest.raises(BadDocument, match=message):
        read_document(replace(documents["programme-2019"], lines=(*PAGE, *lines)), gazetteer)


def test_the_counter_of_the_page_is_no_challenge(documents: dict[str, Document], gazetteer: Gazetteer) -> None:
    lines = (*PAGE, "Le défi vise à réduire le bruit, surtout la nuit.", "", "En savoir plus", "", "4165")
    told = read_document(replace(documents["programme-2019"], lines=lines), gazetteer)
    assert [(one.id, one.theme) for one in told] == [("programme-2019-reduire-le-bruit", "Les droits")]
