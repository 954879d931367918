"""Features: each is named and means what its name says."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from corpus import Departement, Initiative
from corpus.places import Gazetteer
from search import RankedInitiative
from search.answer import (
    CANDIDATE_FEATURES,
    PRODUCT_FEATURES,
    QUESTION_FEATURES,
    AnswerContext,
    AnswerType,
    candidate_features,
    with_products,
)
from search.answer.candidates import AnswerCandidate, Origin
from search.answer.features import OfSentence, question_features
from tests.atlas import initiative


def context(
    gazetteer: Gazetteer,
    question: str = "Combien de places a le bus ?",
    answer_type: AnswerType = AnswerType.HOW_MANY,
    told: Initiative | None = None,
    places: tuple[Departement, ...] = (),
    record: int = -1,
    silence: float = math.nan,
) -> AnswerContext:
    """A question whose tokens are its last word, rare, and "places", not rare; the bus is second of two initiatives."""
    start, rare = question.index("places") if "places" in question else 0, len(question) - 5
    query = SimpleNamespace(
        text=question,
        places=[SimpleNamespace(departements=places)],
        tokens=SimpleNamespace(
            weights=np.array([1.0, 4.0], np.float32), spans=np.array([[start, start + 6], [rare, rare + 3]])
        ),
    )
    ranking = SimpleNamespace(
        query=query,
        # The bus, passage 0, is the second of two that hold a term of the question; nothing is near by its vector.
        candidates=SimpleNamespace(
            term_coverage=0.75,
            expansion_similarity=np.array([0.4], np.float32),
            lexical_ranks=np.array([2, 1]),
            dense_ranks=np.array([0, 0]),
            reading=SimpleNamespace(),
        ),
        nearest=[RankedInitiative(1, 0.9), RankedInitiative(0, 0.7)],
        reranked=SimpleNamespace(record_scores=np.array([0.6, 0.1]), position=lambda passage: passage),
    )
    return AnswerContext(
        index=SimpleNamespace(
            contents=SimpleNamespace(initiatives=[told or initiative()]),
            records=np.array([record, -1]),
            adaptation=SimpleNamespace(silence_logit=lambda reading, row: silence),
            adapted_rows=np.array([0, -1]),
        ),
        catalogue=SimpleNamespace(gazetteer=gazetteer),
        table=None,
        clusters=np.array([0, 1]),
        ranking=ranking,
        asked=None,
        answer_type=answer_type,
        question_words=frozenset({"combien", "de", "places", "a", "le", "bus"}),
        ranks={0: 2, 1: 1},
        passages=np.array([0, 1]),
        passage_ranks=np.array([2, 1]),
        cosines=np.array([[0.5, 0.3], [0.9, 0.9]], np.float32),
        similarities=None,
        scores=np.array([0.34, 0.9], np.float32),
        best_scores={2: 0.34, 1: 0.9},
    )


def candidate(lead: str = "12 places", origin: Origin = Origin.SPAN, score: float = 5.0) -> AnswerCandidate:
    return AnswerCandidate(row=0, start=0, end=len(lead), lead=lead, origin=origin, score=score)


def told_of(found: AnswerCandidate, asking: AnswerContext) -> dict[str, float]:
    """The features of a candidate that are not 0."""
    features = zip(CANDIDATE_FEATURES, candidate_features(asking, found).tolist(), strict=True)
    return {name: pytest.approx(value, abs=1e-6) for name, value in features if value}


CHOSEN = OfSentence(
    row=0,
    choice=2.5,
    ahead=1.0,
    sentence=0.6,
    in_sentence=0.7,
    fits=1.0,
    counted=0.0,
    short=1.0,
    field=0.0,
    fact=-1.0,
    asked=-1.0,
    asked_in_sheet=-0.5,
    asked_logit=6.0,
    fact_logit=6.5,
    reader=5.0,
)


def told_of_question(asking: AnswerContext) -> dict[str, float]:
    features = question_features(asking, CHOSEN)
    return dict(zip(QUESTION_FEATURES, features.tolist(), strict=True))


def test_a_span_of_the_expected_type(gazetteer: Gazetteer):
    assert told_of(candidate(), context(gazetteer)) == {
        "reader": 0.5,
        "fits": 1,
        "first": 0.5,
        "closeness": 0.34,
        "echo": 0.5,  # "places"
        "length": math.log(10) / 5,
    }


def test_a_span_of_another_type_does_not_fit(gazetteer: Gazetteer):
    assert told_of(candidate("vert", score=0.0), context(gazetteer)) == {
        "misfits": 1,
        "first": 0.5,
        "closeness": 0.34,
        "length": math.log(5) / 5,
    }


def test_where_anything_may_answer_nothing_fits_or_misfits(gazetteer: Gazetteer):
    assert {"fits", "misfits"}.isdisjoint(told_of(candidate(), context(gazetteer, answer_type=AnswerType.WHAT)))


@pytest.mark.parametrize(
    ("origin", "question", "answer_type", "flags"),
    [
        (Origin.LEAD_ORGANISATION, "Qui porte le bus ?", AnswerType.WHO, {"carrier", "carrier asked", "fits"}),
        (Origin.LEAD_ORGANISATION, "Who runs the bus?", AnswerType.WHO, {"carrier", "carrier asked", "fits"}),
        (Origin.LEAD_ORGANISATION, "Qui finance le bus ?", AnswerType.WHO, {"carrier", "fits"}),
        (Origin.PARTNER, "Qui porte le bus ?", AnswerType.WHO, {"partner", "fits"}),
        (Origin.PLACE, "Où va le bus ?", AnswerType.WHERE, {"place", "fits"}),
        (Origin.START, "Quand part le bus ?", AnswerType.WHEN, {"start", "fits"}),
        (Origin.STATUS, "Quand part le bus ?", AnswerType.WHEN, {"status", "misfits"}),
        (Origin.CONTACT, "Qui contacter au bus ?", AnswerType.CONTACT, {"contact", "contact asked", "fits"}),
        (Origin.CONTACT, "Qui conduit le bus ?", AnswerType.WHO, {"contact", "fits"}),
    ],
)
def test_a_field_says_which_it_is_and_whether_it_is_asked_for(
    gazetteer: Gazetteer, origin: Origin, question: str, answer_type: AnswerType, flags: set[str]
):
    named = told_of(candidate("le bus vert", origin, score=0.0), context(gazetteer, question, answer_type))
    assert named.keys() - {"field", "first", "closeness", "echo", "field echo", "length"} == flags
    assert (named["field"], named["field echo"]) == (1, named["echo"])


def test_a_question_is_seen_from_the_sentence_chosen_and_its_initiative(gazetteer: Gazetteer):
    assert told_of_question(context(gazetteer)) == pytest.approx(
        {
            "choice": 0.5,
            "ahead": 0.2,
            "sentence": 0.6,
            "in sentence": 0.7,
            "fits": 1,
            "counted": 0,
            "short": 1,
            "field": 0,
            "fact": -1,
            "asked": -0.2,
            "asked in sheet": -0.1,
            "asked logit": 1.2,
            "silence": math.nan,
            "reader": 0.5,
            "closeness": 0.34,
            "lead": 0.56,
            "matched": 0.2,  # the token of weight 1 of 5 has a cosine of 0.45 or more
            "worst word": 0.3,  # of the rare one
            "known": 0.75,
            "in place": 0,
            "out of place": 0,
            "named": 1,
            "words first": 0.5,
            "vectors first": 0,
            "record": math.nan,
            "phrasings": math.nan,
            "ranked lead": 0.2,
        },
        abs=1e-6,
        nan_ok=True,
    )


def test_an_editorial_record_tells_how_well_it_answers_and_how_near_its_expansions_are(gazetteer: Gazetteer):
    told = told_of_question(context(gazetteer, record=0))
    assert (told["record"], told["phrasings"]) == pytest.approx((0.6, 0.4))


def test_a_question_may_be_liker_what_the_sheet_does_not_answer_than_any_of_its_facts(gazetteer: Gazetteer):
    assert told_of_question(context(gazetteer, silence=9.0))["silence"] == pytest.approx(0.5)  # 9 - 6.5, in fives


@pytest.mark.parametrize(
    ("departement", "inside"),
    [
        (Departement("01", "Ain"), True),
        (Departement("2A", "Corse-du-Sud"), True),
        (Departement("33", "Gironde"), False),
    ],
)
def test_the_initiative_lies_where_the_question_asks_or_elsewhere(
    gazetteer: Gazetteer, departement: Departement, inside: bool
):
    told = told_of_question(context(gazetteer, places=(departement,)))
    assert (told["in place"], told["out of place"]) == (inside, not inside)


@pytest.mark.parametrize(
    ("question", "share"),
    [
        ("Le bus de Bourg ?", 0),  # the territory is no part of the text
        ("Le bus de l'Ain ?", 1),
        ("Le bus de l'Ain en 2016 ?", 0.5),
        ("Bourg a un bus ?", 1),  # the first word has its capital anyway
    ],
)
def test_names_and_numbers_of_the_question_are_looked_for_in_the_sheet(
    gazetteer: Gazetteer, question: str, share: float
):
    assert told_of_question(context(gazetteer, question))["named"] == share


def test_products_follow_the_features_they_are_made_of():
    standardised = np.arange(len(QUESTION_FEATURES), dtype=np.float32)
    products = dict(zip(PRODUCT_FEATURES, with_products(standardised).tolist(), strict=True))
    n = len(QUESTION_FEATURES)
    assert len(products) == n + n * (n + 1) // 2
    assert (products["ahead"], products["ahead × sentence"], products["in sentence × in sentence"]) == (1, 2, 9)
