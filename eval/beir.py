"""BEIR folders (Thakur et al., "BEIR: a heterogeneous benchmark for zero-shot evaluation", NeurIPS 2021).

    queries.jsonl     {"_id", "text"}
    qrels/test.tsv    query-id<TAB>corpus-id<TAB>score, under a heading
    corpus.jsonl      {"_id", "title", "text"}, written only: what is searched is the index

A corpus-id is the id of an initiative.
"""

import json
from pathlib import Path

from eval.catalogue import Catalogue
from eval.collection import Collection, Judgement, Question, checked_grade
from eval.fault import BadCollection
from eval.measures import qrels_of
from eval.record import read_records, read_text
from eval.relevance import Relevance
from eval.system import Run
from eval.trec import RUN, UNTOLD_LANGUAGE, UNTOLD_TYPE, judged_collection, run_lines, write_files

QUERIES, QRELS, CORPUS = "queries.jsonl", "qrels/test.tsv", "corpus.jsonl"
HEADING = "query-id\tcorpus-id\tscore"


def load_beir(folder: Path) -> Collection:
    """Read queries and the judgements of the test split. Queries that nothing answers belong to other splits.

    Raises BadCollection, with file and line, for a missing file, a malformed line, an unknown grade, a judgement on an
    unknown query, and whatever stands twice.
    """
    queries = [
        Question(record.text("_id"), record.text("text"), UNTOLD_LANGUAGE, UNTOLD_TYPE, record.where)
        for record in read_records(folder / QUERIES)
    ]
    return judged_collection(folder, queries, _read_qrels(folder / QRELS))


def _read_qrels(path: Path) -> list[Judgement]:
    heading, *lines = read_text(path).split("\n")
    if heading.split() != HEADING.split():
        raise BadCollection("The heading is missing", f"{path}:1", "Begin with query-id, corpus-id, score.")
    return [_judgement(line, f"{path}:{number}") for number, line in enumerate(lines, start=2) if line.strip()]


def _judgement(line: str, where: str) -> Judgement:
    try:
        question, initiative, grade = line.split("\t")
        return Judgement(question.strip(), initiative.strip(), checked_grade(int(grade), where), where)
    except ValueError:
        mend = "Write query-id, corpus-id and a whole score, with tabs between them."
        raise BadCollection("The line is no judgement", where, mend) from None


def write_beir(folder: Path, collection: Collection, relevance: Relevance, run: Run) -> None:
    """Write queries, judgements and corpus, and the run as TREC has it.

    The corpus holds one telling of each real-world initiative, the one that judgements name. Raises CannotMeasure as
    `write_trec` does.
    """
    queries = [_line({"_id": question.id, "text": question.text}) for question in collection.questions]
    qrels = [f"{qrel.query_id}\t{qrel.doc_id}\t{qrel.relevance}" for qrel in qrels_of(relevance)]
    files = {QUERIES: queries, QRELS: [HEADING, *qrels], CORPUS: _corpus(run.catalogue, relevance)}
    write_files(folder, files | {RUN: run_lines(relevance, run)})


def _corpus(catalogue: Catalogue, relevance: Relevance) -> list[str]:
    return [
        _line({"_id": sheet.id, "title": sheet.title, "text": sheet.text})
        for sheet in catalogue.sheets.values()
        if relevance.name(sheet.id) == sheet.id
    ]


def _line(fields: dict[str, str]) -> str:
    return json.dumps(fields, ensure_ascii=False)
