"""What the bench makes of times and replies. The times themselves are nobody's promise, and are not tested."""

import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from eval.bench import Bench, BenchedSystem, bench_table, measure, show_bench, time_to_ready
from eval.bench_system import System, initiatives_of, percentiles
from eval.bench_system import measure as measure_search
from eval.errors import CannotMeasure

OURS = BenchedSystem(
    search={"p50": 6.0, "p95": 12.0},
    encode={"p50": 3.5, "p95": 5.0},
    processor_ms=8.0,
    memory={"resident": 400.0, "peak": 450.0},
    ndcg_10=0.83,
)
THEIRS = BenchedSystem(
    search={"p50": 24.0, "p95": 42.0},
    encode=None,
    processor_ms=40.0,
    memory={"resident": 1200.0, "peak": 1350.0},
    ndcg_10=0.59,
)


def bench(txtai: BenchedSystem | None, ready_s: float, build_s: float | None) -> Bench:
    asked = {"collection": "small", "questions": 120, "rounds": 5, "cores": 2}
    return Bench(**asked, recueil=OURS, txtai=txtai, ready_s=ready_s, build_s=build_s)


def test_percentiles_are_medians_over_the_rounds():
    assert percentiles([[1, 2, 3], [5, 6, 7], [3, 4, 5]]) == {"p50": 4, "p95": pytest.approx(4.9)}


def test_one_disturbed_round_does_not_decide():
    assert percentiles([[1, 1], [1, 1], [900, 900]]) == {"p50": 1, "p95": 1}


@pytest.mark.parametrize("encodes", [True, False])
def test_every_question_is_asked_in_every_round_and_the_warm_up_round_is_not_kept(encodes: bool):
    asked: list[str] = []
    encodings_ms: list[float] = []

    def search(question: str) -> str:
        if encodes:
            encodings_ms.extend((1000.0, 500.0) if len(asked) < 2 else (len(asked), 0.5))
        asked.append(question)
        return question.upper()

    told = measure_search(System(search, list, encodings_ms), ["a", "b"], rounds=2, pause_s=0)
    figures = told["figures"]
    assert asked == ["a", "b"] * 3
    assert told["rankings"] == [["A"], ["B"]]
    assert len(told["took_ms"]) == 2
    assert figures["search"]["p95"] < 1000
    assert figures["encode"] == ({"p50": 4, "p95": pytest.approx(4.45)} if encodes else None)
    assert 0 < figures["memory"]["resident"] <= figures["memory"]["peak"]


def test_the_table_compares_with_txtai():
    assert bench_table(bench(THEIRS, 2.34, None)).groups[""] == [
        ("search p50", "6.0 ms", "24.0 ms", "4.0 times"),
        ("search p95", "12.0 ms", "42.0 ms", "3.5 times"),
        ("of it encoding p50", "3.5 ms", "", ""),
        ("of it encoding p95", "5.0 ms", "", ""),
        ("processor time", "8.0 ms", "40.0 ms", "5.0 times"),
        ("memory resident", "400 MB", "1200 MB", "3.0 times"),
        ("memory at its peak", "450 MB", "1350 MB", "3.0 times"),
        ("nDCG@10", "0.830", "0.590", "+0.240"),
        ("ready to serve", "2.3 s", "", ""),
    ]


def test_the_table_alone_has_one_column_and_the_build_when_it_was_timed():
    rows = bench_table(bench(None, 2.34, 71.6)).groups[""]
    assert rows[0] == ("search p50", "6.0 ms")
    assert rows[-1] == ("full build", "72 s")


def test_the_table_is_printed_under_what_was_asked():
    console = Console(file=StringIO(), width=100)
    show_bench(bench(THEIRS, 2.0, 70.0), console)
    assert isinstance(console.file, StringIO)
    assert "120 questions of 'small', 5 rounds, 2 cores" in console.file.getvalue()
    assert "search p50" in console.file.getvalue()


def script(folder: Path, body: str) -> Path:
    (folder / "system.py").write_text(f"import json, sys\ntask = json.load(sys.stdin)\n{body}", encoding="utf-8")
    return folder / "system.py"


ECHO = """
print("loading: 100 %")
print(json.dumps({"rankings": [[sys.argv[1]]] * len(task["questions"]), "took_ms": [task["threads"]]}))
"""


def test_a_system_is_asked_in_a_process_of_its_own_whatever_its_libraries_print(tmp_path: Path):
    told = measure("recueil", ["où ?", "qui ?"], {"threads": 7}, script(tmp_path, ECHO))
    assert told == {"rankings": [["recueil"], ["recueil"]], "took_ms": [7]}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("raise ValueError('no model')", r"ended with code 1: ValueError: no model .*Run this command by hand"),
        ("exit(3)", r"ended with code 3: no word on stderr"),
    ],
)
def test_a_system_that_fails_is_reported_with_its_last_words(tmp_path: Path, body: str, message: str):
    with pytest.raises(CannotMeasure, match=message):
        measure("recueil", ["?"], {}, script(tmp_path, body))


def test_the_fault_of_a_system_is_among_its_last_words(tmp_path: Path):
    task = {"index": str(tmp_path / "none"), "model": "none", "threads": 1}
    with pytest.raises(CannotMeasure, match=r"ended with code 1: .*No model has been prepared .*recueil build"):
        measure("recueil", ["?"], task)


def test_passages_of_one_initiative_are_one_hit_of_txtai():
    found = [(2, 0.9), (0, 0.8), (1, 0.7)]
    assert initiatives_of(found, ["job", "bus", "bus"], depth=10) == ["bus", "job"]
    assert initiatives_of(found, ["job", "bus", "bus"], depth=1) == ["bus"]


def test_a_service_that_ends_before_it_is_ready_is_reported_with_its_last_words():
    dies = [sys.executable, "-c", "import sys; sys.exit('the port is taken')"]
    with pytest.raises(
        CannotMeasure, match=r"The service is not ready: the port is taken \(recueil serve\)\. Run it by hand"
    ):
        time_to_ready(dies)
