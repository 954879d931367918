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
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from socket import create_server
from statistics import fmean, median
from tempfile import TemporaryDirectory, TemporaryFile
from time import perf_counter, sleep
from typing import Any

import httpx
from rich.console import Console

from corpus.text import normalise_text
from eval.collection import Catalogue, Collection, Qrels, Question
from eval.errors import CannotMeasure
from eval.metrics import DEPTH, values_of
from eval.run import Run, read_contents
from eval.tables import Table, show_table
from index import context, read_model

SCRIPT = Path(__file__).with_name("bench_system.py")

ROUNDS, STARTS = 3, 3
PAUSE_S = 0.02  # between two questions
SHOWN = 10  # initiatives that a system of the bench gives: what every door shows when it is not told how many
DEADLINE_S, POLL_S = 60.0, 0.02  # how long a service may take to be ready, and how often it is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchedSystem:
    """The figures of one system."""

    search: Mapping[str, float]  # "p50" and "p95" of one search in process, after a warm-up round, in milliseconds
    encode: Mapping[str, float] | None  # of the part of it inside the encoder, where it is known
    processor_ms: float  # of one search, all threads together
    # "resident" after the last round, the pages of mapped files included as far as they were read; "peak", the most
    # that was ever resident. In MB of 2^20 bytes.
    memory: Mapping[str, float]
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
    _output_of([*command, "build"])
    say("Starting the service")
    ready_s = median(time_to_ready(command) for _ in range(STARTS))
    build_s = None
    if with_build:
        say("Building from nothing")
        with TemporaryDirectory() as var:
            began = perf_counter()
            _output_of(["env", f"RECUEIL_VAR={var}", *command, "build"])
            build_s = perf_counter() - began
    contents = read_contents(index)
    qrels = Qrels.of(collection, Catalogue.of(contents.initiatives, contents.documents))

    def benched(system: str, task: Mapping[str, Any]) -> BenchedSystem:
        told = measure(system, [question.text for question in collection.questions], task)
        ids = (question.id for question in collection.questions)
        ndcg_10 = fmean(values_of(qrels, dict(zip(ids, told["rankings"], strict=True)))["ndcg_10"].values())
        return BenchedSystem(**told["figures"], ndcg_10=ndcg_10)

    say(f"Asking {len(collection.questions)} questions {ROUNDS} times")
    recueil = benched("recueil", {"index": str(index), "model": str(model), "threads": threads})
    txtai = None
    if against_txtai:
        say("Indexing with txtai, and asking the same")
        txtai = benched("txtai", _txtai_task(index, model))
    return Bench(
        collection=collection.name,
        questions=len(collection.questions),
        rounds=ROUNDS,
        cores=os.cpu_count() or 1,
        recueil=recueil,
        txtai=txtai,
        ready_s=ready_s,
        build_s=build_s,
    )


# --- txtai


def require_txtai() -> None:
    """Raise CannotMeasure when the extra is not installed."""
    if find_spec("txtai") is None:
        mend = 'Run `.venv/bin/pip install -c constraints.txt -e ".[txtai]"`.'
        raise CannotMeasure("txtai is not installed", "the extra txtai", mend)


def run_txtai(index: Path, model: Path, questions: Sequence[Question]) -> Run:
    """The run of txtai over the passages of an index folder, with its model; takes a minute or more.

    Raises CannotMeasure when it is not installed or fails.
    """
    require_txtai()
    contents = read_contents(index)
    task = _txtai_task(index, model) | {"depth": DEPTH, "rounds": 1, "pause_s": 0}
    told = measure("txtai", [question.text for question in questions], task)
    return Run(
        "txtai",
        Catalogue.of(contents.initiatives, contents.documents),
        {one.id: tuple(ranking) for one, ranking in zip(questions, told["rankings"], strict=True)},
        {one.id: ms for one, ms in zip(questions, told["took_ms"], strict=True)},
    )


def _txtai_task(index: Path, model: Path) -> dict[str, Any]:
    """The texts that our encoder reads, under one id for each real-world initiative, as our hits are."""
    contents, prompts = read_contents(index), read_model(model).prompts
    initiatives = {initiative.id: initiative for initiative in contents.initiatives}
    passages = [(initiatives[passage.initiative], passage.text) for passage in contents.passages]
    return {
        "model": str(model / "sentence-transformers"),
        "prompts": [prompts.question, prompts.passage],
        "passages": [(owner.cluster, context(owner) + normalise_text(text).text) for owner, text in passages],
    }


# --- Processes


def measure(system: str, questions: Sequence[str], task: Mapping[str, Any], script: Path = SCRIPT) -> dict[str, Any]:
    """Let the script ask a system; gives what it tells. Raises CannotMeasure, with its last words, when it fails."""
    asked = {"path": sys.path, "questions": questions, "rounds": ROUNDS, "pause_s": PAUSE_S, "depth": SHOWN, **task}
    output = _output_of([sys.executable, "-P", str(script), system], json.dumps(asked))
    told: dict[str, Any] = json.loads(output.splitlines()[-1])
    return told


def _output_of(command: Sequence[str], given: str | None = None) -> str:
    """What a process prints. Raises CannotMeasure, with its last words, when it fails."""
    done = subprocess.run(command, input=given, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        what = f"The process ended with code {done.returncode}: {_last_words(done.stderr)}"
        raise CannotMeasure(what, " ".join(command), "Run this command by hand to see all it says.")
    return done.stdout


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
                while process.poll() is None and perf_counter() - began < DEADLINE_S:
                    with suppress(httpx.TransportError):
                        if httpx.get(f"http://127.0.0.1:{port}/ready", timeout=DEADLINE_S).is_success:
                            return perf_counter() - began
                    sleep(POLL_S)
            finally:
                process.terminate()
        errors.seek(0)
        raise CannotMeasure(
            f"The service is not ready: {_last_words(errors.read())}", "recueil serve", "Run it by hand."
        )


# --- The table


def show_bench(bench: Bench, console: Console) -> None:
    """Print the figures as a table, under what was asked."""
    console.print(f"{bench.questions} questions of '{bench.collection}', {bench.rounds} rounds, {bench.cores} cores")
    show_table(bench_table(bench), console)


def bench_table(bench: Bench) -> Table:
    """A name, our figure and, beside txtai, its figure and what we gain.

    Example: "search p50", "6.0 ms", "24.0 ms", "4.0 times"
    """
    ours, theirs = bench.recueil, bench.txtai

    def row(name: str, told: str, figure: Callable[[BenchedSystem], float | None]) -> tuple[str, ...]:
        mine, its = figure(ours), figure(theirs) if theirs else None
        return (name, told.format(mine), *((told.format(its), f"{its / mine:.1f} times") if mine and its else ("", "")))

    compared = (f"{theirs.ndcg_10:.3f}", f"{ours.ndcg_10 - theirs.ndcg_10:+.3f}") if theirs else ("", "")
    rows = [
        row("search p50", "{:.1f} ms", lambda one: one.search["p50"]),
        row("search p95", "{:.1f} ms", lambda one: one.search["p95"]),
        row("of it encoding p50", "{:.1f} ms", lambda one: (one.encode or {}).get("p50")),
        row("of it encoding p95", "{:.1f} ms", lambda one: (one.encode or {}).get("p95")),
        row("processor time", "{:.1f} ms", lambda one: one.processor_ms),
        row("memory resident", "{:.0f} MB", lambda one: one.memory["resident"]),
        row("memory at its peak", "{:.0f} MB", lambda one: one.memory["peak"]),
        ("nDCG@10", f"{ours.ndcg_10:.3f}", *compared),
        ("ready to serve", f"{bench.ready_s:.1f} s", "", ""),
        *([("full build", f"{bench.build_s:.0f} s", "", "")] if bench.build_s is not None else []),
    ]
    columns = 4 if theirs else 2
    headings = ("", "recueil", "txtai", "compared")[:columns]
    return Table(title="", headings=headings, groups={"": [one[:columns] for one in rows]})
