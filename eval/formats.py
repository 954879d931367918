"""Formats: the files of collections and runs, our own and those of TREC and BEIR.

Ours (eval/collections/README.md says more; further keys are allowed, they are for people):

    queries.jsonl     {"qid", "lang", "type", "query"}
    qrels.jsonl       {"qid", "uid", "grade"}, grades 0 to 3; a pair without a line counts as 0
    units.jsonl       {"uid", "document", "snippet"}: an initiative by words that stand in it alone
    twins.json        {"groups": [[uid, …], …]}: units that tell of one real-world initiative
    no_answer.jsonl   {"qid", "lang", "query"}: questions that no initiative answers
    similar.jsonl     {"sid", "strength", "members": [{"gid", "document", "snippet"}, …]}

The last four may be missing. Without units.jsonl every uid is the id of an initiative, and so is the gid of a member
without document and snippet.

TREC:  topics.tsv (qid<TAB>text) or topics.txt (<top> <num> Number: qid <title> text </top>),
       qrels.txt (qid 0 docid grade), run.txt (qid Q0 docid rank score tag)
BEIR:  queries.jsonl {"_id", "text"}, qrels/test.tsv (query-id<TAB>corpus-id<TAB>score, under a heading),
       corpus.jsonl {"_id", "title", "text"}, written only: what is searched is the index
       (Thakur et al., "BEIR: a heterogeneous benchmark for zero-shot evaluation", NeurIPS 2021)

A docid and a corpus-id are the id of an initiative.
"""

import hashlib
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Any

from ir_measures import ScoredDoc, read_trec_qrels, read_trec_run

from eval.collection import (
    NO_ANSWER,
    Catalogue,
    Collection,
    Judgement,
    Qrels,
    Question,
    SimilarGroup,
    Unit,
    named_units,
)
from eval.errors import BadCollection, CannotMeasure
from eval.metrics import trec_qrels, trec_run
from eval.run import Run

GRADES = (0, 1, 2, 3)

ONE_OBJECT_A_LINE = "Write one JSON object on each line."

TOPICS, TOPICS_TSV, QRELS, RUN = "topics.txt", "topics.tsv", "qrels.txt", "run.txt"
TOP = re.compile(r"<top>(.*?)</top>", re.DOTALL)
FIELD = re.compile(r"<(num|title)>\s*(?:(?:Number|Topic)\s*:)?([^<]*)")

BEIR_QUERIES, BEIR_QRELS, BEIR_CORPUS = "queries.jsonl", "qrels/test.tsv", "corpus.jsonl"
BEIR_HEADING = "query-id\tcorpus-id\tscore"

# What the files of TREC and BEIR do not tell of a question: its language (ISO 639 calls that "und"), and its type.
UNTOLD_LANGUAGE, UNTOLD_TYPE = "und", "topic"


class Format(StrEnum):
    """What a collection can be written as, for other tools."""

    TREC = "trec"
    BEIR = "beir"


def open_collection(folder: Path) -> Collection:
    """Read a collection in whichever of the three formats it is.

    Raises BadCollection, with file and line, for a missing file, a malformed line, an unknown grade, and whatever
    `Collection` refuses.
    """
    if (folder / BEIR_QRELS).exists():
        return load_beir(folder)
    if (folder / QRELS).exists():
        return load_trec(folder)
    return load_collection(folder)


def digest_of(folder: Path) -> str:
    """The sha256 of a collection's files: it changes with a question, a judgement, or whatever else is measured."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md")
    told = "".join(f"{path.relative_to(folder)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n" for path in files)
    return hashlib.sha256(told.encode()).hexdigest()


# --- JSON lines


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of one JSON object of a file; `where` is file:line, to be named when it is wrong."""

    fields: dict[str, Any]
    where: str

    def text(self, key: str) -> str:
        """The text under `key`. Raises BadCollection when it is missing, blank or no text."""
        value = self.fields.get(key)
        if not isinstance(value, str) or not value.strip():
            raise BadCollection(f"'{key}' is missing or no text", self.where, f"Give '{key}' a text.")
        return value

    def objects(self, key: str) -> "list[Record]":
        """The objects listed under `key`, two or more. Raises BadCollection when it is anything else."""
        value = self.fields.get(key)
        if not isinstance(value, list) or len(value) < 2 or not all(isinstance(one, dict) for one in value):
            raise BadCollection(f"'{key}' is no list of two or more objects", self.where, f"List them under '{key}'.")
        return [Record(fields, self.where) for fields in value]


def read_records(path: Path) -> list[Record]:
    """The records of a file of JSON lines, blank lines left out.

    Raises BadCollection when the file is missing, empty or no UTF-8, and for a line that is no JSON object.
    """
    return [_record(line, where) for where, line in _lines(path, ONE_OBJECT_A_LINE)]


def _record(line: str, where: str) -> Record:
    try:
        fields = json.loads(line)
    except ValueError as error:
        raise BadCollection(f"The line is not JSON: {error}", where, ONE_OBJECT_A_LINE) from None
    if not isinstance(fields, dict):
        raise BadCollection("The line is no JSON object", where, ONE_OBJECT_A_LINE)
    return Record(fields, where)


def _lines(path: Path, how_to_fill: str = "Write something into it.") -> Iterator[tuple[str, str]]:
    """The lines that are not blank, each after its file:line. Raises BadCollection when there are none."""
    lines = [(f"{path}:{n}", line) for n, line in enumerate(_read_text(path).split("\n"), start=1) if line.strip()]
    if not lines:
        raise BadCollection("A file of the collection is empty", str(path), how_to_fill)
    yield from lines


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadCollection(
            "A file of the collection is missing", str(path), "Write it as eval/collections/README.md says."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadCollection(
            f"A file of the collection cannot be read: {error}", str(path), "Make it a readable UTF-8 file."
        ) from None


# --- Ours


def load_collection(folder: Path) -> Collection:
    """Read a folder in our own format. Raises as `open_collection` does."""
    questions = tuple(_question(one, one.text("type")) for one in read_records(folder / "queries.jsonl"))
    judgements = tuple(_judgement(one) for one in read_records(folder / "qrels.jsonl"))
    units = tuple(_unit(one, "uid") for one in _records_if_there(folder / "units.jsonl")) or named_units(judgements)
    return Collection(
        folder=folder,
        questions=questions,
        judgements=judgements,
        units=units,
        twins=_twins(folder / "twins.json", units),
        unanswerable=tuple(_question(one, NO_ANSWER) for one in _records_if_there(folder / "no_answer.jsonl")),
        similar=tuple(_similar_group(one) for one in _records_if_there(folder / "similar.jsonl")),
    )


def _records_if_there(path: Path) -> list[Record]:
    return read_records(path) if path.exists() else []


def _question(record: Record, type_: str) -> Question:
    id_, text = record.text("qid"), record.text("query")
    return Question(id=id_, text=text, language=record.text("lang"), type=type_, where=record.where)


def _judgement(record: Record) -> Judgement:
    grade = _grade(record.fields.get("grade"), record.where)
    return Judgement(record.text("qid"), record.text("uid"), grade, record.where)


def _similar_group(record: Record) -> SimilarGroup:
    members = tuple(_member(member) for member in record.objects("members"))
    return SimilarGroup(record.text("sid"), record.text("strength"), members, record.where)


def _unit(record: Record, id_key: str) -> Unit:
    return Unit(record.text(id_key), record.text("document"), record.text("snippet"), record.where)


def _member(record: Record) -> Unit:
    if record.fields.keys().isdisjoint({"document", "snippet"}):
        return Unit(record.text("gid"), None, None, record.where)
    return _unit(record, "gid")


def _grade(grade: object, where: str) -> int:
    if type(grade) is not int or grade not in GRADES:
        raise BadCollection(f"{grade!r} is no grade", where, "Give 'grade' 0, 1, 2 or 3, without quotes.")
    return grade


def _twins(path: Path, units: Iterable[Unit]) -> tuple[frozenset[str], ...]:
    known = {unit.id for unit in units}
    groups = _groups(path) if path.exists() else []
    seen: set[str] = set()
    for uid in (uid for group in groups for uid in group):
        if uid not in known:
            raise BadCollection(f"The unknown unit '{uid}' has twins", str(path), "Add it to units.jsonl or remove it.")
        if uid in seen:
            raise BadCollection(f"The unit '{uid}' stands twice", str(path), "Join the two groups, or remove one.")
        seen.add(uid)
    return tuple(frozenset(group) for group in groups)


def _groups(path: Path) -> list[list[str]]:
    try:
        groups = json.loads(_read_text(path))["groups"]
        well_formed = all(isinstance(group, list) and all(isinstance(uid, str) for uid in group) for group in groups)
    except (ValueError, KeyError, TypeError):
        well_formed = False
    if not well_formed:
        raise BadCollection("The twins cannot be read", str(path), 'Write {"groups": [["one id", "another id"], …]}.')
    return [group for group in groups if group]


# --- TREC and BEIR, read


def load_trec(folder: Path) -> Collection:
    """Read topics and judgements. Topics that nothing answers are left out, as is usual with these files."""
    path = folder / TOPICS
    topics = read_topics(path) if path.exists() else read_topics_tsv(folder / TOPICS_TSV)
    return _answered(folder, topics, read_qrels(folder / QRELS))


def load_beir(folder: Path) -> Collection:
    """Read queries and the judgements of the test split. Queries that nothing answers belong to other splits."""
    queries = [_topic(one.text("_id"), one.text("text"), one.where) for one in read_records(folder / BEIR_QUERIES)]
    return _answered(folder, queries, _read_beir_qrels(folder / BEIR_QRELS))


def _answered(folder: Path, questions: Iterable[Question], judgements: Iterable[Judgement]) -> Collection:
    """The collection of a folder that names initiatives by id; only questions that something answers are kept."""
    questions, judgements = list(questions), list(judgements)
    unanswered = {question.id for question in questions} - {each.question for each in judgements if each.grade}
    kept = tuple(each for each in judgements if each.question not in unanswered)
    answered = tuple(question for question in questions if question.id not in unanswered)
    if not answered:
        raise BadCollection("No judgement says what answers any question", str(folder), "Judge above 0 what does.")
    return Collection(folder=folder, questions=answered, judgements=kept, units=named_units(kept))


def _topic(id_: str, text: str, where: str) -> Question:
    return Question(id=id_, text=text, language=UNTOLD_LANGUAGE, type=UNTOLD_TYPE, where=where)


def read_topics(path: Path) -> tuple[Question, ...]:
    """Read topics in their tags. Raises BadCollection for a topic without number or title."""
    text = _read_text(path)
    topics = []
    for top in TOP.finditer(text):
        where = f"{path}:{text.count(chr(10), 0, top.start()) + 1}"
        fields = {name: " ".join(html.unescape(told).split()) for name, told in FIELD.findall(top[1])}
        if not fields.get("num") or not fields.get("title"):
            raise BadCollection("The topic has no number or no title", where, "Give it <num> and <title>.")
        topics.append(_topic(fields["num"], fields["title"], where))
    if not topics:
        raise BadCollection("The file holds no topic", str(path), "Write <top> <num> 1 <title> … </top>.")
    return tuple(topics)


def read_topics_tsv(path: Path) -> tuple[Question, ...]:
    """Read topics, one a line. Raises BadCollection for a line without a tab, or with nothing beside it."""
    topics = []
    for where, line in _lines(path):
        id_, _, text = (part.strip() for part in line.partition("\t"))
        if not id_ or not text:
            raise BadCollection("The line is no topic", where, "Write the question's id, a tab, and its text.")
        topics.append(_topic(id_, text, where))
    return tuple(topics)


def read_qrels(path: Path) -> tuple[Judgement, ...]:
    """Read judgements. Raises BadCollection for a malformed line or an unknown grade."""
    judgements = []
    for where, line in _lines(path):
        try:
            (qrel,) = read_trec_qrels(StringIO(line))
        except ValueError:
            raise BadCollection("The line is no judgement", where, "Write: qid 0 docid grade.") from None
        judgements.append(Judgement(qrel.query_id, qrel.doc_id, _grade(qrel.relevance, where), where))
    return tuple(judgements)


def _read_beir_qrels(path: Path) -> Iterator[Judgement]:
    heading, *lines = _read_text(path).split("\n")
    if heading.split() != BEIR_HEADING.split():
        raise BadCollection("The heading is missing", f"{path}:1", "Begin with query-id, corpus-id, score.")
    for where, line in ((f"{path}:{number}", line) for number, line in enumerate(lines, start=2) if line.strip()):
        try:
            question, initiative, score = line.split("\t")
            grade = int(score)
        except ValueError:
            mend = "Write query-id, corpus-id and a whole score, with tabs between them."
            raise BadCollection("The line is no judgement", where, mend) from None
        yield Judgement(question.strip(), initiative.strip(), _grade(grade, where), where)


def read_run(path: Path, catalogue: Catalogue, questions: Iterable[str]) -> Run:
    """A run that somebody else made, over the initiatives of a catalogue: a run.txt of TREC.

    Docids are ordered by falling score, equal ones by falling docid, as trec_eval has it. Raises BadCollection for a
    malformed line; CannotMeasure when the run has no ranking for any of the questions (ids), or names none of the
    initiatives.
    """
    scored: dict[str, list[ScoredDoc]] = {}
    tag = path.stem
    for where, line in _lines(path):
        try:
            (found,) = read_trec_run(StringIO(line))
        except ValueError:
            raise BadCollection("The line is no line of a run", where, "Write: qid Q0 docid rank score tag.") from None
        scored.setdefault(found.query_id, []).append(found)
        tag = line.split()[-1]
    mend = "`recueil eval export --format trec DIR` writes the topics with their ids, and a run to take as an example."
    if set(questions).isdisjoint(scored):
        raise CannotMeasure("The run answers no question of the collection", str(path), mend)
    if not any(one.doc_id in catalogue.sheets for found in scored.values() for one in found):
        raise CannotMeasure("The run names no initiative of the index", str(path), mend)
    return Run(tag, catalogue, {question: _docids(found) for question, found in scored.items()}, {})


def _docids(found: Iterable[ScoredDoc]) -> tuple[str, ...]:
    return tuple(one.doc_id for one in sorted(found, key=lambda one: (one.score, one.doc_id), reverse=True))


# --- TREC and BEIR, written


def export(chosen: Format, folder: Path, collection: Collection, run: Run) -> None:
    """Write a collection and a run of it into a folder, which is made.

    The corpus of BEIR holds one telling of each cluster, the one that judgements name. Raises CannotMeasure for an id
    with white space, and when the folder cannot be written; BadCollection as `Qrels.of` does.
    """
    qrels = Qrels.of(collection, run.catalogue)
    files = {RUN: _run_lines(qrels, run)}
    match chosen:
        case Format.TREC:
            topics = [f"{question.id}\t{' '.join(question.text.split())}" for question in collection.questions]
            judged = [f"{_word(one.query_id)} 0 {_word(one.doc_id)} {one.relevance}" for one in trec_qrels(qrels)]
            files |= {TOPICS_TSV: topics, QRELS: judged}
        case Format.BEIR:
            queries = [_json({"_id": question.id, "text": question.text}) for question in collection.questions]
            judged = [f"{one.query_id}\t{one.doc_id}\t{one.relevance}" for one in trec_qrels(qrels)]
            sheets = [one for one in run.catalogue.sheets.values() if qrels.cluster(one.id) == one.id]
            texts = [_json({"_id": one.id, "title": one.title, "text": one.text}) for one in sheets]
            files |= {BEIR_QUERIES: queries, BEIR_QRELS: [BEIR_HEADING, *judged], BEIR_CORPUS: texts}
    _write(folder, files)


def _run_lines(qrels: Qrels, run: Run) -> list[str]:
    """A run as lines of run.txt, scores falling strictly."""
    tag = "-".join(run.system.split())
    return [
        f"{_word(one.query_id)} Q0 {_word(one.doc_id)} {1 - one.score:.0f} {0 + one.score:.0f} {tag}"
        for one in trec_run(qrels, run.rankings)
    ]


def _word(id_: str) -> str:
    if len(id_.split()) != 1:
        raise CannotMeasure(
            f"The id '{id_}' is not one word", "the export", "These files need ids without white space."
        )
    return id_


def _json(fields: dict[str, str]) -> str:
    return json.dumps(fields, ensure_ascii=False)


def _write(folder: Path, files: Mapping[str, Iterable[str]]) -> None:
    try:
        for name, lines in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        what = f"The files cannot be written: {error.strerror}"
        raise CannotMeasure(what, str(folder), "Give a folder that can be written.") from None
