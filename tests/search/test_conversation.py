"""Follow-up questions: a message without a content word of its own asks the question before it for something else."""

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from index import Analyser
from search import question_of

MOBILITY = "mobilité des jeunes en Bretagne ?"
HOSTING = "Qui fait de l'hébergement citoyen pour les femmes SDF à Bordeaux ?"

JOINED = [
    # another place takes the place of the former one
    ([MOBILITY, "et dans le Nord ?"], "mobilité des jeunes dans le Nord ?"),
    ([MOBILITY, "Et en Gironde ?"], "mobilité des jeunes en Gironde ?"),
    ([MOBILITY, "Gironde"], "mobilité des jeunes Gironde ?"),
    ([MOBILITY, "et le 59 ?"], "mobilité des jeunes le département du Nord ?"),
    ([MOBILITY, "des exemples en Gironde ?"], "mobilité des jeunes des exemples en Gironde ?"),
    (["who hosts homeless women in Paris?", "what about Bordeaux?"], "who hosts homeless women Bordeaux ?"),
    (["who hosts homeless women in Paris?", "and in Bordeaux?"], "who hosts homeless women in Bordeaux ?"),
    ([MOBILITY, "et ailleurs ?"], "mobilité des jeunes ?"),
    ([MOBILITY, "elsewhere?"], "mobilité des jeunes ?"),
    # another public
    ([MOBILITY, "et pour les personnes âgées ?"], "mobilité en Bretagne pour les personnes âgées ?"),
    ([MOBILITY, "pour les seniors"], "mobilité en Bretagne pour les seniors ?"),
    (["transport à la demande", "et pour les familles ?"], "transport à la demande pour les familles ?"),
    (["help with rent for students", "and for older people?"], "help with rent for older people ?"),
    (
        ["hébergement d'urgence pour femmes victimes de violences", "et pour les hommes ?"],
        "hébergement d'urgence pour les hommes ?",
    ),
    (
        ["permis de conduire pour demandeurs d'emploi", "et pour les femmes à la rue ?"],
        "permis de conduire pour les femmes à la rue ?",
    ),
    (
        ["transport à la demande", "et les personnes sans domicile ?"],
        "transport à la demande les personnes sans domicile ?",
    ),
    # both at once, and one after the other
    ([HOSTING, "et pour les jeunes à Lille ?"], "Qui fait de l'hébergement citoyen pour les jeunes à Lille ?"),
    (
        [MOBILITY, "et dans le Nord ?", "et pour les personnes âgées ?"],
        "mobilité dans le Nord pour les personnes âgées ?",
    ),
    # another time, other surroundings
    (["mobilité des jeunes en 2016", "et en 2018 ?"], "mobilité des jeunes en 2018 ?"),
    (["mobilité des jeunes", "plus récentes ?"], "mobilité des jeunes plus récentes ?"),
    (["transport à la demande", "et en milieu rural ?"], "transport à la demande en milieu rural ?"),
    # another aspect of the same subject
    ([HOSTING, "combien ça coûte ?"], "combien ça coûte hébergement citoyen pour les femmes SDF à Bordeaux ?"),
    (
        [HOSTING, "combien ça coûte ?", "et les résultats ?"],
        "les résultats hébergement citoyen pour les femmes SDF à Bordeaux ?",
    ),
    (["accueil des réfugiés", "Et depuis quand ?"], "depuis quand accueil des réfugiés ?"),
    (["accueil des réfugiés", "comment ça marche ?"], "comment ça marche accueil des réfugiés ?"),
    (["qui finance HabiTED ?", "Et où ?"], "où HabiTED ?"),
    (
        ["who lends bikes to apprentices?", "how much does it cost?"],
        "how much does it cost lends bikes to apprentices ?",
    ),
    (["transport à la demande", "tell me more"], "tell me more transport à la demande ?"),
    # the same once more
    (["mobilité des jeunes", "d'autres exemples ?"], "mobilité des jeunes ?"),
]
BY_ITSELF = [
    "logement des étudiants",
    "et le logement ?",
    "et l'emploi ?",
    "le handicap",
    "aide aux familles",
    "toutes les initiatives en Gironde",
    "merci",
    "combien coûte un bus itinérant ?",
    "qui lutte contre l'illettrisme dans le Nord ?",
    "how is loneliness tackled in Brittany?",
    "?",
]


@pytest.fixture(scope="module")
def ask(gazetteer):
    analyser = Analyser.open()
    return lambda *messages: question_of(messages, gazetteer, analyser)


@pytest.mark.parametrize(("messages", "question"), JOINED)
def test_a_follow_up_question_is_told_in_one_that_stands_by_itself(ask, messages, question):
    assert ask(*messages) == question


@pytest.mark.parametrize("message", BY_ITSELF)
def test_what_has_a_subject_of_its_own_stands_by_itself(ask, message):
    assert ask(MOBILITY, message) == message


@pytest.mark.parametrize("message", ["et dans le Nord ?", "combien ?", "Gironde", ""])
def test_the_first_message_is_asked_as_it_is(ask, message):
    assert ask(message) == message


@pytest.mark.parametrize(("before", "after"), [("Gironde", "Nord"), ("en 2016", "en 2018")])
def test_a_lone_place_or_time_is_nothing_to_ask_elsewhere(ask, before, after):
    assert ask(before, after) == after


def test_only_the_last_messages_are_looked_at(ask):
    assert ask("mobilité", *(["et en Gironde ?"] * 40)) == "et en Gironde ?"


@examples(max_examples=40)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_whatever_is_said_gives_a_question(ask, messages):
    assert isinstance(ask(*messages), str)
