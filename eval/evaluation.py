"""Evaluation: everything that one run measures of a system on a collection.

    run = system.run(collection.all_questions)
    report = evaluate(run, collection, system)
    report.evaluation.retrieval.overall.ndcg_10

Rankings always; similar initiatives, answers and fields as far as the collection has the file for it and the system the
means. What is left out is told with its reason.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from eval.answer_figures import AnswerFigures, figures_of_answers, floored_answer_series
from eval.answers import FILE as QA
from eval.answers import (
    JudgedAnswer,
    answer_series,
    answer_slices,
    judge_answers,
    read_answer_questions,
)
from eval.collection import Collection, Qrels, SimilarGroup, map_units
from eval.fields import FILE as PARSING
from eval.fields import FieldFigures, judge_fields, read_expected_fields
from eval.metrics import MEASURES, Figures, Ranking, Series, Slice, figures_of, slices_of, values_of
from eval.run import Run, Similar, System

# The series that say how good a system is; how much of it was judged does not.
GATED = (*(name for name in MEASURES if name != "judged_10"), "silence", "similar")

# The parts that may be left out, by the names that JSON has, and the file that each needs.
PARTS = {"similar": "similar.jsonl", "answers": QA, "parsing": PARSING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieval:
    """How well rankings answer the questions of a collection: overall, and by the names of each kind of slice."""

    overall: Figures
    by_type: dict[str, Figures]
    by_language: dict[str, Figures]
    by_document: dict[str, Figures]  # of the initiative that answers a question best
    by_theme: dict[str, Figures]
    by_length: dict[str, Figures]

    @property
    def by_kind(self) -> dict[str, dict[str, Figures]]:
        """Kind of slice → name → figures."""
        return {
            "type": self.by_type,
            "language": self.by_language,
            "document": self.by_document,
            "theme": self.by_theme,
            "length": self.by_length,
        }


@dataclass(frozen=True, slots=True)
class NoAnswerCounts:
    """How many questions get an empty list: all the unanswerable ones should, none of the others."""

    unanswerable: int
    unanswerable_empty: int
    answerable: int
    answerable_empty: int

    @property
    def unanswerable_share(self) -> float | None:
        """The share of the unanswerable questions that get an empty list; None without any."""
        return self.unanswerable_empty / self.unanswerable if self.unanswerable else None

    @property
    def answerable_share(self) -> float | None:
        """The share of the answerable questions that get an empty list; None without any."""
        return self.answerable_empty / self.answerable if self.answerable else None


@dataclass(frozen=True, slots=True)
class SimilarFigures:
    """How well the initiatives of similar groups find each other."""

    groups: int
    members: int  # a member of two groups counts twice
    recall_10: float  # mean over members: the share of the others of the group that are shown for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The figures of rankings. `dataclasses.asdict` makes it ready for JSON."""

    collection: str
    system: str
    retrieval: Retrieval
    silence: NoAnswerCounts | None  # None when the unanswerable questions were not asked
    similar: dict[str, SimilarFigures]  # by strength
    series: Series  # every value that a mean above is made of, and "silence" and "similar" beside them
    slices: tuple[Slice, ...]  # of the series' members
    took_ms: dict[str, float]  # question id → time of its search; empty for a run read from a file


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationReport:
    """All figures of one run."""

    evaluation: Evaluation
    answers: AnswerFigures | None
    parsing: FieldFigures | None
    left_out: Mapping[str, str]  # one of PARTS → why it is not measured
    judged: tuple[JudgedAnswer, ...]  # what the figures of answers are made of

    @property
    def series(self) -> Series:
        """Every value that a mean is made of, those of answers beside the others."""
        return self.evaluation.series | answer_series(self.judged)

    @property
    def gated(self) -> Series:
        """The series that a gate may hold a system to: in all of them, more is better."""
        return gated_series(self.evaluation) | {name: of for name, of in answer_series(self.judged).items() if of}

    @property
    def floored(self) -> Series:
        """The series that a gate may hold a system to by floors alone."""
        return {name: of for name, of in floored_answer_series(self.judged).items() if of}

    @property
    def slices(self) -> tuple[Slice, ...]:
        """Of the members of all series."""
        return (*self.evaluation.slices, *answer_slices(self.judged))

    def as_json(self) -> dict[str, Any]:
        """The figures ready for JSON, on one level, without the answers themselves."""
        return asdict(self.evaluation) | {
            "answers": asdict(self.answers) if self.answers else None,
            "parsing": asdict(self.parsing) if self.parsing else None,
            "left_out": dict(self.left_out),
            "series": self.series,
            "slices": [asdict(one) for one in self.slices],
        }


def evaluate(run: Run, collection: Collection, system: System | None = None) -> EvaluationReport:
    """Score a run, and ask its system for what is similar to an initiative and for answers; judge fields beside them.

    Without a system, as for a run read from a file, rankings are scored alone. Raises BadCollection for a malformed
    file, a unit or a sheet that is not found, and a support that no sheet holds.
    """
    folder, qrels = collection.folder, Qrels.of(collection, run.catalogue)
    unable = system.unable if system else dict.fromkeys(PARTS, "a run holds rankings only")
    lacking = {part: file for part, file in PARTS.items() if not (folder / file).exists()}
    left_out = {**unable, **{part: f"the collection has no {file}" for part, file in lacking.items()}}
    judged: tuple[JudgedAnswer, ...] = ()
    if system and system.answer and "answers" not in left_out:
        judged = judge_answers(system.catalogue, system.answer, read_answer_questions(folder))
    fields = None
    if system and system.contents and "parsing" not in left_out:
        fields = judge_fields(system.contents.initiatives, system.contents.documents, read_expected_fields(folder))
    return EvaluationReport(
        evaluation=score(run, collection, qrels, system.similar if system else None),
        answers=figures_of_answers(judged) if judged else None,
        parsing=fields,
        left_out={part: left_out[part] for part in PARTS if part in left_out},
        judged=judged,
    )


def score(run: Run, collection: Collection, qrels: Qrels, similar: Similar | None = None) -> Evaluation:
    """Score the rankings of a run, and what is similar to each member of the collection's groups.

    Raises BadCollection when a member of a similar group cannot be found.
    """
    slices = slices_of(collection, qrels, run.catalogue)
    values = values_of(qrels, run.rankings)
    answerable = {question.id: run.rankings.get(question.id, ()) for question in collection.questions}
    # A run read from a file does not tell a question without hits from one that was not asked.
    asked = all(question.id in run.rankings for question in collection.unanswerable)
    unanswerable = {question.id: run.rankings[question.id] for question in collection.unanswerable if asked}
    recalls = _similar_recalls(similar, collection.similar, run) if similar else {}
    return Evaluation(
        collection=collection.name,
        system=run.system,
        retrieval=_retrieval(values, slices),
        silence=count_empty(answerable.values(), unanswerable.values()) if asked else None,
        similar=similar_figures(recalls, collection.similar) if similar else {},
        series=values | {"silence": _rightly_empty(answerable, unanswerable), "similar": recalls},
        slices=(*slices, *_strengths(collection.similar)),
        took_ms=dict(run.took_ms),
    )


def gated_series(evaluation: Evaluation) -> Series:
    """The series of rankings that a gate may hold a system to: in all of them, more is better."""
    return {name: evaluation.series[name] for name in GATED if evaluation.series[name]}


def _retrieval(values: Series, slices: Iterable[Slice]) -> Retrieval:
    scored = values["ndcg_10"].keys()
    by: dict[str, dict[str, Figures]] = {
        f"by_{kind}": {} for kind in ("type", "language", "document", "theme", "length")
    }
    for one in slices:
        if questions := [question for question in one.members if question in scored]:
            by[f"by_{one.kind}"][one.name] = figures_of(values, questions)
    return Retrieval(overall=figures_of(values, scored), **by)


def count_empty(answerable: Iterable[Ranking], unanswerable: Iterable[Ranking]) -> NoAnswerCounts:
    """Count the empty rankings."""
    wanted, unwanted = [not ranking for ranking in unanswerable], [not ranking for ranking in answerable]
    return NoAnswerCounts(len(wanted), sum(wanted), len(unwanted), sum(unwanted))


def _rightly_empty(answerable: Mapping[str, Ranking], unanswerable: Mapping[str, Ranking]) -> dict[str, float]:
    """For each question, 1 when its list is empty exactly if it should be."""
    rightly = {question: float(not ranking) for question, ranking in unanswerable.items()}
    return {question: float(bool(ranking)) for question, ranking in answerable.items()} | rightly


def similar_figures(recalls: Mapping[str, float], groups: Iterable[SimilarGroup]) -> dict[str, SimilarFigures]:
    """Recall of the others of a group, for each strength in the order of the names, of the recalls of all members."""
    of_strength: dict[str, list[list[float]]] = {}
    for group in sorted(groups, key=lambda group: group.strength):
        of_strength.setdefault(group.strength, []).append([recalls[member] for member in group.names])
    return {
        strength: SimilarFigures(len(alike), sum(map(len, alike)), fmean(recall for one in alike for recall in one))
        for strength, alike in of_strength.items()
    }


def _similar_recalls(similar: Similar, groups: Sequence[SimilarGroup], run: Run) -> dict[str, float]:
    """For each member of each group, the share of the others that are shown as similar to it."""
    initiatives = map_units((member for group in groups for member in group.members), run.catalogue)
    recalls = {}
    for group in groups:
        together = {initiatives[member.id] for member in group.members}
        for name, member in zip(group.names, group.members, strict=True):
            others = together - {initiatives[member.id]}
            recalls[name] = len(others.intersection(similar(initiatives[member.id]))) / len(others)
    return recalls


def _strengths(groups: Iterable[SimilarGroup]) -> list[Slice]:
    members: dict[str, tuple[str, ...]] = {}
    for group in groups:
        members[group.strength] = members.get(group.strength, ()) + group.names
    return [Slice("strength", strength, names) for strength, names in sorted(members.items())]
