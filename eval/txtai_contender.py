"""txtai as a contender: hybrid search over our passages with our model, in a process of its own.

    python -m eval.txtai_contender SETUP.json

The file holds "model" (a sentence-transformers folder), "question_prompt", "passage_prompt", "passages", a list of
[initiative id, text as our encoder reads it], and "depth", how many initiatives to give.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

from eval.contender import Reply, answer

# Passages to ask for, for each initiative wanted: one has two or three.
PASSAGES_ASKED = 3


@dataclass(frozen=True, slots=True)
class TxtaiSetup:
    """What both systems share."""

    model: str  # a sentence-transformers folder
    question_prompt: str
    passage_prompt: str
    passages: Sequence[tuple[str, str]]  # initiative id, text
    depth: int  # initiatives to give for a question


def open_txtai(setup: TxtaiSetup) -> Any:  # noqa: ANN401 — txtai is an extra, and has no types
    """Index the passages, words and vectors, as txtai's documentation of hybrid search does."""
    from txtai import Embeddings

    embeddings = Embeddings(
        path=setup.model,
        instructions={"query": setup.question_prompt, "data": setup.passage_prompt},
        hybrid=True,
        content=False,
        gpu=False,
    )
    embeddings.index((row, text, None) for row, (_, text) in enumerate(setup.passages))
    return embeddings


def search(embeddings: Any, setup: TxtaiSetup, question: str) -> Reply:  # noqa: ANN401
    """The initiatives of the best passages, each once; grouping them is not counted in the time."""
    begin = perf_counter()
    found = embeddings.search(question, PASSAGES_ASKED * setup.depth)
    whole_ms = (perf_counter() - begin) * 1000
    distinct = dict.fromkeys(setup.passages[int(row)][0] for row, _ in found)
    return Reply(tuple(islice(distinct, setup.depth)), whole_ms, None)


def main(setup_file: str) -> None:
    """Answer on stdout."""
    facts = json.loads(Path(setup_file).read_text(encoding="utf-8"))
    setup = TxtaiSetup(**facts)

    def opened() -> Any:  # noqa: ANN401
        embeddings = open_txtai(setup)
        return lambda question: search(embeddings, setup, question)

    answer(opened)


if __name__ == "__main__":
    main(sys.argv[1])
