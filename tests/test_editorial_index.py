"""The editorial layer in the index: records lift the sheets they speak of, and are never shown in their place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.editorial import (
    NEAREST_PHRASINGS,
    PHRASING_WEIGHT,
    RECORD_WEIGHT,
    EditorialIndex,
    lifted,
    record_text,
)
from tests import atlas

UNIT = st.floats(-1, 1, width=32)


def index_of(phrasings: list[list[float]], starts: list[int]) -> EditorialIndex:
    """An index of phrasings alone, in two dimensions."""
    return EditorialIndex(None, np.array(phrasings, np.float32), np.array(starts))


def test_a_record_is_read_as_one_text_with_the_labels_of_its_publics_and_topics():
    assert record_text(atlas.record(), atlas.layer().vocabulary) == (
        "The bus. Un bus va partout.. A bus goes everywhere.. comment aller en ville. bus de campagne. rural bus. "
        "Habitants, Mobilité, Residents, Mobility"
    )


def test_nearness_is_the_mean_cosine_with_the_nearest_phrasings():
    index = index_of([[1, 0], [0, 1], [0.8, 0.6], [0.6, 0.8], [0, 1], [1, 0]], [0, 4, 6])
    nearness = index.nearness(np.array([1, 0], np.float32))
    assert NEAREST_PHRASINGS == 3
    assert nearness.tolist() == pytest.approx([(1 + 0.8 + 0.6) / 3, (1 + 0) / 2])


def test_a_passage_without_a_record_keeps_its_score():
    source, rows = np.array([0.5, 0.5], np.float32), np.array([-1, 0])
    scores = lifted(source, rows, np.array([0.5], np.float32), np.array([0.5], np.float32))
    assert scores.tolist() == [0.5, 0.5]


def test_a_record_lifts_its_passage_by_the_weights():
    scores = lifted(
        np.array([0.4], np.float32), np.array([0]), np.array([0.8], np.float32), np.array([0.6], np.float32)
    )
    whole = 1 + RECORD_WEIGHT + PHRASING_WEIGHT
    assert scores[0] == pytest.approx((0.4 + RECORD_WEIGHT * 0.8 + PHRASING_WEIGHT * 0.6) / whole)


@given(UNIT, UNIT, UNIT)
def test_a_lifted_score_lies_between_its_parts(source: float, record: float, nearness: float):
    (score,) = lifted(
        *(np.array([value], kind) for value, kind in ((source, np.float32), (0, np.int64))),
        np.array([record], np.float32),
        np.array([nearness], np.float32),
    )
    assert min(source, record, nearness) - 1e-6 <= score <= max(source, record, nearness) + 1e-6


def test_every_initiative_of_the_shipped_corpus_has_a_record_and_twins_share_it(engine):
    rows = engine.index.records_of_initiatives
    assert rows.min() == 0
    assert len(set(rows.tolist())) == engine.index.manifest.records == len(set(engine.rows_of_groups.tolist()))
    for initiative, row in zip(engine.initiatives, rows, strict=True):
        twins = [
            engine.index.records_of_initiatives[engine.initiatives.index(engine.initiative(id))]
            for id in initiative.same_as
        ]
        assert set(twins) <= {row}


def test_everyday_words_find_a_sheet_that_has_none_of_them_and_the_sheet_speaks(engine):
    results = engine.search("se chauffer aux bûches sans enfumer ses voisins", k=3)
    hit = results.hits[0]
    assert "chauffage" in hit.initiative.title
    assert hit.by_editorial
    assert hit.passage.text in hit.initiative.text
    assert hit.editorial.summary not in hit.initiative.text


def test_the_words_of_the_sheet_itself_count_as_before(engine):
    hit = engine.search("Schéma de développement social 65").hits[0]
    assert hit.initiative.id.endswith("-65")


@pytest.mark.parametrize(("asked", "language"), [(None, "en"), ("fr", "fr"), ("en", "en")])
def test_summaries_are_in_the_reader_s_language_or_else_the_question_s(engine, asked, language):
    results = engine.search("wood heating and air quality", k=1, language=asked)
    assert results.language == language
    assert results.hits[0].editorial.language == language
    labels = {value.label for value in results.facets["topic"]}
    assert ("Environment and climate" if language == "en" else "Environnement et climat") in labels


def test_questions_about_something_else_find_nothing(engine):
    for question in ("prix du bitcoin demain", "how to cook pasta carbonara", "résultats de la ligue des champions"):
        assert engine.search(question).hits == ()
