"""What a question names in other words than the sheets: acronyms, and concepts in any form and inflection."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Concept
from index import Acronym, Analyser
from search.concepts import AcronymMatcher, ConceptMatcher, CorpusCasing
from tests.small_index import contents_of, passage

CAS = Acronym("CAS", "Circonscriptions d'Action Sociale")
MDPH = Acronym("MDPH", "Maison départementale des personnes handicapées")
RSA = Acronym("RSA", "Revenu de Solidarité Active")
TEXT = "Dans ce cas, le Revenu de Solidarité Active (RSA) est versé par les CAS."
CONTENTS = contents_of([], acronyms=(CAS, MDPH, RSA), passages=[passage("a", TEXT)])
CASING = CorpusCasing.of(CONTENTS.passages)


@pytest.mark.parametrize(
    ("text", "acronyms"),
    [
        ("allocataires du RSA", (RSA,)),
        ("allocataires du rsa", (RSA,)),
        ("le revenu de solidarité active en pratique", (RSA,)),
        ("la maison departementale des personnes handicapees", (MDPH,)),
        ("RSA et MDPH, et encore RSA", (MDPH, RSA)),
        ("les CAS du département", (CAS,)),
        ("que faire dans ce cas ?", ()),
        ("les circonscriptions d'action sociale et le RSA", (CAS, RSA)),
        ("la solidarité active", ()),
        ("un RSAS", ()),
        ("un bus", ()),
        ("", ()),
    ],
)
def test_an_acronym_is_met_in_either_form_but_not_as_an_ordinary_word(text: str, acronyms: tuple[Acronym, ...]):
    assert AcronymMatcher.of(CONTENTS.acronyms, CASING.lower_case).match(text) == acronyms


def test_words_in_capitals_are_those_that_stand_nowhere_in_lower_case():
    assert CASING.always_capitals == {"rsa"}
    assert {"cas", "dans", "verse"} & CASING.lower_case == {"cas", "verse"}


THESAURUS = (
    Concept(
        id="prison",
        official=("prison", "établissement pénitentiaire"),
        lay=("taule", "en cabane"),
        en=("jail",),
        acronym=None,
        field="justice",
    ),
    Concept(
        id="rsa",
        official=("revenu de solidarité active",),
        lay=("toucher le RSA",),
        en=("minimum income",),
        acronym="RSA",
        field="insertion",
    ),
    Concept(
        id="cap", official=("certificat d'aptitude professionnelle",), lay=(), en=(), acronym="CAP", field="emploi"
    ),
    Concept(id="aieule", official=("grand-parent",), lay=("mémé",), en=("grandmother",), acronym=None, field="famille"),
    Concept(id="logis", official=("logement",), lay=("toit",), en=(), acronym=None, field="logement"),
    Concept(id="abri", official=("hébergement",), lay=("toit",), en=(), acronym=None, field="logement"),
)


@pytest.fixture(scope="module")
def concepts() -> ConceptMatcher:
    return ConceptMatcher.of(THESAURUS, Analyser.open(), frozenset({"rsa", "pmi"}))


@pytest.mark.parametrize(
    ("question", "words", "synonyms"),
    [
        ("mon frère est en taule", "taule", ("prison",)),
        ("les TAULES de France", "TAULES", ("prison",)),
        ("des établissements pénitentiaires", "établissements pénitentiaires", ("prison",)),
        ("les prisons", "prisons", ()),
        ("a job after jail", "jail", ("prison",)),
        ("allocataire du RSA", "RSA", ("revenu de solidarité active",)),
        ("je veux toucher le RSA", "toucher le RSA", ("revenu de solidarité active",)),
        ("le rsa des jeunes", "rsa", ("revenu de solidarité active",)),
        ("passer un CAP cuisine", "CAP", ("certificat d'aptitude professionnelle",)),
        ("l'établissement pénitentiaire d'à côté", "établissement pénitentiaire", ("prison",)),
        ("sans toit", "toit", ("logement", "hébergement")),
    ],
)
def test_a_concept_is_met_in_any_form_and_inflection(concepts: ConceptMatcher, question, words, synonyms):
    (mention,) = concepts.match(question)
    assert question[mention.start : mention.end] == words
    assert mention.synonyms == synonyms


def test_a_mention_names_the_rows_of_its_concepts_even_when_it_is_their_preferred_term(concepts: ConceptMatcher):
    assert [mention.rows for mention in concepts.match("prison, toit")] == [(0,), (4, 5)]


@pytest.mark.parametrize(
    "question", ["tenir le cap", "même sans rien", "cabane au fond du jardin", "un revenu actif", "", "?!", "rs a"]
)
def test_other_words_name_no_concept(concepts: ConceptMatcher, question: str):
    assert concepts.match(question) == ()


def test_an_acronym_that_is_a_stop_word_counts_in_capitals_only():
    east = Concept(
        id="est", official=("établissement scolaire temporaire",), lay=(), en=(), acronym="EST", field="enfance"
    )
    concepts = ConceptMatcher.of([east], Analyser.open(), frozenset({"est"}))
    assert concepts.match("il est tard") == ()
    assert [mention.rows for mention in concepts.match("ouvrir un EST")] == [(0,)]


def test_without_a_thesaurus_no_concept_is_met():
    assert ConceptMatcher.of((), Analyser.open(), frozenset()).match("en taule") == ()


@given(st.text(max_size=60))
def test_mentions_follow_each_other_within_the_question(concepts: ConceptMatcher, question: str):
    mentions = concepts.match(question)
    bounds = [bound for mention in mentions for bound in (mention.start, mention.end)]
    assert bounds == sorted(bounds)
    assert all(0 <= bound <= len(question) for bound in bounds)
