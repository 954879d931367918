"""TREC files: topics, judgements and runs, as the tools of the field read and write them.

    topics.tsv   qid<TAB>text        or   topics.txt   <top> <num> Number: qid <title> text </top>
    qrels.txt    qid 0 docid grade
    run.txt      qid Q0 docid rank score tag

A docid is the id of an initiative.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from pathlib import Path

from ir_measures import Qrel, ScoredDoc, read_trec_qrels, read_trec_run

from eval.collection import Collection, Judgement, Question, checked, checked_grade, named_units
from eval.fault import BadCollection, CannotMeasure
from eval.measures import qrels_of, run_of
from eval.record import read_text
from eval.relevance import Relevance
from eval.system import Run

TOPICS, TOPICS_TSV, QRELS, RUN = "topics.txt", "topics.tsv", "qrels.txt", "run.txt"

# These files tell neither the language of a question (ISO 639 calls that "und") nor its type.
UNTOLD_LANGUAGE, UNTOLD_TYPE = "und", "topic"

TOP = re.compile(r"<top>(.*?)</top>", re.DOTALL)
FIELD = re.compile(r"<(num|title)>\s*(?:(?:Number|Topic)\s*:)?([^<]*)")


def load_trec(folder: Path) -> Collection:
    """Read topics and judgements. Topics that nothing answers are left out, as is usual with these files.

    Raises BadCollection, with file and line, for a missing file, a malformed line, an unknown grade, a judgement on an
    unknown topic, and whatever stands twice.
    """
    path = folder / TOPICS
    topics = read_topics(path) if path.exists() else read_topics_tsv(folder / TOPICS_TSV)
    return judged_collection(folder, topics, read_qrels(folder / QRELS))


def judged_collection(folder: Path, questions: Iterable[Question], judgements: Iterable[Judgement]) -> Collection:
    """The collection of a folder that names initiatives by id; only questions that something answers are kept.

    Raises BadCollection when there are none, and as `checked` does.
    """
    questions, judgements = list(questions), list(judgements)
    unanswered = {question.id for question in questions} - {each.question for each in judgements if each.grade}
    asked = tuple(question for question in questions if question.id not in unanswered)
    if not asked:
        raise BadCollection("No judgement says what answers any question", str(folder), "Judge above 0 what does.")
    kept = tuple(each for each in judgements if each.question not in unanswered)
    return checked(Collection(folder.resolve().name, asked, kept, named_units(kept), (), (), ()))


def read_topics(path: Path) -> tuple[Question, ...]:
    """Read topics in their tags. Raises BadCollection for a topic without number or title."""
    text = read_text(path)
    topics = []
    for top in TOP.finditer(text):
        where = f"{path}:{text.count(chr(10), 0, top.start()) + 1}"
        fields = {name: " ".join(html.unescape(told).split()) for name, told in FIELD.findall(top[1])}
        if not fields.get("num") or not fields.get("title"):
            raise BadCollection("The topic has no number or no title", where, "Give it <num> and <title>.")
        topics.append(Question(fields["num"], fields["title"], UNTOLD_LANGUAGE, UNTOLD_TYPE, where))
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
        topics.append(Question(id_, text, UNTOLD_LANGUAGE, UNTOLD_TYPE, where))
    return tuple(topics)


def read_qrels(path: Path) -> tuple[Judgement, ...]:
    """Read judgements. Raises BadCollection for a malformed line or an unknown grade."""
    judgements = []
    for where, line in _lines(path):
        try:
            (qrel,) = read_trec_qrels(StringIO(line))
        except ValueError:
            raise BadCollection("The line is no judgement", where, "Write: qid 0 docid grade.") from None
        grade = checked_grade(qrel.relevance, where)
        judgements.append(Judgement(qrel.query_id, qrel.doc_id, grade, where))
    return tuple(judgements)


def read_run(path: Path) -> tuple[str, dict[str, tuple[str, ...]]]:
    """Read a run: its tag, and question id → docids by falling score, equal ones by falling docid as trec_eval has it.

    Raises BadCollection for a malformed line.
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
    rankings = {question: sorted(found, key=_score_and_id, reverse=True) for question, found in scored.items()}
    return tag, {question: tuple(one.doc_id for one in found) for question, found in rankings.items()}


def _score_and_id(found: ScoredDoc) -> tuple[float, str]:
    return found.score, found.doc_id


def write_trec(folder: Path, collection: Collection, relevance: Relevance, run: Run) -> None:
    """Write topics.tsv, qrels.txt and run.txt.

    Raises CannotMeasure for an id with white space, and when the folder cannot be written.
    """
    topics = [f"{question.id}\t{' '.join(question.text.split())}" for question in collection.questions]
    write_files(folder, {TOPICS_TSV: topics, QRELS: qrels_lines(qrels_of(relevance)), RUN: run_lines(relevance, run)})


def qrels_lines(qrels: Iterable[Qrel]) -> list[str]:
    """Judgements as lines of qrels.txt. Raises CannotMeasure for an id with white space."""
    return [f"{_word(qrel.query_id)} 0 {_word(qrel.doc_id)} {qrel.relevance}" for qrel in qrels]


def run_lines(relevance: Relevance, run: Run) -> list[str]:
    """A run as lines of run.txt, scores falling strictly. Raises CannotMeasure for an id with white space."""
    tag = "-".join(run.system.split())
    return [
        f"{_word(one.query_id)} Q0 {_word(one.doc_id)} {1 - one.score:.0f} {0 + one.score:.0f} {tag}"
        for one in run_of(relevance, run.rankings)
    ]


def write_files(folder: Path, files: Mapping[str, Iterable[str]]) -> None:
    """Write lines into files below a folder, which is made. Raises CannotMeasure when they cannot be written."""
    try:
        for name, lines in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        what = f"The files cannot be written: {error.strerror}"
        raise CannotMeasure(what, str(folder), "Give a folder that can be written.") from None


def _word(id_: str) -> str:
    if len(id_.split()) != 1:
        raise CannotMeasure(
            f"The id '{id_}' is not one word", "the export", "These files need ids without white space."
        )
    return id_


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """The lines that are not blank, each with file:line. Raises BadCollection when there are none."""
    lines = [(f"{path}:{n}", line) for n, line in enumerate(read_text(path).split("\n"), start=1) if line.strip()]
    if not lines:
        raise BadCollection("A file of the collection is empty", str(path), "Write something into it.")
    yield from lines
