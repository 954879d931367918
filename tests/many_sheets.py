"""Thousands of sheets as a table, and an encoder that costs nothing: to see what a build and a search take.

python -m tests.many_sheets 10000 /tmp/many      # writes sheets.csv and its corpus.toml
"""

import csv
import random
import sys
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np

from corpus.importing import MAPPING, propose
from corpus.places import Gazetteer
from index import Encoded, unit_rows
from tests.word_encoder import StandIn

SYLLABLES = [a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "u", "an", "on", "eau")]
VOCABULARY = 6000
WORDS_A_SHEET = 260  # of prose: two passages or three
THEMES = ("Mobilité", "Logement", "Santé", "Alimentation", "Emploi", "Culture", "Énergie", "Numérique")
TOWNS = ("Rennes", "Nantes", "Brest", "Guéret", "Lyon", "Bordeaux", "Lille", "Dijon", "Nice", "Metz")
COLUMNS = ("Référence", "Titre", "Description", "Commune", "Porteur", "Date", "Thème")


def write_many(count: int, folder: Path, seed: int = 1) -> Path:
    """Write so many sheets and the corpus.toml that reads them into a new folder, which is returned."""
    folder.mkdir(parents=True)
    with (folder / "sheets.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(COLUMNS)
        writer.writerows(rows(count, seed))
    (folder / MAPPING).write_text(propose(folder, Gazetteer.open()).text, encoding="utf-8")
    return folder


def rows(count: int, seed: int) -> list[tuple[str, ...]]:
    """The sheets, one a row; words come as often as in a language (Zipf)."""
    chance = random.Random(seed)
    words = list(dict.fromkeys("".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(VOCABULARY)))
    weights = [1 / (rank + 3) for rank in range(len(words))]

    def prose(length: int) -> str:
        said = chance.choices(words, weights, k=length)
        cuts = range(0, length, 13)
        return " ".join(" ".join(said[at : at + 13]).capitalize() + "." for at in cuts)

    return [
        (
            f"F-{number:05}",
            prose(5).rstrip("."),
            prose(WORDS_A_SHEET),
            chance.choice(TOWNS),
            f"Association {chance.choice(words)}",
            str(chance.randint(1995, 2026)),
            chance.choice(THEMES),
        )
        for number in range(count)
    ]


@dataclass(frozen=True)
class HashEncoder(StandIn):
    """An `Encoder` in which every word has a direction of its own, drawn from a digest of it."""

    dimension: int = 384
    name: str = "hash"
    digest: str = "hash"
    max_tokens: int = 512

    def _encode(self, text: str) -> Encoded:
        spans, words, at = [], text.lower().split() or ["-"], 0
        for word in words:
            start = text.lower().find(word, at)
            spans.append((start, at := start + len(word)))
        ids = [int.from_bytes(blake2b(word.strip(".,;").encode(), digest_size=2).digest()) for word in words]
        states = _directions(self.dimension)[ids]
        return Encoded(
            unit_rows(states.sum(axis=0)[None])[0], states, np.array(ids, np.int32), np.array(spans, np.int32)
        )


_DRAWN: dict[int, np.ndarray] = {}


def _directions(dimension: int) -> np.ndarray:
    if dimension not in _DRAWN:
        drawn = np.random.default_rng(1).standard_normal((1 << 16, dimension), dtype=np.float32)
        _DRAWN[dimension] = unit_rows(drawn)
    return _DRAWN[dimension]


if __name__ == "__main__":
    write_many(int(sys.argv[1]), Path(sys.argv[2]))
