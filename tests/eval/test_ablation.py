"""The ablations of the search as systems, on the almanac: six initiatives, of one passage each."""

import numpy as np
import pytest
from opening import open_searcher

from eval.ablation import Ablation, ablated
from eval.run import this_index
from search.retrieve import RRF_K

ASKED = "prêter un vélo aux jeunes apprentis"


@pytest.fixture(scope="module")
def searcher(almanac):
    return almanac.searcher()


@pytest.fixture(scope="module")
def shipped(built):
    return open_searcher(built)


def ranking(searcher, ablation, text=ASKED):
    return list(ablated(searcher, ablation).rank(text))


@pytest.mark.parametrize("ablation", Ablation)
def test_every_ablation_finds_the_initiative_that_says_the_same_words(searcher, ablation):
    assert "velo" in ranking(searcher, ablation)[0]


def test_the_full_search_is_what_is_served(searcher):
    served = [hit.initiative.id for hit in searcher.search(ASKED, k=50).hits]
    assert ranking(searcher, Ablation.FULL) == list(this_index(searcher).rank(ASKED)) == served


def test_words_and_vectors_give_the_ranks_that_a_hit_tells(searcher):
    for hit in searcher.search(ASKED, k=50).hits:
        assert ranking(searcher, Ablation.DENSE).index(hit.initiative.id) + 1 == hit.dense_rank
        if hit.lexical_rank:
            assert ranking(searcher, Ablation.LEXICAL).index(hit.initiative.id) + 1 == hit.lexical_rank


def test_words_find_only_what_shares_a_word(searcher):
    assert ranking(searcher, Ablation.LEXICAL, "xylophone") == []
    assert len(ranking(searcher, Ablation.DENSE, "xylophone")) == 6


def test_fusion_is_in_the_order_of_the_reciprocal_ranks(searcher):
    words, vectors = ranking(searcher, Ablation.LEXICAL), ranking(searcher, Ablation.DENSE)
    scores = {
        id_: sum(1 / (RRF_K + ranked.index(id_) + 1) for ranked in (words, vectors) if id_ in ranked) for id_ in vectors
    }
    fused = ranking(searcher, Ablation.FUSION)
    assert np.all(np.diff([scores[id_] for id_ in fused]) <= 0)


@pytest.mark.parametrize("ablation", [Ablation.SHEETS_ALONE, Ablation.WITHOUT_ENRICHMENT, Ablation.WITHOUT_THESAURUS])
def test_what_the_project_adds_can_be_left_out(shipped, ablation):
    lay = "mon frangin sort de taule, qui peut lui trouver un boulot ?"
    assert ranking(shipped, ablation, lay) != ranking(shipped, Ablation.FULL, lay)


def test_without_the_lexicon_a_question_without_its_notions_ranks_as_before(shipped):
    assert shipped.understand("Solinum").notions == ()
    assert ranking(shipped, Ablation.WITHOUT_THESAURUS, "Solinum") == ranking(shipped, Ablation.FULL, "Solinum")


def test_similar_initiatives_come_with_the_full_search_alone(searcher):
    assert ablated(searcher, Ablation.LEXICAL).similar is None
    one = searcher.initiatives[0].id
    similar = this_index(searcher).similar
    assert similar is not None
    assert set(similar(one)) == {hit.initiative.id for hit in searcher.similar(one)}
