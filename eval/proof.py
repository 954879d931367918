"""Proof: everything that one run measures of a system on a collection.

Rankings always; similar initiatives, answers and fields as far as the collection has the file for it and the system the
means. What is left out is told with its reason.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.answer_figures import AnswerFigures, answer_figures_of, answer_series, answer_slices
from eval.answers import FILE as QA
from eval.answers import Judged, judge_answers, read_asked_questions
from eval.catalogue import Catalogue
from eval.measures import Series
from eval.parsing import FILE as PARSING
from eval.parsing import Parsing, judge_parsing, read_readings
from eval.retrieval import Evaluation
from eval.retrieval import merits as merits_of_rankings
from eval.slices import Slice
from eval.system import Ask
from index.index import Contents

SIMILAR = "similar.jsonl"

# The parts that may be left out, by the names that JSON has.
PARTS = {"similar": SIMILAR, "answers": QA, "parsing": PARSING}


@dataclass(frozen=True, slots=True)
class Means:
    """What is at hand to measure with, beside a system that ranks."""

    catalogue: Catalogue  # what answers are made of
    answer: Ask | None
    contents: Contents | None  # whose fields are judged: what the readers made of the documents
    unable: Mapping[str, str]  # one of PARTS → why it cannot be measured with these


@dataclass(frozen=True, slots=True)
class Proof:
    """All figures of one run."""

    evaluation: Evaluation
    answers: AnswerFigures | None
    parsing: Parsing | None
    left_out: Mapping[str, str]  # one of PARTS → why it is not measured
    judged: tuple[Judged, ...]  # what the figures of answers are made of

    @property
    def series(self) -> Series:
        """Every value that a mean is made of, those of answers beside the others."""
        return self.evaluation.series | answer_series(self.judged)

    @property
    def slices(self) -> tuple[Slice, ...]:
        """Of the members of all series."""
        return (*self.evaluation.slices, *answer_slices(self.judged))


def prove(evaluation: Evaluation, means: Means, folder: Path) -> Proof:
    """Add to the figures of rankings those of answers and fields, of the collection in `folder`.

    Raises BadCollection for a malformed file, a support that no sheet holds, and a sheet that is not found.
    """
    lacking = {part: f"the collection has no {file}" for part, file in PARTS.items() if not (folder / file).exists()}
    left_out = {**means.unable, **lacking}
    judged: tuple[Judged, ...] = ()
    if means.answer is not None and "answers" not in left_out:
        judged = judge_answers(means.catalogue, means.answer, read_asked_questions(folder))
    parsing = None
    if means.contents is not None and "parsing" not in left_out:
        parsing = judge_parsing(means.contents.initiatives, means.contents.documents, read_readings(folder))
    told = {part: left_out[part] for part in PARTS if part in left_out}
    return Proof(evaluation, answer_figures_of(judged) if judged else None, parsing, told, judged)


def merits(proof: Proof) -> Series:
    """The series that a gate may hold a system to: in all of them, more is better."""
    of_answers = {name: of for name, of in answer_series(proof.judged).items() if of}
    return merits_of_rankings(proof.evaluation) | of_answers


def as_json(proof: Proof) -> dict[str, Any]:
    """The figures ready for JSON, on one level, without the answers themselves."""
    return asdict(proof.evaluation) | {
        "answers": asdict(proof.answers) if proof.answers else None,
        "parsing": asdict(proof.parsing) if proof.parsing else None,
        "left_out": dict(proof.left_out),
        "series": proof.series,
        "slices": [asdict(one) for one in proof.slices],
    }
