"""Options that several commands share, the filters above all."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from pydantic import ValidationError

    from web import FilterParameters

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Lang = Annotated[Literal["fr", "en"] | None, typer.Option(help="Language of titles, summaries and labels: fr or en.")]
MostHits = Annotated[int, typer.Option("-k", min=1, max=100, help="How many hits at most.")]

# The filters by name, as typer reads an option from a parameter's annotation.
FILTERS: dict[str, Any] = {
    "departement": Annotated[str | None, typer.Option(help="INSEE code or name: 33, Gironde.")],
    "region": Annotated[str | None, typer.Option(help="A region of today, INSEE code or name: 53, Bretagne.")],
    "theme": Annotated[str | None, typer.Option(help="A theme, as the sheets print it.")],
    "kind": Annotated[str | None, typer.Option(help="sheet, note, experiment, challenge or winner.")],
    "document": Annotated[str | None, typer.Option(help="Id of a document: recueil-2018.")],
    "public": Annotated[str | None, typer.Option(help="Whom it is for, a key of the editorial vocabulary: aidants.")],
    "topic": Annotated[str | None, typer.Option(help="What it is about, a key of the editorial vocabulary: logement.")],
    "year_from": Annotated[int | None, typer.Option(min=1, max=9999, help="First year of start.")],
    "year_to": Annotated[int | None, typer.Option(min=1, max=9999, help="Last year of start, inclusive.")],
}


def with_filters(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command one option for each filter; it takes them, checked, as its keyword `conditions`.

    Typer reads options from a signature, so the filters stand in that of the new command where `conditions` stood.
    """
    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
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
        conditions = _checked({name: values.pop(name) for name in FILTERS})
        command(**values, conditions=conditions)

    vars(filtered)["__signature__"] = signature.replace(parameters=parameters)
    filtered.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return filtered


def _checked(values: dict[str, str | int | None]) -> "FilterParameters":
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
