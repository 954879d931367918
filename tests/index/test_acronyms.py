"""Acronyms that the corpus itself explains, in either order."""

import pytest

from corpus.text import fold
from index import Analyser
from index.lexical import explained_acronyms


@pytest.fixture(scope="module")
def explained():
    analyser = Analyser.open()
    return lambda *texts: [(one.short, one.long) for one in explained_acronyms(texts, analyser)]


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        (
            "La Maison départementale des personnes handicapées (MDPH) reçoit.",
            "MDPH",
            "Maison départementale des personnes handicapées",
        ),
        ("Le Revenu de solidarité active (RSA) est versé.", "RSA", "Revenu de solidarité active"),
        ("L'économie sociale et solidaire (ESS) recrute.", "ESS", "économie sociale et solidaire"),
        ("Le RSA (revenu de solidarité active) est versé.", "RSA", "revenu de solidarité active"),
        ("à la Maison de l'autonomie (MA)", "MA", "Maison de l'autonomie"),
        ("un « Programme d'intérêt général » (PIG)", "PIG", "Programme d'intérêt général"),
        (
            "FLEUVE (Fonds local d'entraide aux usagers des villages et de la montagne)",
            "FLEUVE",
            "Fonds local d'entraide aux usagers des villages et de la montagne",
        ),
    ],
)
def test_an_acronym_is_explained_by_words_with_its_initials(explained, text, short, long):
    assert explained(text) == [(short, long)]


@pytest.mark.parametrize(
    "text",
    [
        "le Conseil départemental (voir MDPH)",
        "le Département du Gard (ADF)",
        "en région (PACA)",
        "PACTE (Fonds local d'entraide aux usagers)",
        "Nîmes (30)",
        "(RSA)",
        "",
    ],
)
def test_what_does_not_spell_the_letters_is_no_explanation(explained, text):
    assert explained(text) == []


def test_the_most_frequent_reading_wins_whatever_its_case(explained):
    assert explained(
        "une aide sociale à domicile (ASD)",
        "un Accueil Sans Délai (ASD)",
        "l'accueil sans délai (ASD)",
    ) == [("ASD", "Accueil Sans Délai")]


def test_acronyms_stand_in_the_order_of_the_alphabet(explained):
    assert [short for short, _ in explained("le Service social (SS) et l'Aide sociale (AS)")] == ["AS", "SS"]


def test_the_shipped_corpus_explains_its_acronyms(searcher):
    acronyms = searcher.index.contents.acronyms
    known = {one.short: fold(one.long) for one in acronyms}
    assert known["RSA"] == "revenu de solidarite active"
    assert known["MDPH"] == "maison departementale des personnes handicapees"
    assert all(one.short[0].isupper() and len(one.long) > len(one.short) for one in acronyms)
    assert len({one.short for one in acronyms}) == len(acronyms)
