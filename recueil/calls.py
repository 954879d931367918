"""What each call is: a path with parameters for a service, and the same over a collection that is open here.

    call = search("un bus", k=3, region="Bretagne")
    call.here(opened)           # or GET call.path with call.query(), read as call.reply

Parameters are checked by the models that check those of HTTP, so both ways refuse the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ValidationError

from corpus import Fault
from recueil.opened import Opened
from web import (
    AskParameters,
    AskReply,
    CompareParameters,
    ComparisonReply,
    DocumentsReply,
    FacetParameters,
    FacetsReply,
    InitiativeSheet,
    LanguageParameters,
    NoParameters,
    PageParameters,
    PageReply,
    SearchParameters,
    SearchReply,
    SimilarParameters,
    SimilarReply,
    SimilarText,
)

Reply = TypeVar("Reply", bound=BaseModel)
Asked = TypeVar("Asked", bound=BaseModel)


class BadCall(Fault):
    """A call has an argument that cannot be used."""


@dataclass(frozen=True)
class Call(Generic[Reply]):
    """One call, for both ways."""

    path: str  # below the address of a service
    asked: BaseModel
    reply: type[Reply]
    here: Callable[[Opened], Reply]
    in_body: bool = False  # what is asked is posted as JSON, rather than in the address

    def query(self) -> list[tuple[str, str | int | float | bool | None]]:
        """What is asked, as the query of an address."""
        values = self.asked.model_dump(mode="json", exclude_defaults=True)
        each = [
            (name, one) for name, value in values.items() for one in (value if isinstance(value, list) else [value])
        ]
        return [(name, str(one)) for name, one in each]

    def body(self) -> dict[str, Any]:
        """What is asked, as a body of JSON."""
        return self.asked.model_dump(mode="json", exclude_defaults=True)


def search(conditions: Mapping[str, object], **asked: object) -> Call[SearchReply]:
    """Find initiatives. Raises BadCall."""
    parameters = _checked(SearchParameters, conditions, asked)
    return Call("/search", parameters, SearchReply, lambda opened: opened.search(parameters))


def ask(conditions: Mapping[str, object], **asked: object) -> Call[AskReply]:
    """Answer a question. Raises BadCall."""
    parameters = _checked(AskParameters, conditions, asked)
    return Call("/ask", parameters, AskReply, lambda opened: opened.ask(parameters))


def initiative(id: str, **asked: object) -> Call[InitiativeSheet]:
    """Give a whole sheet. Raises BadCall."""
    parameters = _checked(LanguageParameters, {}, asked)
    path = f"/initiatives/{quote(id, safe='')}"
    return Call(path, parameters, InitiativeSheet, lambda opened: opened.initiative(id, parameters))


def page(conditions: Mapping[str, object], **asked: object) -> Call[PageReply]:
    """Give a page of whole sheets. Raises BadCall."""
    parameters = _checked(PageParameters, conditions, asked)
    return Call("/initiatives", parameters, PageReply, lambda opened: opened.page(parameters))


def similar(id: str, **asked: object) -> Call[SimilarReply]:
    """Find initiatives like one of them. Raises BadCall."""
    parameters = _checked(SimilarParameters, {}, asked)
    path = f"/initiatives/{quote(id, safe='')}/similar"
    return Call(path, parameters, SimilarReply, lambda opened: opened.similar(id, parameters))


def similar_to(**asked: object) -> Call[SimilarReply]:
    """Find initiatives like a description. Raises BadCall."""
    parameters = _checked(SimilarText, {}, asked)
    return Call("/similar", parameters, SimilarReply, lambda opened: opened.similar_to(parameters), in_body=True)


def facets(conditions: Mapping[str, object], **asked: object) -> Call[FacetsReply]:
    """Count what there is to narrow by. Raises BadCall."""
    parameters = _checked(FacetParameters, conditions, asked)
    return Call("/facets", parameters, FacetsReply, lambda opened: opened.facets(parameters))


def documents() -> Call[DocumentsReply]:
    """List the documents."""
    return Call("/documents", NoParameters(), DocumentsReply, lambda opened: opened.documents())


def compare(ids: tuple[str, ...]) -> Call[ComparisonReply]:
    """Set initiatives side by side. Raises BadCall."""
    parameters = _checked(CompareParameters, {}, {"id": ids})
    return Call("/comparison", parameters, ComparisonReply, lambda opened: opened.compare(parameters))


def _checked(shape: type[Asked], conditions: Mapping[str, object], asked: Mapping[str, object]) -> Asked:
    """What is asked, with one value of a condition as good as a list of it. Raises BadCall."""
    lists = {name for name, field in shape.model_fields.items() if "list" in str(field.annotation)}
    values = {name: value for name, value in {**conditions, **asked}.items() if value is not None}
    for name in lists.intersection(values):
        one = values[name]
        values[name] = list(one) if isinstance(one, list | tuple | set | frozenset) else [one]
    try:
        return shape.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(step) for step in first["loc"])
        known = ", ".join(shape.model_fields)
        if first["type"] == "extra_forbidden":
            raise BadCall(f"'{name}' means nothing here", "the call", f"Known are {known}.") from None
        raise BadCall(f"'{name}' cannot be used", "the call", f"{first['msg']}.") from None
