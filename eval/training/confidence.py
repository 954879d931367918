"""Fitting the confidence: what ranks candidates and how probable an answer is, on questions with known answers.

All are logistic regressions with an L2 penalty (scikit-learn) on standardised features. The first learns which
candidates say the right thing. With it in place, a second learns which questions have an answer here at all; and Platt
scaling, a logistic curve fitted on its cross-validated log-odds, turns them into the probability that what is shown is
right (Platt, "Probabilistic outputs for support vector machines", 1999).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from eval.training.examples import TrainingQuestion
from search import Searcher, holds_words
from search.answer import (
    CANDIDATE_FEATURES,
    PRODUCT_FEATURES,
    QUESTION_FEATURES,
    AnswerContext,
    AnswerType,
    Calibration,
    ConfidenceModel,
    ExtractedCandidates,
    Features,
    LogisticModel,
    RankedCandidates,
    SpanReader,
    Verdict,
    assemble,
    candidate_features,
    extract_candidates,
    rank_candidates,
    text_of,
    with_products,
)

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

# The inverse strengths C of the L2 penalties: scikit-learn's default for candidates; for having an answer one of the
# best of five in cross-validation on the questions fitted on (area under the ROC curve .885 at .05, .860 at .005, .886
# at .2).
CHOICE_PENALTY, CONFIDENCE_PENALTY = 1.0, 0.05

FOLDS = 10

# Of the questions fitted on that a sheet answers, this share is refused: they ask for a detail each, and half of those
# that no sheet answers are near misses, so that other questions are refused less often. Of words typed into a search
# box more: their hits are shown all the same.
WITHHELD, WITHHELD_WORDS = 0.12, 0.25

# How people ask for several initiatives about something.
LIST_FRAMES = {
    "fr": ("Exemples de : {}", "Quels départements agissent pour : {} ?", "Quelles actions existent : {} ?"),
    "en": ("examples of {}", "which departments do {}?", "which projects are about {}?"),
}

# From this confidence on an answer is called one, below the "closest match": two thirds are right.
CALLED_ANSWER = 0.6

Matrix = NDArray[np.float32]
Labels = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Case:
    question: TrainingQuestion
    extracted: ExtractedCandidates


def fit_confidence(
    searcher: Searcher, reader: SpanReader, questions: Sequence[TrainingQuestion], done: Callable[[int], None]
) -> Calibration:
    """Fit a calibration for the searcher's encoder and texts; `done` is told of every question searched for."""
    cases = []
    for question in questions:
        wordings = [question] if question.kind != AnswerType.TOPIC else [question, _as_list(question)]
        cases += [_case(searcher, reader, wording) for wording in wordings]
        done(1)
    choice = _choice(cases)
    one, lists, words = _confidences(choice, cases)
    method = (
        f"logistic regressions, L2, on standardised features (scikit-learn): C = {CHOICE_PENALTY:g} for candidates; C ="
        f" {CONFIDENCE_PENALTY:g} for having an answer, on products of two too, then calibrated to being right in"
        f" {FOLDS} folds"
    )
    return Calibration(
        model=searcher.encoder.digest,
        texts=searcher.index.manifest.texts,
        method=method,
        data=f"{len(questions)} questions",
        finding=choice,
        one=one,
        lists=lists,
        words=words,
        answered_from=CALLED_ANSWER,
    )


def _case(searcher: Searcher, reader: SpanReader, question: TrainingQuestion) -> _Case:
    context = AnswerContext.of(searcher, searcher.rank(question.text))
    return _Case(question, extract_candidates(context, reader))


def _as_list(question: TrainingQuestion) -> TrainingQuestion:
    """Words typed into a search box, as a question for several initiatives; one frame or another, by their length."""
    frames = LIST_FRAMES[question.language]
    return replace(question, text=frames[len(question.text) % len(frames)].format(question.text))


def _choice(cases: Sequence[_Case]) -> LogisticModel:
    """Learn which candidates say the right thing, from questions with an answer of words."""
    rows: list[Features] = []
    labels: list[bool] = []
    for case in cases:
        if case.question.answer:
            for candidate in case.extracted.candidates:
                rows.append(candidate_features(case.extracted.context, candidate))
                labels.append(says(candidate.lead, case.question.answer))
    return _fitted(CANDIDATE_FEATURES, np.stack(rows), np.array(labels))


@dataclass(frozen=True, slots=True)
class _Judged:
    """The questions of one sort, with what is known of them."""

    features: Matrix  # [n, 15], QUESTION_FEATURES
    answerable: Labels  # [n], some sheet answers
    right: Labels  # [n], and what is shown says so


def _confidences(choice: LogisticModel, cases: Sequence[_Case]) -> Iterator[ConfidenceModel]:
    """Learn which questions have an answer here, how often what is shown is right, and where to withhold it.

    Gives what `Calibration` holds for questions that ask for one thing, for lists, and for words typed.
    """
    from sklearn.linear_model import LogisticRegression

    of_sorts: dict[str, list[tuple[_Case, RankedCandidates]]] = {"one": [], "lists": [], "words": []}
    names = {AnswerType.LIST: "lists", AnswerType.TOPIC: "words"}
    for case in cases:
        ranked = rank_candidates(case.extracted, choice)
        of_sorts[names.get(case.extracted.context.answer_type, "one")].append((case, ranked))
    sorts = [_judged(ranked) for ranked in of_sorts.values()]
    unseen = [_odds_unseen(sort) for sort in sorts]
    # One curve for all sorts, so that their confidences can be compared.
    curve = LogisticRegression().fit(np.concatenate(unseen)[:, None], np.concatenate([sort.right for sort in sorts]))
    for sort, odds, withheld in zip(sorts, unseen, (WITHHELD, WITHHELD, WITHHELD_WORDS), strict=True):
        yield _confidence(sort, odds, curve, withheld)


def _judged(cases: Sequence[tuple[_Case, RankedCandidates]]) -> _Judged:
    judged = [
        (ranked.features, case.question.initiative is not None, _is_right(case, ranked))
        for case, ranked in cases
        if ranked.features is not None
    ]
    return _Judged(*(np.array(column) for column in zip(*judged, strict=True)))


def _odds_unseen(sort: _Judged) -> NDArray[np.float64]:
    """The log-odds of having an answer, each from a model that did not see the question, [n]."""
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    model = make_pipeline(StandardScaler(), FunctionTransformer(_all_with_products), _answerable_model())
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    return np.asarray(cross_val_predict(model, sort.features, sort.answerable, cv=folds, method="decision_function"))


def _confidence(
    sort: _Judged, unseen: NDArray[np.float64], curve: "LogisticRegression", withheld: float
) -> ConfidenceModel:
    """The log-odds of having an answer, read off the curve as the probability of being right."""
    from sklearn.preprocessing import StandardScaler

    scale = StandardScaler().fit(sort.features)
    model = _answerable_model().fit(_all_with_products(scale.transform(sort.features)), sort.answerable)
    slope, shift = curve.coef_[0, 0], curve.intercept_[0]
    bias = round(float(slope * model.intercept_[0] + shift), 4)
    confidences = curve.predict_proba(unseen[:, None])[:, 1]
    return ConfidenceModel(
        _named(QUESTION_FEATURES, scale.mean_),
        _named(QUESTION_FEATURES, scale.scale_),
        LogisticModel(_named(PRODUCT_FEATURES, slope * model.coef_[0]), bias),
        closest_from=round(float(np.quantile(confidences[sort.answerable], withheld)), 4),
    )


def _answerable_model() -> "LogisticRegression":
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=CONFIDENCE_PENALTY, max_iter=3000)


def _all_with_products(rows: Matrix) -> Matrix:
    return np.stack([with_products(row) for row in rows])


def _is_right(case: _Case, ranked: RankedCandidates) -> bool:
    """Whether the answer made of what was found says what the sheet says, or lists the initiative that fits."""
    if case.question.initiative is None:
        return False
    assembled = assemble(case.extracted.context, ranked, Verdict.ANSWERED)
    cited = {id for one in assembled.citations for id in (one.initiative, *one.also_in)}
    return case.question.initiative in cited and says(text_of(assembled.statements), case.question.answer or "")


def says(text: str, answer: str) -> bool:
    """Whether a text says an answer; one without words, as for search words that an initiative fits, it always does."""
    return not answer or holds_words(text, answer)


def _fitted(names: Sequence[str], rows: Matrix, labels: Labels) -> LogisticModel:
    """A logistic regression for features as they are, not standardised, named in the order of its columns."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scale = StandardScaler().fit(rows)
    model = LogisticRegression(C=CHOICE_PENALTY, max_iter=1000).fit(scale.transform(rows), labels)
    weights = model.coef_[0] / scale.scale_
    bias = float(model.intercept_[0] - weights @ scale.mean_)
    return LogisticModel(_named(names, weights), round(bias, 4))


def _named(names: Sequence[str], figures: NDArray[np.float64]) -> dict[str, float]:
    return dict(zip(names, figures.round(4).tolist(), strict=True))
