"""TREC and BEIR files: what we write is read back the same, and scored the same by ir-measures' own command."""

import subprocess
import sys
from pathlib import Path

import pytest

from eval.collection import Qrels
from eval.errors import BadCollection, CannotMeasure
from eval.formats import Format, export, load_collection, open_collection, read_run
from eval.metrics import MEASURES, figures_of, values_of
from terminal.evaluate import DEVELOPMENT
from tests.small_collection import catalogue, catalogue_of, collection_of, run_of

COLLECTION = collection_of({"q1": {"a": 3, "b": 1, "c": 2}, "q2": {"b": 2, "d": 3}, "q3": {"c": 1}}, twins=[{"b", "d"}])
CATALOGUE = catalogue_of(COLLECTION, "e", "f")
HEADING = "query-id\tcorpus-id\tscore\n"
RUN = run_of("our search", CATALOGUE, {"q1": ["c", "e", "a", "b"], "q2": ["b", "f", "d"], "q3": []})


def written(folder: Path, kind: Format) -> Path:
    export(kind, folder, COLLECTION, RUN)
    return folder


def test_the_files_are_those_of_trec(tmp_path: Path):
    folder = written(tmp_path, Format.TREC)
    assert (folder / "topics.tsv").read_text() == "q1\ttext of q1\nq2\ttext of q2\nq3\ttext of q3\n"
    assert (folder / "qrels.txt").read_text() == "q1 0 a 3\nq1 0 b 1\nq1 0 c 2\nq2 0 b 3\nq3 0 c 1\n"
    assert (folder / "run.txt").read_text().splitlines()[:4] == [
        "q1 Q0 c 1 0 our-search",
        "q1 Q0 e 2 -1 our-search",
        "q1 Q0 a 3 -2 our-search",
        "q1 Q0 b 4 -3 our-search",
    ]


def test_the_command_of_ir_measures_gives_our_figures(tmp_path: Path):
    folder = written(tmp_path, Format.TREC)
    command = [sys.executable, "-m", "ir_measures", "--places", "12", "qrels.txt", "run.txt"]
    command += [str(measure) for measure in MEASURES.values()]
    told = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
    theirs = dict(line.split("\t") for line in told.splitlines())
    ours = figures_of(values_of(Qrels.of(COLLECTION, CATALOGUE), RUN.rankings), RUN.rankings)
    assert 0 < ours.ndcg_10 < 1
    for name, measure in MEASURES.items():
        assert float(theirs[str(measure)]) == pytest.approx(getattr(ours, name), abs=1e-9)


@pytest.mark.parametrize("kind", Format)
def test_what_was_written_is_read_again_with_the_same_judgements(tmp_path: Path, kind: Format):
    collection = open_collection(written(tmp_path, kind))
    assert [(question.id, question.text) for question in collection.questions] == [
        (f"q{n}", f"text of q{n}") for n in (1, 2, 3)
    ]
    assert Qrels.of(collection, CATALOGUE).grades == Qrels.of(COLLECTION, CATALOGUE).grades


def test_a_run_is_read_again_with_the_same_figures(tmp_path: Path):
    folder = written(tmp_path, Format.TREC)
    run = read_run(folder / "run.txt", CATALOGUE, ["q1", "q2", "q3"])
    qrels = Qrels.of(COLLECTION, CATALOGUE)
    assert run.system == "our-search"
    assert values_of(qrels, run.rankings) == values_of(qrels, RUN.rankings)


def test_the_command_that_the_collections_are_documented_with_asks_for_our_measures():
    told = (DEVELOPMENT.parent / "README.md").read_text(encoding="utf-8")
    assert f"'{' '.join(str(measure) for measure in MEASURES.values())}'" in told


def test_the_corpus_of_beir_holds_one_telling_of_each_initiative(tmp_path: Path):
    lines = (written(tmp_path, Format.BEIR) / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    assert lines[0] == '{"_id": "a", "title": "A", "text": "texte de a"}'
    assert len(lines) == len(CATALOGUE.sheets) - 1  # d is told as b


def test_our_own_format_is_still_read(tmp_path: Path):
    (tmp_path / "queries.jsonl").write_text('{"qid": "q1", "lang": "fr", "type": "x", "query": "bus"}')
    (tmp_path / "qrels.jsonl").write_text('{"qid": "q1", "uid": "a", "grade": 2}')
    assert open_collection(tmp_path) == load_collection(tmp_path)


def given(folder: Path, **files: str) -> Path:
    """A folder with files of TREC or BEIR."""
    places = {"qrels": "qrels.txt", "topics": "topics.txt", "tabbed": "topics.tsv", "run": "run.txt"}
    places |= {"queries": "queries.jsonl", "test": "qrels/test.tsv", "train": "qrels/train.tsv"}
    for name, text in files.items():
        path = folder / places[name]
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_topics_are_read_from_the_tags_of_trec(tmp_path: Path):
    text = "<top>\n<num> Number: 301\n<title> Crime &amp;\n  peine\n<desc> Description:\nWhat\n</top>\n"
    text += "<top><num>302</num><title>bus</title></top>"
    (first, second) = open_collection(given(tmp_path, topics=text, qrels="301 0 a 3\n302 0 a 1\n")).questions
    assert (first.id, first.text, first.where.rsplit(":")[-1]) == ("301", "Crime & peine", "1")
    assert (second.id, second.text, second.where.rsplit(":")[-1]) == ("302", "bus", "8")


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ("moins de 25 ans (< 25) et logement", "moins de 25 ans (< 25) et logement"),
        ("loyer <300 € ou > 500 €", "loyer <300 € ou > 500 €"),
        ("a <b> c", "a <b> c"),
        ("un bus\n  le soir <narr> Narrative: x", "un bus le soir"),
        ("un bus </title> <desc> x", "un bus"),
        ("un bus\n<extra> x", "un bus"),
        ("moins de 25 ans (&lt; 25)", "moins de 25 ans (< 25)"),
    ],
)
def test_a_topic_is_read_whole_though_it_holds_a_sign_of_less_than(tmp_path: Path, told: str, text: str):
    topics = f"<top>\n<num> Number: 1\n<title> {told}\n</top>\n"
    (question,) = open_collection(given(tmp_path, topics=topics, qrels="1 0 a 1\n")).questions
    assert question.text == text


def test_tags_in_capitals_are_tags(tmp_path: Path):
    topics = "<TOP><NUM>1<TITLE>bus</TOP>\n<top><num>2<title>tram</top>"
    collection = open_collection(given(tmp_path, topics=topics, qrels="1 0 a 1\n2 0 b 1\n"))
    assert [question.text for question in collection.questions] == ["bus", "tram"]


def test_judgements_below_zero_are_judged_and_not_relevant(tmp_path: Path):
    collection = open_collection(given(tmp_path, tabbed="1\tbus\n", qrels="1 0 a 2\n1 0 b -1\n1 0 c -2\n"))
    assert [(each.unit, each.grade) for each in collection.judgements] == [("a", 2), ("b", 0), ("c", 0)]
    (tmp_path / "qrels.txt").unlink()
    (tmp_path / "topics.tsv").unlink()
    queries = '{"_id": "1", "text": "bus"}'
    collection = open_collection(given(tmp_path, queries=queries, test=f"{HEADING}1\ta\t1\n1\tb\t-1\n"))
    assert [each.grade for each in collection.judgements] == [1, 0]


FORMATS = {
    "ours": {"queries.jsonl": '{"qid": "1", "lang": "fr", "type": "x", "query": "bus"}',
             "qrels.jsonl": '{"qid": "1", "uid": "a", "grade": 2}', "no_answer.jsonl": ""},
    "TREC": {"topics.tsv": "1\tbus\n", "qrels.txt": "1 0 a 2\n"},
    "TREC, tagged": {"topics.txt": "<top><num>1<title>bus</top>", "qrels.txt": "1 0 a 2\n"},
    "BEIR": {"queries.jsonl": '{"_id": "1", "text": "bus"}', "qrels/test.tsv": f"{HEADING}1\ta\t2\n"},
}  # fmt: skip


@pytest.mark.parametrize("files", FORMATS.values(), ids=FORMATS.keys())
def test_every_file_of_a_collection_may_begin_with_a_byte_order_mark(tmp_path: Path, files: dict[str, str]):
    for name, text in files.items():
        if text:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8-sig")
    (question,) = open_collection(tmp_path).questions
    assert (question.id, question.text) == ("1", "bus")


def test_a_run_may_begin_with_a_byte_order_mark(tmp_path: Path):
    (tmp_path / "run.txt").write_text("q1 Q0 a 1 2 x\n", encoding="utf-8-sig")
    assert read_run(tmp_path / "run.txt", CATALOGUE, ["q1"]).rankings == {"q1": ("a",)}


def test_lines_of_json_end_at_line_feeds_whatever_else_they_hold(tmp_path: Path):
    queries = '{"_id": "1", "text": "un\u2028bus\u0085 le\u2029soir"}\n{"_id": "2", "text": "tram"}\n'
    collection = open_collection(given(tmp_path, queries=queries, test=f"{HEADING}1\ta\t1\n2\tb\t1\n"))
    assert [question.id for question in collection.questions] == ["1", "2"]


def test_a_run_is_in_the_order_of_its_scores_whatever_that_of_its_lines(tmp_path: Path):
    text = "q1 Q0 a 1 0.5 x\nq1 Q0 b 2 0.9 x\n\nq2 Q0 a 1 1 x\nq2 Q0 b 1 1 x\n"
    run = read_run(given(tmp_path, run=text) / "run.txt", CATALOGUE, ["q1"])
    assert (run.system, run.rankings) == ("x", {"q1": ("b", "a"), "q2": ("b", "a")})


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"qrels": "q1 0 a 3\nq1 0 a\n"}, r"grade: Field required \(.*qrels\.txt:2\)\. Write: qid 0 docid grade\."),
        ({"qrels": "q1 0 a high\n"}, r"grade: Input should be a valid integer.*qrels\.txt:1\)"),
        ({"qrels": "q1 0 a 4\n"}, r"grade: .*less than or equal to 3 \(.*qrels\.txt:1\)"),
        ({"qrels": "\n"}, r"is empty \(.*qrels\.txt\)"),
        ({"tabbed": "q1\tbus\nq2 tram\n"}, r"query: Field required \(.*topics\.tsv:2\)\. Write: qid<TAB>text"),
        ({"topics": "\n<top>\n<num> 1\n</top>"}, r"query: Field required \(.*topics\.txt:2\)\. Write <top> <num>"),
        ({"topics": "<top><num>1<title>a\n<top><num>2<title>b</top>"}, r"twice, or does not end \(.*topics\.txt:1\)"),
        ({"topics": "<top><num>1<title>a</top>\n<num>2<title>b</top>"}, r"<num> belongs to no topic.*topics\.txt:2\)"),
        ({"topics": "<top><num>1<title>a</top>\n\n<top><num>2"}, r"<top> belongs to no topic.*topics\.txt:3\)"),
        ({"topics": "<top><num>1<title>a<title>b</top>"}, r"has a tag twice.*topics\.txt:1\)"),
        ({"topics": "bus"}, r"holds no topic \(.*topics\.txt\)\. Write <top>"),
        ({"test": "q1\ta\t3\n"}, r"heading is missing \(.*test\.tsv:1\)\. Begin with query-id"),
        ({"test": f"{HEADING}q1 a 3\n"}, r"uid: Field required \(.*test\.tsv:2\)\. Write: query-id<TAB>corpus-id"),
        ({"test": f"{HEADING}q1\ta\t9\n"}, r"score: .*less than or equal to 3 \(.*test\.tsv:2\)"),
        ({"test": f"{HEADING}q1\ta\t0\n"}, r"No judgement says what answers any question"),
        ({"test": f"{HEADING}q1\ta\t2\nq9\ta\t2\n"}, r"unknown question 'q9' \(.*test\.tsv:3\)"),
    ],
)
def test_a_malformed_line_is_refused_with_its_place_and_the_mend(tmp_path: Path, files: dict[str, str], message: str):
    sound = {"queries": '{"_id": "q1", "text": "bus"}', "tabbed": "q1\tbus", "qrels": "q1 0 a 3"}
    kept = {name: text for name, text in sound.items() if name != "tabbed" or "topics" not in files}
    with pytest.raises(BadCollection, match=message):
        open_collection(given(tmp_path, **{**kept, **files}))


@pytest.mark.parametrize(
    ("files", "missing"),
    [
        ({"topics": "<top><num>1<title>bus</top>"}, "qrels.txt"),
        ({"tabbed": "1\tbus"}, "qrels.txt"),
        ({"qrels": "1 0 a 1"}, "topics.tsv"),
        ({"test": f"{HEADING}1\ta\t1\n"}, "queries.jsonl"),
        ({"queries": '{"_id": "1", "text": "bus"}', "train": f"{HEADING}1\ta\t1\n"}, "test.tsv"),
    ],
)
def test_the_file_that_is_missing_is_the_one_that_is_named(tmp_path: Path, files: dict[str, str], missing: str):
    with pytest.raises(BadCollection) as caught:
        open_collection(given(tmp_path, **files))
    assert caught.value.where.endswith(missing)


def test_of_two_files_of_topics_none_is_ignored_in_silence(tmp_path: Path):
    with pytest.raises(BadCollection, match=r"two files of topics \(.*topics\.tsv\)"):
        open_collection(given(tmp_path, topics="<top><num>1<title>a</top>", tabbed="2\tb", qrels="1 0 a 1"))


def test_queries_of_other_splits_are_left_out(tmp_path: Path):
    queries = '{"_id": "q1", "text": "bus"}\n{"_id": "q2", "text": "tram"}'
    collection = open_collection(given(tmp_path, queries=queries, test=f"{HEADING}q1\ta\t2\n"))
    assert [question.id for question in collection.questions] == ["q1"]


@pytest.mark.parametrize(
    ("text", "fault", "message"),
    [
        ("q7 Q0 a 1 1 x\n", CannotMeasure, r"answers no question of the collection .*`recueil eval export"),
        ("q1 Q0 zzz 1 1 x\n", CannotMeasure, r"names no initiative of the index .*`recueil eval export"),
        ("q1 Q0 a 1 1 x\nq1 Q0 b 2 nan x", BadCollection, r"score: .*finite number \(.*run\.txt:2\)\. Write: qid Q0"),
        ("q1 Q0 a 1 inf x", BadCollection, r"score: .*finite number \(.*run\.txt:1\)"),
        ("q1 Q0 a 1 1 x\nq1 Q0 a 2 0 x", BadCollection, r"docid 'a' of 'q1' stands twice \(.*run\.txt:2\)"),
        ("q1 Q0 a 1 1 x\nq1 Q0 a 1 best x", BadCollection, r"score: .*run\.txt:2\)\. Write: qid Q0 docid rank score"),
    ],
)
def test_a_run_that_is_none_or_over_something_else_is_refused(tmp_path: Path, text: str, fault, message: str):
    with pytest.raises(fault, match=message):
        read_run(given(tmp_path, run=text) / "run.txt", CATALOGUE, ["q1"])


def test_an_id_with_white_space_cannot_be_exported(tmp_path: Path):
    collection = collection_of({"q 1": {"a": 3}})
    known = catalogue("a")
    with pytest.raises(CannotMeasure, match=r"The id 'q 1' is not one word .*ids without white space"):
        export(Format.TREC, tmp_path, collection, run_of("x", known, {}))


def test_a_folder_that_cannot_be_written_is_a_fault(tmp_path: Path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(CannotMeasure, match=r"cannot be written: .*Give a folder that can be written"):
        written(tmp_path / "taken", Format.TREC)
