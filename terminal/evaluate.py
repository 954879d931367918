"""The commands of the evaluation, how good and how fast: `recueil eval` with its own commands, and `recueil bench`."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from terminal.fronts import (
    DEVELOPMENT,
    Beside,
    CollectionFolder,
    ForeignFolder,
    JudgementFiles,
    RealWords,
    measured,
    read_runs,
    say,
)
from terminal.search import AsJson

if TYPE_CHECKING:
    from eval import Collection, Proof, Run, System
    from search import Searcher
    from settings import Settings

HERE = Path(__file__).parents[1] / "eval"
BASELINE = HERE / "baseline.json"

# What can be compared: eval.Ablation and the outside one. Named here, so that --help need not load the search.
ABLATIONS = (
    "full",
    "words",
    "vectors",
    "fusion",
    "late-interaction",
    "sheets-alone",
    "without-adaptation",
    "without-layer",
    "without-lexicon",
)
TXTAI = "txtai"


class Rival(StrEnum):
    """What can be measured beside ourselves."""

    TXTAI = TXTAI


BaselineFile = Annotated[Path, typer.Option("--baseline", help="File of the baseline.")]
Url = Annotated[str | None, typer.Option(help="Measure a running service instead: http://127.0.0.1:8000.")]
RunFile = Annotated[Path | None, typer.Option("--run", help="Score a TREC run file instead.")]


def evaluate(
    context: typer.Context,
    collection: CollectionFolder = DEVELOPMENT,
    url: Url = None,
    run: RunFile = None,
    real_words: RealWords = None,
    foreign: ForeignFolder = None,
    judgements: JudgementFiles = None,
    variants: Annotated[
        bool, typer.Option("--variants", help="Also ask the questions in other spellings; --gate does.")
    ] = False,
    gate: Annotated[bool, typer.Option("--gate", help="Fail on a significant loss against the baseline.")] = False,
    baseline: BaselineFile = BASELINE,
    as_json: AsJson = False,
) -> None:
    """Measure the search on real people's words, on the collection and on a foreign corpus, and all else it does.

    The first and the last are measured where their folders are there, or given, with the collection that ships.

    Example: recueil eval --gate
    """
    if context.invoked_subcommand:
        return
    if url is not None and run is not None:
        raise typer.BadParameter("Give either --url or --run.")
    from rich.console import Console

    from eval import show_proof

    proof = measured(collection, url, run, Beside(real_words, foreign, tuple(judgements or ()), variants or gate))
    if as_json:
        _print_json(proof.as_json())
    else:
        show_proof(proof, Console())
    if gate:
        _pass_gate(proof, collection, baseline)


def compare(
    collection: CollectionFolder = DEVELOPMENT,
    system: Annotated[
        list[str] | None, typer.Option(help=f"One of {', '.join((*ABLATIONS, TXTAI))}; without any, all of them.")
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

    from eval import compare_runs, open_collection, show_comparison
    from settings import read_settings

    if stray := set(system or ()) - {*ABLATIONS, TXTAI}:
        raise typer.BadParameter(f"There is no system '{min(stray)}'.", param_hint="--system")
    opened, settings = open_collection(collection), read_settings()
    others = bool(encoder or var or url or run)
    named = system or (["full"] if others else [*ABLATIONS, TXTAI])
    runs = [
        *_runs_of_systems(settings, opened, named, may_skip=system is None),
        *_runs_of_others(settings, opened, encoder or [], var or [], url or []),
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
    from eval import Format, open_collection, this_index
    from eval import export as write
    from settings import read_settings
    from terminal.search import open_searcher

    if chosen not in list(Format):
        raise typer.BadParameter(f"'{chosen}' is neither trec nor beir.", param_hint="--format")
    opened = open_collection(collection)
    write(Format(chosen), folder, opened, this_index(open_searcher(read_settings())).run(opened.questions))
    typer.echo(f"{len(opened.questions)} questions, their judgements and a run lie in {folder}.")


def baseline(
    why: Annotated[str, typer.Option(help="What changed, and why these figures are the ones to keep.")],
    collection: CollectionFolder = DEVELOPMENT,
    real_words: RealWords = None,
    foreign: ForeignFolder = None,
    judgements: JudgementFiles = None,
    file: BaselineFile = BASELINE,
) -> None:
    """Move the baseline that the gate compares with to the figures of now, and write down why.

    Example: recueil eval baseline --why "questions are centred anew: paraphrases gain, places lose a little"
    """
    from eval import moved, provenance_of, read_baseline, write_baseline
    from index import read_manifest
    from settings import read_settings

    if not why.strip():
        raise typer.BadParameter("Say why.", param_hint="--why")
    settings = read_settings()
    before = read_baseline(file) if file.exists() else None
    asked = Beside(real_words, foreign, tuple(judgements or ()), variants=True)
    held = measured(collection, None, None, asked).held()
    identity = provenance_of(read_manifest(settings.index_folder), settings.threads, collection)
    after = moved(before, held, identity, why.strip())
    write_baseline(file, after)
    move = after.history[-1]
    for name, mean in move.after.items():
        typer.echo(f"{name}: {f'{move.before[name]:.3f} → ' if name in move.before else ''}{mean:.3f}")


def report(
    to: Annotated[Path, typer.Option(help="File to write.")] = Path("report.html"),
    collection: CollectionFolder = DEVELOPMENT,
    against: Annotated[Rival | None, typer.Option(help="Compare with this one too: txtai.")] = None,
    real_words: RealWords = None,
    foreign: ForeignFolder = None,
    judgements: JudgementFiles = None,
    graded: Annotated[
        Path | None, typer.Option(help="Answers that were read, from `recueil eval answers --texts`.")
    ] = None,
) -> None:
    """Measure everything, compare the parts of the search, and write one page that needs no network.

    Example: recueil eval report --to report.html
    """
    from datetime import date

    from eval import Measured, make_report, open_collection, provenance_of, read_grades, versions, write_report
    from settings import read_settings
    from terminal.search import open_searcher

    settings = read_settings()
    read = read_grades(graded) if graded else ()  # first: what follows takes a minute
    opened = open_collection(collection)
    searcher = open_searcher(settings)
    runs = _runs_of_ablations(searcher, opened, ABLATIONS)
    outside, absent = _txtai_or_why(settings, opened, against)
    what = Measured(
        on=date.today(),
        provenance=provenance_of(searcher.index.manifest, settings.threads, collection),
        # A model may be given by its folder, whose place is nobody's concern.
        settings={"encoder": Path(settings.encoder).name, "threads": str(settings.threads)},
        versions=versions(),
        command="recueil eval report" + f" --against {against}" * (against is not None),
    )
    say("Comparing, asking for similar initiatives, for answers, and in other words")
    beside = Beside(real_words, foreign, tuple(judgements or ()), variants=True)
    proof = measured(collection, None, None, beside)
    write_report(make_report(what, proof, [*runs, *outside], absent, read), to)
    typer.echo(f"The report lies in {to}.")


def answers(
    collection: CollectionFolder = DEVELOPMENT,
    pictures: Annotated[Path | None, typer.Option(help="Folder to draw reliability and risk–coverage into.")] = None,
    texts: Annotated[Path | None, typer.Option(help="Write answers to be read and graded into this file.")] = None,
    graded: Annotated[
        Path | None, typer.Option(help="Tell what readers gave in such a file; nothing is measured.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure how good the answers are: right and cited, refused when they should be, how sure, how fast.

    Example: recueil eval answers --texts answers.md
    """
    from rich.console import Console

    from eval import (
        answer_of,
        catalogue_of,
        figures_of_answers,
        grades_of,
        judge_answers,
        read_answer_questions,
        read_grades,
        show_answers,
        show_grades,
        show_wrong,
        write_answer_charts,
        write_texts,
    )
    from search.answer import Answerer
    from settings import read_settings
    from terminal.search import open_searcher

    if graded is not None:
        grades = grades_of(read_grades(graded))
        _print_json(asdict(grades)) if as_json else show_grades(grades, Console())
        return
    settings = read_settings()
    searcher = open_searcher(settings)
    answerer = Answerer.open(searcher, settings.answer_folder)  # without a language model, whatever the settings
    catalogue = catalogue_of(searcher)
    judged = judge_answers(catalogue, answer_of(answerer), read_answer_questions(collection))
    figures = figures_of_answers(judged)
    if texts is not None:
        count = write_texts(judged, catalogue.sheets, texts)
        say(f"{count} answers lie in {texts}; read them, grade each in its last column, and give it to --graded")
    if pictures is not None:
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
    from rich.console import Console

    from eval import open_collection, run_bench, show_bench
    from settings import read_settings
    from terminal.building import RECUEIL

    settings = read_settings()
    figures = run_bench(
        open_collection(collection),
        index=settings.index_folder,
        model=settings.model_folder,
        threads=settings.threads,
        command=RECUEIL,
        against_txtai=against is Rival.TXTAI,
        with_build=with_build,
        say=say,
    )
    if as_json:
        _print_json(asdict(figures))
    else:
        show_bench(figures, Console())


def _pass_gate(proof: "Proof", collection: Path, file: Path) -> None:
    """Say that the gate is open. Raises WorseThanBaseline or BadBaseline."""
    from eval import check_gate, digest_of, read_baseline

    check_gate(read_baseline(file), file, digest_of(collection), proof.held())
    measured = ", ".join(front.title for front in proof.fronts)
    typer.echo(f"The gate is open on {measured}: no significant loss, nothing below a floor.", err=True)


def _runs_of_systems(
    settings: "Settings", collection: "Collection", names: Sequence[str], may_skip: bool
) -> list["Run"]:
    """The runs of ablations of our search and of txtai, by name; txtai `may_skip` where it is not installed."""
    from terminal.search import open_searcher

    runs = _runs_of_ablations(open_searcher(settings), collection, [name for name in names if name != TXTAI])
    if TXTAI in names:
        runs += _runs_of_txtai(settings, collection, may_skip)
    return runs


def _runs_of_ablations(searcher: "Searcher", collection: "Collection", names: Sequence[str]) -> list["Run"]:
    from eval import Ablation, ablated

    return [_asked(ablated(searcher, Ablation(name)), collection) for name in names]


def _runs_of_txtai(settings: "Settings", collection: "Collection", may_skip: bool) -> list["Run"]:
    """The run of txtai; none where it is not installed and may be skipped. Raises CannotMeasure where it may not."""
    from eval import CannotMeasure, require_txtai, run_txtai

    try:
        require_txtai()
    except CannotMeasure as absent:
        if not may_skip:
            raise
        typer.echo(f"{absent.what}, and is left out. {absent.mend}", err=True)
        return []
    say("Indexing with txtai")
    return [run_txtai(settings.index_folder, settings.model_folder, collection.all_questions)]


def _txtai_or_why(
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


def _runs_of_others(
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


def _asked(system: "System", collection: "Collection") -> "Run":
    say(f"Asking {system.name}")
    return system.run(collection.all_questions)


def _print_json(figures: dict[str, Any]) -> None:
    typer.echo(json.dumps(figures, indent=2))
