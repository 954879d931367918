"""What the bench makes of times and replies. The times themselves are nobody's promise, and are not tested."""

import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from eval.bench import (
    Bench,
    BenchedSystem,
    Latency,
    Measured,
    Memory,
    bench_table,
    latency_of,
    measure,
    show_bench,
    time_to_ready,
)
from eval.bench_system import measure as measure_search
from eval.bench_system import search_of_txtai
from eval.errors import CannotMeasure

OURS = BenchedSystem(
    search=Latency(6.0, 12.0), encode=Latency(3.5, 5.0), processor_ms=8.0, memory=Memory(400.0, 450.0), ndcg_10=0.83
)
THEIRS = BenchedSystem(
    search=Latency(24.0, 42.0), encode=None, processor_ms=40.0, memory=Memory(1200.0, 1350.0), ndcg_10=0.59
)


def bench(txtai: BenchedSystem | None, ready_s: float, build_s: float | None) -> Bench:
    asked = {"collection": "small", "questions": 120, "rounds": 5, "cores": 2}
    return Bench(**asked, recueil=OURS, txtai=txtai, ready_s=ready_s, build_s=build_s)


def test_percentiles_are_medians_over_the_rounds():
    assert latency_of([[1, 2, 3], [5, 6, 7], [3, 4, 5]]) == Latency(p50=4, p95=pytest.approx(4.9))


def test_one_disturbed_round_does_not_decide():
    assert latency_of([[1, 1], [1, 1], [900, 900]]) == Latency(1, 1)


def test_every_question_is_asked_in_every_round_and_the_warm_up_round_is_not_kept():
    asked: list[str] = []

    def search(question: str) -> tuple[list[str], float, float | None]:
        asked.append(question)
        return [question.upper()], float(len(asked)), None

    measured = Measured(**measure_search(search, ["a", "b"], rounds=2, pause_s=0))
    assert asked == ["a", "b"] * 3
    assert measured.search_ms == [[3, 4], [5, 6]]
    assert measured.encode_ms == [[None, None], [None, None]]
    assert measured.rankings == [["A"], ["B"]]
    assert 0 < measured.resident_mb <= measured.peak_mb


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
told = {name: 1.0 for name in ("resident_mb", "peak_mb", "processor_ms")}
times = [[task["threads"]] * len(task["questions"])] * task["rounds"]
print("loading: 100 %")
print(json.dumps({"rankings": [[sys.argv[1]]] * 2, "search_ms": times, "encode_ms": times, **told}))
"""


def test_a_system_is_asked_in_a_process_of_its_own_whatever_its_libraries_print(tmp_path: Path):
    measured = measure("recueil", ["où ?", "qui ?"], {"threads": 7, "rounds": 2}, script(tmp_path, ECHO))
    assert measured.rankings == [["recueil"], ["recueil"]]
    assert measured.search_ms == measured.encode_ms == [[7, 7], [7, 7]]


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
    class Embeddings:
        def search(self, question: str, limit: int) -> list[tuple[int, float]]:
            return [(2, 0.9), (0, 0.8), (1, 0.7)]

    found, _, encode_ms = search_of_txtai(Embeddings(), ["job", "bus", "bus"], depth=10)("x")
    assert (found, encode_ms) == (["bus", "job"], None)


def test_a_service_that_ends_before_it_is_ready_is_reported_with_its_last_words():
    dies = [sys.executable, "-c", "import sys; sys.exit('the port is taken')"]
    with pytest.raises(CannotMeasure, match=r"The service ended: the port is taken \(recueil serve\)\. Run it by hand"):
        time_to_ready(dies)
