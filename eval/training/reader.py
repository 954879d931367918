"""Training the span reader: on public questions about encyclopaedia paragraphs first, then also on those about sheets.

Each question is shown with passages that do not hold its answer, and scores compete across all of them and with
"nothing here" (a score of 0), as in shared normalisation (Clark & Gardner, "Simple and Effective Multi-Paragraph
Reading Comprehension", ACL 2018). Some questions are shown without the passage that answers, and some have none.
"""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from eval.training.examples import (
    READER,
    Answering,
    Example,
    Examples,
    Text,
    of_paragraphs,
    of_sheets,
    read_paragraphs,
    read_training_questions,
)
from index import Encoder, Progress
from search import Searcher
from search.answer import FACTS, NETWORK

if TYPE_CHECKING:
    from torch import Tensor

    from eval.training.network import ReaderNetwork

WITHOUT_ANSWER = 0.2  # of the questions are shown without the passage that answers
ELSEWHERE = 0.25  # of the passages without the answer are any passage, the others are distractors


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How one stage of training goes."""

    epochs: int
    questions: int  # of a step
    passages: int  # shown for each question
    rate: float  # the highest learning rate of the one cycle
    decay: float
    # Tokens of the stretch of a passage that is shown, chosen anew each time: short ones keep training quick, and
    # changing ones keep the reader from learning where in a passage answers stand.
    shortest: int
    longest: int


FIRST = Course(epochs=5, questions=32, passages=2, rate=1.5e-3, decay=0.01, shortest=60, longest=160)
SECOND = Course(epochs=6, questions=16, passages=3, rate=7e-4, decay=0.02, shortest=120, longest=300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A passage shown for a question: tokens `first` to `end`, exclusive, and the places of the answer in them."""

    question: Text
    passage: Text
    first: int
    end: int
    places: tuple[tuple[int, int], ...]  # from `first`; empty where the passage does not answer


def train_reader(paragraphs: Examples, sheets: Examples, seed: int, done: Callable[[int], None]) -> "ReaderNetwork":
    """Train a network; `done` is told how many more questions were seen.

    The same examples, seed and number of threads give the same network.
    """
    import torch

    from eval.training.network import ReaderNetwork

    torch.manual_seed(seed)
    chance = random.Random(seed)
    network = ReaderNetwork(paragraphs.passages[0].states.shape[1])
    _run(network, FIRST, paragraphs, [], chance, done)
    _run(network, SECOND, sheets, [paragraphs], chance, done)
    network.eval()
    return network


def _run(
    network: "ReaderNetwork",
    course: Course,
    examples: Examples,
    rehearsed: Sequence[Examples],
    chance: random.Random,
    done: Callable[[int], None],
) -> None:
    """One stage: all of `examples` in every epoch, and as many of `rehearsed` beside them, lest they be forgotten."""
    import torch

    steps = len(examples.examples) // course.questions
    optimiser = torch.optim.AdamW(network.parameters(), weight_decay=course.decay)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimiser, course.rate, total_steps=course.epochs * steps + 1)
    network.train()
    for _ in range(course.epochs):
        order = chance.sample(examples.examples, len(examples.examples))
        for step in range(steps):
            some = order[step * course.questions : (step + 1) * course.questions]
            loss = _loss(network, [_show(one, examples, course, chance) for one in some])
            for others in rehearsed:
                again = chance.sample(others.examples, course.questions)
                loss = loss + _loss(network, [_show(one, others, FIRST, chance) for one in again])
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            rates.step()
            done(course.questions)


def _show(example: Example, examples: Examples, course: Course, chance: random.Random) -> list[Shown]:
    """A question with some passages, the one that answers first if it is among them."""
    question = chance.choice(example.questions)
    shown = []
    if example.answering and chance.random() >= WITHOUT_ANSWER:
        shown.append(_answer_shown(question, chance.choice(example.answering), examples, course, chance))
    held = {one.passage for one in example.answering}
    while len(shown) < course.passages:
        anywhere = not example.distractors or chance.random() < ELSEWHERE
        row = chance.randrange(len(examples.passages)) if anywhere else chance.choice(example.distractors)
        if row not in held:
            passage = examples.passages[row]
            length = min(len(passage.tokens), chance.randint(course.shortest, course.longest))
            first = chance.randint(0, len(passage.tokens) - length)
            shown.append(Shown(question=question, passage=passage, first=first, end=first + length, places=()))
    return shown


def _answer_shown(
    question: Text, answering: Answering, examples: Examples, course: Course, chance: random.Random
) -> Shown:
    """A stretch of the passage around one of the places of the answer."""
    passage = examples.passages[answering.passage]
    start, last = chance.choice(answering.places)
    total = len(passage.tokens)
    length = min(total, max(last - start + 1, chance.randint(course.shortest, course.longest)))
    first = chance.randint(max(0, last + 1 - length), min(start, total - length))
    inside = [(a - first, b - first) for a, b in answering.places if first <= a and b < first + length]
    return Shown(question=question, passage=passage, first=first, end=first + length, places=tuple(inside))


def _loss(network: "ReaderNetwork", groups: Sequence[Sequence[Shown]]) -> "Tensor":
    """The mean negative log-likelihood of beginning and end, over all passages of a question and "nothing here"."""
    import torch

    scores = network(*_batch([shown for group in groups for shown in group]))
    longest = scores.shape[1]
    together = scores.reshape(len(groups), -1, 2)
    nothing = torch.zeros(len(groups), 1, 2)
    likelihood = torch.log_softmax(torch.cat([nothing, together], 1), 1)
    losses = []
    for number, group in enumerate(groups):
        places = [
            (1 + row * longest + a, 1 + row * longest + b) for row, one in enumerate(group) for a, b in one.places
        ]
        begins, ends = zip(*places or [(0, 0)], strict=True)
        of_ends = (torch.logsumexp(likelihood[number, list(at), side], 0) for side, at in enumerate((begins, ends)))
        losses.append(-sum(of_ends, torch.zeros(())))
    return torch.stack(losses).mean()


def _batch(shown: Sequence[Shown]) -> tuple["Tensor", "Tensor", "Tensor", "Tensor", "Tensor", "Tensor"]:
    """What the network takes, padded with zeros."""
    import torch

    rows, longest = len(shown), max(one.end - one.first for one in shown)
    asked, dimension = max(len(one.question.tokens) for one in shown), shown[0].passage.states.shape[1]
    passages, question = (
        np.zeros((rows, longest, dimension), np.float32),
        np.zeros((rows, asked, dimension), np.float32),
    )
    mask, is_asked = np.zeros((rows, longest), bool), np.zeros((rows, asked), bool)
    same, weights = np.zeros((rows, longest), np.float32), np.zeros((rows, asked), np.float32)
    for row, one in enumerate(shown):
        length, words = one.end - one.first, len(one.question.tokens)
        passages[row, :length], mask[row, :length] = one.passage.states[one.first : one.end], True
        question[row, :words], is_asked[row, :words] = one.question.states, True
        weights[row, :words] = one.question.weights
        weight_of = dict(zip(one.question.tokens.tolist(), one.question.weights.tolist(), strict=True))
        same[row, :length] = [weight_of.get(token, 0.0) for token in one.passage.tokens[one.first : one.end].tolist()]
    first, second, third, fourth, fifth, sixth = map(
        torch.from_numpy, (passages, mask, same, question, is_asked, weights)
    )
    return first, second, third, fourth, fifth, sixth


def make_reader(
    searcher: Searcher, exact: Encoder, paragraphs: Path, folder: Path, seed: int, progress: Progress
) -> None:
    """Train a reader for the searcher's encoder and write it, with what it was made from, into `folder`.

    `exact` is the same encoder in full precision, which encodes passages; `paragraphs` a file of questions on
    paragraphs in SQuAD's format. Raises BadTrainingQuestion when that file or a question of ours cannot be used.
    """
    from eval.training.network import export

    asked, texts = read_training_questions(READER), read_paragraphs(paragraphs)
    progress.step("Searching for the questions on sheets", 1)
    of_corpus = of_sheets(searcher, asked)
    progress.advance(1)
    progress.step("Encoding the paragraphs", len(texts))
    of_text = of_paragraphs(texts, exact, searcher.encoder, progress.advance)
    seen = FIRST.epochs * len(of_text.examples) + SECOND.epochs * len(of_corpus.examples)
    progress.step("Training the span reader", seen)
    network = train_reader(of_text, of_corpus, seed, progress.advance)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NETWORK).write_bytes(export(network, of_text.passages[0].states.shape[1]))
    facts = {
        "model": searcher.encoder.digest,
        "encoder": searcher.encoder.name,
        "trained_on": [
            f"{path.name}, sha256 {sha256(path.read_bytes()).hexdigest()}: {len(of.examples)} questions"
            for path, of in ((paragraphs, of_text), (READER, of_corpus))
        ],
        "command": "recueil train-reader",
        "seed": seed,
        "weights": sum(weight.numel() for weight in network.parameters()),
    }
    (folder / FACTS).write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf8")
