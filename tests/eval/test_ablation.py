"""The ablations of the search as systems, on the almanac: six initiatives, of one passage each."""

import numpy as np
import pytest

from eval.ablation import Ablation, ablated
from eval.run import this_index
from search.retrieve import RRF_K

ASKED = "prêter un vélo aux jeunes apprentis"


@pytest.fixture(scope="module")
def small(almanac):
    return almanac.searcher()


def ranking(small, ablation, text=ASKED):
    return list(ablated(small, ablation).rank(text))


@pytest.mark.parametrize("ablation", Ablation)
def test_every_ablation_finds_the_initiative_that_says_the_same_words(small, ablation):
    assert "velo" in ranking(small, ablation)[0]


def test_the_full_search_is_what_is_served(small):
    served = [hit.initiative.id for hit in small.search(ASKED, k=50).hits]
    assert ranking(small, Ablation.FULL) == list(this_index(small).rank(ASKED)) == served


def test_words_and_vectors_give_the_ranks_that_a_hit_tells(small):
    for hit in small.search(ASKED, k=50).hits:
        assert ranking(small, Ablation.DENSE).index(hit.initiative.id) + 1 == hit.dense_rank
        if hit.lexical_rank:
            assert ranking(small, Ablation.LEXICAL).index(hit.initiative.id) + 1 == hit.lexical_rank


def test_words_find_only_what_shares_a_word(small):
    assert ranking(small, Ablation.LEXICAL, "xylophone") == []
    assert len(ranking(small, Ablation.DENSE, "xylophone")) == 6


def test_fusion_is_in_the_order_of_the_reciprocal_ranks(small):
    words, vectors = ranking(small, Ablation.LEXICAL), ranking(small, Ablation.DENSE)
    scores = {
        id_: sum(1 / (RRF_K + ranked.index(id_) + 1) for ranked in (words, vectors) if id_ in ranked) for id_ in vectors
    }
    fused = ranking(small, Ablation.FUSION)
    assert np.all(np.diff([scores[id_] for id_ in fused]) <= 0)


@pytest.mark.parametrize("ablation", [Ablation.SHEETS_ALONE, Ablation.WITHOUT_ENRICHMENT, Ablation.WITHOUT_THESAURUS])
def test_what_the_project_adds_can_be_left_out(searcher, ablation):
    lay = "mon frangin sort de taule, qui peut lui trouver un boulot ?"
    assert ranking(searcher, ablation, lay) != ranking(searcher, Ablation.FULL, lay)


def test_without_the_thesaurus_a_question_without_its_concepts_ranks_as_before(searcher):
    assert searcher.analyser.analyse("Solinum").concepts == ()
    assert ranking(searcher, Ablation.WITHOUT_THESAURUS, "Solinum") == ranking(searcher, Ablation.FULL, "Solinum")


def test_similar_initiatives_come_with_the_full_search_alone(small):
    assert ablated(small, Ablation.LEXICAL).similar is None
    one = small.catalogue.initiatives[0].id
    similar = this_index(small).similar
    assert similar is not None
    assert set(similar(one)) == {hit.initiative.id for hit in small.similar(one)}
