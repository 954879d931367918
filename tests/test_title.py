"""A derived title is the point of a description, in its own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.title import derive_title


@pytest.mark.parametrize(
    ("prose", "title"),
    [
        ("Le défi vise à réduire le bruit, notamment la nuit.", "Réduire le bruit"),
        ("Le projet consistera à planter et à tailler des arbres.", "Planter et tailler des arbres"),
        ("L’enjeu du défi est de tester une réponse inédite, ainsi que de rire.", "Tester une réponse inédite"),
        ("L'équipe candidate souhaite proposer aux élèves un atelier.", "Proposer aux élèves un atelier"),
        ("La ville de Brest a pour ambition, avec ses agents, d’ouvrir un lieu.", "Ouvrir un lieu"),
        ("La ville a saisi le laboratoire, afin de concevoir et de bâtir une halle.", "Concevoir et bâtir une halle"),
        ("Accueillir les jeunes, tel est l'objectif.", "Accueillir les jeunes"),
        ("Le programme Envol est un atelier pour les jeunes.", "Le programme Envol – un atelier"),
        ("La région travaille à la création d'un outil.", "Création d'un outil"),
        ("Une commune calme. Le projet vise à la réveiller.", "La réveiller"),
    ],
)
def test_the_lead_in_goes_and_the_point_stays(prose: str, title: str) -> None:
    assert derive_title(prose) == title


def test_the_end_is_preferred_to_the_means_when_both_are_too_long() -> None:
    assert (
        derive_title(
            "Le défi consiste à explorer d’autres modes d’action publique pour définir avec les populations locales un"
            " dispositif visant à augmenter la résilience des quartiers face au risque d’inondation."
        )
        == "Augmenter la résilience des quartiers face au risque d’inondation"
    )


def test_a_list_carries_the_sentence_on() -> None:
    assert (
        derive_title("La direction travaille à un outil pour :\n\n • faciliter les échanges ;\n • le reste.")
        == "Un outil pour faciliter les échanges"
    )


WORDS = ["Le", "défi", "vise", "à", "pour", "d'", "élèves,", "et", ":", ";", ".", "«", "»", "Brest", "aider", "qui"]


@given(st.lists(st.sampled_from(WORDS), min_size=1))
def test_a_title_is_made_of_the_words_of_the_text(words: list[str]) -> None:
    prose = " ".join(["Aide", *words])
    title = derive_title(prose)
    assert title
    assert title[1:] in prose
