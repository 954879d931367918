"""Spelling: one question in capitals, without accents or without apostrophes is the question a corpus would print."""

import pytest

from corpus.places import Gazetteer
from index import Acronym, Analyser
from search.spelling import SpellingRestorer
from tests.small_index import contents_of, passage

TEXT = """La lutte contre l'isolement des personnes âgées : de l'aide à l'autonomie, de l'aide à la mobilité, de l'aide
à domicile. Une épicerie solidaire au cœur de la ville, où les aînés vont à pied. Il y a un bus ou un car.
Le Revenu de Solidarité Active (RSA). Les métiers d'art. Un pôle de médiation."""
RSA = Acronym("RSA", "Revenu de Solidarité Active")


@pytest.fixture(scope="module")
def restorer(gazetteer: Gazetteer) -> SpellingRestorer:
    contents = contents_of([], acronyms=(RSA,), passages=[passage("a", TEXT)])
    return SpellingRestorer.of(contents, Analyser.open(), gazetteer)


@pytest.mark.parametrize(
    ("typed", "restored"),
    [
        ("mobilite", "mobilité"),
        ("mediation", "médiation"),
        ("coeur de ville", "cœur de ville"),
        ("aines isoles", "aînés isolés"),  # the second is in the list of French words alone
        ("l'aide a l'autonomie", "l'aide à l'autonomie"),
        ("il y a un bus", "il y a un bus"),
        ("un bus ou un car", "un bus ou un car"),
    ],
)
def test_lost_accents_are_those_that_the_corpus_prints_there(restorer: SpellingRestorer, typed: str, restored: str):
    assert restorer.restore(typed) == restored


@pytest.mark.parametrize(
    ("typed", "restored"),
    [
        ("contre lisolement", "contre l'isolement"),
        ("contre l isolement", "contre l'isolement"),
        ("jai besoin daide", "j'ai besoin d'aide"),
        ("le port de lorient", "le port de lorient"),
    ],
)
def test_a_lost_apostrophe_is_put_back_where_the_rest_is_a_word(restorer: SpellingRestorer, typed: str, restored: str):
    assert restorer.restore(typed) == restored


@pytest.mark.parametrize(
    ("typed", "restored"),
    [
        ("LUTTE CONTRE L'ISOLEMENT", "lutte contre l'isolement"),
        ("Lutte Contre L'Isolement", "lutte contre l'isolement"),
        ("CŒUR DE VILLE", "cœur de ville"),
        ("EPICERIE SOLIDAIRE", "épicerie solidaire"),
        ("MÉTIERS", "métiers"),
        ("RSA ET MÉTIERS", "RSA et métiers"),
        ("le rsa", "le RSA"),
        ("MDPH", "MDPH"),
        ("la mobilité en Gironde", "la mobilité en Gironde"),
    ],
)
def test_capitals_are_read_as_ordinary_writing_and_acronyms_stay(restorer: SpellingRestorer, typed: str, restored: str):
    assert restorer.restore(typed) == restored


@pytest.mark.parametrize(
    "typed", ["homeless women", "pole", "elder care", "service access", "who helps family carers?", "mental health"]
)
def test_english_questions_take_no_french_accent(restorer: SpellingRestorer, typed: str):
    assert restorer.restore(typed) == typed


def test_a_word_that_was_typed_with_its_accent_stays(restorer: SpellingRestorer):
    assert restorer.restore("à côté de la côte, où va-t-on") == "à côté de la côte, où va-t-on"


@pytest.mark.parametrize(
    ("typed", "restored"),
    [
        ("emploi cote d'or", "emploi côte d'or"),
        ("COTE D'OR", "côte d'or"),
        ("un bus d'un cote de la rue", "un bus d'un côté de la rue"),
    ],
)
def test_the_name_of_a_place_wins_over_the_words_of_the_corpus_and_the_lists(
    restorer: SpellingRestorer, typed: str, restored: str
):
    assert restorer.restore(typed) == restored


def test_a_place_without_its_accents_is_written_as_it_is_called(restorer: SpellingRestorer):
    assert restorer.restore("mobilite a nimes") == "mobilité à nîmes"
