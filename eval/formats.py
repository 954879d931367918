"""Formats: the one place that tells our own folders from those of TREC and BEIR."""

from enum import StrEnum
from pathlib import Path

from eval.beir import QRELS as BEIR_QRELS
from eval.beir import load_beir, write_beir
from eval.collection import Collection, load_collection
from eval.relevance import Relevance
from eval.system import Run
from eval.trec import QRELS as TREC_QRELS
from eval.trec import load_trec, write_trec


class Format(StrEnum):
    """What a collection can be written as, for other tools."""

    TREC = "trec"
    BEIR = "beir"


def open_collection(folder: Path) -> Collection:
    """Read a collection in whichever of the three formats it is. Raises BadCollection."""
    if (folder / BEIR_QRELS).exists():
        return load_beir(folder)
    if (folder / TREC_QRELS).exists():
        return load_trec(folder)
    return load_collection(folder)


def export(chosen: Format, folder: Path, collection: Collection, relevance: Relevance, run: Run) -> None:
    """Write a collection and a run of it. Raises CannotMeasure when that cannot be done."""
    match chosen:
        case Format.TREC:
            write_trec(folder, collection, relevance, run)
        case Format.BEIR:
            write_beir(folder, collection, relevance, run)
