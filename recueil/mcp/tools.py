"""The tools: what a model may call, each with the description that it reads."""

import logging
import threading
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Literal, ParamSpec, TypeVar, cast

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from corpus import Fault
from recueil.client import Conditions, Recueil
from recueil.mcp.replies import (
    AnswerGiven,
    Compared,
    DocumentsListed,
    FiltersListed,
    Found,
    SearchFound,
    Sheet,
    SimilarFound,
)
from search import MAX_COMPARED, MIN_COMPARED

AT_ONCE = 2  # calls at work: threads of Python share one lock, more of them would only wait on each other
MOST_HITS, USUAL_HITS, NEAREST = 20, 5, 3
LONGEST_QUESTION, LONGEST_TEXT, LONGEST_ID, MOST_VALUES = 1_000, 20_000, 300, 10

log = logging.getLogger("recueil.mcp")

Given = ParamSpec("Given")
Reply = TypeVar("Reply")

Question = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST_QUESTION,
        description="A whole question or a few words, in French or English. Name the place in it, if there is one: "
        "'garde d'enfants en Ariège'.",
    ),
]
Id = Annotated[str, Field(max_length=LONGEST_ID, description="Id of an initiative, as another tool gave it.")]
MostHits = Annotated[int, Field(ge=1, le=MOST_HITS, description="How many initiatives at most.")]
Lang = Annotated[Literal["fr", "en"], Field(description="Language of summaries and labels.")]
Text = Annotated[str, Field(max_length=LONGEST_ID)]
Departement = Annotated[
    list[Text] | None, Field(max_length=MOST_VALUES, description="Only there: INSEE codes or names, 33 or Gironde.")
]
Region = Annotated[list[Text] | None, Field(max_length=MOST_VALUES, description="Only there: regions of today.")]
Public = Annotated[
    list[Text] | None, Field(max_length=MOST_VALUES, description="Only for whom: values that list_filters gives.")
]
Topic = Annotated[
    list[Text] | None, Field(max_length=MOST_VALUES, description="Only about what: values that list_filters gives.")
]
Document = Annotated[list[Text] | None, Field(max_length=MOST_VALUES, description="Only in these: ids of documents.")]
YearFrom = Annotated[int | None, Field(ge=1, le=9999, description="Only those that began in this year or later.")]
YearTo = Annotated[int | None, Field(ge=1, le=9999, description="Only those that began in this year or before.")]


class Tools:
    """The tools over one collection. Threads may share it."""

    def __init__(self, recueil: Recueil) -> None:
        self.recueil = recueil
        self._places = threading.BoundedSemaphore(AT_ONCE)

    def search_initiatives(
        self,
        question: Question,
        k: MostHits = USUAL_HITS,
        departement: Departement = None,
        region: Region = None,
        public: Public = None,
        topic: Topic = None,
        document: Document = None,
        year_from: YearFrom = None,
        year_to: YearTo = None,
    ) -> SearchFound:
        """Find what public bodies in France have tried: initiatives, by what a question means, not by its words alone.

        Use it to explore a subject, or to list who does something. Ask in everyday words; synonyms, acronyms and
        English are understood. For one fact ("how many", "who pays", "since when") use answer_question.
        Cite what you use by document and lines, as `source` has them.
        """
        conditions = _conditions(
            departement=departement,
            region=region,
            public=public,
            topic=topic,
            document=document,
            year_from=year_from,
            year_to=year_to,
        )
        return SearchFound.of(self.recueil.search(question, k=k, **conditions))

    def answer_question(
        self, question: Question, departement: Departement = None, region: Region = None
    ) -> AnswerGiven:
        """Answer one question in the exact words of the sheets, each statement with its source; or say there is none.

        Ask one whole question that stands by itself: nothing of the conversation is known here. When `answered` is
        false, tell the user that the collection holds no sure answer. Keep the quotes as they are, and the citations.
        """
        conditions = _conditions(departement=departement, region=region)
        return AnswerGiven.of(self.recueil.ask(question, **conditions), NEAREST)

    def read_initiative(
        self,
        id: Id,
        from_line: Annotated[int | None, Field(ge=1, description="First line of the document to read.")] = None,
        to_line: Annotated[int | None, Field(ge=1, description="Last line of the document to read.")] = None,
        lang: Lang = "fr",
    ) -> Sheet:
        """Read the whole sheet of an initiative: its fields and its text, every line with its number in the document.

        Use it before you say more of an initiative than the passage that a search gave.
        """
        return Sheet.of(self.recueil.initiative(id, lang=lang), from_line, to_line)

    def similar_initiatives(
        self,
        id: Annotated[
            str | None, Field(max_length=LONGEST_ID, description="Id of an initiative; or give text.")
        ] = None,
        text: Annotated[
            str | None,
            Field(max_length=LONGEST_TEXT, description="A project in a few sentences: what is done, and for whom."),
        ] = None,
        k: MostHits = USUAL_HITS,
        lang: Lang = "fr",
    ) -> SimilarFound:
        """Find initiatives of a like aim and public, wherever they are: to one of them, or to a project."""
        hits = self.recueil.similar(id, text=text, k=k, lang=lang).hits
        return SimilarFound(initiatives=[Found.of(hit) for hit in hits])

    def compare_initiatives(
        self,
        ids: Annotated[
            list[Text],
            Field(min_length=MIN_COMPARED, max_length=MAX_COMPARED, description="Ids of initiatives, each once."),
        ],
    ) -> Compared:
        """Set two to five initiatives side by side: problem, public, place, lead, partners, start, cost, results.

        All in the words of the sheets. What a sheet does not say stays empty: do not fill it in.
        """
        return Compared.of(self.recueil.compare(*ids))

    def list_filters(
        self,
        only: Annotated[
            Literal["departement", "region", "theme", "kind", "document", "year", "public", "topic"] | None,
            Field(description="The values of this filter alone."),
        ] = None,
        lang: Lang = "fr",
    ) -> FiltersListed:
        """List the values that the filters of search_initiatives take, and how many initiatives have each."""
        return FiltersListed.of(self.recueil.facets(lang=lang), only)

    def list_documents(self) -> DocumentsListed:
        """List the documents of the collection: title, publisher, date, licence, how many initiatives each tells of."""
        return DocumentsListed.of(self.recueil.documents())

    def told(self, tool: Callable[Given, Reply]) -> Callable[Given, Reply]:
        """A tool whose faults are said so that a model can mend its call; so many calls at once, and no more."""

        @wraps(tool)
        def careful(*args: Given.args, **kwargs: Given.kwargs) -> Reply:
            try:
                with self._places:
                    return tool(*args, **kwargs)
            except Fault as fault:
                raise ToolError(f"{fault.what} ({fault.where}). {fault.mend}") from None
            except Exception as error:
                # Its own message may quote what was asked, which is personal.
                frames = "".join(traceback.format_tb(error.__traceback__))
                log.error("%s in %s\n%s", type(error).__name__, tool.__name__, frames)
                raise ToolError("Something went wrong that nobody foresaw. Try another way.") from None

        return careful


def _conditions(**values: object) -> Conditions:
    """The conditions that are set."""
    return cast(Conditions, {name: value for name, value in values.items() if value is not None})
