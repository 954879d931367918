"""The stages of the search as systems, on the almanac: six initiatives, of one passage each."""

import numpy as np
import pytest

from eval.stages import Stage, full_search, stage_of
from opening import open_engine
from search.candidates import RRF_K

ASKED = "prêter un vélo aux jeunes apprentis"


@pytest.fixture(scope="module")
def engine(almanac):
    return almanac.engine()


@pytest.fixture(scope="module")
def shipped(built):
    return open_engine(built)


def ranking(engine, stage, text=ASKED):
    return list(stage_of(engine, stage).rank(text))


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_finds_the_initiative_that_says_the_same_words(engine, stage):
    assert "velo" in ranking(engine, stage)[0]


def test_the_full_stage_is_what_is_served(engine):
    served = [hit.initiative.id for hit in engine.search(ASKED, k=50).hits]
    assert ranking(engine, Stage.FULL) == list(full_search(engine).rank(ASKED)) == served


def test_words_and_vectors_give_the_ranks_that_a_hit_tells(engine):
    for hit in engine.search(ASKED, k=50).hits:
        assert ranking(engine, Stage.VECTORS).index(hit.initiative.id) + 1 == hit.vector_rank
        if hit.word_rank:
            assert ranking(engine, Stage.WORDS).index(hit.initiative.id) + 1 == hit.word_rank


def test_words_find_only_what_shares_a_word(engine):
    assert ranking(engine, Stage.WORDS, "xylophone") == []
    assert len(ranking(engine, Stage.VECTORS, "xylophone")) == 6


def test_fusion_is_in_the_order_of_the_reciprocal_ranks(engine):
    words, vectors = ranking(engine, Stage.WORDS), ranking(engine, Stage.VECTORS)
    scores = {
        id_: sum(1 / (RRF_K + ranked.index(id_) + 1) for ranked in (words, vectors) if id_ in ranked) for id_ in vectors
    }
    fused = ranking(engine, Stage.FUSION)
    assert np.all(np.diff([scores[id_] for id_ in fused]) <= 0)


@pytest.mark.parametrize("stage", [Stage.SHEETS_ALONE, Stage.WITHOUT_LAYER, Stage.WITHOUT_LEXICON])
def test_what_the_project_adds_can_be_left_out(shipped, stage):
    lay = "mon frangin sort de taule, qui peut lui trouver un boulot ?"
    assert ranking(shipped, stage, lay) != ranking(shipped, Stage.FULL, lay)


def test_without_the_lexicon_a_question_without_its_notions_ranks_as_before(shipped):
    assert shipped.understand("Solinum").notions == ()
    assert ranking(shipped, Stage.WITHOUT_LEXICON, "Solinum") == ranking(shipped, Stage.FULL, "Solinum")


def test_similar_initiatives_come_with_the_full_search_alone(engine):
    assert stage_of(engine, Stage.WORDS).similar is None
    one = engine.initiatives[0].id
    similar = full_search(engine).similar
    assert similar is not None
    assert set(similar(one)) == {hit.initiative.id for hit in engine.similar(one)}
