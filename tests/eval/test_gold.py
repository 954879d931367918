"""Gold says which words a right statement must hold, so that neither a lucky fragment nor a wrong lead passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.gold import Gold, gold_words

PARTNERS = Gold((("huit", "8", "eight"), ("partenaire*", "partner*")))


@pytest.mark.parametrize(
    ("statement", "held"),
    [
        ("« **Huit** partenaires, dont trois français, sont engagés. »", True),
        ("Eight partners are part of it.", True),
        ("8 partenaires", True),
        ("18 partenaires", False),
        ("Huit communes, sans aucun allié.", False),
        ("", False),
    ],
)
def test_of_every_group_one_alternative_must_stand_there_in_either_language(statement, held):
    assert PARTNERS.is_held(statement) is held


@pytest.mark.parametrize(
    ("gold", "statement", "held"),
    [
        ("isol*", "rompre l'isolement", True),
        ("isol*", "mettre à l'abri du désisolement", False),
        ("isol", "rompre l'isolement", False),
        ("8 mois", "18 mois", False),
        ("8 mois", "pendant 8 mois.", True),
        ("1/4", "environ ¼ du coût d'un pack", True),
        ("1 500", "cible : 1\u202f500 personnes", True),
        ("dpds-direction@indre.fr", "Écrire à dpds-direction@indre.fr.", True),
        ("premier contact", "dès le 1^{er} contact", False),
        ("1er contact", "dès le 1^{er} contact", True),
        ("l'Hôtel du Département", "à l’hotel du departement", True),
    ],
)
def test_words_follow_each_other_whatever_their_accents_signs_and_markup(gold, statement, held):
    assert Gold(((gold,),)).is_held(statement) is held


def test_of_a_list_so_many_are_enough_as_are_said_to_be():
    axes = Gold((("prévention",), ("accompagnement",), ("partenariat",), ("inclusion",)), least=3)
    assert axes.is_held("prévention, accompagnement et inclusion")
    assert not axes.is_held("prévention et inclusion")


@pytest.mark.parametrize(
    ("statement", "held"),
    [
        ("Oui. « Les bénéficiaires sont locataires de leur logement. »", True),
        ("**Yes.** They are locataires.", True),
        ("« Les bénéficiaires sont locataires de leur logement. »", True),
        ("Non. « Les bénéficiaires sont locataires de leur logement. »", False),
        ("No, they are locataires.", False),
        ("Oui.", False),
    ],
)
def test_a_yes_or_no_that_is_said_must_be_the_right_one(statement, held):
    assert Gold((("locataires",),), says="yes").is_held(statement) is held


@pytest.mark.parametrize(
    ("lead", "contradicted"),
    [
        ("2016 —", True),
        ("2014 —", False),
        ("depuis 2014, puis 2016 —", False),
        ("La première année —", False),
        ("", False),
    ],
)
def test_a_lead_with_another_figure_contradicts_the_quote_behind_it(lead, contradicted):
    assert Gold((("2014",),)).is_contradicted(lead) is contradicted


def test_a_lead_that_says_the_figure_in_words_contradicts_nothing():
    gold = Gold((("centaine", "hundred", "100"),))
    assert gold.is_contradicted("5 séances en 2018")
    assert not gold.is_contradicted("5 séances en 2018, soit une centaine de personnes")


def test_no_lead_contradicts_gold_without_figures():
    assert not Gold((("Carpe Diem",),)).is_contradicted("31 —")


@pytest.mark.parametrize(
    ("groups", "least", "wrong"),
    [
        ((("a",),), 2, "'least' is 2, of 1 groups"),
        ((("a",),), 0, "'least' is 0"),
        ((("a", "…"),), None, "'…' has no word"),
        ((("*",),), None, "has no word"),
    ],
)
def test_gold_that_nothing_could_hold_is_refused(groups, least, wrong):
    with pytest.raises(ValueError, match=wrong):
        Gold(groups, least)


@given(st.text())
def test_a_text_holds_its_own_words(text):
    if words := gold_words(text):
        assert Gold(((" ".join(words),),)).is_held(text)
