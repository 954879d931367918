"""The reader of an article: one experiment for each bullet."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import BadDocument
from corpus.load import read_document
from corpus.model import Document, Initiative
from corpus.places import Gazetteer
from corpus.readers import article


def test_the_article_tells_of_five_experiments(documents: dict[str, Document], gazetteer: Gazetteer) -> None:
    told = read_document(documents["article-2019"], gazetteer)
    assert [
        (one.source.start_line, one.source.end_line, one.title, [d.name for d in one.departements], one.start_year)
        for one in told
    ] == [
        (15, 20, "Projet 1 : La réinsertion - Marseille", ["Bouches-du-Rhône"], 2020),
        (22, 27, "Projet 2 : Améliorer la qualité de l’air - Bordeaux", ["Gironde"], 2020),
        (29, 34, "Projet 3 : Simplification administrative - Brest", ["Finistère"], 2020),
        (36, 41, "Projet 4 : Réduire le temps de transmission entre les secours - Melun", ["Seine-et-Marne"], 2020),
        (43, 49, "Projet 5 : Mettre à l’abri les femmes sans-abri - Bordeaux", ["Gironde"], 2020),
    ]


def test_the_title_behind_the_link_is_kept_beside_the_printed_one(
    documents: dict[str, Document], gazetteer: Gazetteer
) -> None:
    # The second link of the article has no colon.
    assert read_document(documents["article-2019"], gazetteer)[1].also_titled == (
        "Améliorer la qualité de l'air à travers une meilleure connaissance et utilisation du chauffage au bois",
    )


def test_prose_is_what_stands_between_bullet_and_link(documents: dict[str, Document], gazetteer: Gazetteer) -> None:
    first = read_document(documents["article-2019"], gazetteer)[0]
    assert [(s.heading, s.start_line, s.end_line) for s in first.sections] == [(None, 17, 18)]
    assert first.text == documents["article-2019"].text(15, 20)


def test_who_made_it_is_the_carrier_and_his_departement_is_only_cited(
    documents: dict[str, Document], gazetteer: Gazetteer
) -> None:
    rescue = read_document(documents["article-2019"], gazetteer)[3]
    assert rescue.lead_organisations == ("Service Départementale d’Incendie et Secours du Val de Marne",)
    assert [departement.name for departement in rescue.cited_departements] == ["Val-de-Marne"]


def without_place_in_text(initiative: Initiative) -> tuple[object, ...]:
    return (initiative.id, initiative.title, initiative.text, initiative.departements, initiative.lead_organisations)


@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_the_others_do_not_change_when_one_experiment_is_taken_out(
    data: st.DataObject, documents: dict[str, Document], gazetteer: Gazetteer
) -> None:
    article = documents["article-2019"]
    told = read_document(article, gazetteer)
    gone = data.draw(st.sampled_from(told))
    lines = article.lines[: gone.source.start_line - 1] + article.lines[gone.source.end_line :]
    rest = read_document(replace(article, lines=lines), gazetteer)
    assert [without_place_in_text(one) for one in rest] == [without_place_in_text(one) for one in told if one != gone]


def test_an_article_without_a_list_tells_of_nothing(documents: dict[str, Document], gazetteer: Gazetteer) -> None:
    assert article.read(replace(documents["article-2019"], lines=("Une page.",)), gazetteer) == []


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("  • Autre chose", ""), r"A bullet of the list is no experiment .*:2\)\. Write it as"),
        (("  • Projet 1 : Le bruit - Brest", "Texte."), r"does not give its own title .*:2\)\. Add the line"),
        (
            (
                "  • Projet 1 : Le bruit - Brest",
                "Découvrir le défi en détail : A",
                "",
                "Perdu.",
                "  • Projet 2 : B - C",
            ),
            r"Text between two experiments belongs to none .*:5\)\. Move it above the link",
        ),
    ],
)
def test_what_the_reader_cannot_assign_is_a_fault_with_its_line(
    lines: tuple[str, ...], message: str, documents: dict[str, Document], gazetteer: Gazetteer
) -> None:
    with pytest.raises(BadDocument, match=message):
        read_document(replace(documents["article-2019"], lines=("LES 5 PROJETS RETENUS", *lines)), gazetteer)
