"""The command line: build, search, ask, look at what was found, serve, measure.

Everything slow is imported inside the command that needs it, so that `recueil --help` answers at once.
Exit codes: 0 when all went well, 1 for a fault (what, where and mend on standard error), 2 for a wrong call.
"""

import json
import os
import socket
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from cli_enrich import enrich
from cli_eval import DEVELOPMENT, AsJson, CollectionFolder, Rival, eval_app, say
from cli_feedback import feedback_app
from cli_learning import gaps, interleaving, judgements

if TYPE_CHECKING:
    from rich.console import RenderableType

    from parameters import FilterParameters
    from search import Engine
    from search.answering.asker import Asker
    from settings import Settings
    from terminal import Bars


class Commands(TyperGroup):
    """The commands; a fault in any of them is told on standard error and ends with exit code 1."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 — typer keeps the type to itself
        """Run a command."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            from corpus import Fault

            if not isinstance(error, Fault):
                raise
            typer.echo(f"{error.what}\n  where: {error.where}\n  mend:  {error.mend}", err=True)
            raise typer.Exit(1) from None


app = typer.Typer(
    cls=Commands,
    help="Semantic search over collections of public initiative sheets, in French and English.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(eval_app, name="eval")
app.add_typer(feedback_app, name="feedback")
app.command()(enrich)
for learning in (judgements, interleaving, gaps):
    eval_app.command()(learning)

Language = Literal["fr", "en"]

OURSELVES = (sys.executable, "-m", "cli")  # this command, for a process of its own


AnsweringFolder = Annotated[
    Path | None, typer.Option(help="Folder to write to, instead of the one for this encoder under RECUEIL_VAR.")
]
MostHits = Annotated[int, typer.Option("-k", min=1, max=100, help="How many hits at most.")]
Departement = Annotated[str | None, typer.Option(help="INSEE code or name: 33, Gironde.")]
Region = Annotated[str | None, typer.Option(help="A region of today, INSEE code or name: 53, Bretagne.")]
Theme = Annotated[str | None, typer.Option(help="A theme, as the sheets print it.")]
Public = Annotated[str | None, typer.Option(help="Whom it is for, a key of the editorial vocabulary: aidants.")]
Topic = Annotated[str | None, typer.Option(help="What it is about, a key of the editorial vocabulary: logement.")]
Lang = Annotated[Language | None, typer.Option(help="Language of titles, summaries and labels: fr or en.")]
Kind = Annotated[str | None, typer.Option(help="sheet, note, experiment, challenge or winner.")]
Document = Annotated[str | None, typer.Option(help="Id of a document: recueil-2018.")]
YearFrom = Annotated[int | None, typer.Option(min=1, max=9999, help="First year of start.")]
YearTo = Annotated[int | None, typer.Option(min=1, max=9999, help="Last year of start, inclusive.")]


@app.command()
def build() -> None:
    """Make ready the model and the index; what is up to date stays as it is.

    Example: RECUEIL_ENCODER=intfloat/multilingual-e5-base recueil build
    """
    from rich.console import Console

    from index.build import build as build_index
    from settings import read_settings
    from terminal import Bars

    settings = read_settings()
    with Bars(Console(stderr=True)) as bars:
        manifest = build_index(
            settings.documents, settings.editorial_folder(), settings.var, settings.encoder, settings.threads, bars
        )
    typer.echo(
        f"{manifest.initiatives} initiatives of {manifest.documents} documents are ready to be searched"
        f" in {manifest.passages} passages, {_with_records(manifest.records)}."
    )


def _with_records(records: int) -> str:
    return f"with {records} editorial records" if records else "without editorial records"


@app.command("train-reader")
def train_reader(
    paragraphs: Annotated[Path, typer.Argument(help="Questions on paragraphs in SQuAD's format: PIAF 1.1.")],
    seed: Annotated[int, typer.Option(help="Of everything that chance decides.")] = 1,
    into: AnsweringFolder = None,
) -> None:
    """Train the span reader of `ask` for the encoder in use, and calibrate it; an hour or so on two cores.

    Example: recueil train-reader piaf-v1.1.json
    """
    from rich.console import Console

    from index.build import model_folder
    from index.model import open_encoder
    from search.answering.folders import own_folder
    from search.answering.reader_training import make_reader
    from settings import read_settings
    from terminal import Bars

    settings = read_settings()
    engine, folder = _open_engine(), into or own_folder(settings.var, settings.encoder)
    with Bars(Console(stderr=True)) as bars:
        exact = open_encoder(model_folder(settings.var, settings.encoder), settings.threads, exact=True)
        make_reader(engine, exact, paragraphs, folder, seed, bars)
        _calibrate(engine, folder, bars)
    typer.echo(f"The span reader and its calibration lie in {folder}.")


@app.command()
def calibrate(into: AnsweringFolder = None) -> None:
    """Fit the confidence of `ask` again: after a change of the encoder's reader, of the search or of the questions.

    Example: recueil calibrate
    """
    from rich.console import Console

    from search.answering.folders import own_folder
    from settings import read_settings
    from terminal import Bars

    settings = read_settings()
    folder = into or own_folder(settings.var, settings.encoder)
    with Bars(Console(stderr=True)) as bars:
        _calibrate(_open_engine(), folder, bars)
    typer.echo(f"The calibration lies in {folder}.")


def _calibrate(engine: "Engine", folder: Path, bars: "Bars") -> None:
    from search.answering.calibrating import calibrate as fit
    from search.answering.span_reader import SpanReader
    from search.answering.training_question import CONFIDENCE, read_training_questions

    questions = read_training_questions(CONFIDENCE)
    bars.step("Answering questions with known answers", len(questions))
    fit(engine, SpanReader.open(folder, engine.encoder.digest), questions, bars.advance).save(folder)


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="A question or some words, in French or English.")],
    k: MostHits = 10,
    departement: Departement = None,
    region: Region = None,
    theme: Theme = None,
    kind: Kind = None,
    document: Document = None,
    public: Public = None,
    topic: Topic = None,
    year_from: YearFrom = None,
    year_to: YearTo = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Find initiatives by what a question means.

    Example: recueil search "young people without a car" --region Bretagne -k 5
    """
    asked = _filter_parameters(
        departement=departement,
        region=region,
        theme=theme,
        kind=kind,
        document=document,
        public=public,
        topic=topic,
        year_from=year_from,
        year_to=year_to,
    )
    engine = _open_engine()
    results = engine.search(question, k, asked.filters(engine.gazetteer), lang)
    if as_json:
        from wire import SearchReply

        typer.echo(SearchReply.of(results).model_dump_json(indent=2))
    else:
        from terminal import results_view

        _show(results_view(results))


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="A question, in French or English.")],
    departement: Departement = None,
    region: Region = None,
    theme: Theme = None,
    kind: Kind = None,
    document: Document = None,
    public: Public = None,
    topic: Topic = None,
    year_from: YearFrom = None,
    year_to: YearTo = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question with the exact words of its sources, or say that no sheet holds an answer.

    Example: recueil ask "combien de foyers testent le kit de chauffage au bois ?"
    """
    asked = _filter_parameters(
        departement=departement,
        region=region,
        theme=theme,
        kind=kind,
        document=document,
        public=public,
        topic=topic,
        year_from=year_from,
        year_to=year_to,
    )
    asker = _open_asker()
    filters = asked.filters(asker.engine.gazetteer)
    if as_json:
        from wire_answer import AskReply

        typer.echo(AskReply.of(asker.ask(question, filters)).model_dump_json(indent=2))
    else:
        from rich.console import Console

        from terminal_answer import show_answer

        show_answer(asker.stream(question, filters), Console())


@app.command()
def similar(
    id: Annotated[str | None, typer.Argument(help="Id of an initiative, from `recueil search`.")] = None,
    text: Annotated[str | None, typer.Option(help="A project in your own words, instead of an id.")] = None,
    k: MostHits = 10,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Find initiatives with a similar aim and public, to one of them or to a project you describe.

    Example: recueil similar --text "un bus pour les démarches des habitants"
    """
    if (id is None) == (text is None):
        raise typer.BadParameter("Give either an id or --text.")
    engine = _open_engine()
    language = lang or "fr"
    hits = engine.similar(id, k, language) if id is not None else engine.similar_to(text or "", k, language)
    if as_json:
        from wire import SimilarReply

        typer.echo(SimilarReply.of(hits).model_dump_json(indent=2))
    else:
        from terminal import hits_table

        _show(hits_table(hits))


@app.command()
def show(
    id: Annotated[str, typer.Argument(help="Id of an initiative, from `recueil search`.")],
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Show the whole sheet of an initiative, as the document has it.

    Example: recueil show recueil-2018-schema-de-developpement-social-65
    """
    engine = _open_engine()
    initiative = engine.initiative(id)
    editorial = engine.editorial(initiative, lang or "fr")
    if as_json:
        from wire import InitiativeSheet

        typer.echo(InitiativeSheet.of(initiative, editorial).model_dump_json(indent=2))
    else:
        from terminal import sheet_view

        _show(sheet_view(initiative, editorial))


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on, instead of RECUEIL_HOST.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port, instead of RECUEIL_PORT.")] = None,
) -> None:
    """Build what is missing, then serve over HTTP until interrupted.

    Example: recueil serve --port 8080
    """
    from settings import read_settings

    settings = read_settings()
    settings = settings.model_copy(update={"host": host or settings.host, "port": port or settings.port})
    listening = _listen(settings)
    made = _generations(settings)
    # The build needs torch; in a process of its own it gives that memory back before serving begins.
    with subprocess.Popen([*OURSELVES, "build"]) as building:
        engine = _open_early(settings)
    if building.returncode:
        raise typer.Exit(building.returncode)
    _serve(settings, listening, engine if _generations(settings) == made else None)


def _generations(settings: "Settings") -> tuple[Path, Path]:
    """Where the model and the index of now really lie; another place after each time they are made."""
    from index.build import index_folder, model_folder

    return model_folder(settings.var, settings.encoder).resolve(), index_folder(settings.var).resolve()


def _open_early(settings: "Settings") -> "Engine | None":
    """Open what stands there while it is looked at for changes, mostly in vain: then serving begins a second sooner."""
    from index.fault import BadIndex, BadModel
    from opening import open_engine

    try:
        return open_engine(settings)
    except (BadIndex, BadModel):
        return None


def _listen(settings: "Settings") -> socket.socket:
    """Take the port before the long work, and before saying that it is ours."""
    from settings import BadSetting

    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise BadSetting(
            f"The service cannot listen: {error.strerror}",
            f"{settings.host}:{settings.port}",
            "Choose another address with --host and --port, or with make serve PORT=….",
        ) from None


def _serve(settings: "Settings", listening: socket.socket, engine: "Engine | None") -> None:
    import logging

    import uvicorn

    from api import create_app

    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    typer.echo(f"Serving on http://{host}:{settings.port} (routes: /docs; stop: Ctrl+C)")
    # No access log: its lines hold what people ask.
    config = uvicorn.Config(create_app(settings, engine), access_log=False, log_level="warning")
    uvicorn.Server(config).run(sockets=[listening])


@app.command()
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

    from eval.bench import Served, run_bench
    from eval.bench import show as show_bench
    from eval.formats import open_collection
    from eval.service import Command
    from index.build import index_folder, model_folder
    from settings import read_settings

    settings = read_settings()
    served = Served(
        index_folder(settings.var),
        model_folder(settings.var, settings.encoder),
        settings.threads,
        Command(OURSELVES, os.environ),
    )
    figures = run_bench(served, open_collection(collection), against is Rival.TXTAI, with_build, say)
    if as_json:
        typer.echo(json.dumps(asdict(figures), indent=2))
    else:
        show_bench(figures, Console())


def _open_engine() -> "Engine":
    from opening import open_engine
    from settings import read_settings

    return open_engine(read_settings())


def _open_asker() -> "Asker":
    from opening import open_asker, open_engine
    from settings import read_settings

    settings = read_settings()
    return open_asker(settings, open_engine(settings))


def _filter_parameters(**values: str | int | None) -> "FilterParameters":
    from pydantic import ValidationError

    from parameters import FilterParameters

    try:
        return FilterParameters.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        option = "--" + str(first["loc"][0]).replace("_", "-")
        raise typer.BadParameter(f"{first['msg']}.", param_hint=option) from None


def _show(view: "RenderableType") -> None:
    from rich.console import Console

    Console().print(view)


if __name__ == "__main__":
    app()
