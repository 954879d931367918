"""Training the span reader: it learns to find what is asked for, and is served as it was trained."""

from collections.abc import Iterator

import numpy as np
import onnxruntime
import pytest
import torch

from eval.training.examples import Answering, Example, Examples, Text
from eval.training.network import ReaderNetwork, export
from eval.training.reader import FIRST, SECOND, train_reader

pytestmark = pytest.mark.slow

DIMENSION, WORDS, LENGTH = 16, 60, 12
WEIGHT = 3.0  # of every word


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    """The sums of a training are those of its number of threads."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def text(words: list[int]) -> Text:
    """Words of a made-up language, each with a direction of its own."""
    directions = np.random.default_rng(5).normal(size=(WORDS, DIMENSION))
    states = (directions / np.linalg.norm(directions, axis=1, keepdims=True))[words]
    return Text(states.astype(np.float16), np.array(words, np.int32), np.full(len(words), WEIGHT, np.float32))


def toy(count: int, seed: int) -> Examples:
    """Passages of different words, and for each a question of one word, which is its own answer wherever it stands."""
    chance = np.random.default_rng(seed)
    passages = [chance.permutation(WORDS)[:LENGTH].tolist() for _ in range(count)]
    examples = []
    for passage in passages:
        asked = int(chance.choice(passage))
        places = ((row, other.index(asked)) for row, other in enumerate(passages) if asked in other)
        answering = tuple(Answering(row, ((place, place),)) for row, place in places)
        examples.append(Example((text([asked]),), answering, ()))
    return Examples(tuple(map(text, passages)), tuple(examples))


def served(question: Text, passages: list[Text]) -> dict[str, np.ndarray]:
    """What the served network takes."""
    longest = max(len(passage.tokens) for passage in passages)
    states = np.zeros((len(passages), longest, DIMENSION), np.float32)
    mask, same = np.zeros((len(passages), longest), bool), np.zeros((len(passages), longest), np.float32)
    for row, passage in enumerate(passages):
        states[row, : len(passage.tokens)], mask[row, : len(passage.tokens)] = passage.states, True
        same[row, : len(passage.tokens)] = np.isin(passage.tokens, question.tokens) * WEIGHT
    asked = question.states.astype(np.float32)
    return {"passages": states, "mask": mask, "same": same, "question": asked, "weights": question.weights}


def scores_of(network: bytes, question: Text, passages: list[Text]) -> np.ndarray:
    session = onnxruntime.InferenceSession(network, providers=["CPUExecutionProvider"])
    (scores,) = session.run(None, served(question, passages))
    return scores


def scores_in_torch(network: ReaderNetwork, question: Text, passages: list[Text]) -> np.ndarray:
    inputs = {name: torch.from_numpy(array) for name, array in served(question, passages).items()}
    rows, words = len(passages), len(question.tokens)
    with torch.inference_mode():
        scores = network(
            inputs["passages"],
            inputs["mask"],
            inputs["same"],
            inputs["question"].expand(rows, -1, -1),
            torch.ones(rows, words, dtype=torch.bool),
            inputs["weights"].expand(rows, -1),
        )
    return scores.numpy()


@pytest.fixture(scope="module")
def trained() -> ReaderNetwork:
    return train_reader(toy(160, seed=1), toy(160, seed=2), 3, lambda questions: None)


def test_a_reader_learns_to_find_the_word_asked_for_in_passages_it_has_not_seen(trained: ReaderNetwork):
    unseen = toy(64, seed=9)
    found = 0
    for example in unseen.examples:
        answering = example.answering[0]
        scores = scores_in_torch(trained, example.questions[0], [unseen.passages[answering.passage]])[0]
        found += tuple(scores.argmax(axis=0)) == answering.places[0]
    assert found >= 56  # by chance, one in 144 would be


def test_a_reader_learns_to_say_that_a_passage_does_not_answer(trained: ReaderNetwork):
    passage = list(range(LENGTH))
    held = [scores_in_torch(trained, text([word]), [text(passage)]).max() for word in passage]
    missing = [scores_in_torch(trained, text([word]), [text(passage)]).max() for word in range(LENGTH, WORDS)]
    assert np.mean(np.array(held) > 0) >= 0.75
    assert np.mean(np.array(missing) < 0) >= 0.75


PASSAGES = [[1, 2, 3, 4, 5], [6, 7], [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18], [3]]


@pytest.mark.parametrize("question", [[3], [9, 30, 5, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]], ids=len)
@pytest.mark.parametrize("passages", [PASSAGES, PASSAGES[:1], [list(range(WORDS))] * 3], ids=["4", "1", "3 long"])
def test_the_export_gives_the_scores_of_the_network(
    trained: ReaderNetwork, question: list[int], passages: list[list[int]]
):
    asked, texts = text(question), [text(words) for words in passages]
    exported = scores_of(export(trained, DIMENSION), asked, texts)
    np.testing.assert_allclose(exported, scores_in_torch(trained, asked, texts), atol=1e-4)


def test_no_answer_begins_or_ends_in_padding(trained: ReaderNetwork):
    scores = scores_in_torch(trained, text([3]), [text(words) for words in PASSAGES])
    assert (scores[1, len(PASSAGES[1]) :] == -1e4).all()
    assert (scores[1, : len(PASSAGES[1])] > -100).all()


def trained_a_little(seed: int) -> tuple[list[np.ndarray], int]:
    """The weights after a short training, and how many questions were told to have been seen."""
    seen: list[int] = []
    network = train_reader(toy(32, seed=1), toy(16, seed=2), seed, seen.append)
    return [weight.detach().numpy() for weight in network.parameters()], sum(seen)


def test_the_same_seed_gives_the_same_weights():
    (first, seen), (again, _), (other, _) = (trained_a_little(seed) for seed in (3, 3, 4))
    assert all(np.array_equal(one, two) for one, two in zip(first, again, strict=True))
    assert not all(np.array_equal(one, two) for one, two in zip(first, other, strict=True))
    assert seen == FIRST.epochs * 32 + SECOND.epochs * 16
