"""A page's query: what the address of a search asks for, and the addresses that ask for a little more or less."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from fastapi import Request
from pydantic import ValidationError

from corpus import Gazetteer
from parameters import FilterParameters
from search import BadQuestion, Filters
from web.reader import Parameter

FILTERS = tuple(field.name for field in fields(Filters))


@dataclass(frozen=True, slots=True)
class PageQuery:
    """A question, conditions by the names of filters, and what shall not be understood of it."""

    text: str  # blank: nothing is asked yet
    conditions: tuple[tuple[str, str], ...]  # in the order of FILTERS
    ignored: tuple[str, ...]

    @classmethod
    def of(cls, request: Request) -> "PageQuery":
        """What an address asks; names it does not know are somebody else's."""
        given = request.query_params
        conditions = tuple((name, given[name]) for name in FILTERS if given.get(name, "").strip())
        return cls(given.get("q", "").strip(), conditions, tuple(given.getlist("ignore")))

    def filters(self, gazetteer: Gazetteer) -> Filters:
        """The filters. Raises UnknownFilter or BadQuestion for a value that cannot be used."""
        try:
            return FilterParameters.model_validate(dict(self.conditions)).filters(gazetteer)
        except ValidationError as error:
            first = error.errors()[0]
            raise BadQuestion(
                f"The filter '{first['loc'][0]}' cannot be used: {first['msg']}", str(first["loc"][0]), "Take it out."
            ) from None

    def parameters(self) -> list[Parameter]:
        """The query that asks the same."""
        return [("q", self.text), *self.conditions, *(("ignore", name) for name in self.ignored)]

    def with_conditions(self, changes: Iterable[tuple[str, str | None]]) -> "PageQuery":
        """The same query with some conditions set, or taken out where there is no value."""
        conditions = dict(self.conditions)
        for name, value in changes:
            if value is None:
                conditions.pop(name, None)
            else:
                conditions[name] = value
        return replace(self, conditions=tuple((name, conditions[name]) for name in FILTERS if name in conditions))

    def ignoring(self, understood: str) -> "PageQuery":
        """The same query, with something not understood any more."""
        return replace(self, ignored=(*self.ignored, understood))
