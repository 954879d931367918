"""The commands of the evaluation, how good and how fast: `recueil eval` with its own commands, and `recueil bench`."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from terminal.options import AsJson
from terminal.systems import (
    STAGES,
    TXTAI,
    Rival,
    read_runs,
    runs_of_others,
    runs_of_stages,
    runs_of_systems,
    say,
    txtai_or_why,
)

if TYPE_CHECKING:
    from eval import EvaluationReport

HERE = Path(__file__).parents[1] / "eval"
DEVELOPMENT = HERE / "collections" / "development"
BASELINE = HERE / "baseline.json"

CollectionFolder = Annotated[Path, typer.Option("--collection", help="Folder of questions and judgements.")]
BaselineFile = Annotated[Path, typer.Option("--baseline", help="File of the baseline.")]
Url = Annotated[str | None, typer.Option(help="Measure a running service instead: http://127.0.0.1:8000.")]
RunFile = Annotated[Path | None, typer.Option("--run", help="Score a TREC run file instead.")]


def evaluate(
    context: typer.Context,
    collection: CollectionFolder = DEVELOPMENT,
    url: Url = None,
    run: RunFile = None,
    gate: Annotated[bool, typer.Option("--gate", help="Fail on a significant loss against the baseline.")] = False,
    baseline: BaselineFile = BASELINE,
    as_json: AsJson = False,
) -> None:
    """Measure rankings, similar initiatives, answers and the fields of sheets on a collection.

    Example: recueil eval --gate
    """
    if context.invoked_subcommand:
        return
    if url is not None and run is not None:
        raise typer.BadParameter("Give either --url or --run.")
    from eval.proof import as_json as told
    from rich.console import Console

    proof = _proof(collection, url, run)
    if as_json:
        _print_json(told(proof))
    else:
        show_bench(proof, Console())
    if gate:
        _pass_gate(proof, collection, baseline)


def compare(
    collection: CollectionFolder = DEVELOPMENT,
    system: Annotated[
        list[str] | None, typer.Option(help=f"One of {', '.join((*STAGES, TXTAI))}; without any, all of them.")
    ] = None,
    encoder: Annotated[list[str] | None, typer.Option(help="The full search with another model.")] = None,
    var: Annotated[list[Path] | None, typer.Option(help="The full search over the index in another folder.")] = None,
    url: Annotated[list[str] | None, typer.Option(help="A running service.")] = None,
    run: Annotated[list[Path] | None, typer.Option(help="A TREC run file.")] = None,
    baseline_system: Annotated[
        str | None, typer.Option(help="The system to compare the others with, instead of the first.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare two or more systems: means, intervals, differences, and the questions that changed most.

    Example: recueil eval compare --system full --system words
    """
    from rich.console import Console

    from eval import compare_runs, show_comparison
    from eval.formats import open_collection
    from settings import read_settings

    if stray := set(system or ()) - {*STAGES, TXTAI}:
        raise typer.BadParameter(f"There is no system '{min(stray)}'.", param_hint="--system")
    opened, settings = open_collection(collection), read_settings()
    others = bool(encoder or var or url or run)
    named = system or (["full"] if others else [*STAGES, TXTAI])
    runs = [
        *runs_of_systems(settings, opened, named, may_skip=system is None),
        *runs_of_others(settings, opened, encoder or [], var or [], url or []),
        *read_runs(settings, opened, run or []),
    ]
    comparison = compare_runs(opened, runs, baseline_system)
    if as_json:
        _print_json(asdict(comparison))
    else:
        show_comparison(comparison, Console())


def export(
    folder: Annotated[Path, typer.Argument(help="Folder to write into.")],
    chosen: Annotated[str, typer.Option("--format", help="trec or beir.")] = "trec",
    collection: CollectionFolder = DEVELOPMENT,
) -> None:
    """Write a collection and the run of the search for other tools.

    Example: recueil eval export --format trec /tmp/development
    """
    from eval.relevance import relevance_of
    from eval.system import ask

    from eval import this_index
    from eval.formats import Format, open_collection
    from eval.formats import export as write
    from settings import read_settings
    from terminal.search import open_searcher

    if chosen not in list(Format):
        raise typer.BadParameter(f"'{chosen}' is neither trec nor beir.", param_hint="--format")
    opened = open_collection(collection)
    asked = ask(this_index(open_searcher(read_settings())), opened.questions)
    write(Format(chosen), folder, opened, relevance_of(opened, asked.catalogue), asked)
    typer.echo(f"{len(opened.questions)} questions, their judgements and a run lie in {folder}.")


def baseline(
    why: Annotated[str, typer.Option(help="What changed, and why these figures are the ones to keep.")],
    collection: CollectionFolder = DEVELOPMENT,
    file: BaselineFile = BASELINE,
) -> None:
    """Move the baseline that the gate compares with to the figures of now, and write down why.

    Example: recueil eval baseline --why "questions are centred anew: paraphrases gain, places lose a little"
    """
    from eval.proof import merits

    from eval import moved, provenance_of, read_baseline, write_baseline
    from index import read_manifest
    from settings import read_settings

    if not why.strip():
        raise typer.BadParameter("Say why.", param_hint="--why")
    settings = read_settings()
    before = read_baseline(file) if file.exists() else None
    series = merits(_proof(collection, None, None))
    identity = provenance_of(read_manifest(settings.index_folder), settings.threads, collection)
    after = moved(before, series, identity, why.strip())
    write_baseline(file, after)
    move = after.history[-1]
    for name, mean in move.after.items():
        typer.echo(f"{name}: {f'{move.before[name]:.3f} → ' if name in move.before else ''}{mean:.3f}")


def report(
    to: Annotated[Path, typer.Option(help="File to write.")] = Path("report.html"),
    collection: CollectionFolder = DEVELOPMENT,
    against: Annotated[Rival | None, typer.Option(help="Compare with this one too: txtai.")] = None,
) -> None:
    """Measure everything, compare the parts of the search, and write one page that needs no network.

    Example: recueil eval report --to report.html
    """
    from datetime import date

    from eval.opening import means_of_engine

    from eval import Measured, make_report, provenance_of, this_index, versions, write_report
    from eval.formats import open_collection
    from settings import read_settings
    from terminal.search import open_searcher

    opened, settings = open_collection(collection), read_settings()
    searcher = open_searcher(settings)
    runs = runs_of_stages(searcher, opened, STAGES)
    outside, absent = txtai_or_why(settings, opened, against)
    measured = Measured(
        on=date.today(),
        provenance=provenance_of(searcher.index.manifest, settings.threads, collection),
        # A model may be given by its folder, whose place is nobody's concern.
        settings={"encoder": Path(settings.encoder).name, "threads": str(settings.threads)},
        versions=versions(),
        command="recueil eval report" + f" --against {against}" * (against is not None),
    )
    say("Comparing, asking for similar initiatives and for answers")
    means = means_of_engine(searcher, settings.answer_folder)
    made = make_report(measured, opened, collection, this_index(searcher), means, [*runs, *outside], absent)
    write_report(made, to)
    typer.echo(f"The report lies in {to}.")


def answers(
    collection: CollectionFolder = DEVELOPMENT,
    pictures: Annotated[Path | None, typer.Option(help="Folder to draw reliability and risk–coverage into.")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure how good the answers are: right and cited, refused when they should be, how sure, how fast.

    Example: recueil eval answers --pictures docs/images
    """
    from rich.console import Console

    from eval import catalogue_of, figures_of_answers, show_answers, show_wrong
    from eval.answers import judge_answers, read_answer_questions
    from search.answer import Answerer
    from settings import read_settings
    from terminal.search import open_searcher

    settings = read_settings()
    searcher = open_searcher(settings)
    answerer = Answerer.open(searcher, settings.answer_folder)  # without a language model, whatever the settings
    judged = judge_answers(catalogue_of(searcher), answerer.ask, read_answer_questions(collection))
    figures = figures_of_answers(judged)
    if pictures is not None:
        from eval import write_answer_charts

        write_answer_charts(judged, pictures)
    if as_json:
        _print_json(asdict(figures))
    else:
        show_answers(figures, Console())
        show_wrong(judged, Console())


def bench(
    collection: CollectionFolder = DEVELOPMENT,
    against: Annotated[Rival | None, typer.Option(help="Measure this one too, in turn: txtai.")] = None,
    with_build: Annotated[bool, typer.Option("--with-build", help="Also time a full build.")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure how fast and how large the search is on this machine.

    Example: recueil bench --against txtai
    """
    from eval.service import Command
    from rich.console import Console

    from eval import run_bench, show_bench
    from eval.bench import Served
    from eval.formats import open_collection
    from settings import read_settings
    from terminal.serve import RECUEIL

    settings = read_settings()
    recueil = Command(RECUEIL, os.environ)
    served = Served(settings.index_folder, settings.model_folder, settings.threads, recueil)
    figures = run_bench(served, open_collection(collection), against is Rival.TXTAI, with_build, say)
    if as_json:
        _print_json(asdict(figures))
    else:
        show_bench(figures, Console())


def _print_json(figures: dict[str, Any]) -> None:
    typer.echo(json.dumps(figures, indent=2))


def _proof(folder: Path, url: str | None, run: Path | None) -> "EvaluationReport":
    """Measure what is asked for: a run file, a running service, or our own search."""
    from eval.opening import means_of_engine, means_of_run, means_of_service
    from eval.relevance import relevance_of
    from eval.retrieval import evaluate

    from eval import evaluate, open_service, this_index
    from eval.evaluation import score
    from eval.formats import open_collection
    from settings import read_settings
    from terminal.search import open_searcher

    settings, collection = read_settings(), open_collection(folder)
    if run is not None:
        (read,) = read_runs(settings, collection, [run])
        return evaluate(score(read, collection, relevance_of(collection, read.catalogue)), means_of_run(read), folder)
    if url is not None:
        with open_service(url, settings.documents) as service:
            return evaluate(evaluate(service, collection), means_of_service(service), folder)
    searcher = open_searcher(settings)
    return evaluate(
        evaluate(this_index(searcher), collection), means_of_engine(searcher, settings.answer_folder), folder
    )


def _pass_gate(proof: "EvaluationReport", collection: Path, file: Path) -> None:
    """Say that the gate is open. Raises WorseThanBaseline or BadBaseline."""
    from eval.proof import merits

    from eval import check_gate, digest_of, read_baseline

    check_gate(read_baseline(file), file, digest_of(collection), merits(proof), proof.slices)
    typer.echo("The gate is open: no significant loss against the baseline, nothing below a floor.", err=True)
