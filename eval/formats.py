"""Formats: the files of collections and runs, our own and those of TREC and BEIR.

eval/collections/README.md describes them. Files of JSON lines may say more of each object than is read: that is for
people. A docid of TREC and a corpus-id of BEIR are the id of an initiative. (Thakur et al., "BEIR: a heterogeneous
benchmark for zero-shot evaluation", NeurIPS 2021)
"""

import hashlib
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from eval.collection import (
    NO_ANSWER,
    Catalogue,
    Collection,
    Judgement,
    Qrels,
    Question,
    SimilarGroup,
    Text,
    Unit,
    each_once,
    named_units,
)
from eval.errors import BadCollection, CannotMeasure
from eval.metrics import trec_qrels, trec_run
from eval.run import Run

QUERIES, QRELS_JSONL = "queries.jsonl", "qrels.jsonl"
AS_DOCUMENTED = "Write it as eval/collections/README.md says."

TOPICS, TOPICS_TSV, QRELS, QRELS_TSV, RUN = "topics.txt", "topics.tsv", "qrels.txt", "qrels.tsv", "run.txt"
TOP = re.compile(r"<top>(.*?)</top>", re.DOTALL | re.IGNORECASE)
# A sign "<" in a text is no tag: those of TREC end a field wherever they stand, any other at the start of its line.
FIELD_END = r"(?=</?(?:num|title|desc|narr|top)>|^[ \t]*</?[a-z][\w-]*>|\Z)"
TAGGED = re.compile(
    rf"<(num|title)>\s*(?:(?:Number|Topic)\s*:)?(.*?){FIELD_END}", re.DOTALL | re.MULTILINE | re.IGNORECASE
)
TOP_OPENS = re.compile("<top>", re.IGNORECASE)
TAG = re.compile(r"</?(?:top|num|title)>", re.IGNORECASE)

BEIR_QRELS, BEIR_CORPUS = "qrels/test.tsv", "corpus.jsonl"
BEIR_COLUMNS = ["query-id", "corpus-id", "score"]

# What the files of TREC and BEIR do not tell of a question: its language (ISO 639 calls that "und"), and its type.
UNTOLD = {"lang": "und", "type": "topic"}

Kind = TypeVar("Kind")


class Format(StrEnum):
    """What a collection can be written as, for other tools."""

    TREC = "trec"
    BEIR = "beir"


def open_collection(folder: Path) -> Collection:
    """Read a collection in whichever of the three formats it is; judgements of TREC may go with our questions.

    Of TREC and BEIR, questions that nothing answers are left out, as is usual: they belong to other splits. Raises
    BadCollection, with file and line, for a missing file, a malformed line, and whatever `Collection` refuses.
    """
    tagged, tabbed = folder / TOPICS, folder / TOPICS_TSV
    if (folder / BEIR_QRELS).parent.is_dir():
        (where, heading), *lines = _lines(folder / BEIR_QRELS)
        if heading.split() != BEIR_COLUMNS:
            raise BadCollection("The heading is missing", where, "Begin with query-id, corpus-id, score.")
        queries = read_as(Question, folder / QUERIES, **UNTOLD)
        return _answered(folder, queries, _columns(Judgement, lines, BEIR_COLUMNS, "\t"))
    if any(path.exists() for path in (folder / QRELS, tagged, tabbed)):
        if tagged.exists() and tabbed.exists():
            raise BadCollection("There are two files of topics", str(tabbed), f"Keep it or {TOPICS}.")
        topics = _topics(tagged) if tagged.exists() else _columns(Question, _lines(tabbed), ["qid", "text"], "\t")
        return _answered(folder, topics, read_qrels(folder / QRELS))
    if (folder / QRELS_TSV).exists():
        questions = tuple(one.question for one in read_as(BareQuestion, folder / QUERIES))
        judged = read_qrels(folder / QRELS_TSV)
        return Collection(folder=folder, questions=questions, judgements=judged, units=named_units(judged))
    return load_collection(folder)


@dataclass(frozen=True, slots=True)
class BareQuestion:
    """One line of queries.jsonl beside a qrels.tsv: an id and a text."""

    id: Text
    text: Text
    where: str  # file:line

    @property
    def question(self) -> Question:
        """The same as a question; language and type are not told."""
        return Question(id=self.id, text=self.text, language=UNTOLD["lang"], type=UNTOLD["type"], where=self.where)


def digest_of(folder: Path) -> str:
    """The sha256 of a collection's files: it changes with a question, a judgement, or whatever else is measured."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md")
    told = "".join(f"{path.relative_to(folder)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n" for path in files)
    return hashlib.sha256(told.encode()).hexdigest()


# --- Lines, and what they are read as


def read_as(kind: type[Kind], path: Path, **told: str) -> tuple[Kind, ...]:
    """The lines of a file of JSON as dataclasses: each object in them is told `where` it stands, and each line `told`.

    Raises BadCollection when the file is missing, empty or no UTF-8, and for a line that is none of this kind.
    """
    validate, read = TypeAdapter(kind).validate_python, []
    for where, line in _lines(path):
        with _refused(where):
            read.append(validate({**_json(line, where), **told}))
    return tuple(read)


def read_if_there(kind: type[Kind], path: Path, **told: str) -> tuple[Kind, ...]:
    """The same of a file that may be missing: nothing when it is."""
    return read_as(kind, path, **told) if path.exists() else ()


def read_qrels(path: Path) -> tuple[Judgement, ...]:
    """The judgements of a file of TREC: `qid 0 docid grade`. Raises BadCollection for a malformed line."""
    return _columns(Judgement, _lines(path), ["qid", "0", "docid", "grade"])


def _columns(
    kind: type[Kind], lines: Iterable[tuple[str, str]], names: Sequence[str], tab: str | None = None
) -> tuple[Kind, ...]:
    """Lines of columns, with tabs or else any white space between them, as dataclasses."""
    validate, read = TypeAdapter(kind).validate_strings, []
    for where, line in lines:
        cells = dict(zip(names, line.strip().split(tab, len(names) - 1), strict=False))
        with _refused(where, f"Write: {('<TAB>' if tab else ' ').join(names)}."):
            read.append(validate({**cells, **UNTOLD, "where": where}))
    return tuple(read)


def _json(text: str, where: str) -> Any:  # noqa: ANN401 — whatever a file may hold
    return json.loads(text, object_hook=lambda fields: {**fields, "where": where})


@contextmanager
def _refused(where: str, mend: str = AS_DOCUMENTED) -> Iterator[None]:
    """Name the place and the mend of what json and pydantic refuse."""
    try:
        yield
    except ValidationError as error:
        wrong = error.errors()[0]
        raise BadCollection(": ".join(map(str, (*wrong["loc"], wrong["msg"]))), where, mend) from None
    except (ValueError, TypeError) as error:
        raise BadCollection(f"This is no JSON object: {error}", where, mend) from None


def _lines(path: Path) -> list[tuple[str, str]]:
    """The lines that are not blank, each after its file:line. Raises BadCollection when there are none."""
    lines = [(f"{path}:{n}", line) for n, line in enumerate(_text_of(path).split("\n"), start=1) if line.strip()]
    if not lines:
        raise BadCollection("A file of the collection is empty", str(path), AS_DOCUMENTED)
    return lines


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        what = f"A file of the collection cannot be read: {getattr(error, 'strerror', error)}"
        raise BadCollection(what, str(path), f"{AS_DOCUMENTED[:-1]}, in UTF-8.") from None


# --- Read


def load_collection(folder: Path) -> Collection:
    """Read a folder in our own format. Raises as `open_collection` does."""
    judgements = read_as(Judgement, folder / QRELS_JSONL)
    units = read_if_there(Unit, folder / "units.jsonl") or named_units(judgements)
    twins = folder / "twins.json"
    return Collection(
        folder=folder,
        questions=read_as(Question, folder / QUERIES),
        judgements=judgements,
        units=units,
        twins=_twins(twins, {unit.id for unit in units}) if twins.exists() else (),
        unanswerable=read_if_there(Question, folder / "no_answer.jsonl", type=NO_ANSWER),
        similar=read_if_there(SimilarGroup, folder / "similar.jsonl"),
    )


@dataclass(frozen=True, slots=True)
class Twins:
    """What twins.json holds: ids of units."""

    groups: list[list[str]]


def _twins(path: Path, known: Set[str]) -> tuple[frozenset[str], ...]:
    text = _text_of(path)
    with _refused(str(path), 'Write {"groups": [["one id", "another id"], …]}.'):
        groups = TypeAdapter(Twins).validate_json(text).groups
    each_once((f"unit '{unit}'", f"{path}, group {n}") for n, group in enumerate(groups, start=1) for unit in group)
    if unknown := set().union(*groups) - known:
        what = f"The unknown unit '{min(unknown)}' has twins"
        raise BadCollection(what, str(path), "Add it to units.jsonl or remove it.")
    return tuple(frozenset(group) for group in groups if group)


def _answered(folder: Path, questions: Sequence[Question], judgements: Sequence[Judgement]) -> Collection:
    """The collection of a folder that names initiatives by id; only questions that something answers are kept."""
    unanswered = {question.id for question in questions} - {each.question for each in judgements if each.grade}
    kept = tuple(each for each in judgements if each.question not in unanswered)
    answered = tuple(question for question in questions if question.id not in unanswered)
    if not answered:
        raise BadCollection("No judgement says what answers any question", str(folder), "Judge above 0 what does.")
    return Collection(folder=folder, questions=answered, judgements=kept, units=named_units(kept))


def _topics(path: Path) -> tuple[Question, ...]:
    """The topics of a file of TREC. Raises BadCollection for a tag that belongs to none, or stands twice in one."""
    text, mend, topics, end = _text_of(path), "Write <top> <num> 1 <title> … </top>.", [], 0
    validate = TypeAdapter(Question).validate_strings

    def place(at: int) -> str:
        return f"{path}:{text.count(chr(10), 0, at) + 1}"

    for top in TOP.finditer(text):
        _refuse_tags(text, end, top.start(), place, mend)
        fields = [(name.lower(), " ".join(html.unescape(told).split())) for name, told in TAGGED.findall(top[1])]
        tags = dict(fields)
        if len(tags) < len(fields) or TOP_OPENS.search(top[1]):
            raise BadCollection("A topic has a tag twice, or does not end", place(top.start()), mend)
        with _refused(place(top.start()), mend):
            topics.append(validate({**tags, **UNTOLD, "where": place(top.start())}))
        end = top.end()
    _refuse_tags(text, end, len(text), place, mend)
    if not topics:
        raise BadCollection("The file holds no topic", str(path), mend)
    return tuple(topics)


def _refuse_tags(text: str, start: int, end: int, place: Callable[[int], str], mend: str) -> None:
    """Raise BadCollection for a tag between topics: a question would be left out in silence."""
    if stray := TAG.search(text, start, end):
        raise BadCollection(f"The tag {stray[0]} belongs to no topic", place(stray.start()), mend)


@dataclass(frozen=True, slots=True)
class RunLine:
    """One line of run.txt, without the rank: the order is that of the scores."""

    qid: Text
    docid: Text
    score: Annotated[float, Field(allow_inf_nan=False)]
    tag: Text
    where: str  # file:line


def read_run(path: Path, catalogue: Catalogue, questions: Iterable[str]) -> Run:
    """A run that somebody else made, over the initiatives of a catalogue: a run.txt of TREC.

    Docids are ordered by falling score, equal ones by falling docid, as trec_eval has it. Raises BadCollection for a
    malformed line, a score that is no finite number, or a docid that stands twice for a question;
    CannotMeasure when the run has no ranking for any of the questions (ids), or names none of the initiatives.
    """
    lines = _columns(RunLine, _lines(path), ["qid", "Q0", "docid", "rank", "score", "tag"])
    mend = "`recueil eval export --format trec DIR` writes the topics with their ids, and a run to take as an example."
    each_once((f"docid '{line.docid}' of '{line.qid}'", line.where) for line in lines)
    if {line.qid for line in lines}.isdisjoint(questions):
        raise CannotMeasure("The run answers no question of the collection", str(path), mend)
    if {line.docid for line in lines}.isdisjoint(catalogue.sheets):
        raise CannotMeasure("The run names no initiative of the index", str(path), mend)
    rankings: dict[str, list[str]] = {line.qid: [] for line in lines}
    for line in sorted(lines, key=lambda line: (line.score, line.docid), reverse=True):
        rankings[line.qid].append(line.docid)
    return Run(lines[-1].tag, catalogue, {qid: tuple(docids) for qid, docids in rankings.items()}, {})


# --- TREC and BEIR, written


def export(chosen: Format, folder: Path, collection: Collection, run: Run) -> None:
    """Write a collection and a run of it into a folder, which is made.

    The corpus of BEIR holds one telling of each cluster, the one that judgements name. Raises CannotMeasure for an id
    with white space, and when the folder cannot be written; BadCollection as `Qrels.of` does.
    """
    qrels = Qrels.of(collection, run.catalogue)
    for id_ in (*qrels.grades, *run.catalogue.sheets):
        if len(id_.split()) != 1:
            mend = "These files need ids without white space."
            raise CannotMeasure(f"The id '{id_}' is not one word", "the export", mend)
    tag, judged = "-".join(run.system.split()), trec_qrels(qrels)
    files: dict[str, list[Any]] = {
        RUN: [
            f"{one.query_id} Q0 {one.doc_id} {1 - one.score:.0f} {0 + one.score:.0f} {tag}"
            for one in trec_run(qrels, run.rankings)
        ]
    }
    if chosen == Format.TREC:
        files[TOPICS_TSV] = [f"{question.id}\t{' '.join(question.text.split())}" for question in collection.questions]
        files[QRELS] = [f"{one.query_id} 0 {one.doc_id} {one.relevance}" for one in judged]
    else:
        told = [one for one in run.catalogue.sheets.values() if qrels.cluster(one.id) == one.id]
        files[QUERIES] = [{"_id": question.id, "text": question.text} for question in collection.questions]
        files[BEIR_CORPUS] = [{"_id": one.id, "title": one.title, "text": one.text} for one in told]
        rows = [f"{one.query_id}\t{one.doc_id}\t{one.relevance}" for one in judged]
        files[BEIR_QRELS] = ["\t".join(BEIR_COLUMNS), *rows]
    write_files(folder, files)


def write_files(folder: Path, files: Mapping[str, Iterable[str | dict[str, Any]]]) -> None:
    """Write the lines of each file, an object as JSON; folders are made. Raises CannotMeasure when they cannot be."""
    try:
        for name, lines in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            told = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
            path.write_text("".join(f"{line}\n" for line in told), encoding="utf-8")
    except OSError as error:
        what = f"The files cannot be written: {error.strerror}"
        raise CannotMeasure(what, str(folder), "Give a folder that can be written.") from None
