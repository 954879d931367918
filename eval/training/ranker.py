"""Training the sentence ranker: boosted trees over what speaks for a sentence, from questions with known answers.

The trees are those of scikit-learn's histogram gradient boosting (Ke et al., "LightGBM", NeurIPS 2017), with logistic
loss over sentences, each question weighing the same. They are taken over into plain arrays.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corpus.text import plain_words, strip_markup
from eval.training.examples import TrainingQuestion
from search import Searcher, holds_words
from search.answer import FEATURES, ExtractedCandidates, SentenceCandidate, SentenceRanker, readable

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier

# Chosen by the share of questions whose best sentence is right, in folds over initiatives.
TREES, LEAVES, RATE, LEAST_IN_LEAF, PENALTY = 160, 15, 0.06, 40, 5.0

# Wrong sentences of a question that are learnt from: the nearest ones, and as many by lot.
HARD, BY_LOT = 40, 20

# The share of the words of a proof, or of a sentence if that is shorter, from which the sentence is the proof.
SAME = 0.7
FEWEST_WORDS = 4

Matrix = NDArray[np.float32]
Labels = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class RankedQuestion:
    """The sentences shown for one question, and which of them answer."""

    features: Matrix  # [n, FEATURES]
    right: Labels  # [n]
    group: str  # the cluster that the question is about


def sheets_of(searcher: Searcher, id: str | None) -> frozenset[int]:
    """The rows of all sheets of an initiative; none for None."""
    if id is None:
        return frozenset()
    catalogue = searcher.catalogue
    initiative = catalogue.initiative(id)
    return frozenset(catalogue.row(id) for id in (initiative.id, *initiative.same_as))


def right_sentences(
    extracted: ExtractedCandidates, question: TrainingQuestion, sheets: frozenset[int]
) -> Iterator[bool]:
    """Whether each unit answers: it holds the words of the answer, or it is the sentence that proves it."""
    proofs = [frozenset(plain_words(strip_markup(proof))) for proof in question.proofs]
    for candidate in extracted.scored.candidates:
        yield candidate.row in sheets and answers(extracted, candidate, question, proofs)


def answers(
    extracted: ExtractedCandidates,
    candidate: SentenceCandidate,
    question: TrainingQuestion,
    proofs: Sequence[frozenset[str]],
) -> bool:
    """Whether a unit of the right sheet holds the words of the answer, or is the sentence that proves it."""
    text = extracted.context.index.contents.initiatives[candidate.row].text
    pieces = [readable(text[start:end]) for start, end in candidate.unit.pieces]
    if question.answer and holds_words(" ".join(pieces), question.answer):
        return True
    words = frozenset(plain_words(pieces[-1]))
    return any(
        min(len(words), len(proof)) >= FEWEST_WORDS and len(words & proof) >= SAME * min(len(words), len(proof))
        for proof in proofs
    )


def fit_ranker(questions: Sequence[RankedQuestion], model: str, seed: int = 0) -> SentenceRanker:
    """Fit a ranker for the encoder with this digest on questions that have a right sentence."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    chance = np.random.default_rng(seed)
    rows, labels, weights = [], [], []
    for question in questions:
        if not question.right.any():
            continue
        kept = _learnt_from(question, chance)
        rows.append(question.features[kept])
        labels.append(question.right[kept])
        weights.append(np.full(len(kept), 1 / len(kept)))
    features, right, weight = np.concatenate(rows), np.concatenate(labels), np.concatenate(weights)
    trees = HistGradientBoostingClassifier(
        max_iter=TREES,
        max_leaf_nodes=LEAVES,
        learning_rate=RATE,
        min_samples_leaf=LEAST_IN_LEAF,
        l2_regularization=PENALTY,
        early_stopping=False,
        random_state=seed,
    ).fit(features, right, weight / weight.mean())
    return as_arrays(trees, model, f"{len(rows)} questions, {int(right.sum())} right sentences")


def _learnt_from(question: RankedQuestion, chance: np.random.Generator) -> NDArray[np.int64]:
    """The right sentences, the wrong ones with the nearest words, and some by lot."""
    wrong = np.flatnonzero(~question.right)
    closeness = question.features[wrong, FEATURES.index("closeness")]
    nearest = wrong[np.argsort(-closeness, kind="stable")]
    rest = nearest[HARD:]
    by_lot = chance.choice(rest, min(BY_LOT, len(rest)), replace=False) if len(rest) else rest
    return np.sort(np.concatenate([np.flatnonzero(question.right), nearest[:HARD], by_lot]))


def as_arrays(trees: "HistGradientBoostingClassifier", model: str, data: str) -> SentenceRanker:
    """The trees as one table of nodes. A leaf leads to itself whatever the features."""
    roots: list[int] = []
    feature: list[int] = []
    threshold: list[float] = []
    left: list[int] = []
    right: list[int] = []
    value: list[float] = []
    depth = 0
    for (predictor,) in trees._predictors:  # the fitted trees have no public face
        nodes, base = predictor.nodes, len(feature)
        roots.append(base)
        depth = max(depth, int(nodes["depth"].max()))
        for number, node in enumerate(nodes):
            is_leaf = bool(node["is_leaf"])
            feature.append(0 if is_leaf else int(node["feature_idx"]))
            threshold.append(0.0 if is_leaf else float(node["num_threshold"]))
            left.append(base + (number if is_leaf else int(node["left"])))
            right.append(base + (number if is_leaf else int(node["right"])))
            value.append(float(node["value"]) if is_leaf else 0.0)
    return SentenceRanker(
        model=model,
        data=data,
        roots=np.array(roots, np.int32),
        feature=np.array(feature, np.int32),
        threshold=np.array(threshold, np.float32),
        left=np.array(left, np.int32),
        right=np.array(right, np.int32),
        value=np.array(value, np.float32),
        base=float(trees._baseline_prediction.ravel()[0]),
        depth=depth,
    )
