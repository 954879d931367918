"""Records and expansions add to the scores of the sheets they speak of; concepts are compared with all texts."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Concept, Enrichment, Expansions, bundled_profile
from index import COSINE_STEPS, ConceptScores, ExpansionIndex, combine_scores
from index.expansion import record_text
from tests import atlas
from tests.word_encoder import index_of

WEIGHTS = bundled_profile().weights
UNIT = st.floats(-1, 1, width=32)


def expansions_of(expansions: list[list[float]], starts: list[int]) -> ExpansionIndex:
    """Expansions without records, in two dimensions."""
    return ExpansionIndex(None, np.array(expansions, np.float32), np.array(starts))


def combined(passage: float, record: float, similarity: float, row: int = 0) -> float:
    """The combined score of one passage, whose record is in this row."""
    given = (np.array([value], np.float32) for value in (record, similarity))
    (score,) = combine_scores(np.array([passage], np.float32), np.array([row]), *given, WEIGHTS)
    return float(score)


def test_a_record_is_read_as_one_text_with_the_labels_of_its_publics_and_topics():
    assert record_text(atlas.record(), atlas.enrichment().vocabulary) == (
        "The bus. Un bus va partout.. A bus goes everywhere.. comment aller en ville. bus de campagne. rural bus. "
        "Habitants, Mobilité, Residents, Mobility"
    )


def test_similarity_is_the_mean_cosine_with_the_three_nearest_expansions():
    index = expansions_of([[1, 0], [0, 1], [0.8, 0.6], [0.6, 0.8], [0, 1], [1, 0]], [0, 4, 6])
    similarities = index.similarities(np.array([1, 0], np.float32))
    assert similarities.tolist() == pytest.approx([(1 + 0.8 + 0.6) / 3, (1 + 0) / 2])


def test_the_embedding_of_a_record_is_the_mean_of_its_expansions_centred():
    index = expansions_of([[1, 0], [0, 1], [1, 0], [0, 1], [0, -1]], [0, 2, 3, 5])
    # Means (0.7071, 0.7071), (1, 0) and nothing at all; what they share, (0.569, 0.2357), is taken away.
    assert index.embeddings[1].tolist() == pytest.approx([0.8774, -0.4798], abs=1e-3)
    assert index.embed(np.array([[1, 0]], np.float32)).tolist() == pytest.approx([0.8774, -0.4798], abs=1e-3)


def test_a_passage_without_a_record_keeps_its_score():
    assert combined(0.4, 0.8, 0.6, row=-1) == pytest.approx(0.4)


def test_scores_are_combined_by_the_weights():
    # (0.4 + 0.75 × 0.8 + 0.5 × 0.6) / (1 + 0.75 + 0.5)
    assert combined(0.4, 0.8, 0.6) == pytest.approx(0.57778, abs=1e-5)


def test_each_passage_takes_the_record_of_its_own_initiative():
    scores = combine_scores(
        np.array([0.4, 0.4, 0.4], np.float32),
        np.array([1, -1, 0]),
        np.array([0.8, 0.1], np.float32),
        np.array([0.6, 0.1], np.float32),
        WEIGHTS,
    )
    assert scores.tolist() == pytest.approx([0.23333, 0.4, 0.57778], abs=1e-5)


@given(UNIT, UNIT, UNIT)
def test_a_combined_score_lies_between_its_parts(passage: float, record: float, similarity: float):
    parts = (passage, record, similarity)
    assert min(parts) - 1e-6 <= combined(*parts) <= max(parts) + 1e-6


WORDS = ("eau", "vélo", "école")


def test_expansions_are_centred_as_questions_are_and_found_by_their_words():
    record = replace(atlas.record(), initiative="initiative-1", expansions=Expansions(("vélo", "école"), ("vélo",)))
    index = index_of(*WORDS, words=WORDS, enrichment=Enrichment((record,), atlas.enrichment().vocabulary))
    assert index.records.tolist() == index.records_of_initiatives.tolist() == [-1, 0, -1]
    question = index.centre.vector(np.array([0, 0, 1, 0], np.float32))
    # The axes of three words, less their mean, lie at 120° to each other: cosines 1, -1/2 and 1.
    assert index.expansion.similarities(question).tolist() == pytest.approx([0.5])
    assert len(index.expansion.records) == 1


def concept(official: str, lay: str) -> Concept:
    return Concept(id=official, official=(official,), lay=(lay,), en=(), acronym=None, field="")


def test_a_concept_is_said_where_one_of_its_forms_is():
    words = ("eau", "vélo", "bicyclette", "école")
    scores = index_of(*words, words=words, thesaurus=(concept("vélo", "bicyclette"), concept("école", "eau"))).concepts
    # The axes of four words, less their mean, have cosines of -1/3.
    assert scores.passages.tolist() == [
        pytest.approx([-COSINE_STEPS / 3, COSINE_STEPS, COSINE_STEPS, -COSINE_STEPS / 3], abs=1),
        pytest.approx([COSINE_STEPS, -COSINE_STEPS / 3, -COSINE_STEPS / 3, COSINE_STEPS], abs=1),
    ]
    assert scores.records.shape == (2, 0)


def test_without_a_thesaurus_nothing_is_said_anywhere(tmp_path):
    scores = index_of(*WORDS, words=WORDS).concepts
    assert scores.passages.shape == (0, 3)
    scores.save(tmp_path / "concepts")
    assert ConceptScores.open(tmp_path / "concepts").passages.shape == (0, 3)


def test_what_is_kept_of_a_concept_of_the_shipped_thesaurus_is_the_best_score_of_its_forms(searcher):
    index = searcher.index
    concept, every = index.contents.thesaurus[0], np.arange(len(index.contents.passages))
    scores = [
        index.multivector.scores(index.centre.states(one.states), index.multivector.weights(one.tokens), every)
        for one in searcher.encoder.questions(list(concept.forms))
    ]
    np.testing.assert_allclose(index.concepts.passages[0] / COSINE_STEPS, np.max(scores, axis=0), atol=0.02)


def test_every_initiative_of_the_shipped_corpus_has_a_record_and_its_cluster_shares_it(searcher):
    records, clusters = searcher.index.records_of_initiatives, searcher.catalogue.clusters
    assert records.min() == 0
    pairs = set(zip(records.tolist(), clusters.tolist(), strict=True))
    assert len(pairs) == len(set(records.tolist())) == len(set(clusters.tolist())) == searcher.index.manifest.records


def test_everyday_words_find_a_sheet_that_has_none_of_them_and_the_sheet_speaks(searcher):
    results = searcher.search("se chauffer aux bûches sans enfumer ses voisins", k=3)
    hit = results.hits[0]
    assert "chauffage" in hit.initiative.title
    assert hit.by_record
    assert hit.passage.text in hit.initiative.text
    assert hit.record.summary not in hit.initiative.text


def test_the_words_of_the_sheet_itself_count_as_before(searcher):
    hit = searcher.search("Schéma de développement social 65").hits[0]
    assert hit.initiative.id.endswith("-65")


@pytest.mark.parametrize(("asked", "language"), [(None, "en"), ("fr", "fr"), ("en", "en")])
def test_summaries_are_in_the_reader_s_language_or_else_the_question_s(searcher, asked, language):
    results = searcher.search("wood heating and air quality", k=1, language=asked)
    assert results.language == language
    assert results.hits[0].record.language == language
    labels = {value.label for value in results.facets["topic"]}
    assert ("Environment and climate" if language == "en" else "Environnement et climat") in labels


def test_questions_about_something_else_find_nothing(searcher):
    for question in ("prix du bitcoin demain", "how to cook pasta carbonara", "résultats de la ligue des champions"):
        assert searcher.search(question).hits == ()
