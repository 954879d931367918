"""One search system asked every question in a process of its own: its memory, its threads and its times are its own.

    python -P eval/bench_system.py recueil < task.json

The task is a JSON object: "path" (where modules are looked for), "questions", "rounds" (the last of which are kept; one
more before them warms up), "pause_s" between two questions, "depth" (initiatives wanted), and what `open_recueil` or
`open_txtai` needs. The last line on stdout is one JSON object: what `measure` gives. Nothing of `eval` is imported: it
would count as the system's memory.
"""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import perf_counter, sleep
from typing import Any, NamedTuple

import numpy as np
import psutil
from numpy.typing import NDArray

MB = 2**20
PASSAGES_ASKED = 3  # of txtai, for each initiative wanted: one has two or three


class System(NamedTuple):
    """What is measured."""

    search: Callable[[str], Any]
    initiatives: Callable[[Any], list[str]]  # of what was found, best first; not counted in the time
    encodings_ms: list[float]  # grows by each pass of the encoder, where that is known


def open_recueil(task: dict[str, Any]) -> System:
    """Our own search over "index", with "model" and "threads"."""
    from corpus.places import Gazetteer
    from index import Index, open_encoder
    from search import Searcher

    encoder = open_encoder(Path(task["model"]), task["threads"])
    encodings_ms: list[float] = []

    def timed_forward(*inputs: Any) -> Any:  # noqa: ANN401 — what the forward pass takes and gives
        began = perf_counter()
        passed = encoder.question_forward(*inputs)
        encodings_ms.append((perf_counter() - began) * 1000)
        return passed

    index = Index.open(Path(task["index"]), encoder.digest)
    searcher = Searcher.of(
        index, replace(encoder, question_forward=timed_forward), Gazetteer.open(index.contents.profile.places)
    )
    return System(
        lambda question: searcher.search(question, k=task["depth"]).hits,
        lambda hits: [hit.initiative.id for hit in hits],
        encodings_ms,
    )


def open_txtai(task: dict[str, Any]) -> System:
    """Hybrid search of txtai, as its documentation has it, over "passages": [initiative id, text our encoder reads].

    "model" is a sentence-transformers folder, "prompts" what stands before a question and before a passage.
    """
    from txtai import Embeddings

    prompts = dict(zip(("query", "data"), task["prompts"], strict=True))
    embeddings = Embeddings(path=task["model"], instructions=prompts, hybrid=True, content=False, gpu=False)
    embeddings.index((row, text, None) for row, (_, text) in enumerate(task["passages"]))
    owners = [initiative for initiative, _ in task["passages"]]
    return System(
        lambda question: embeddings.search(question, PASSAGES_ASKED * task["depth"]),
        lambda found: initiatives_of(found, owners, task["depth"]),
        [],
    )


def initiatives_of(found: Sequence[tuple[int, float]], owners: Sequence[str], depth: int) -> list[str]:
    """The initiatives of the best passages, each once."""
    return list(dict.fromkeys(owners[int(row)] for row, _ in found))[:depth]


def measure(system: System, questions: list[str], rounds: int, pause_s: float) -> dict[str, Any]:
    """Ask every question in every round: the rankings and times of the last one, and the figures of all.

    There is a pause before each question: the idle threads of a system spin for some milliseconds after its reply.
    """
    process = psutil.Process()
    search_ms, encode_ms = np.zeros((2, rounds + 1, len(questions)))
    for round_ in range(rounds + 1):
        rankings, before = [], process.cpu_times()
        for number, question in enumerate(questions):
            sleep(pause_s)
            system.encodings_ms.clear()
            began = perf_counter()
            found = system.search(question)
            search_ms[round_, number] = (perf_counter() - began) * 1000
            encode_ms[round_, number] = sum(system.encodings_ms)
            rankings.append(system.initiatives(found))
        after = process.cpu_times()
    resident = process.memory_info().rss
    peak = getrusage(RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)  # macOS tells bytes, Linux kB
    busy_s = after.user + after.system - before.user - before.system
    return {
        "rankings": rankings,
        "took_ms": search_ms[-1].tolist(),
        "figures": {
            "search": percentiles(search_ms[1:]),
            "encode": percentiles(encode_ms[1:]) if encode_ms.all() else None,
            "processor_ms": busy_s * 1000 / len(questions),
            "memory": {"resident": resident / MB, "peak": max(resident, peak) / MB},
        },
    }


def percentiles(rounds: NDArray[np.float64]) -> dict[str, float]:
    """The medians over the rounds of each round's percentiles, [rounds, questions]: one disturbance does not decide.

    Example: [[1, 2, 3], [5, 6, 7], [3, 4, 5]] → p50 4
    """
    p50, p95 = np.median(np.percentile(rounds, (50, 95), axis=1), axis=1).tolist()
    return {"p50": p50, "p95": p95}


if __name__ == "__main__":
    given = json.load(sys.stdin)
    sys.path = given["path"]
    opened = {"recueil": open_recueil, "txtai": open_txtai}[sys.argv[1]](given)
    json.dump(measure(opened, given["questions"], given["rounds"], given["pause_s"]), sys.stdout)
