"""What the bench makes of times and replies. The times themselves are nobody's promise, and are not tested."""

import sys
from io import StringIO

import pytest
from rich.console import Console

from corpus import Fault
from eval.bench import Bench, Entrant, Latency, ask_in_turn, latency_of, rows_of, show
from eval.contender import Reply, started
from eval.fault import CannotMeasure
from eval.memory import Memory, memory_in
from eval.txtai_contender import TxtaiSetup, search

OURS = Entrant(Latency(6.0, 12.0), Latency(3.5, 5.0), Memory(400.0, 450.0), 0.83)
THEIRS = Entrant(Latency(24.0, 42.0), None, Memory(1200.0, 1350.0), 0.59)

ECHO = """
from eval.contender import Reply, answer
answer(lambda: lambda question: Reply((question.upper(),), 1.5, None))
"""
REFUSES = """
from corpus import Fault
from eval.contender import answer
def opened():
    raise Fault("There is no index", "var/index", "Run `recueil build`.")
answer(opened)
"""
CHATTERS = """
from eval.contender import Reply, answer
def opened():
    print("loading: 100 %")
    return lambda question: Reply((), 0.0, None)
answer(opened)
"""


def test_percentiles_are_medians_over_the_rounds():
    assert latency_of([[1, 2, 3], [5, 6, 7], [3, 4, 5]]) == Latency(p50=4, p95=pytest.approx(4.9))


def test_one_disturbed_round_does_not_decide():
    assert latency_of([[1, 1], [1, 1], [900, 900]]) == Latency(1, 1)


def test_systems_take_turns_and_the_warm_up_round_is_not_kept():
    asked: list[str] = []

    def system(name: str):
        def ask(question: str) -> Reply:
            asked.append(f"{name}{question}")
            return Reply((question,), float(len(asked)), None)

        return ask

    replies = ask_in_turn({"a": system("a"), "b": system("b")}, ["1", "2"], rounds=1, pause_s=0)
    assert asked == ["b1", "a1", "a2", "b2", "a1", "b1", "b2", "a2"]
    assert [[reply.whole_ms for reply in replies_of] for replies_of in replies["a"]] == [[5.0, 8.0]]
    assert [[reply.initiatives for reply in replies_of] for replies_of in replies["b"]] == [[("1",), ("2",)]]


def test_memory_is_read_in_megabytes_from_what_linux_says():
    assert memory_in("Name:\tpython\nVmHWM:\t  2048 kB\nVmRSS:\t  1536 kB\n") == Memory(resident=1.5, peak=2)


def test_the_table_compares_with_txtai():
    bench = Bench("small", 120, 5, 2, OURS, THEIRS, ready_s=2.34, build_s=None)
    assert rows_of(bench) == [
        ["search p50", "6.0 ms", "24.0 ms", "4.0 times"],
        ["search p95", "12.0 ms", "42.0 ms", "3.5 times"],
        ["of it encoding p50", "3.5 ms", "", ""],
        ["of it encoding p95", "5.0 ms", "", ""],
        ["memory resident", "400 MB", "1200 MB", "3.0 times"],
        ["memory at its peak", "450 MB", "1350 MB", "3.0 times"],
        ["nDCG@10", "0.830", "0.590", "+0.240"],
        ["ready to serve", "2.3 s", "", ""],
    ]


def test_the_table_alone_has_one_column_and_the_build_when_it_was_timed():
    rows = rows_of(Bench("small", 120, 5, 2, OURS, None, ready_s=2.34, build_s=71.6))
    assert rows[0] == ["search p50", "6.0 ms"]
    assert rows[-1] == ["full build", "72 s"]


def test_the_table_is_printed_under_what_was_asked():
    console = Console(file=StringIO(), width=100)
    show(Bench("small", 120, 5, 2, OURS, THEIRS, 2.0, 70.0), console)
    assert isinstance(console.file, StringIO)
    assert "120 questions of 'small', 5 rounds, 2 cores" in console.file.getvalue()
    assert "search p50" in console.file.getvalue()


def test_a_contender_answers_from_its_own_process():
    with started([sys.executable, "-c", ECHO]) as contender:
        assert contender.ask("où ?") == Reply(("OÙ ?",), 1.5, None)
        memory = contender.memory()
        assert 0 < memory.resident <= memory.peak


def test_what_a_library_prints_does_not_disturb_the_answers():
    with started([sys.executable, "-c", CHATTERS]) as contender:
        assert contender.ask("x") == Reply((), 0.0, None)


def test_the_fault_of_a_contender_is_told_as_it_is():
    with pytest.raises(Fault, match=r"There is no index \(var/index\)\. Run `recueil build`\."):
        started([sys.executable, "-c", REFUSES]).__enter__()


def test_a_contender_that_ends_is_reported_with_its_last_words():
    with pytest.raises(CannotMeasure, match=r"ended with code 1: ValueError: no model .*Run this command by hand"):
        started([sys.executable, "-c", "raise ValueError('no model')"]).__enter__()


def test_a_contender_that_ends_while_it_is_asked_is_reported_too():
    dies = ECHO.replace("Reply((question.upper(),), 1.5, None)", "exit(3)")
    with started([sys.executable, "-c", dies]) as contender, pytest.raises(CannotMeasure, match=r"ended with code 3"):
        contender.ask("x")


def test_passages_of_one_initiative_are_one_hit_of_txtai():
    class Embeddings:
        def search(self, question: str, limit: int) -> list[tuple[int, float]]:
            return [(2, 0.9), (0, 0.8), (1, 0.7)]

    passages = [("job", "a"), ("bus", "b"), ("bus", "c")]
    setup = TxtaiSetup("model", "query: ", "passage: ", passages, depth=10)
    assert search(Embeddings(), setup, "x").initiatives == ("bus", "job")
