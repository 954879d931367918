"""Parameters: what a request may hold, checked and turned into our values, for every door that takes them."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field

from corpus import Fault, Initiative, Kind, Language
from corpus.places import Gazetteer
from search import MAX_COMPARED, MIN_COMPARED, Filters, UnknownFilter

MOST = 100  # hits or initiatives in one reply
LONGEST_COMMENT = 1_000  # characters
MOST_IGNORED = 20  # parts of a question that shall not be recognised
ADDRESS = "the query string"
LONGEST_VALUE = 300  # characters: more than any theme or cursor has, little enough to be quoted in a fault

# A name and a value in the query of a link; without a value it is left out.
Parameter = tuple[str, object]

# One value of a condition.
Value = Annotated[str, Field(max_length=LONGEST_VALUE)]


class BadCursor(Fault):
    """A cursor does not belong to the list it is used with."""


class NoParameters(BaseModel):
    """No parameters: a misspelt or misplaced one is refused, never ignored."""

    model_config = ConfigDict(extra="forbid")


NothingAsked = Annotated[NoParameters, Query()]


class FilterParameters(BaseModel):
    """Conditions that every initiative found must meet. One with several values is met by either."""

    model_config = ConfigDict(extra="forbid")

    departement: list[Value] = Field([], description="INSEE code or name. May repeat.", examples=[["33", "Gironde"]])
    region: list[Value] = Field(
        [], description="Name or INSEE code of a region of today. May repeat.", examples=[["Bretagne"]]
    )
    theme: list[Value] = Field(
        [], description="A theme as the facets show it. May repeat.", examples=[["Actions de prévention"]]
    )
    kind: list[Kind] = Field([], description="What sort of description the document gives. May repeat.")
    document: list[Value] = Field([], description="Id of a document. May repeat.", examples=[["recueil-2018"]])
    public: list[Value] = Field(
        [], description="Whom it is for: a key of the facet. May repeat.", examples=[["aidants"]]
    )
    topic: list[Value] = Field(
        [], description="What it is about: a key of the facet. May repeat.", examples=[["logement"]]
    )
    field: list[Value] = Field(
        [],
        description="A column of a brought corpus and a value of it, as the facets show them. May repeat.",
        examples=[["level:easy"]],
    )
    year_from: int | None = Field(None, ge=1, le=9999, description="First year of start.", examples=[2015])
    year_to: int | None = Field(None, ge=1, le=9999, description="Last year of start, inclusive.", examples=[2018])

    def filters(self, gazetteer: Gazetteer) -> Filters:
        """Give the filters with the codes and spellings of the index.

        Raises UnknownFilter for a place that does not exist; what else no initiative can meet, the search refuses.
        """
        return Filters(
            departement=_each(_departement(name, gazetteer) for name in self.departement),
            region=_each(_region(name, gazetteer) for name in self.region),
            theme=_each(self.theme),
            kind=_each(kind.value for kind in self.kind),
            document=_each(self.document),
            public=_each(self.public),
            topic=_each(self.topic),
            field=_each(self.field),
            year_from=self.year_from,
            year_to=self.year_to,
        )


class AskParameters(FilterParameters):
    """A question, in French or English, and conditions."""

    q: str = Field(description="The question or some words of it.", examples=["mobilité des jeunes en milieu rural"])
    ignore: list[Value] = Field(
        [],
        max_length=MOST_IGNORED,
        description="What shall not be recognised in the question, as `query` tells it: the name of a place, the short "
        "form of an acronym, the words of a concept. May repeat.",
        examples=[["Gironde", "boulot"]],
    )


class LanguageParameters(BaseModel):
    """In which language the reply speaks."""

    model_config = ConfigDict(extra="forbid")

    lang: Language | None = Field(
        None, description="Language of editorial titles, summaries and labels: else the question's, or French."
    )


class SearchParameters(AskParameters, LanguageParameters):
    """The same, the language of the reply, and how much to show."""

    k: int = Field(10, ge=1, le=MOST, description="How many hits at most.")


class PageParameters(FilterParameters, LanguageParameters):
    """A page of a list."""

    limit: int = Field(20, ge=1, le=MOST, description="How many initiatives at most.")
    cursor: str | None = Field(None, max_length=LONGEST_VALUE, description="The `next` of the page before.")

    def page_of(self, initiatives: Sequence[Initiative]) -> tuple[Sequence[Initiative], str | None]:
        """Give the initiatives of this page and the cursor of the next one, None on the last.

        A cursor is the id of the last initiative shown, so that it stays good when the corpus grows.
        Raises BadCursor when no initiative of the list has that id.
        """
        start = _after(self.cursor, initiatives) if self.cursor is not None else 0
        page = initiatives[start : start + self.limit]
        return page, cursor(page[-1].id) if start + self.limit < len(initiatives) else None

    def cursors_around(self, initiatives: Sequence[Initiative]) -> dict[str, str | None]:
        """Give the cursors of the first page, of that before this one and of that after it, as far as there are any.

        The first page needs none. Raises BadCursor.
        """
        start = _after(self.cursor, initiatives) if self.cursor is not None else 0
        before, behind = start - self.limit, start + self.limit
        around: dict[str, str | None] = {"first": None}
        if start > 0:
            around["prev"] = cursor(initiatives[before - 1].id) if before > 0 else None
        if behind < len(initiatives):
            around["next"] = cursor(initiatives[behind - 1].id)
        return around


class FacetParameters(FilterParameters, LanguageParameters):
    """What is counted, and the language of its labels."""


class CompareParameters(BaseModel):
    """Which initiatives to set side by side."""

    model_config = ConfigDict(extra="forbid")

    id: list[Value] = Field(
        min_length=MIN_COMPARED,
        max_length=MAX_COMPARED,
        description=f"Id of an initiative; {MIN_COMPARED} to {MAX_COMPARED} of them, each once.",
    )


class SimilarParameters(LanguageParameters):
    """How many similar initiatives to give."""

    k: int = Field(10, ge=1, le=MOST, description="How many hits at most.")


class SimilarText(SimilarParameters):
    """A description of a project."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"text": "Un bus itinérant qui aide les habitants dans leurs démarches.", "k": 5}]
        },
    )
    text: str = Field(description="What the project is about, in French or English.")


class GapReport(BaseModel):
    """Something that somebody looked for and that is not there."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"query": "garde d'enfants pendant le travail de nuit"}]}
    )
    query: str = Field(description="The question as it was asked.")


class JudgedHit(BaseModel):
    """How well a hit answers a question."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"query": "un atelier photo", "initiative": "recueil-2018-atelier-photo-33", "grade": 3}]
        },
    )
    query: str = Field(description="The question as it was asked.")
    initiative: str = Field(max_length=LONGEST_VALUE, description="Id of the initiative found.")
    grade: int = Field(strict=True, ge=0, le=3, description="0: not at all, 1: slightly, 2: well, 3: exactly.")
    comment: str | None = Field(None, max_length=LONGEST_COMMENT, description="Why; names and addresses are left out.")


def cursor(id: str) -> str:
    """Give an opaque cursor to read on after the initiative with this id."""
    return urlsafe_b64encode(id.encode()).decode().rstrip("=")


def _after(cursor: str, initiatives: Sequence[Initiative]) -> int:
    try:
        last = urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)).decode()
    except ValueError:
        last = ""
    for row, initiative in enumerate(initiatives, start=1):
        if initiative.id == last:
            return row
    raise BadCursor(
        "The cursor does not belong to this list",
        "cursor",
        "Take it from `next`, with the same filters, or start without it.",
    )


def _each(values: Iterable[str]) -> tuple[str, ...]:
    """Each value once, in the order given."""
    return tuple(dict.fromkeys(values))


def _departement(name: str, gazetteer: Gazetteer) -> str:
    found = gazetteer.departement(name)
    if found is None:
        raise UnknownFilter(
            f"There is no département '{name}'",
            "departement",
            "Give an INSEE code or a name, such as 33 or Gironde.",
        )
    return found.code


def _region(name: str, gazetteer: Gazetteer) -> str:
    found = gazetteer.region(name)
    if found is None:
        raise UnknownFilter(
            f"There is no region '{name}'", "region", "Give a name or INSEE code, such as Bretagne or 53."
        )
    if found.former:
        today = sorted({gazetteer.region_of(departement).name for departement in found.departements})
        raise UnknownFilter(f"The region {found.name} ended in 2015", "region", f"Ask for {' or '.join(today)}.")
    return found.code


# --- what an address may hold ---

# What has one value. Conditions may repeat, and so may `ignore` and the `id` of what is compared; names that we do not
# know are refused by the routes for programs, and are somebody else's in the address of a page.
SINGLE = ("q", "k", "lang", "limit", "cursor", "year_from", "year_to", "from", "to", "add", "by", "all", "sort")
WORDS = ("q", "add")  # what is asked, whose length the search limits
# Links repeat these and no others, so that a page is not many times as long as what somebody else put into its address.
KNOWN = frozenset([*SINGLE, *FilterParameters.model_fields, "ignore", "id"])
MOST_LISTED = 50  # sheets of a list that somebody puts together: their ids fit into an address
MOST_PARAMETERS = 110  # every département chosen, and what is asked


class RepeatedParameter(Fault):
    """A parameter that has one value is given twice: one of them would have no effect."""


class TooManyParameters(Fault):
    """An address holds more parameters than anybody needs, or a longer one."""


async def check_address(request: Request) -> None:
    """Refuse what no address of ours holds.

    Raises RepeatedParameter for a parameter of SINGLE that stands twice, and TooManyParameters for more of them than
    MOST_PARAMETERS, more to be ignored than MOST_IGNORED, or one of ours longer than LONGEST_VALUE.
    """
    parameters = request.query_params.multi_items()
    given = Counter(name for name, _ in parameters)
    if repeated := next((name for name in SINGLE if given[name] > 1), None):
        raise RepeatedParameter(f"'{repeated}' is given {given[repeated]} times", ADDRESS, "Give it once.")
    if len(parameters) > MOST_PARAMETERS:
        what = f"{len(parameters)} parameters are given, at most {MOST_PARAMETERS} are read"
        raise TooManyParameters(what, ADDRESS, "Leave some out.")
    if given["ignore"] > MOST_IGNORED:
        what = f"'ignore' is given {given['ignore']} times, at most {MOST_IGNORED} are read"
        raise TooManyParameters(what, ADDRESS, "Leave some out, or ask in other words.")
    for name, value in parameters:
        if name in KNOWN and name not in WORDS and len(value) > LONGEST_VALUE:
            what = f"'{name}' has {len(value)} characters, at most {LONGEST_VALUE} are read"
            raise TooManyParameters(what, ADDRESS, "Give a shorter one.")


def known_parameters(request: Request) -> list[Parameter]:
    """The parameters of an address that are ours, in its order."""
    return [(name, value) for name, value in request.query_params.multi_items() if name in KNOWN]
