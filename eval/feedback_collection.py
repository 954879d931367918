"""A collection made of feedback: what people agree on, in the format of all collections."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from eval.agreement import Agreement, Pair
from eval.asked import same_question
from eval.collection import Collection, load_collection
from eval.fault import CannotMeasure

TYPE = "feedback"  # the slice that the questions are
QUERIES, QRELS = "queries.jsonl", "qrels.jsonl"


def write_collection(folder: Path, agreement: Agreement) -> Collection:
    """Write queries.jsonl and qrels.jsonl into a folder, which is made, and read them back.

    Questions for which nothing was found good are left out: what would be right for them nobody has said. Raises
    CannotMeasure when none is left, and when the folder holds a collection already.
    """
    answered = {pair.question for pair in agreement.agreed if pair.grade}
    pairs = [pair for pair in agreement.agreed if pair.question in answered]
    if not pairs:
        raise CannotMeasure(
            "No two judgements agree yet on an initiative that answers a question",
            "the feedback",
            "Wait for more of them: `recueil feedback list` shows what there is.",
        )
    if (folder / QUERIES).exists():
        raise CannotMeasure("There is a collection already", str(folder), "Choose another folder, or remove that one.")
    folder.mkdir(parents=True, exist_ok=True)
    questions = {pair.question: pair for pair in pairs}
    _write(folder / QUERIES, (_query(pair) for pair in questions.values()))
    _write(folder / QRELS, (_qrel(pair) for pair in pairs))
    return load_collection(folder)


def _query(pair: Pair) -> dict[str, object]:
    return {"qid": _id(pair.question), "lang": pair.language, "type": TYPE, "query": pair.question}


def _qrel(pair: Pair) -> dict[str, object]:
    told = {"qid": _id(pair.question), "uid": pair.initiative, "grade": pair.grade}
    return {**told, "judgements": len(pair.grades)}


def _id(question: str) -> str:
    """The same id for a question each time a collection is made, so that runs can be compared."""
    return f"f-{hashlib.sha256(same_question(question).encode()).hexdigest()[:10]}"


def _write(path: Path, records: Iterable[dict[str, object]]) -> None:
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
