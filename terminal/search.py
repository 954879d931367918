"""The commands that search: by a question, for an answer, for similar initiatives, for one sheet; and their options.

With --json they print what the HTTP door replies.
"""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from rich.console import RenderableType

    from search import Searcher
    from search.answer import Answerer
    from settings import Settings
    from web import FilterParameters


# --- options, the filters above all ---

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Lang = Annotated[Literal["fr", "en"] | None, typer.Option(help="Language of titles, summaries and labels: fr or en.")]
MostHits = Annotated[int, typer.Option("-k", min=1, max=100, help="How many hits at most.")]

# The filters by name, as typer reads an option from a parameter's annotation.
FILTERS: dict[str, Any] = {
    "departement": Annotated[list[str], typer.Option(help="INSEE code or name: 33, Gironde.")],
    "region": Annotated[list[str], typer.Option(help="A region of today, INSEE code or name: 53, Bretagne.")],
    "theme": Annotated[list[str], typer.Option(help="A theme, as the sheets print it.")],
    "kind": Annotated[list[str], typer.Option(help="sheet, note, experiment, challenge or winner.")],
    "document": Annotated[list[str], typer.Option(help="Id of a document: recueil-2018.")],
    "public": Annotated[list[str], typer.Option(help="Whom it is for, a key of the editorial vocabulary: aidants.")],
    "topic": Annotated[list[str], typer.Option(help="What it is about, a key of the editorial vocabulary: logement.")],
    "field": Annotated[list[str], typer.Option(help="A column of a brought corpus and a value of it: level:easy.")],
    "year_from": Annotated[int | None, typer.Option(min=1, max=9999, help="First year of start.")],
    "year_to": Annotated[int | None, typer.Option(min=1, max=9999, help="Last year of start, inclusive.")],
}


YEARS = ("year_from", "year_to")  # once; the others may repeat, and are met by either value


def with_filters(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command one option for each filter; it takes them, checked, as its keyword `conditions`.

    Typer reads options from a signature, so the filters stand in that of the new command where `conditions` stood.
    """
    options = [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=None if name in YEARS else [], annotation=annotation
        )
        for name, annotation in FILTERS.items()
    ]
    signature = inspect.signature(command)
    parameters = [
        option
        for parameter in signature.parameters.values()
        for option in (options if parameter.name == "conditions" else [parameter])
    ]

    @wraps(command)
    def filtered(**values: Any) -> None:  # noqa: ANN401 — whatever the options of the command are
        conditions = _checked_filters({name: values.pop(name) for name in FILTERS})
        command(**values, conditions=conditions)

    vars(filtered)["__signature__"] = signature.replace(parameters=parameters)
    filtered.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return filtered


def _checked_filters(values: dict[str, list[str] | int | None]) -> "FilterParameters":
    """What the HTTP door checks too. Raises BadParameter."""
    from pydantic import ValidationError

    from web import FilterParameters

    try:
        return FilterParameters.model_validate(values)
    except ValidationError as error:
        raise _wrong_option(error) from None


def _wrong_option(error: "ValidationError") -> typer.BadParameter:
    """Tell the first option that is wrong, by its name on the command line. Example: "--year-from"."""
    first = error.errors()[0]
    option = "--" + str(first["loc"][0]).replace("_", "-")
    return typer.BadParameter(f"{first['msg']}.", param_hint=option)


# --- commands ---

NEAREST, NEAREST_IN_JSON = 3, 10  # hits that a refusal shows, and that every answer in JSON has


@with_filters
def search(
    question: Annotated[str, typer.Argument(help="A question or some words, in French or English.")],
    k: MostHits = 10,
    *,
    conditions: "FilterParameters",
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Find initiatives by what a question means.

    Example: recueil search "young people without a car" --region Bretagne -k 5
    """
    from settings import read_settings
    from terminal.views import results_view
    from web import SearchReply

    searcher = open_searcher(read_settings())
    results = searcher.search(question, k, conditions.filters(searcher.catalogue.gazetteer), lang)
    _print(SearchReply.of(results) if as_json else results_view(results))


@with_filters
def ask(
    question: Annotated[str, typer.Argument(help="A question, in French or English.")],
    *,
    conditions: "FilterParameters",
    as_json: AsJson = False,
) -> None:
    """Answer a question with the exact words of its sources, or say that no sheet holds an answer.

    Example: recueil ask "combien de foyers testent le kit de chauffage au bois ?"
    """
    from rich.console import Console

    from settings import read_settings
    from terminal.views import show_answer
    from web import AskReply

    answerer = open_answerer(read_settings())
    searcher = answerer.searcher
    ranking = searcher.rank(question, conditions.filters(searcher.catalogue.gazetteer))
    nearest = searcher.hits(
        ranking, ranking.nearest[:NEAREST_IN_JSON] if as_json else ranking.relevant[:NEAREST], ranking.query.language
    )
    if as_json:
        _print(AskReply.of(answerer.answer(ranking), nearest))
    else:
        show_answer(answerer.stream(ranking), nearest, Console())


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
    from settings import read_settings
    from terminal.views import hits_table
    from web import SimilarReply

    searcher, language = open_searcher(read_settings()), lang or "fr"
    hits = searcher.similar(id, k, language) if id is not None else searcher.similar_to(text or "", k, language)
    _print(SimilarReply.of(hits) if as_json else hits_table(hits))


def show(
    id: Annotated[str, typer.Argument(help="Id of an initiative, from `recueil search`.")],
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Show the whole sheet of an initiative, as the document has it.

    Example: recueil show recueil-2018-schema-de-developpement-social-65
    """
    from settings import read_settings
    from terminal.views import sheet_view
    from web import InitiativeSheet

    catalogue = open_searcher(read_settings()).catalogue
    initiative = catalogue.initiative(id)
    record = catalogue.record(initiative, lang or "fr")
    _print(InitiativeSheet.of(initiative, record) if as_json else sheet_view(initiative, record))


def open_searcher(settings: "Settings") -> "Searcher":
    """Open what searches, for any command. Raises BadIndex or BadModel."""
    from search import Searcher

    return Searcher.open(settings.index_folder, settings.model_folder, settings.threads)


def open_answerer(settings: "Settings") -> "Answerer":
    """Open what answers, for any command. Raises what `open_searcher` raises, BadReader or BadCalibration."""
    from search.answer import Answerer

    return Answerer.open(open_searcher(settings), settings.answer_folder, settings.language_model())


def _print(what: "BaseModel | RenderableType") -> None:
    """Print a reply as JSON, or draw a view."""
    from pydantic import BaseModel
    from rich.console import Console

    if isinstance(what, BaseModel):
        typer.echo(what.model_dump_json(indent=2))
    else:
        Console().print(what)
