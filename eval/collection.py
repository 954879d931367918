"""A collection: questions and judgements of what they should find, read from a folder.

    queries.jsonl     {"qid", "lang", "type", "query"}
    qrels.jsonl       {"qid", "uid", "grade"}, grades 0 to 3; a pair without a line counts as 0
    units.jsonl       {"uid", "document", "snippet"}: an initiative by words that stand in it alone
    twins.json        {"groups": [[uid, …], …]}: units that tell of one real-world initiative
    no_answer.jsonl   {"qid", "lang", "query"}: questions that no initiative answers
    similar.jsonl     {"sid", "strength", "members": [{"gid", "document", "snippet"}, …]}

The last four may be missing. Without units.jsonl every uid is the id of an initiative, and so is the gid of a member
without document and snippet. Further keys are allowed: they are for people. eval/collections/README.md says more.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.markup import plain
from eval.catalogue import Catalogue
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
    """An initiative as the collection names it: by words that stand in it and in no other of its document, or by id."""

    id: str  # the initiative's own, where there is no snippet
    document: str | None  # the name under which the text reached us, or that name up to its first "_"
    snippet: str | None
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
    twins: tuple[frozenset[str], ...]  # ids of units; no unit is in two groups. Empty: those the catalogue links
    unanswerable: tuple[Question, ...]
    similar: tuple[SimilarGroup, ...]


def load_collection(folder: Path) -> Collection:
    """Read and check a folder.

    Raises BadCollection, with file and line, for a missing file, a line that is not a record of its file, an unknown
    grade, a judgement on an unknown question or unit, a question that nothing answers, and whatever stands twice.
    """
    questions = tuple(_question(record, record.text("type")) for record in read_records(folder / "queries.jsonl"))
    judgements = tuple(_judgement(record) for record in read_records(folder / "qrels.jsonl"))
    described = tuple(_described(record, "uid") for record in _read_if_there(folder / "units.jsonl"))
    units = described or named_units(judgements)
    return checked(
        Collection(
            folder.resolve().name,
            questions,
            judgements,
            units,
            _twins(folder / "twins.json", units),
            tuple(_question(record, NO_ANSWER) for record in _read_if_there(folder / "no_answer.jsonl")),
            tuple(_similar_group(record) for record in _read_if_there(folder / "similar.jsonl")),
        )
    )


def checked(collection: Collection) -> Collection:
    """The same collection, when its parts fit together.

    Raises BadCollection for what stands twice, a judgement on an unknown question or unit, and a question that nothing
    answers.
    """
    questions = (*collection.questions, *collection.unanswerable)
    each_once([(f"question '{question.id}'", question.where) for question in questions])
    each_once([(f"unit '{unit.id}'", unit.where) for unit in collection.units])
    each_once([(f"judgement of '{each.unit}' for '{each.question}'", each.where) for each in collection.judgements])
    each_once([(f"group '{group.id}'", group.where) for group in collection.similar])
    _check_judgements(collection.judgements, collection.questions, collection.units)
    return collection


def each_once(named: Iterable[tuple[str, str]]) -> None:
    """Raise BadCollection for a name that stands twice; each comes with the file:line where it stands."""
    first: dict[str, str] = {}
    for name, where in named:
        if name in first:
            raise BadCollection(f"The {name} stands twice", where, f"Remove this line or {first[name]}.")
        first[name] = where


def digest_of(folder: Path) -> str:
    """The sha256 of a collection's files: it changes with a question, a judgement, or whatever else is measured."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md")
    told = "".join(f"{path.relative_to(folder)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n" for path in files)
    return hashlib.sha256(told.encode()).hexdigest()


def named_units(judgements: Iterable[Judgement]) -> tuple[Unit, ...]:
    """The units that judgements name by the ids of initiatives, each once, where its first judgement stands."""
    first: dict[str, str] = {}
    for judgement in judgements:
        first.setdefault(judgement.unit, judgement.where)
    return tuple(Unit(id_, None, None, where) for id_, where in first.items())


def map_units(units: Iterable[Unit], catalogue: Catalogue) -> dict[str, str]:
    """Find the initiative of each unit: the one whose text holds the snippet, markup and white space aside.

    A unit without a snippet is the initiative that has its id. Gives unit id → initiative id. Raises BadCollection when
    a snippet stands in no initiative of its document, or in several, and when no initiative has the id.
    """
    units = list(units)
    texts: dict[str, list[tuple[str, str]]] = {}
    if any(unit.snippet is not None for unit in units):
        for sheet in catalogue.sheets.values():
            name = catalogue.original_names.get(sheet.document, sheet.document)
            for spelling in {name, name.split("_")[0]}:
                texts.setdefault(spelling, []).append((sheet.id, plain(sheet.text)))
    return {
        unit.id: _named(unit, catalogue)
        if unit.snippet is None
        else _holder(unit, plain(unit.snippet), texts.get(unit.document or "", []))
        for unit in units
    }


def _named(unit: Unit, catalogue: Catalogue) -> str:
    if unit.id not in catalogue.sheets:
        raise BadCollection(
            f"No initiative has the id '{unit.id}'",
            unit.where,
            "Give an id as /initiatives lists them, or describe the unit by words that stand in it (units.jsonl).",
        )
    return unit.id


def _holder(unit: Unit, snippet: str, texts: Sequence[tuple[str, str]]) -> str:
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


def _described(record: Record, id_key: str) -> Unit:
    return Unit(record.text(id_key), record.text("document"), record.text("snippet"), record.where)


def _judgement(record: Record) -> Judgement:
    grade = checked_grade(record.fields.get("grade"), record.where)
    return Judgement(record.text("qid"), record.text("uid"), grade, record.where)


def checked_grade(grade: object, where: str) -> int:
    """The same grade, when it is one. Raises BadCollection."""
    if type(grade) is not int or grade not in GRADES:
        raise BadCollection(f"{grade!r} is no grade", where, "Give 'grade' 0, 1, 2 or 3, without quotes.")
    return grade


def _similar_group(record: Record) -> SimilarGroup:
    members = tuple(_member(member) for member in record.objects("members"))
    return SimilarGroup(record.text("sid"), record.text("strength"), members, record.where)


def _member(record: Record) -> Unit:
    if record.fields.keys().isdisjoint({"document", "snippet"}):
        return Unit(record.text("gid"), None, None, record.where)
    return _described(record, "gid")


def _check_judgements(judgements: Iterable[Judgement], questions: Iterable[Question], units: Iterable[Unit]) -> None:
    unanswered = {question.id: question for question in questions}
    asked, known = set(unanswered), {unit.id for unit in units}
    for judgement in judgements:
        if judgement.question not in asked:
            raise BadCollection(
                f"A judgement speaks of the unknown question '{judgement.question}'",
                judgement.where,
                "Add the question to the others, or remove the line.",
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
