"""The systems that `recueil eval` measures and compares, each asked the questions of a collection."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from eval import Run, System
    from eval.collection import Collection
    from search import Searcher
    from settings import Settings

# The stages of the search and the outside one; named here, so that --help need not load the search.
STAGES = ("full", "words", "vectors", "fusion", "late-interaction", "sheets-alone", "without-layer", "without-lexicon")
TXTAI = "txtai"


class Rival(StrEnum):
    """What can be measured beside ourselves."""

    TXTAI = TXTAI


def say(what: str) -> None:
    """Tell on standard error what is being done; standard output is for figures."""
    typer.echo(f"{what} …", err=True)


def runs_of_systems(
    settings: "Settings", collection: "Collection", names: Sequence[str], may_skip: bool
) -> list["Run"]:
    """The runs of stages of our search and of txtai, by name; txtai `may_skip` where it is not installed."""
    from terminal.search import open_searcher

    runs = runs_of_stages(open_searcher(settings), collection, [name for name in names if name != TXTAI])
    if TXTAI in names:
        runs += _runs_of_txtai(settings, collection, may_skip)
    return runs


def runs_of_stages(searcher: "Searcher", collection: "Collection", names: Sequence[str]) -> list["Run"]:
    """The runs of stages of our search, by name."""
    from eval import Ablation, ablated

    return [_asked(ablated(searcher, Ablation(name)), collection) for name in names]


def _runs_of_txtai(settings: "Settings", collection: "Collection", may_skip: bool) -> list["Run"]:
    """The run of txtai; none where it is not installed and may be skipped. Raises CannotMeasure where it may not."""
    from eval.txtai import started_txtai, txtai_system

    from eval import CannotMeasure, read_catalogue, require_txtai
    from eval.metrics import DEPTH

    try:
        require_txtai()
    except CannotMeasure as absent:
        if not may_skip:
            raise
        typer.echo(f"{absent.what}, and is left out. {absent.mend}", err=True)
        return []
    say("Indexing with txtai")
    with started_txtai(settings.index_folder, settings.model_folder, DEPTH) as contender:
        return [_asked(txtai_system(contender, read_catalogue(settings.var)), collection)]


def txtai_or_why(
    settings: "Settings", collection: "Collection", against: Rival | None
) -> tuple[list["Run"], dict[str, str]]:
    """The run of txtai, or why there is none, by its name."""
    from eval import CannotMeasure

    if against is None:
        return [], {TXTAI: "it takes a minute more; --against txtai adds it."}
    try:
        return _runs_of_txtai(settings, collection, may_skip=False), {}
    except CannotMeasure as absent:
        return [], {TXTAI: f"{absent.what}. {absent.mend}"}


def runs_of_others(
    settings: "Settings",
    collection: "Collection",
    encoders: Sequence[str],
    folders: Sequence[Path],
    urls: Sequence[str],
) -> Iterator["Run"]:
    """The runs of the full search over other indexes, and of services."""
    from eval import open_searcher, open_service, this_index, var_of_encoder

    named = [(name, var_of_encoder(settings.var, name)) for name in encoders]
    for name, folder in (*named, *((str(folder), folder) for folder in folders)):
        yield _asked(this_index(open_searcher(folder, settings.threads), name), collection)
    for url in urls:
        with open_service(url, settings.documents) as service:
            yield _asked(service, collection)


def read_runs(settings: "Settings", collection: "Collection", files: Sequence[Path]) -> Iterator["Run"]:
    """Runs that somebody wrote to TREC files, over our initiatives. Raises BadCollection or CannotMeasure."""
    from eval import read_catalogue, read_run

    for file in files:
        yield read_run(file, read_catalogue(settings.var), [question.id for question in collection.questions])


def _asked(system: "System", collection: "Collection") -> "Run":
    from eval.system import ask

    say(f"Asking {system.name}")
    return ask(system, (*collection.questions, *collection.unanswerable))
