"""A foreign corpus is read, indexed once, and searched as ours is."""

import json
from pathlib import Path

import pytest

from eval.errors import BadCollection
from eval.evaluation import evaluate
from eval.foreign import open_foreign, read_foreign_sheets
from eval.formats import open_collection
from eval.run import this_index
from tests.word_encoder import WordEncoder

SHEETS = [
    {"id": "17", "title": "Perdre ses clés", "text": "Appelez le gardien.\nIl a un double.", "theme": "Logement"},
    {"id": "18", "title": "Garder un chat", "text": "Le chat reste chez lui.", "url": "https://example.org"},
    {"id": "19", "title": "Arroser les plantes", "text": " "},
]
WORDS = ("clés", "perdre", "gardien", "double", "chat", "garder", "arroser", "plantes")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "helpdesk")


def write(folder: Path, qrels: str = "q1\t0\t17\t3\nq1\t0\t18\t0\nq2\t0\t18\t2\n") -> Path:
    folder.mkdir()
    queries = [{"id": "q1", "text": "perdre les clés"}, {"id": "q2", "text": "garder le chat"}]
    for name, lines in (("sheets", SHEETS), ("queries", queries)):
        told = "\n".join(json.dumps(one, ensure_ascii=False) for one in lines)
        (folder / f"{name}.jsonl").write_text(told, encoding="utf-8")
    (folder / "qrels.tsv").write_text(qrels, encoding="utf-8")
    return folder


def opened(folder: Path, cache: Path, words: tuple[str, ...] = WORDS, digest: str = "words"):
    """The foreign corpus, and how often an encoder was opened to build its index."""
    encoder, built = WordEncoder(words, digest=digest), []

    def exact() -> WordEncoder:
        built.append(folder)
        return encoder

    return open_foreign(folder, cache, encoder, exact), len(built)


def test_sheets_are_initiatives_of_one_document_whose_lines_are_their_texts(folder: Path):
    corpus = read_foreign_sheets(folder)
    keys, cat, plants = corpus.initiatives
    assert (keys.id, keys.title, keys.theme, keys.text) == (
        "17",
        "Perdre ses clés",
        "Logement",
        "Appelez le gardien.\nIl a un double.",
    )
    (document,) = corpus.documents
    assert all(document.text(one.source.start_line, one.source.end_line) == one.text for one in corpus.initiatives)
    assert (cat.theme, plants.text) == (None, "Arroser les plantes")  # a sheet that says nothing says its title


def test_questions_and_judgements_are_read_in_the_form_of_trec(folder: Path):
    collection = open_collection(folder)
    assert [(one.id, one.text, one.language) for one in collection.questions] == [
        ("q1", "perdre les clés", "und"),
        ("q2", "garder le chat", "und"),
    ]
    assert [(one.question, one.unit, one.grade) for one in collection.judgements] == [
        ("q1", "17", 3),
        ("q1", "18", 0),
        ("q2", "18", 2),
    ]


def test_it_is_searched_and_scored_as_our_own_corpus_is(folder: Path, tmp_path: Path):
    foreign, _ = opened(folder, tmp_path / "var")
    system = this_index(foreign.searcher)
    report = evaluate(system.run(foreign.collection.questions), foreign.collection, system)
    assert report.evaluation.retrieval.overall.questions == 2
    assert foreign.searcher.index.expansion is None  # no records
    assert foreign.searcher.rank("perdre les clés").nearest[0].passage == 0


def test_its_index_is_made_once_and_again_when_sheets_or_model_change(folder: Path, tmp_path: Path):
    cache = tmp_path / "var"
    assert [opened(folder, cache)[1] for _ in range(2)] == [1, 0]
    assert opened(folder, cache, digest="another")[1] == 1
    text = (folder / "sheets.jsonl").read_text(encoding="utf-8")
    (folder / "sheets.jsonl").write_text(text.replace("double", "doublon"), encoding="utf-8")
    foreign, built = opened(folder, cache, digest="another")
    assert (built, "doublon" in foreign.searcher.index.contents.initiatives[0].text) == (1, True)


def test_a_damaged_index_is_made_again(folder: Path, tmp_path: Path):
    cache = tmp_path / "var"
    opened(folder, cache)
    (cache / "helpdesk" / "index" / "corpus.json").write_text("{", encoding="utf-8")
    assert opened(folder, cache)[1] == 1


@pytest.mark.parametrize(
    ("qrels", "message"),
    [
        ("q1\t0\t17\n", r"grade: .*qrels\.tsv:1"),
        ("q1\t0\t17\t3\n", r"No judgement says what answers 'q2' \(.*queries\.jsonl:2\)"),
        ("q3\t0\t17\t3\n", r"unknown question 'q3' \(.*qrels\.tsv:1\)"),
    ],
)
def test_judgements_that_cannot_be_used_are_refused_with_their_line(tmp_path: Path, qrels: str, message: str):
    with pytest.raises(BadCollection, match=message):
        open_collection(write(tmp_path / "helpdesk", qrels))


def test_a_folder_without_sheets_is_a_fault(tmp_path: Path):
    with pytest.raises(BadCollection, match=r"cannot be read: No such file .*sheets\.jsonl"):
        read_foreign_sheets(tmp_path)
