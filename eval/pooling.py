"""Pooling: which hits of a system nobody has judged, and judgements of them that lie in files of their own.

    (collection,) = with_judgements([load_collection(folder)], [Path("qrels_more.jsonl")])
    unjudged_hits(run, collection)

What nobody judged counts as 0. So a system that brings up what no other did looks worse than it is, until people have
judged its first ten too (Spärck Jones and van Rijsbergen, 1975, called what is judged the pool).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.collection import Collection, Judgement, Qrels, Unit
from eval.errors import BadCollection
from eval.formats import read_as
from eval.run import Run

JUDGED_DEPTH = 10  # hits of each question that should be judged


@dataclass(frozen=True, slots=True, kw_only=True)
class UnjudgedHit:
    """One hit to be judged: `{"qid", "uid", "grade"}` of it is a line of a file of judgements."""

    qid: str
    question: str
    rank: int
    uid: str  # id of the initiative
    title: str


def unjudged_hits(run: Run, collection: Collection) -> tuple[UnjudgedHit, ...]:
    """The hits among the first ten of the questions that initiatives answer which nobody judged, best first."""
    qrels = Qrels.of(collection, run.catalogue)
    return tuple(
        UnjudgedHit(
            qid=question.id, question=question.text, rank=rank, uid=initiative, title=run.catalogue.title(initiative)
        )
        for question in collection.questions
        for rank, initiative in enumerate(run.rankings.get(question.id, ())[:JUDGED_DEPTH], start=1)
        if qrels.grade(question.id, initiative) is None
    )


def with_judgements(collections: Iterable[Collection], files: Sequence[Path]) -> list[Collection]:
    """Collections with further judgements, each line given to the collection that asks its question.

    Its `uid` is a unit of the collection or the id of an initiative. A pair that is judged already keeps its
    grade: more judgements fill gaps, they overrule nobody. Raises BadCollection for a malformed line, a pair that
    stands twice in the files, and a question that none of the collections asks.
    """
    collections = list(collections)
    more = [one for file in files for one in read_as(Judgement, file)]
    asked = [{question.id for question in one.all_questions} for one in collections]
    for one in more:
        if not any(one.question in ids for ids in asked):
            mend = "Remove the line, or give the collection that asks it."
            raise BadCollection(f"No collection asks the question '{one.question}'", one.where, mend)
    return [
        _joined(collection, [one for one in more if one.question in ids])
        for collection, ids in zip(collections, asked, strict=True)
    ]


def with_kept_judgements(collection: Collection, folder: Path) -> Collection:
    """A collection that lies outside the project, with what the project judged of it: <its name>.jsonl in `folder`.

    Questions that it does not ask, as those of another half of it, are passed over. Raises BadCollection for a
    malformed line.
    """
    path = folder / f"{collection.name}.jsonl"
    ids = {question.id for question in collection.questions}
    kept = read_as(Judgement, path) if path.is_file() else ()
    return _joined(collection, [one for one in kept if one.question in ids])


def _joined(collection: Collection, more: Sequence[Judgement]) -> Collection:
    judged = {(one.question, one.unit) for one in collection.judgements}
    added = [one for one in more if (one.question, one.unit) not in judged]
    known = {unit.id for unit in collection.units}
    units = {one.unit: Unit(one.unit, None, None, one.where) for one in added if one.unit not in known}
    return replace(
        collection,
        judgements=(*collection.judgements, *added),
        units=(*collection.units, *units.values()),
    )
