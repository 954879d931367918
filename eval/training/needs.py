"""Fitting what tells needs from questions: on what people tell, and on what they ask of a sheet."""

import random
from collections.abc import Callable, Sequence

import numpy as np

from corpus.text import encoder_form
from eval.training.examples import TrainingQuestion
from eval.training.training_set import is_kept_out
from search import Searcher
from search.answer import Needs

# The inverse strength C of the L2 penalty, chosen in five folds over initiatives: from 10 on it makes no difference.
PENALTY = 10.0

MOST = 1500  # texts of each kind, by lot: more teach nothing new


def texts_of_needs(searcher: Searcher, judged: Sequence[TrainingQuestion]) -> tuple[list[str], list[str]]:
    """What people tell, and what they ask of a sheet; no situation or question of initiatives that are kept out.

    `judged` are those questions of `training_set`; the search words among them ask for no sentence.
    """
    contents = searcher.index.contents
    kept_out = {one.id for one in contents.initiatives if is_kept_out(one)}
    told = [text for one in contents.enrichment.situations if one.initiative not in kept_out for text in one.texts]
    told += [text for one in contents.enrichment.needs for text in one.texts if not text.endswith("?")]
    return _by_lot(told), _by_lot([one.text for one in judged if one.answer != ""])


def fit_needs(searcher: Searcher, told: Sequence[str], asked: Sequence[str], done: Callable[[int], None]) -> Needs:
    """Fit the model for the searcher's encoder; `done(1)` is called after each text."""
    from sklearn.linear_model import LogisticRegression

    vectors = []
    for text in (*told, *asked):
        vectors.append(searcher.encoder.questions([encoder_form(text)])[0].vector)
        done(1)
    matrix, labels = np.stack(vectors), np.arange(len(vectors)) < len(told)
    mean = matrix.mean(axis=0)
    fitted = LogisticRegression(C=PENALTY, max_iter=3000).fit(matrix - mean, labels)
    weights = fitted.coef_[0].astype(np.float32)
    return Needs(
        model=searcher.encoder.digest,
        data=f"{len(told)} texts that tell a need, {len(asked)} questions",
        weights=weights,
        bias=float(fitted.intercept_[0] - mean @ weights),
    )


def _by_lot(texts: Sequence[str]) -> list[str]:
    return random.Random(0).sample(texts, min(MOST, len(texts)))
