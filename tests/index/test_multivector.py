"""Late interaction in eight bits: the scores of the plain formula, up to a quantum."""

from math import log

import numpy as np
import pytest

from index import Encoded, MultiVectorIndex, unit_rows
from index.multivector import MIN_IDF

DIMENSION = 24


def encoded_of(tokens, seed):
    """States of the tokens of one passage, in no particular directions."""
    states = np.random.default_rng(seed).normal(size=(len(tokens), DIMENSION)).astype(np.float32)
    return Encoded(states.mean(axis=0), states, np.array(tokens, np.int32), spans_of(tokens))


def spans_of(tokens):
    return np.array([[n, n + 1] for n in range(len(tokens))], np.int32).reshape(-1, 2)


# Token 1 stands in every passage, token 2 in two of four, the others in one.
PASSAGES = [[1, 2, 3], [1, 2], [4, 1, 5, 6, 4], [1]]


@pytest.fixture(scope="module")
def encoded():
    return [encoded_of(tokens, seed) for seed, tokens in enumerate(PASSAGES)]


@pytest.fixture(scope="module")
def index(encoded):
    return MultiVectorIndex.build(encoded, [one.spans for one in encoded])


@pytest.fixture(scope="module")
def question():
    return unit_rows(np.random.default_rng(99).normal(size=(3, DIMENSION)).astype(np.float32))


def exact(encoded, question, weights):
    """Weighted mean of the best cosines, in floats, over all tokens."""
    mean = np.concatenate([one.states for one in encoded]).mean(axis=0)
    best = np.stack([(question @ unit_rows(one.states - mean).T).max(axis=1) for one in encoded])
    return best @ weights / weights.sum()


def test_rare_tokens_weigh_more_by_the_logarithm_of_their_rarity(index):
    assert index.weights(np.array([3, 2, 9])).tolist() == pytest.approx([log(5 / 2), log(5 / 3), log(5 / 1)], abs=1e-6)


def test_a_token_of_every_passage_keeps_a_little_weight(index):
    assert index.weights(np.array([1])).tolist() == [pytest.approx(MIN_IDF)]


def test_in_a_small_corpus_every_token_is_compared(index):
    assert index.ends.tolist() == index.starts[1:].tolist() == [3, 5, 10, 11]


def test_scores_are_weighted_means_of_the_best_cosines(index, encoded, question):
    weights = np.array([1.0, 0.6, 2.0], np.float32)
    scores = index.scores(question, weights, np.arange(4))
    # Both factors of each product are half a quantum off at most.
    worst = DIMENSION * (index.quantum / 2 + np.abs(question).max() / 254) / np.sqrt(DIMENSION)
    np.testing.assert_allclose(scores, exact(encoded, question, weights), atol=worst)
    np.testing.assert_allclose(scores, exact(encoded, question, weights), atol=0.01)


def test_a_common_word_of_a_question_is_left_out_while_there_are_rarer_ones(index, question):
    with_common = index.scores(question, np.array([1.0, 0.2, 2.0], np.float32), np.arange(4))
    without = index.scores(question[[0, 2]], np.array([1.0, 2.0], np.float32), np.arange(4))
    np.testing.assert_allclose(with_common, without, atol=1e-6)


def test_a_question_of_common_words_keeps_the_rarest_of_them(index, question):
    scores = index.scores(question, np.array([0.2, 0.1, 0.1], np.float32), np.arange(4))
    np.testing.assert_allclose(scores, index.scores(question[:1], np.ones(1, np.float32), np.arange(4)), atol=1e-6)


def test_passages_are_scored_in_the_order_asked_for(index, question):
    weights = np.ones(3, np.float32)
    scores = index.scores(question, weights, np.arange(4))
    for order in ([2], [3, 0], [1, 3, 2, 0]):
        np.testing.assert_allclose(index.scores(question, weights, np.array(order)), scores[order], atol=1e-6)


def test_a_question_of_one_token_scores_its_best_cosine(index, encoded, question):
    one = question[:1]
    assert index.scores(one, np.ones(1, np.float32), np.arange(4)).tolist() == pytest.approx(
        exact(encoded, one, np.ones(1)).tolist(), abs=0.01
    )


def test_the_state_of_a_token_finds_itself(index):
    for passage in range(4):
        own = index.centred(slice(int(index.starts[passage]), int(index.ends[passage])))
        cosines = index.compare(own, np.array([passage])).cosines(0)
        assert np.diagonal(cosines).tolist() == pytest.approx([1.0] * len(cosines), abs=0.01)


def test_cosines_and_spans_of_a_passage_belong_together(index, question):
    comparison = index.compare(question, np.arange(4))
    for passage in range(4):
        cosines = comparison.cosines(passage)
        assert cosines.shape == (3, len(index.spans_of(passage)))
        assert len(index.spans_of(passage)) == len(PASSAGES[passage])


def test_centred_states_have_length_one_up_to_a_quantum(index, encoded):
    mean = np.concatenate([one.states for one in encoded]).mean(axis=0)
    np.testing.assert_allclose(np.linalg.norm(index.centred(slice(None)), axis=1), 1, atol=0.02)
    np.testing.assert_allclose(index.mean, mean, atol=1e-6)


def test_what_was_saved_scores_the_same_from_the_disk(index, question, tmp_path):
    index.save(tmp_path / "multivector")
    again = MultiVectorIndex.open(tmp_path / "multivector")
    assert isinstance(again.states.base, np.memmap)
    weights = np.ones(3, np.float32)
    assert (
        again.scores(question, weights, np.arange(4)).tolist() == index.scores(question, weights, np.arange(4)).tolist()
    )
    assert again.weights(np.array([2, 3])).tolist() == index.weights(np.array([2, 3])).tolist()


def common_and_rare():
    """Ten passages: token 1 in all of them, and in all but the last a token of its own."""
    return [encoded_of([1, n + 10, 1], n) for n in range(9)] + [encoded_of([1, 1], 9)]


def test_common_tokens_are_not_compared_where_a_passage_has_others():
    encoded = common_and_rare()
    index = MultiVectorIndex.build(encoded, [one.spans for one in encoded])
    assert (index.ends - index.starts[:-1]).tolist() == [1] * 9 + [2]
    assert [index.spans_of(n).tolist() for n in (0, 9)] == [[[1, 2]], [[0, 1], [1, 2]]]
    assert index.tokens[:3].tolist() == [10, 1, 1]


def test_the_tokens_of_a_passage_can_be_read_in_the_order_of_its_text():
    passages = [*([1, n + 20] for n in range(8)), [7, 1, 8, 1, 9]]  # 1 is common: kept behind the others
    encoded = [encoded_of(tokens, seed) for seed, tokens in enumerate(passages)]
    index = MultiVectorIndex.build(encoded, [one.spans for one in encoded])
    rows = index.reading_order(8)
    assert index.tokens[int(index.starts[8]) :].tolist() == [7, 8, 9, 1, 1]
    assert index.tokens[rows].tolist() == [7, 1, 8, 1, 9]
    assert index.spans[rows].tolist() == [[0, 1], [1, 2], [2, 3], [3, 4], [4, 5]]


def test_every_passage_has_a_score_even_of_common_tokens_alone():
    encoded = common_and_rare()
    index = MultiVectorIndex.build(encoded, [one.spans for one in encoded])
    own = index.centred(slice(int(index.starts[9]), int(index.ends[9])))
    assert index.scores(own, np.ones(2, np.float32), np.arange(10)).argmax() == 9


def test_a_single_passage_can_be_indexed(question):
    encoded = [encoded_of([1, 2], 0)]
    index = MultiVectorIndex.build(encoded, [one.spans for one in encoded])
    assert index.weights(np.array([1, 2])).tolist() == pytest.approx([MIN_IDF] * 2)
    assert index.scores(question, np.ones(3, np.float32), np.arange(1)).shape == (1,)
