"""Our own search as a contender, in a process of its own.

python -m eval.recueil_contender INDEX_FOLDER MODEL_FOLDER THREADS
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from eval.contender import SHOWN, Reply, answer
from index.encoder import Forward, Vectors
from search import Engine


class Stopwatch:
    """Adds up the time that a forward pass takes."""

    def __init__(self, forward: Forward) -> None:
        self._forward = forward
        self.ms = 0.0

    def __call__(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> tuple[NDArray[np.float32], Vectors]:
        """Run the pass."""
        begin = perf_counter()
        passed = self._forward(ids, mask)
        self.ms += (perf_counter() - begin) * 1000
        return passed


def timed(engine: Engine) -> Callable[[str], Reply]:
    """The engine's search under a stopwatch."""
    encoding = Stopwatch(engine.encoder.forward)
    engine = replace(engine, encoder=replace(engine.encoder, forward=encoding))

    def search(question: str) -> Reply:
        encoding.ms = 0.0
        begin = perf_counter()
        hits = engine.search(question, k=SHOWN).hits
        whole_ms = (perf_counter() - begin) * 1000
        return Reply(tuple(hit.initiative.id for hit in hits), whole_ms, encoding.ms)

    return search


def main(index_folder: str, model_folder: str, threads: str) -> None:
    """Answer on stdout."""
    answer(lambda: timed(Engine.open(Path(index_folder), Path(model_folder), int(threads))))


if __name__ == "__main__":
    main(*sys.argv[1:])
