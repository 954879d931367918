"""The bench: how fast, how large and how good the search is on this machine, and txtai beside it."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from time import sleep

import numpy as np
from rich.console import Console
from rich.table import Table

from eval.catalogue import Catalogue
from eval.collection import Collection
from eval.contender import SHOWN, Contender, Reply, started
from eval.measures import values_of
from eval.memory import Memory
from eval.relevance import Relevance, relevance_of
from eval.service import Command, build, time_of_build, time_to_ready
from eval.txtai import require_txtai, started_txtai
from index.index import CONTENTS

# Percentiles are taken in each round, and their medians over the rounds are shown: one disturbance does not decide.
ROUNDS = 3
STARTS = 3

# Between two questions. The idle threads of a system spin for some milliseconds after its reply, and would take the
# cores from the other one's.
PAUSE_S = 0.02


@dataclass(frozen=True, slots=True)
class Served:
    """What is measured."""

    index: Path  # folder of the index
    model: Path  # folder of the prepared model
    threads: int  # of one encoding
    recueil: Command  # with the same settings


@dataclass(frozen=True, slots=True)
class Latency:
    """Percentiles of one search, in milliseconds."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Entrant:
    """The figures of one system, measured in a process of its own."""

    search: Latency  # in process, after a warm-up round
    encode: Latency | None  # the part of it inside the encoder, where it is known
    memory: Memory  # after the last round
    ndcg_10: float


@dataclass(frozen=True, slots=True)
class Bench:
    """All figures of one run. `dataclasses.asdict` makes it ready for JSON."""

    collection: str
    questions: int
    rounds: int
    cores: int
    recueil: Entrant
    txtai: Entrant | None
    ready_s: float  # from the start of `recueil serve` over a built index until /ready says 200
    build_s: float | None  # of `recueil build` from nothing, the model included


def run_bench(
    served: Served, collection: Collection, against_txtai: bool, with_build: bool, say: Callable[[str], None]
) -> Bench:
    """Measure; `say` is told what is being done. Takes a minute more with txtai, and one more with a build.

    Raises CannotMeasure when txtai is not installed or a process ends too early, and what the processes report.
    """
    if against_txtai:
        require_txtai()
    say("Building what is out of date")
    build(served.recueil)
    say("Starting the service")
    ready_s = median(time_to_ready(served.recueil) for _ in range(STARTS))
    build_s = None
    if with_build:
        say("Building from nothing")
        build_s = time_of_build(served.recueil)
    entrants = _compete(served, collection, against_txtai, say)
    return Bench(
        collection.name,
        len(collection.questions),
        ROUNDS,
        os.cpu_count() or 1,
        entrants["recueil"],
        entrants.get("txtai"),
        ready_s,
        build_s,
    )


def _compete(
    served: Served, collection: Collection, against_txtai: bool, say: Callable[[str], None]
) -> dict[str, Entrant]:
    with ExitStack() as stack:
        say("Opening the index")
        contenders = {"recueil": stack.enter_context(started(_recueil_command(served)))}
        contents = CONTENTS.validate_json((served.index / "corpus.json").read_bytes())
        if against_txtai:
            say("Indexing with txtai")
            contenders["txtai"] = stack.enter_context(started_txtai(served.index, served.model, SHOWN))
        say(f"Asking {len(collection.questions)} questions {ROUNDS} times")
        texts = [question.text for question in collection.questions]
        replies = ask_in_turn({name: contender.ask for name, contender in contenders.items()}, texts, ROUNDS, PAUSE_S)
        relevance = relevance_of(collection, Catalogue.of(contents.initiatives, contents.documents))
        return {
            name: _entrant(contender, replies[name], collection, relevance) for name, contender in contenders.items()
        }


def _recueil_command(served: Served) -> list[str]:
    folders = [str(served.index), str(served.model)]
    return [sys.executable, "-m", "eval.recueil_contender", *folders, str(served.threads)]


def ask_in_turn(
    systems: Mapping[str, Callable[[str], Reply]], questions: Sequence[str], rounds: int, pause_s: float
) -> dict[str, list[list[Reply]]]:
    """Put each question to one system after the other, so that whatever slows the machine slows both.

    Who comes first changes with every question. A first round warms up and is not kept. Gives the replies of each
    system, by round, in the order of the questions. `pause_s` seconds pass before each question.
    """
    replies: dict[str, list[list[Reply]]] = {name: [] for name in systems}
    for number in range(rounds + 1):
        for of_system in replies.values():
            of_system.append([])
        for place, question in enumerate(questions):
            turn = 1 if (place + number) % 2 else -1
            for name, ask in list(systems.items())[::turn]:
                sleep(pause_s)
                replies[name][number].append(ask(question))
    return {name: of_system[1:] for name, of_system in replies.items()}


def _entrant(
    contender: Contender, rounds: Sequence[Sequence[Reply]], collection: Collection, relevance: Relevance
) -> Entrant:
    ids = [question.id for question in collection.questions]
    rankings = {id_: reply.initiatives for id_, reply in zip(ids, rounds[-1], strict=True)}
    encodings = [[reply.encode_ms for reply in replies if reply.encode_ms is not None] for replies in rounds]
    return Entrant(
        latency_of([[reply.whole_ms for reply in replies] for replies in rounds]),
        latency_of(encodings) if all(encodings) else None,
        contender.memory(),
        fmean(values_of(relevance, rankings)["ndcg_10"].values()),
    )


def latency_of(rounds: Sequence[Sequence[float]]) -> Latency:
    """The median over the rounds of each round's percentiles, which lie between two times where they must.

    Example: [[1, 2, 3], [5, 6, 7], [3, 4, 5]] → p50 4
    """
    p50, p95 = np.median([np.percentile(times, (50, 95)) for times in rounds], axis=0)
    return Latency(float(p50), float(p95))


def show(bench: Bench, console: Console) -> None:
    """Print the figures as a table, under what was asked."""
    table = Table("")
    for heading in ("recueil", "txtai", "compared")[: 3 if bench.txtai else 1]:
        table.add_column(heading, justify="right")
    for row in rows_of(bench):
        table.add_row(*row)
    console.print(f"{bench.questions} questions of '{bench.collection}', {bench.rounds} rounds, {bench.cores} cores")
    console.print(table)


def rows_of(bench: Bench) -> list[list[str]]:
    """The rows of the table: a name, our figure and, beside txtai, its figure and what we gain.

    Example: "search p50", "6.0 ms", "24.0 ms", "4.0 times"
    """
    ours, theirs = _cells(bench.recueil), _cells(bench.txtai) if bench.txtai else {}
    gains = _gains(bench.recueil, bench.txtai) if bench.txtai else {}
    beside = [
        [name, cell] + ([theirs.get(name, ""), gains.get(name, "")] if theirs else []) for name, cell in ours.items()
    ]
    alone = {"ready to serve": f"{bench.ready_s:.1f} s"}
    if bench.build_s is not None:
        alone["full build"] = f"{bench.build_s:.0f} s"
    return beside + [[name, cell] + ["", ""] * bool(theirs) for name, cell in alone.items()]


def _cells(entrant: Entrant) -> dict[str, str]:
    cells = {"search p50": f"{entrant.search.p50:.1f} ms", "search p95": f"{entrant.search.p95:.1f} ms"}
    if entrant.encode:
        cells["of it encoding p50"] = f"{entrant.encode.p50:.1f} ms"
        cells["of it encoding p95"] = f"{entrant.encode.p95:.1f} ms"
    return cells | {
        "memory resident": f"{entrant.memory.resident:.0f} MB",
        "memory at its peak": f"{entrant.memory.peak:.0f} MB",
        "nDCG@10": f"{entrant.ndcg_10:.3f}",
    }


def _gains(ours: Entrant, theirs: Entrant) -> dict[str, str]:
    return {
        "search p50": f"{theirs.search.p50 / ours.search.p50:.1f} times",
        "search p95": f"{theirs.search.p95 / ours.search.p95:.1f} times",
        "memory resident": f"{theirs.memory.resident / ours.memory.resident:.1f} times",
        "memory at its peak": f"{theirs.memory.peak / ours.memory.peak:.1f} times",
        "nDCG@10": f"{ours.ndcg_10 - theirs.ndcg_10:+.3f}",
    }
