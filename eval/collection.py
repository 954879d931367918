"""A collection: questions and judgements of what they should find, read from a folder.

    queries.jsonl     {"qid", "lang", "type", "query"}
    qrels.jsonl       {"qid", "uid", "grade"}, grades 0 to 3; a pair without a line counts as 0
    units.jsonl       {"uid", "document", "snippet"}: an initiative by words that stand in it alone
    twins.json        {"groups": [[uid, …], …]}: units that tell of one real-world initiative
    no_answer.jsonl   {"qid", "lang", "query"}: questions that no initiative answers
    similar.jsonl     {"sid", "strength", "members": [{"gid", "document", "snippet"}, …]}

The last three may be missing. Further keys are allowed: they are for people.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.initiative import Initiative
from corpus.markup import plain
from eval.fault import BadCollection
from eval.record import Record, read_records, read_text

GRADES = (0, 1, 2, 3)

# The type of a question that no initiative answers.
NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks."""

    id: str
    text: str
    language: str  # "fr" or "en"
    type: str  # a slice of the figures: "place", "paraphrase", … or NO_ANSWER
    where: str  # file:line


@dataclass(frozen=True, slots=True)
class Judgement:
    """How well a unit answers a question."""

    question: str
    unit: str
    grade: int  # one of GRADES
    where: str  # file:line


@dataclass(frozen=True, slots=True)
class Unit:
    """An initiative as the collection names it: by words that stand in it and in no other of its document."""

    id: str
    document: str  # the name under which the text reached us, or that name up to its first "_"
    snippet: str
    where: str  # file:line


@dataclass(frozen=True, slots=True)
class SimilarGroup:
    """Initiatives with like aims."""

    id: str
    strength: str  # "same", "very_similar" or "related"
    members: tuple[Unit, ...]  # two or more; their ids are not those of Collection.units
    where: str  # file:line


@dataclass(frozen=True, slots=True)
class Collection:
    """Everything a folder says, checked: every judgement speaks of a question and a unit that are here."""

    name: str
    questions: tuple[Question, ...]
    judgements: tuple[Judgement, ...]
    units: tuple[Unit, ...]
    twins: tuple[frozenset[str], ...]  # ids of units; no unit is in two groups
    unanswerable: tuple[Question, ...]
    similar: tuple[SimilarGroup, ...]


def load_collection(folder: Path) -> Collection:
    """Read and check a folder.

    Raises BadCollection, with file and line, for a missing file, a line that is not a record of its file, an unknown
    grade, a judgement on an unknown question or unit, a question that nothing answers, and whatever stands twice.
    """
    questions = tuple(_question(record, record.text("type")) for record in read_records(folder / "queries.jsonl"))
    units = tuple(_unit(record, "uid") for record in read_records(folder / "units.jsonl"))
    judgements = tuple(_judgement(record) for record in read_records(folder / "qrels.jsonl"))
    unanswerable = tuple(_question(record, NO_ANSWER) for record in _read_if_there(folder / "no_answer.jsonl"))
    similar = tuple(_similar_group(record) for record in _read_if_there(folder / "similar.jsonl"))
    _each_once([(f"question '{question.id}'", question.where) for question in (*questions, *unanswerable)])
    _each_once([(f"unit '{unit.id}'", unit.where) for unit in units])
    _each_once([(f"judgement of '{each.unit}' for '{each.question}'", each.where) for each in judgements])
    _each_once([(f"group '{group.id}'", group.where) for group in similar])
    _check_judgements(judgements, questions, units)
    twins = _twins(folder / "twins.json", units)
    return Collection(folder.resolve().name, questions, judgements, units, twins, unanswerable, similar)


def map_units(
    units: Iterable[Unit], initiatives: Iterable[Initiative], original_names: Mapping[str, str]
) -> dict[str, str]:
    """Find the initiative of each unit: the one whose text holds the snippet, markup and white space aside.

    `original_names` gives each document's id the name under which its text reached us. Gives unit id → initiative id.
    Raises BadCollection when a snippet stands in no initiative of its document, or in several.
    """
    texts: dict[str, list[tuple[str, str]]] = {}
    for initiative in initiatives:
        name = original_names[initiative.source.document]
        for spelling in {name, name.split("_")[0]}:
            texts.setdefault(spelling, []).append((initiative.id, plain(initiative.text)))
    return {unit.id: _holder(unit, texts.get(unit.document, [])) for unit in units}


def _holder(unit: Unit, texts: Sequence[tuple[str, str]]) -> str:
    snippet = plain(unit.snippet)
    holders = [initiative for initiative, text in texts if snippet in text]
    if len(holders) != 1:
        found = f"in {len(holders)} initiatives" if holders else "in no initiative"
        raise BadCollection(
            f"The snippet of '{unit.id}' stands {found} of the document '{unit.document}'",
            unit.where,
            "Choose words that one initiative of this document holds, and no other.",
        )
    return holders[0]


def _read_if_there(path: Path) -> list[Record]:
    return read_records(path) if path.exists() else []


def _question(record: Record, type_: str) -> Question:
    return Question(record.text("qid"), record.text("query"), record.text("lang"), type_, record.where)


def _unit(record: Record, id_key: str) -> Unit:
    return Unit(record.text(id_key), record.text("document"), record.text("snippet"), record.where)


def _judgement(record: Record) -> Judgement:
    grade = record.fields.get("grade")
    if type(grade) is not int or grade not in GRADES:
        raise BadCollection(f"{grade!r} is no grade", record.where, "Give 'grade' 0, 1, 2 or 3, without quotes.")
    return Judgement(record.text("qid"), record.text("uid"), grade, record.where)


def _similar_group(record: Record) -> SimilarGroup:
    members = tuple(_unit(member, "gid") for member in record.objects("members"))
    return SimilarGroup(record.text("sid"), record.text("strength"), members, record.where)


def _each_once(named: Iterable[tuple[str, str]]) -> None:
    first: dict[str, str] = {}
    for name, where in named:
        if name in first:
            raise BadCollection(f"The {name} stands twice", where, f"Remove this line or {first[name]}.")
        first[name] = where


def _check_judgements(judgements: Iterable[Judgement], questions: Iterable[Question], units: Iterable[Unit]) -> None:
    unanswered = {question.id: question for question in questions}
    asked, known = set(unanswered), {unit.id for unit in units}
    for judgement in judgements:
        if judgement.question not in asked:
            raise BadCollection(
                f"A judgement speaks of the unknown question '{judgement.question}'",
                judgement.where,
                "Add the question to queries.jsonl or remove the line.",
            )
        if judgement.unit not in known:
            raise BadCollection(
                f"A judgement speaks of the unknown unit '{judgement.unit}'",
                judgement.where,
                "Add the unit to units.jsonl or remove the line.",
            )
        if judgement.grade:
            unanswered.pop(judgement.question, None)
    for question in unanswered.values():
        raise BadCollection(
            f"No judgement says what answers '{question.id}'",
            question.where,
            "Judge a unit above 0 for it, or move the question to no_answer.jsonl.",
        )


def _twins(path: Path, units: Iterable[Unit]) -> tuple[frozenset[str], ...]:
    known = {unit.id for unit in units}
    groups = _read_groups(path) if path.exists() else []
    seen: set[str] = set()
    for uid in (uid for group in groups for uid in group):
        if uid not in known:
            raise BadCollection(f"The unknown unit '{uid}' has twins", str(path), "Add it to units.jsonl or remove it.")
        if uid in seen:
            raise BadCollection(f"The unit '{uid}' stands twice", str(path), "Join the two groups, or remove one.")
        seen.add(uid)
    return tuple(frozenset(group) for group in groups)


def _read_groups(path: Path) -> list[list[str]]:
    try:
        groups = json.loads(read_text(path))["groups"]
        well_formed = all(isinstance(group, list) and all(isinstance(uid, str) for uid in group) for group in groups)
    except (ValueError, KeyError, TypeError):
        well_formed = False
    if not well_formed:
        raise BadCollection("The twins cannot be read", str(path), 'Write {"groups": [["one id", "another id"], …]}.')
    return [group for group in groups if group]
