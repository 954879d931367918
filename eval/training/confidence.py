"""Fitting what answers: the sentence ranker, which short answers are right, and how probable an answer is.

The ranker comes first (`ranker`). Two logistic regressions with an L2 penalty (scikit-learn) follow, on standardised
features: which short answers say the right thing; and, with a ranker that did not see the initiative, whether the first
statement is right: the confidence. Its log-odds, each from a model that did not see the initiative either, are put on
a logistic curve (Platt, "Probabilistic outputs for support vector machines", 1999).
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corpus.text import plain_words, strip_markup
from eval.collection import Sheet
from eval.gold import Gold
from eval.run import catalogue_of
from eval.training.examples import TrainingQuestion
from eval.training.ranker import Labels, Matrix, RankedQuestion, answers, fit_ranker, right_sentences, sheets_of
from eval.whole import lead_of
from search import Searcher, holds_words
from search.answer import (
    CANDIDATE_FEATURES,
    PRODUCT_FEATURES,
    QUESTION_FEATURES,
    AnswerContext,
    Calibration,
    Chosen,
    ConfidenceModel,
    ExtractedCandidates,
    Features,
    LogisticModel,
    SentenceRanker,
    SentenceTable,
    SpanReader,
    answer_type_of,
    assemble,
    candidate_features,
    choose,
    extract_candidates,
    lead_candidates,
    with_products,
)

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

# The inverse strengths C of the L2 penalties: scikit-learn's default for short answers; for the confidence one of the
# best of five in cross-validation on the questions fitted on.
CHOICE_PENALTY, CONFIDENCE_PENALTY = 1.0, 0.02

FOLDS = 5  # over initiatives

# Questions with a place moved to another département, where no sheet answers them: so many for each that names one.
MOVED = 0.5

# Of the questions fitted on that are answered rightly, this share is refused.
WITHHELD = 0.055

# Of the answers that are marked sure, at most this share is wrong on questions of initiatives that were not seen, as
# far as so many can say: the bound on the share (Clopper and Pearson, Biometrika 1934) holds with this certainty.
WRONG_AT_MOST, CERTAINTY = 0.05, 0.95


@dataclass(frozen=True, slots=True)
class Fitted:
    """What `recueil calibrate` writes."""

    ranker: SentenceRanker
    calibration: Calibration

    def save(self, folder: Path) -> None:
        """Write both into a folder."""
        self.ranker.save(folder)
        self.calibration.save(folder)


@dataclass(frozen=True, slots=True)
class _Case:
    """A question, the sheets that answer it, and everything an answer to it could be made of."""

    question: TrainingQuestion
    sheets: frozenset[int]
    group: str  # the cluster that it is about, or itself
    extracted: ExtractedCandidates


def fit_answers(
    searcher: Searcher,
    reader: SpanReader,
    ranked: Sequence[TrainingQuestion],
    judged: Sequence[TrainingQuestion],
    done: Callable[[int], None],
) -> Fitted:
    """Fit everything for the searcher's encoder and texts; `done` is told of every question looked at.

    `ranked` and `judged` together teach the ranker, `judged` the short answers and the confidence. Questions that ask
    for several initiatives, and words, are left out: they get a list.
    """
    table = SentenceTable(searcher.index, searcher.catalogue.gazetteer)

    def looking(questions: Sequence[TrainingQuestion]) -> Iterator[_Case]:
        for question in questions:
            yield _case(searcher, reader, table, question)
            done(1)

    shown = [_shown(case) for case in looking(to_look_at(ranked))]
    cases = list(looking(to_look_at((*judged, *moved_elsewhere(searcher, judged)))))
    return fit_cases(shown, cases, searcher)


def fit_cases(ranked: Sequence[RankedQuestion], judged: Sequence[_Case], searcher: Searcher) -> Fitted:
    """Fit everything on questions that were looked at."""
    model = searcher.encoder.digest
    of_judged = [_shown(case) for case in judged]
    shown = [*ranked, *of_judged]
    ranker = fit_ranker(shown, model)
    rows, labels = zip(
        *(lead for case, one in zip(judged, of_judged, strict=True) for lead in _leads(case, one.right)), strict=True
    )
    finding = _fitted(CANDIDATE_FEATURES, np.stack(rows), np.array(labels))
    fold_of = _folds(one.group for one in shown)
    rankers = [fit_ranker([one for one in shown if fold_of[one.group] != held], model) for held in range(FOLDS)]
    features, right, folds, sheets = [], [], [], catalogue_of(searcher).sheets
    for case in judged:
        chosen = choose(case.extracted, rankers[fold_of[case.group]], finding)
        if chosen is not None and case.extracted.context.ranking.relevant:
            features.append(chosen.features)
            right.append(is_right(chosen, case, sheets))
            folds.append(fold_of[case.group])
    method = (
        f"logistic regressions, L2, on standardised features (scikit-learn): C = {CHOICE_PENALTY:g} for short answers;"
        f" C = {CONFIDENCE_PENALTY:g} for being right, on products of two too, calibrated in {FOLDS} folds over"
        " initiatives"
    )
    answering, sure_from = _confidence(np.array(features), np.array(right), np.array(folds))
    calibration = Calibration(
        model=model,
        texts=searcher.index.manifest.texts,
        method=method,
        data=f"{len(shown)} questions for the ranker, {len(features)} for the confidence",
        finding=finding,
        answering=answering,
        answered_from=sure_from,
    )
    return Fitted(ranker, calibration)


def to_look_at(questions: Sequence[TrainingQuestion]) -> list[TrainingQuestion]:
    """The questions that get an answer, not a list."""
    return [one for one in questions if not answer_type_of(one.text).is_list]


def looked_at(searcher: Searcher, ranked: Sequence[TrainingQuestion], judged: Sequence[TrainingQuestion]) -> int:
    """How often `fit_answers` will say that it is done with a question."""
    return len(to_look_at((*ranked, *judged, *moved_elsewhere(searcher, judged))))


def _case(searcher: Searcher, reader: SpanReader, table: SentenceTable, question: TrainingQuestion) -> _Case:
    ranking = searcher.rank(question.text)
    left_out = frozenset([question.fact] if question.fact else [])
    extracted = extract_candidates(AnswerContext.of(searcher, ranking, table), reader, left_out)
    # What takes most room is not looked at again.
    emptied = replace(ranking.reranked.similarities, products=np.zeros((0, 0), np.int32))
    slim = replace(ranking, reranked=replace(ranking.reranked, similarities=emptied))
    extracted = replace(extracted, context=replace(extracted.context, ranking=slim, similarities=None))
    sheets = sheets_of(searcher, question.initiative)
    about = sheets or sheets_of(searcher, question.near)
    group = min(searcher.catalogue.initiatives[row].id for row in about) if about else question.text
    return _Case(question, sheets, group, extracted)


def _shown(case: _Case) -> RankedQuestion:
    right = np.fromiter(right_sentences(case.extracted, case.question, case.sheets), bool)
    return RankedQuestion(case.extracted.scored.features, right, case.group)


def moved_elsewhere(searcher: Searcher, questions: Sequence[TrainingQuestion]) -> tuple[TrainingQuestion, ...]:
    """Questions that name a place, with another département in it, where the initiative is not."""
    chance, moved = random.Random(0), []
    gazetteer, catalogue = searcher.catalogue.gazetteer, searcher.catalogue
    names = sorted({one.name for initiative in catalogue.initiatives for one in initiative.departements})
    for question in questions:
        places = gazetteer.places_in_query(question.text) if question.initiative else ()
        if len(places) != 1 or chance.random() > MOVED:
            continue
        own = {one.name for one in catalogue.initiative(question.initiative or "").departements}
        other = chance.choice([name for name in names if name not in own])
        text = f"{question.text[: places[0].start]}{other}{question.text[places[0].end :]}"
        moved.append(replace(question, text=text, initiative=None, answer=None))
    return tuple(moved)


def _leads(case: _Case, right: Labels) -> Iterator[tuple[Features, bool]]:
    """Short answers that could stand before the nearest right sentence, and whether each says the right thing."""
    answer = case.question.answer
    if not right.any() or not answer:
        return
    closeness = np.where(right, case.extracted.scored.features[:, 0], -1.0)
    best = case.extracted.scored.candidates[int(closeness.argmax())]
    for candidate in lead_candidates(case.extracted.context, best):
        says = holds_words(candidate.lead, answer) or holds_words(answer, candidate.lead)
        yield candidate_features(case.extracted.context, candidate), says


def is_right(chosen: Chosen, case: _Case, sheets: Mapping[str, Sheet]) -> bool:
    """Whether the first statement says what the sheet says, by the words of the answer.

    Not one that says other figures before its quote: whoever reads on no further is told something else.
    """
    if chosen.best.row not in case.sheets:
        return False
    answer, assembled = case.question.answer, assemble(case.extracted.context, chosen)
    first = assembled.statements[0]
    if not answer:
        return True
    if Gold(((answer,),)).is_contradicted(lead_of(first, assembled.citations, sheets)):
        return False
    if holds_words(first.text, answer):
        return True
    proofs = [frozenset(plain_words(strip_markup(proof))) for proof in case.question.proofs]
    shown = [one for one in (chosen.best, chosen.second) if one is not None]
    return any(answers(case.extracted, one, case.question, proofs) for one in shown)


def _folds(groups: Iterable[str]) -> dict[str, int]:
    """The fold of each cluster."""
    chance = random.Random(0)
    return {group: chance.randrange(FOLDS) for group in sorted(set(groups))}


def _confidence(rows: Matrix, right: Labels, folds: NDArray[np.int64]) -> tuple[ConfidenceModel, float]:
    """The log-odds of being right, on a curve fitted on initiatives not seen; and from where it is sure."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    unknown = np.isnan(rows).all(axis=0)
    known = np.where(np.isnan(rows), np.nanmean(np.where(unknown, 0, rows), axis=0), rows)
    unseen = np.zeros(len(known))
    for fold in range(FOLDS):
        inside, outside = folds == fold, folds != fold
        if inside.any():
            scale = StandardScaler().fit(known[outside])
            model = _answer_model().fit(_all_with_products(scale.transform(known[outside])), right[outside])
            unseen[inside] = model.decision_function(_all_with_products(scale.transform(known[inside])))
    curve = LogisticRegression(C=1e3).fit(unseen[:, None], right)
    slope, shift = curve.coef_[0, 0], curve.intercept_[0]
    scale = StandardScaler().fit(known)
    model = _answer_model().fit(_all_with_products(scale.transform(known)), right)
    confidences = curve.predict_proba(unseen[:, None])[:, 1]
    model_of = ConfidenceModel(
        _named(QUESTION_FEATURES, scale.mean_),
        _named(QUESTION_FEATURES, scale.scale_),
        LogisticModel(
            _named(PRODUCT_FEATURES, slope * model.coef_[0]), round(float(slope * model.intercept_[0] + shift), 4)
        ),
        closest_from=round(float(np.quantile(confidences[right], WITHHELD)), 4),
    )
    return model_of, sure_from(confidences, right)


def sure_from(confidences: NDArray[np.float64], right: Labels) -> float:
    """The least confidence from which at most WRONG_AT_MOST are wrong, with CERTAINTY; 1 where there is none.

    Example: sixty right ones at .9 and a wrong one at .3 → .9; of forty right ones alone too little is known → 1
    """
    from scipy.stats import beta

    order = np.argsort(-confidences, kind="stable")
    ranked, wrong, seen = confidences[order], np.cumsum(~right[order]), np.arange(1, len(order) + 1)
    is_last = np.append(ranked[:-1] > ranked[1:], True)  # of those with the same confidence
    held = np.flatnonzero(is_last & (beta.ppf(CERTAINTY, wrong + 1, seen - wrong) <= WRONG_AT_MOST))
    return round(float(ranked[held[-1]]), 4) if len(held) else 1.0


def _answer_model() -> "LogisticRegression":
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=CONFIDENCE_PENALTY, max_iter=3000)


def _all_with_products(rows: Matrix) -> Matrix:
    return np.stack([with_products(row) for row in rows])


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
