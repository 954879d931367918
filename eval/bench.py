"""The bench: how fast, how large and how good the search is on this machine, and txtai beside it.

    figures = run_bench(collection, index=index, model=model, threads=2, command=[".venv/bin/recueil"], say=print)
    show_bench(figures, Console())

Each system is asked in a process of its own (eval/bench_system.py): two in one would share memory and threads, and
neither figure would be its own. psutil counts memory and processor time.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from socket import create_server
from statistics import fmean, median
from tempfile import TemporaryDirectory, TemporaryFile
from time import perf_counter, sleep
from typing import Any

import httpx
import numpy as np
from rich.console import Console

from corpus.text import normalise_text
from eval.collection import Catalogue, Collection, Qrels, Question
from eval.errors import CannotMeasure
from eval.metrics import DEPTH, values_of
from eval.run import Run, read_contents
from eval.tables import Table, show_table
from index import context, read_model

SCRIPT = Path(__file__).with_name("bench_system.py")

# Percentiles are taken in each round, and their medians over the rounds are shown: one disturbance does not decide.
ROUNDS = 3
STARTS = 3

# Between two questions: the idle threads of a system spin for some milliseconds after its reply.
PAUSE_S = 0.02

# Initiatives that a system of the bench gives: what every door shows when it is not told how many.
SHOWN = 10

# How long a service may take to be ready, and how often it is asked.
DEADLINE_S, POLL_S = 60.0, 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a system in a process of its own gave, by round and question."""

    rankings: list[list[str]]  # of each question, in the last round
    search_ms: list[list[float]]
    encode_ms: list[list[float | None]]  # the part of it inside the encoder, where it is known
    resident_mb: float  # after the last round, the pages of mapped files included as far as they were read
    peak_mb: float  # the most that was ever resident
    processor_ms: float  # of one question, all threads together


@dataclass(frozen=True, slots=True)
class Latency:
    """Percentiles of one search, in milliseconds."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Memory:
    """In MB of 2^20 bytes."""

    resident: float
    peak: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchedSystem:
    """The figures of one system."""

    search: Latency  # in process, after a warm-up round
    encode: Latency | None  # the part of it inside the encoder, where it is known
    processor_ms: float  # of one search
    memory: Memory
    ndcg_10: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """All figures of one run. `dataclasses.asdict` makes it ready for JSON."""

    collection: str
    questions: int
    rounds: int
    cores: int
    recueil: BenchedSystem
    txtai: BenchedSystem | None
    ready_s: float  # from the start of `recueil serve` over a built index until /ready says 200
    build_s: float | None  # of `recueil build` from nothing, the model included


def run_bench(
    collection: Collection,
    *,
    index: Path,
    model: Path,
    threads: int,
    command: Sequence[str],
    against_txtai: bool = False,
    with_build: bool = False,
    say: Callable[[str], None],
) -> Bench:
    """Measure the search over an index folder with a prepared model; `command` is what runs `recueil`.

    `say` is told what is being done. Takes a minute more with txtai, and one more with a build. Raises CannotMeasure
    when txtai is not installed or a process fails.
    """
    if against_txtai:
        require_txtai()
    say("Building what is out of date")
    _build(command)
    say("Starting the service")
    ready_s = median(time_to_ready(command) for _ in range(STARTS))
    build_s = None
    if with_build:
        say("Building from nothing")
        with TemporaryDirectory() as var:
            build_s = _build(["env", f"RECUEIL_VAR={var}", *command])
    texts = [question.text for question in collection.questions]
    say(f"Asking {len(texts)} questions {ROUNDS} times")
    task = {"index": str(index), "model": str(model), "threads": threads}
    measured = {"recueil": measure("recueil", texts, task)}
    if against_txtai:
        say("Indexing with txtai, and asking the same")
        measured["txtai"] = measure("txtai", texts, _txtai_task(index, model))
    contents = read_contents(index)
    qrels = Qrels.of(collection, Catalogue.of(contents.initiatives, contents.documents))
    systems = {name: _figures(of, collection.questions, qrels) for name, of in measured.items()}
    return Bench(
        collection=collection.name,
        questions=len(texts),
        rounds=ROUNDS,
        cores=os.cpu_count() or 1,
        recueil=systems["recueil"],
        txtai=systems.get("txtai"),
        ready_s=ready_s,
        build_s=build_s,
    )


def _figures(measured: Measured, questions: Iterable[Question], qrels: Qrels) -> BenchedSystem:
    rankings = {one.id: ranking for one, ranking in zip(questions, measured.rankings, strict=True)}
    encodings = [[ms for ms in times if ms is not None] for times in measured.encode_ms]
    return BenchedSystem(
        search=latency_of(measured.search_ms),
        encode=latency_of(encodings) if all(encodings) else None,
        processor_ms=measured.processor_ms,
        memory=Memory(measured.resident_mb, measured.peak_mb),
        ndcg_10=fmean(values_of(qrels, rankings)["ndcg_10"].values()),
    )


def latency_of(rounds: Sequence[Sequence[float]]) -> Latency:
    """The median over the rounds of each round's percentiles, which lie between two times where they must.

    Example: [[1, 2, 3], [5, 6, 7], [3, 4, 5]] → p50 4
    """
    p50, p95 = np.median([np.percentile(times, (50, 95)) for times in rounds], axis=0)
    return Latency(float(p50), float(p95))


# --- txtai


def require_txtai() -> None:
    """Raise CannotMeasure when the extra is not installed."""
    if find_spec("txtai") is None:
        raise CannotMeasure(
            "txtai is not installed",
            "the extra txtai",
            'Run `.venv/bin/pip install -c constraints.txt -e ".[txtai]"`.',
        )


def run_txtai(index: Path, model: Path, questions: Sequence[Question]) -> Run:
    """The run of txtai over the passages of an index folder, with its model; takes a minute or more.

    Raises CannotMeasure when it is not installed or fails.
    """
    require_txtai()
    contents = read_contents(index)
    task = _txtai_task(index, model) | {"depth": DEPTH, "rounds": 1, "pause_s": 0}
    measured = measure("txtai", [question.text for question in questions], task)
    return Run(
        "txtai",
        Catalogue.of(contents.initiatives, contents.documents),
        {one.id: tuple(ranking) for one, ranking in zip(questions, measured.rankings, strict=True)},
        {one.id: ms for one, ms in zip(questions, measured.search_ms[-1], strict=True)},
    )


def _txtai_task(index: Path, model: Path) -> dict[str, Any]:
    """The texts that our encoder reads, under one id for each real-world initiative, as our hits are."""
    contents = read_contents(index)
    initiatives = {initiative.id: initiative for initiative in contents.initiatives}
    owners = [initiatives[passage.initiative] for passage in contents.passages]
    prompts = read_model(model).prompts
    return {
        "model": str(model / "sentence-transformers"),
        "prompts": [prompts.question, prompts.passage],
        "passages": [
            (min([owner.id, *owner.same_as]), context(owner) + normalise_text(passage.text).text)
            for owner, passage in zip(owners, contents.passages, strict=True)
        ],
    }


# --- Processes


def measure(system: str, questions: Sequence[str], task: Mapping[str, Any], script: Path = SCRIPT) -> Measured:
    """Let the script ask a system. Raises CannotMeasure, with its last words, when it fails."""
    asked = {"path": sys.path, "questions": questions, "rounds": ROUNDS, "pause_s": PAUSE_S, "depth": SHOWN, **task}
    command = [sys.executable, "-P", str(script), system]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        what = f"The process ended with code {done.returncode}: {_last_words(done.stderr)}"
        raise CannotMeasure(what, " ".join(command), "Run this command by hand to see all it says.")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def _last_words(errors: str) -> str:
    """The last line that is not blank."""
    return next((line.strip() for line in reversed(errors.split("\n")) if line.strip()), "no word on stderr")


def time_to_ready(command: Sequence[str]) -> float:
    """Seconds from the start of `recueil serve`, on a free port, until it is ready; it is ended afterwards.

    Raises CannotMeasure when the service ends or is not ready in time.
    """
    with create_server(("127.0.0.1", 0)) as listening:
        port = str(listening.getsockname()[1])
    serve = [*command, "serve", "--host", "127.0.0.1", "--port", port]
    with TemporaryFile("w+", encoding="utf-8") as errors:
        began = perf_counter()
        with subprocess.Popen(serve, stdout=subprocess.DEVNULL, stderr=errors) as process:
            try:
                while not _is_ready(port):
                    ended, waited_s = process.poll() is not None, perf_counter() - began
                    if ended or waited_s > DEADLINE_S:
                        errors.seek(0)
                        state = "ended" if ended else f"was not ready after {DEADLINE_S:.0f} s"
                        what = f"The service {state}: {_last_words(errors.read())}"
                        raise CannotMeasure(what, "recueil serve", "Run it by hand.")
                    sleep(POLL_S)
                return perf_counter() - began
            finally:
                process.terminate()


def _is_ready(port: str) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/ready", timeout=DEADLINE_S).is_success
    except httpx.TransportError:
        return False


def _build(command: Sequence[str]) -> float:
    """Run `recueil build`, which leaves alone what is up to date; gives the seconds it took."""
    began = perf_counter()
    done = subprocess.run([*command, "build"], capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise CannotMeasure(f"The build failed: {_last_words(done.stderr)}", "recueil build", "Run it by hand.")
    return perf_counter() - began


# --- The table

# Name, the figure as it is told, and the figure itself; txtai's is compared as so many times ours.
ROWS: tuple[tuple[str, str, Callable[[BenchedSystem], float | None]], ...] = (
    ("search p50", "{:.1f} ms", lambda one: one.search.p50),
    ("search p95", "{:.1f} ms", lambda one: one.search.p95),
    ("of it encoding p50", "{:.1f} ms", lambda one: one.encode.p50 if one.encode else None),
    ("of it encoding p95", "{:.1f} ms", lambda one: one.encode.p95 if one.encode else None),
    ("processor time", "{:.1f} ms", lambda one: one.processor_ms),
    ("memory resident", "{:.0f} MB", lambda one: one.memory.resident),
    ("memory at its peak", "{:.0f} MB", lambda one: one.memory.peak),
)


def show_bench(bench: Bench, console: Console) -> None:
    """Print the figures as a table, under what was asked."""
    console.print(f"{bench.questions} questions of '{bench.collection}', {bench.rounds} rounds, {bench.cores} cores")
    show_table(bench_table(bench), console)


def bench_table(bench: Bench) -> Table:
    """A name, our figure and, beside txtai, its figure and what we gain.

    Example: "search p50", "6.0 ms", "24.0 ms", "4.0 times"
    """
    ours, theirs = bench.recueil, bench.txtai
    rows = []
    for name, told, figure_of in ROWS:
        mine, its = figure_of(ours), figure_of(theirs) if theirs else None
        if mine is not None:
            beside = (told.format(its), f"{its / mine:.1f} times") if its is not None else ("", "")
            rows.append((name, told.format(mine), *beside))
    beside = (f"{theirs.ndcg_10:.3f}", f"{ours.ndcg_10 - theirs.ndcg_10:+.3f}") if theirs else ("", "")
    rows.append(("nDCG@10", f"{ours.ndcg_10:.3f}", *beside))
    rows.append(("ready to serve", f"{bench.ready_s:.1f} s", "", ""))
    if bench.build_s is not None:
        rows.append(("full build", f"{bench.build_s:.0f} s", "", ""))
    columns = 4 if theirs else 2
    headings = ("", "recueil", "txtai", "compared")[:columns]
    return Table(title="", headings=headings, groups={"": [row[:columns] for row in rows]})
