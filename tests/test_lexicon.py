"""The lexicon: notions in whatever words, and what a question gains by them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.lexicon_entry import LexiconEntry
from index.encoder import unit_rows
from index.lexicon import STEPS
from index.words import Analyser
from search.lexicon import Lexicon, Notion
from search.ranking import OTHERWISE, Weighed, understood_scores

ENTRIES = (
    LexiconEntry(
        "prison", ("prison", "établissement pénitentiaire"), ("taule", "en cabane"), ("jail",), None, "justice"
    ),
    LexiconEntry("rsa", ("revenu de solidarité active",), ("toucher le RSA",), ("minimum income",), "RSA", "insertion"),
    LexiconEntry("cap", ("certificat d'aptitude professionnelle",), (), (), "CAP", "emploi"),
    LexiconEntry("aieule", ("grand-parent",), ("mémé",), ("grandmother",), None, "famille"),
)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.of(ENTRIES, Analyser.open(), frozenset({"rsa", "pmi"}))


@pytest.mark.parametrize(
    ("question", "words", "also"),
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
    ],
)
def test_a_notion_is_met_in_any_form_and_inflection(lexicon: Lexicon, question: str, words: str, also: tuple[str, ...]):
    (notion,) = lexicon.named_in(question)
    assert question[notion.start : notion.end] == words
    assert notion.also == also


@pytest.mark.parametrize(
    "question", ["tenir le cap", "même sans rien", "cabane au fond du jardin", "un revenu actif", "", "?!", "rs a"]
)
def test_other_words_name_no_notion(lexicon: Lexicon, question: str):
    assert lexicon.named_in(question) == ()


@given(st.text(max_size=60))
def test_notions_follow_each_other_within_the_question(lexicon: Lexicon, question: str):
    notions = lexicon.named_in(question)
    bounds = [bound for notion in notions for bound in (notion.start, notion.end)]
    assert bounds == sorted(bounds)
    assert all(0 <= bound <= len(question) for bound in bounds)


def weighed(*notions: Notion) -> Weighed:
    """A question of two tokens, "taule lyon", of weights 2 and 1."""
    spans = np.array([[0, 5], [6, 10]], np.int32)
    return Weighed("taule lyon", 2, np.eye(2, dtype=np.float32), np.array([2, 1], np.float32), spans, notions)


def said(score: float) -> np.ndarray:
    return np.array([[round(score * STEPS)]], np.int8)


BEST = np.array([[0.1, 0.4]], np.float32)


def test_without_notions_the_score_is_the_weighted_mean_of_the_best_cosines():
    assert understood_scores(weighed(), BEST, said(1)).tolist() == pytest.approx([(2 * 0.1 + 0.4) / 3])


def test_a_notion_said_in_other_words_counts_as_they_do():
    score = understood_scores(weighed(Notion(0, 5, (0,), ("prison",))), BEST, said(1))
    assert score.tolist() == pytest.approx([(2 * OTHERWISE + 0.4) / 3])


def test_the_question_s_own_words_are_never_drowned():
    score = understood_scores(weighed(Notion(0, 5, (0,), ("prison",))), BEST, said(0.05))
    assert score.tolist() == pytest.approx([(2 * 0.1 + 0.4) / 3])


def test_a_notion_is_said_where_a_passage_has_its_standard_term(engine):
    entries = engine.index.contents.lexicon
    row = next(row for row, entry in enumerate(entries) if entry.acronym == "MNA")
    holds = np.array(["mineurs non accompagnés" in passage.text for passage in engine.index.contents.passages])
    scores = engine.index.lexicon.passages[row]
    assert scores[holds].min() > np.median(scores[~holds])


def test_what_is_kept_in_eight_bits_is_the_best_score_of_the_forms(engine):
    index, encoder = engine.index, engine.encoder
    entry, every = index.contents.lexicon[0], np.arange(len(index.contents.passages))
    best = np.max(
        [
            index.tokens.scores(unit_rows(one.states - index.questions.states), index.tokens.weights(one.tokens), every)
            for one in encoder.questions(list(entry.forms))
        ],
        axis=0,
    )
    np.testing.assert_allclose(index.lexicon.passages[0] / STEPS, best, atol=0.02)


def test_lay_words_and_acronyms_are_told_with_their_standard_terms(engine):
    query = engine.understand("un boulot pour les MNA")
    assert ("boulot", ("emploi",)) in query.understood_as()
    assert ("MNA", ("mineur non accompagné",)) in query.understood_as()
