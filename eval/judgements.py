"""Judgements from use: those on which people agree, as a collection in the format of all collections.

Two judgements of one question and one initiative agree when their grades differ by one at most. Initiatives of one
cluster are one; a question is the same whatever its case, accents and white space.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median_low, mode

from corpus import Language
from eval.collection import Catalogue, Collection
from eval.errors import CannotMeasure
from eval.formats import QRELS_JSONL, QUERIES, load_collection, write_files
from feedback import Judgement, question_key

MIN_JUDGEMENTS = 2  # of a pair; one alone is an opinion
MAX_DIFFERENCE = 1  # between the grades of a pair that agree
TYPE = "feedback"  # the slice of the evaluation that the questions are


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """A question and an initiative, and how people judged the two."""

    question: str  # in its most frequent spelling
    language: Language
    initiative: str  # id; of a cluster the one judged most often
    grades: tuple[int, ...]  # ascending

    @property
    def grade(self) -> int:
        """The median; of two in the middle the lower, since the higher was contested."""
        return median_low(self.grades)

    @property
    def agreed(self) -> bool:
        """Whether all grades lie within MAX_DIFFERENCE."""
        return self.grades[-1] - self.grades[0] <= MAX_DIFFERENCE


@dataclass(frozen=True, slots=True)
class Agreement:
    """What several people judged alike, and what not."""

    agreed: tuple[JudgedPair, ...]
    disagreed: tuple[JudgedPair, ...]
    alone: int  # pairs with too few judgements to agree or disagree
    gone: int  # judgements of initiatives that are no longer in the catalogue


def agreement_of(judgements: Iterable[Judgement], catalogue: Catalogue) -> Agreement:
    """Gather the judgements of each question and initiative, and see which agree."""
    of_pairs: dict[tuple[str, str], list[Judgement]] = defaultdict(list)
    of_questions: dict[str, list[Judgement]] = defaultdict(list)
    gone = 0
    for one in judgements:
        if one.initiative not in catalogue.sheets:
            gone += 1
            continue
        question = question_key(one.query)
        of_questions[question].append(one)
        of_pairs[question, min((one.initiative, *catalogue.sheets[one.initiative].same_as))].append(one)
    pairs = [
        JudgedPair(
            question=mode(one.query for one in of_questions[question]),
            language=mode(one.language for one in of_questions[question]),
            initiative=mode(one.initiative for one in of_pair),
            grades=tuple(sorted(one.grade for one in of_pair)),
        )
        for (question, _), of_pair in of_pairs.items()
    ]
    several = [pair for pair in pairs if len(pair.grades) >= MIN_JUDGEMENTS]
    return Agreement(
        agreed=tuple(pair for pair in several if pair.agreed),
        disagreed=tuple(pair for pair in several if not pair.agreed),
        alone=len(pairs) - len(several),
        gone=gone,
    )


def write_collection(folder: Path, agreement: Agreement) -> Collection:
    """Write queries.jsonl and qrels.jsonl into a folder, which is made, and read them back.

    Questions for which nothing was found good are left out: what would be right for them nobody has said. Raises
    CannotMeasure when none is left, and when the folder holds a collection already, or cannot be written.
    """
    answered = {pair.question for pair in agreement.agreed if pair.grade}
    pairs = [pair for pair in agreement.agreed if pair.question in answered]
    if not pairs:
        what = "No two judgements agree yet on an initiative that answers a question"
        raise CannotMeasure(what, "the feedback", "Wait for more: `recueil feedback list` shows what there is.")
    if (folder / QUERIES).exists():
        raise CannotMeasure("There is a collection already", str(folder), "Choose another folder, or remove that one.")
    # The same id for a question each time a collection is made, so that runs can be compared.
    ids = {one: f"f-{hashlib.sha256(question_key(one).encode()).hexdigest()[:10]}" for one in answered}
    queries = {
        one.question: {"qid": ids[one.question], "lang": one.language, "type": TYPE, "query": one.question}
        for one in pairs
    }
    qrels = [
        {"qid": ids[one.question], "uid": one.initiative, "grade": one.grade, "judgements": len(one.grades)}
        for one in pairs
    ]
    write_files(folder, {QUERIES: queries.values(), QRELS_JSONL: qrels})
    return load_collection(folder)
