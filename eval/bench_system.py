"""One search system asked every question in a process of its own: its memory, its threads and its times are its own.

    python -P eval/bench_system.py recueil < task.json

The task is a JSON object: "path" (where modules are looked for), "questions", "rounds" (the last of which are kept; one
more before them warms up), "pause_s" between two questions, "depth" (initiatives wanted), and what `open_recueil` or
`open_txtai` needs. The last line on stdout is one JSON object, the fields of `eval.bench.Measured`. Nothing of `eval`
is imported: it would count as the system's memory.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import perf_counter, sleep
from typing import Any

import psutil

MB = 2**20

# Passages that txtai is asked for, for each initiative wanted: one has two or three.
PASSAGES_ASKED = 3

# A question → initiatives, best first; milliseconds of the search; of them inside the encoder, where that is known.
Search = Callable[[str], tuple[list[str], float, float | None]]


def open_recueil(task: dict[str, Any]) -> Search:
    """Our own search over "index", with "model" and "threads"."""
    from corpus.places import Gazetteer
    from index import Index, open_encoder
    from search import Searcher

    encoder = open_encoder(Path(task["model"]), task["threads"])
    encoding = Stopwatch(encoder.question_forward)
    index = Index.open(Path(task["index"]), encoder.digest)
    searcher = Searcher.of(index, replace(encoder, question_forward=encoding), Gazetteer.open())

    def search(question: str) -> tuple[list[str], float, float | None]:
        encoding.ms = 0.0
        began = perf_counter()
        hits = searcher.search(question, k=task["depth"]).hits
        return [hit.initiative.id for hit in hits], (perf_counter() - began) * 1000, encoding.ms

    return search


class Stopwatch:
    """Adds up the time that a forward pass takes."""

    def __init__(self, forward: Callable[..., Any]) -> None:
        self._forward = forward
        self.ms = 0.0

    def __call__(self, *inputs: Any) -> Any:  # noqa: ANN401 — what the pass takes and gives
        """Run the pass."""
        began = perf_counter()
        passed = self._forward(*inputs)
        self.ms += (perf_counter() - began) * 1000
        return passed


def open_txtai(task: dict[str, Any]) -> Search:
    """Hybrid search of txtai, as its documentation has it, over "passages": [initiative id, text our encoder reads].

    "model" is a sentence-transformers folder, "prompts" what stands before a question and before a passage.
    """
    from txtai import Embeddings

    query, data = task["prompts"]
    embeddings = Embeddings(
        path=task["model"], instructions={"query": query, "data": data}, hybrid=True, content=False, gpu=False
    )
    embeddings.index((row, text, None) for row, (_, text) in enumerate(task["passages"]))
    return search_of_txtai(embeddings, [initiative for initiative, _ in task["passages"]], task["depth"])


def search_of_txtai(embeddings: Any, owners: list[str], depth: int) -> Search:  # noqa: ANN401 — an extra without types
    """The initiatives of the best passages, each once; grouping them is not counted in the time."""

    def search(question: str) -> tuple[list[str], float, float | None]:
        began = perf_counter()
        found = embeddings.search(question, PASSAGES_ASKED * depth)
        took_ms = (perf_counter() - began) * 1000
        return list(islice(dict.fromkeys(owners[int(row)] for row, _ in found), depth)), took_ms, None

    return search


def measure(search: Search, questions: list[str], rounds: int, pause_s: float) -> dict[str, Any]:
    """Ask every question in every round. The idle threads of a system spin for some milliseconds after its reply."""
    process = psutil.Process()
    search_ms: list[list[float]] = []
    encode_ms: list[list[float | None]] = []
    for _ in range(rounds + 1):
        began = process.cpu_times()
        replies = []
        for question in questions:
            sleep(pause_s)
            replies.append(search(question))
        ended = process.cpu_times()
        search_ms.append([whole for _, whole, _ in replies])
        encode_ms.append([encoding for _, _, encoding in replies])
    busy_s = ended.user + ended.system - began.user - began.system
    return {
        "rankings": [initiatives for initiatives, _, _ in replies],
        "search_ms": search_ms[1:],
        "encode_ms": encode_ms[1:],
        "resident_mb": process.memory_info().rss / MB,
        "peak_mb": max(_peak(), process.memory_info().rss) / MB,
        "processor_ms": busy_s * 1000 / len(questions),
    }


def _peak() -> int:
    """The most bytes that were ever resident: Linux tells kB, macOS bytes."""
    return getrusage(RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    given = json.load(sys.stdin)
    sys.path = given["path"]
    opened = {"recueil": open_recueil, "txtai": open_txtai}[sys.argv[1]](given)
    json.dump(measure(opened, given["questions"], given["rounds"], given["pause_s"]), sys.stdout)
