"""`recueil eval` and its commands, on a small collection over the almanac."""

import json
from pathlib import Path

import pytest

from eval import Ablation, digest_of, read_baseline, read_grades
from terminal.evaluate import ABLATIONS, BASELINE
from terminal.fronts import DEVELOPMENT, ROOT, _real_words
from web.quality import Quality


def write_collection(folder: Path, questions: dict[str, str]) -> Path:
    """A collection of known items: the id of each initiative, and the question it is the answer to."""
    folder.mkdir()
    queries, qrels = [], []
    for number, (initiative, text) in enumerate(questions.items(), start=1):
        queries.append({"qid": f"q{number}", "lang": "fr", "type": "known", "query": text})
        qrels.append({"qid": f"q{number}", "uid": initiative, "grade": 3})
    for name, records in (("queries", queries), ("qrels", qrels)):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def small(almanac, tmp_path_factory):
    """Two initiatives of the almanac, asked for in their own words."""
    bikes, bus = almanac.searcher().catalogue.initiatives[:2]
    folder = tmp_path_factory.mktemp("collections") / "small"
    return write_collection(folder, {bikes.id: bikes.text, bus.id: bus.text})


@pytest.fixture
def recueil_eval(recueil):
    return lambda *words: recueil("eval", *words)


def test_the_ablations_are_those_of_the_evaluation():
    assert list(Ablation) == list(ABLATIONS)


def test_without_a_command_the_search_is_measured(recueil_eval, small):
    shown = recueil_eval("--collection", small)
    assert (shown.exit_code, "Collection 'small', system 'recueil'" in shown.stdout) == (0, True)


def test_a_service_is_measured_to_the_same_figures(recueil_shipped, service, tmp_path):
    collection = write_collection(
        tmp_path / "small",
        {
            "recueil-2018-dispositif-boost-emploi-19": "Dispositif Boost Emploi",
            "recueil-2018-atelier-photo-33": "atelier photo à la MDSI du Bouscat",
        },
    )
    here = json.loads(recueil_shipped("eval", "--collection", collection, "--json").stdout)
    there = json.loads(recueil_shipped("eval", "--collection", collection, "--json", "--url", service.base_url).stdout)
    assert there["series"] == here["series"]
    overall = here["retrieval"]["overall"]
    assert (overall["questions"], overall["ndcg_10"]) == (2, 1)


def test_an_export_is_scored_to_the_same_figures(recueil_eval, small, tmp_path):
    assert recueil_eval("export", tmp_path, "--collection", small).exit_code == 0
    scored = json.loads(recueil_eval("--collection", small, "--run", tmp_path / "run.txt", "--json").stdout)
    assert (scored["system"], scored["retrieval"]["overall"]["ndcg_10"]) == ("recueil", 1)


def test_the_baseline_moves_with_a_reason_and_the_gate_holds_to_it(recueil_eval, small, tmp_path):
    file = tmp_path / "baseline.json"
    assert recueil_eval("baseline", "--why", " ", "--collection", small, "--baseline", file).exit_code == 2
    made = recueil_eval("baseline", "--why", "the first", "--collection", small, "--baseline", file)
    assert "ndcg_10: 1.000" in made.stdout
    gate = ("--collection", small, "--baseline", file, "--gate")
    opened = recueil_eval(*gate)
    assert (opened.exit_code, "The gate is open" in opened.stderr) == (0, True)

    told = json.loads(file.read_text(encoding="utf-8"))
    told["floors"] = {"ndcg_10": {"type known": 1.1}}
    file.write_text(json.dumps(told), encoding="utf-8")
    closed = recueil_eval(*gate)
    assert closed.exit_code == 1
    assert "ndcg_10, type known: 1.000 on 2 questions is below the floor of 1.1" in closed.stderr


def test_the_shipped_baseline_is_that_of_the_shipped_collection_and_of_no_other(recueil_eval, small):
    shipped = read_baseline(BASELINE)
    assert shipped.identity.collection == digest_of(DEVELOPMENT)
    assert shipped.floors["quotes_exact"] == {"all": 1.0}
    assert {"near_misses_refused", "others_refused"} <= shipped.floors.keys()
    refused = recueil_eval("--collection", small, "--gate")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("The collection is not the one that the baseline was measured on")


def test_systems_are_compared(recueil_eval, small, tmp_path):
    recueil_eval("export", tmp_path, "--collection", small)
    words = ("--system", "vectors", "--system", "full", "--run", tmp_path / "run.txt", "--baseline-system", "full")
    shown = recueil_eval("compare", "--collection", small, *words).stdout
    assert "Collection 'small', compared with 'full'" in shown
    rows = [line.split()[:2] for line in shown.splitlines() if line.startswith((" full ", " vectors ", " recueil "))]
    assert rows == [["full", "1.000"], ["vectors", "0.815"], ["recueil", "1.000"]]


def test_the_report_of_a_small_collection_says_what_it_left_out(recueil_eval, small, tmp_path):
    told = recueil_eval("report", "--collection", small, "--to", tmp_path / "out" / "report.html")
    assert (told.exit_code, "The report lies in" in told.stdout) == (0, True)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    for part, file in (("similar", "similar.jsonl"), ("answers", "qa.jsonl"), ("parsing", "parsing.jsonl")):
        assert f"Left out: {part}, because the collection has no {file}." in page
    assert "txtai is not among them: it takes a minute more; --against txtai adds it." in page


GRADED = """| question | asked | shown | cited | grade |
|---|---|---|---|---|
| k1 fr who | Qui ? | La Poste. | Le bus, d 3–4 | 3 |
| k2 en when | When? | Closest match: 2016 | Le bus, d 3–4 | 0 |
"""


def test_grades_that_readers_gave_are_told_without_measuring(recueil_eval, tmp_path):
    (tmp_path / "answers.md").write_text(GRADED, encoding="utf-8")
    told = recueil_eval("answers", "--graded", tmp_path / "answers.md", "--json")
    assert json.loads(told.stdout) == {
        "graded": 2,
        "ungraded": 0,
        "mean": 1.5,
        "best": 0.5,
        "by_language": {"en": 0, "fr": 3},
    }
    assert "1.50" in recueil_eval("answers", "--graded", tmp_path / "answers.md").stdout


def test_a_report_with_a_table_that_is_none_is_refused_before_anything_is_measured(recueil_eval, small, tmp_path):
    refused = recueil_eval("report", "--collection", small, "--graded", tmp_path / "none.md")
    assert (refused.exit_code, "The graded answers cannot be read" in refused.stderr) == (1, True)


def test_answers_are_written_out_to_be_read(recueil_shipped, tmp_path):
    """Of a collection with two questions: the measure of many takes a minute."""
    asked = [
        {
            "qid": "k1",
            "lang": "fr",
            "type": "when",
            "question": "La photo avec les jeunes du Bouscat, ça a démarré quand ?",
            "answers": ["septembre 2017"],
            "supports": [{"support": "Cette action a débuté fin septembre 2017"}],
        },
        {"qid": "u1", "lang": "en", "type": "other_subject", "question": "Why do cats purr?", "answers": None},
    ]
    (tmp_path / "qa.jsonl").write_text("\n".join(map(json.dumps, asked)), encoding="utf-8")
    told = recueil_shipped("eval", "answers", "--collection", tmp_path, "--texts", tmp_path / "answers.md")
    assert f"2 answers lie in {tmp_path / 'answers.md'}" in told.stderr
    read = read_grades(tmp_path / "answers.md")
    assert [(one.id, one.grade) for one in read] == [("k1", None), ("u1", None)]
    assert "septembre 2017" in read[0].shown


def test_a_report_without_the_txtai_it_was_asked_for_says_why(recueil_eval, small, tmp_path, monkeypatch):
    monkeypatch.setattr("eval.bench.find_spec", lambda name: None)
    told = recueil_eval("report", "--collection", small, "--against", "txtai", "--to", tmp_path / "report.html")
    assert told.exit_code == 0
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "txtai is not among them: txtai is not installed. Run `.venv/bin/pip install" in page


def test_one_run_measures_what_the_collection_has_files_for(recueil_eval, small):
    told = json.loads(recueil_eval("--collection", small, "--json").stdout)
    assert (told["answers"], told["parsing"], set(told["left_out"])) == (None, None, {"similar", "answers", "parsing"})


def test_txtai_is_left_out_with_a_word_when_it_is_not_installed(recueil_eval, small, monkeypatch):
    monkeypatch.setattr("eval.bench.find_spec", lambda name: None)
    compared = recueil_eval("compare", "--collection", small, "--json")
    assert "txtai is not installed, and is left out. Run `.venv/bin/pip install" in compared.stderr
    systems = [one["system"] for one in json.loads(compared.stdout)["evaluations"]]
    assert systems == list(Ablation)


def test_txtai_asked_for_by_name_must_be_installed(recueil_eval, small, monkeypatch):
    monkeypatch.setattr("eval.bench.find_spec", lambda name: None)
    ended = recueil_eval("compare", "--collection", small, "--system", "full", "--system", "txtai")
    assert (ended.exit_code, "txtai is not installed\n  where: the extra txtai" in ended.stderr) == (1, True)


def test_an_encoder_without_an_index_names_the_command_that_builds_it(recueil_eval, small):
    ended = recueil_eval("compare", "--collection", small, "--encoder", "some/model")
    assert ended.exit_code == 1
    assert "There is no index made with 'some/model'" in ended.stderr
    assert "encoders/some-model' recueil build" in ended.stderr


def test_another_index_is_compared_by_its_folder(recueil_eval, small, almanac):
    told = json.loads(recueil_eval("compare", "--collection", small, "--var", almanac.var, "--json").stdout)
    assert [one["system"] for one in told["evaluations"]] == ["full", str(almanac.var)]


@pytest.mark.parametrize(
    "words",
    [
        ("--url", "http://127.0.0.1:9", "--run", "x"),
        ("compare", "--system", "magic"),
        ("export",),
        ("export", "x", "--format", "csv"),
        ("baseline",),
        ("--run", "x", "--real-words", "y"),
        ("--url", "http://127.0.0.1:9", "--foreign", "y"),
        ("dance",),
    ],
)
def test_a_wrong_call_ends_with_2(recueil_eval, words):
    assert recueil_eval(*words).exit_code == 2


@pytest.fixture
def real_words(almanac, tmp_path):
    """What somebody would write to find the third initiative of the almanac, and nobody's judgement of the rest."""
    third = almanac.searcher().catalogue.initiatives[2]
    return write_collection(tmp_path / "real_words", {third.id: "covoiturage des agents"})


@pytest.fixture
def foreign(tmp_path):
    """One sheet of a help desk, and a question that it answers."""
    folder = tmp_path / "helpdesk"
    folder.mkdir()
    sheet = {"id": "17", "title": "Perdre ses clés", "text": "Le gardien a un double des clés."}
    (folder / "sheets.jsonl").write_text(json.dumps(sheet), encoding="utf-8")
    (folder / "queries.jsonl").write_text(json.dumps({"id": "f1", "text": "le double des clés"}), encoding="utf-8")
    (folder / "qrels.tsv").write_text("f1\t0\t17\t3\n", encoding="utf-8")
    return folder


def test_one_command_measures_three_fronts_and_spellings(recueil_eval, small, real_words, foreign):
    words = ("--collection", small, "--real-words", real_words, "--foreign", foreign, "--variants", "--json")
    told = json.loads(recueil_eval(*words).stdout)
    assert [(one["front"], one["questions"]) for one in told["fronts"]] == [
        ("real_words", 1),
        ("collection", 2),
        ("foreign", 1),
    ]
    assert told["foreign"]["retrieval"]["overall"]["questions"] == 1
    assert len(told["variants"]["variants"]) > 12
    assert "covoiturage" not in json.dumps(told["real_words"])


def test_the_summary_is_what_the_page_about_quality_reads_and_holds_no_question(
    recueil_eval, small, real_words, foreign, tmp_path
):
    file = tmp_path / "quality.json"
    words = ("--collection", small, "--real-words", real_words, "--foreign", foreign)
    assert recueil_eval("summary", *words, "--to", file).exit_code == 0
    read = Quality.model_validate_json(file.read_bytes())
    assert {name: front.questions for name, front in read.fronts.items()} == {
        "real_words": 1,
        "collection": 2,
        "foreign": 1,
    }
    assert read.spellings.spellings > 12
    assert "covoiturage" not in file.read_text(encoding="utf-8")


def test_another_collection_is_measured_alone_unless_a_folder_is_given(recueil_eval, small):
    told = json.loads(recueil_eval("--collection", small, "--json").stdout)
    assert ([one["front"] for one in told["fronts"]], told["not_measured"]) == (["collection"], {})


def test_without_the_folders_beside_the_project_one_line_says_what_is_not_measured(monkeypatch):
    monkeypatch.setattr("terminal.fronts.REAL_WORDS_BESIDE", ROOT.parent / "nowhere")
    absent: dict[str, str] = {}
    assert _real_words(None, wanted=True, absent=absent) is None
    assert absent == {"real_words": "there is no folder ../nowhere beside the project"}


def test_a_folder_of_real_words_that_is_not_there_is_a_fault(recueil_eval, small, tmp_path):
    ended = recueil_eval("--collection", small, "--real-words", tmp_path / "nowhere")
    assert (ended.exit_code, "A file of the collection cannot be read" in ended.stderr) == (1, True)


def test_unjudged_hits_are_listed_until_a_second_file_judges_them(recueil_eval, small, tmp_path):
    first = recueil_eval("unjudged", "--collection", small, "--json")
    hits = [json.loads(line) for line in first.stdout.splitlines()]
    assert f"{len(hits)} of the first ten hits of 2 questions are unjudged" in first.stderr
    more = tmp_path / "qrels_more.jsonl"
    lines = [json.dumps({"qid": hit["qid"], "uid": hit["uid"], "grade": 0}) for hit in hits[1:]]
    more.write_text("\n".join(lines), encoding="utf-8")
    left = recueil_eval("unjudged", "--collection", small, "--judgements", more, "--json")
    assert [json.loads(line) for line in left.stdout.splitlines()] == hits[:1]
    (front,) = json.loads(recueil_eval("--collection", small, "--judgements", more, "--json").stdout)["fronts"]
    assert front["unjudged"] == 1


def test_real_words_are_held_to_floors_and_leave_no_question_in_the_baseline(recueil_eval, small, real_words, tmp_path):
    file = tmp_path / "baseline.json"
    words = ("--collection", small, "--real-words", real_words, "--baseline", file)
    assert recueil_eval("baseline", "--why", "the first", *words).exit_code == 0
    told = json.loads(file.read_text(encoding="utf-8"))
    assert not any(name.startswith("real_words") for name in told["series"])
    assert "real_words.ndcg_10" in told["history"][-1]["after"]
    told["floors"] = {"real_words.ndcg_10": {"all": 1.1}, "foreign.mrr_10": {"all": 1.1}}
    file.write_text(json.dumps(told), encoding="utf-8")
    closed = recueil_eval(*words, "--gate")
    assert closed.exit_code == 1
    assert "real_words.ndcg_10, all: " in closed.stderr
    assert "foreign" not in closed.stderr
