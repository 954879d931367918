"""The calls, waited for (`Recueil`) or awaited (`AsyncRecueil`), over a folder in this process or over HTTP."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self, TypedDict, TypeVar, Unpack

if TYPE_CHECKING:
    from pydantic import BaseModel

    from recueil.calls import Call
    from recueil.opened import Opened
    from recueil.remote import AsyncRemote, Remote
    from web import AskReply, ComparisonReply, DocumentsReply, FacetsReply, InitiativeSheet, SearchReply, SimilarReply

    Reply = TypeVar("Reply", bound=BaseModel)

Language = Literal["fr", "en"]
Values = str | Sequence[str]  # one value, or several of which either is met

DEFAULT_TIMEOUT_S = 30.0
PAGE = 100  # sheets that are fetched at once
SCHEMES = ("http://", "https://")


class Conditions(TypedDict, total=False):
    """What every initiative found must meet. Places by INSEE code or name, the rest as `facets` shows it."""

    departement: Values
    region: Values
    theme: Values
    kind: Values
    document: Values
    public: Values
    topic: Values
    year_from: int
    year_to: int


class Recueil:
    """A collection of initiative sheets, to be asked.

    What cannot be done is a `recueil.Fault`. Threads may share one.
    """

    _way: "Remote | Opened"

    def __init__(
        self,
        where: str | Path | None = None,
        *,
        threads: int | None = None,
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> None:
        """Open a folder that `recueil build` has filled, or name a service, "https://host".

        Without either, what the settings name is opened, their language model included. `threads` are those of one
        encoding here, `timeout_s` the seconds that a service may take for a call. Raises BadIndex or BadModel.
        """
        self._way = _remote(str(where), timeout_s) if _is_service(where) else _opened(where, threads)

    @classmethod
    def from_records(
        cls, rows: Iterable[Mapping[str, object]], folder: str | Path | None = None, *, threads: int | None = None
    ) -> Self:
        """Make a collection of dictionaries: what their keys mean is found out as `recueil init` does.

        It is kept in `folder`, where one is given; the same rows are then opened at once. Raises BadDocument where
        nothing can be made of them, and what building raises.
        """
        from recueil.records import open_records

        made = cls.__new__(cls)
        made._way = open_records(rows, None if folder is None else Path(folder), threads)
        return made

    def search(
        self,
        question: str,
        *,
        k: int = 10,
        lang: Language | None = None,
        ignore: Values = (),
        **conditions: Unpack[Conditions],
    ) -> "SearchReply":
        """Find initiatives by what a question means. Labels and summaries are in `lang`, else the question's own.

        `ignore` names what shall not be recognised in it: a place, an acronym, a concept.
        """
        from recueil import calls

        return self._give(calls.search(conditions, q=question, k=k, lang=lang, ignore=ignore))

    def ask(self, question: str, *, ignore: Values = (), **conditions: Unpack[Conditions]) -> "AskReply":
        """Answer a question with the exact words of its sources, or say that no sheet holds an answer."""
        from recueil import calls

        return self._give(calls.ask(conditions, q=question, ignore=ignore))

    def initiative(self, id: str, *, lang: Language | None = None) -> "InitiativeSheet":
        """Give the whole sheet of an initiative, its text exactly as the document has it."""
        from recueil import calls

        return self._give(calls.initiative(id, lang=lang))

    def initiatives(
        self, *, lang: Language | None = None, **conditions: Unpack[Conditions]
    ) -> Iterator["InitiativeSheet"]:
        """Give every sheet that meets the conditions, in the order of the documents, fetched as they are needed."""
        from recueil import calls

        page = self._give(calls.page(conditions, lang=lang, limit=PAGE))
        yield from page.items
        while page.next is not None:
            page = self._give(calls.page(conditions, lang=lang, limit=PAGE, cursor=page.next))
            yield from page.items

    def similar(
        self, id: str | None = None, *, text: str | None = None, k: int = 10, lang: Language | None = None
    ) -> "SimilarReply":
        """Find initiatives of a like aim and public, to one of them by its id or to a project described in `text`."""
        return self._give(_similar(id, text, k, lang))

    def facets(self, *, lang: Language | None = None, **conditions: Unpack[Conditions]) -> "FacetsReply":
        """Count the values that conditions may have, over the whole collection or what meets other conditions."""
        from recueil import calls

        return self._give(calls.facets(conditions, lang=lang))

    def documents(self) -> "DocumentsReply":
        """List the documents that are searched."""
        from recueil import calls

        return self._give(calls.documents())

    def compare(self, *ids: str) -> "ComparisonReply":
        """Set two to five initiatives side by side, in the words of their sheets."""
        from recueil import calls

        return self._give(calls.compare(ids))

    def close(self) -> None:
        """Close the connections to a service; a folder needs no closing."""
        if hasattr(self._way, "close"):
            self._way.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _give(self, call: "Call[Reply]") -> "Reply":
        from recueil.opened import Opened

        return call.here(self._way) if isinstance(self._way, Opened) else self._way.give(call)


class AsyncRecueil:
    """The same, awaited: a service over asynchronous connections, a folder in threads, so that no loop is held up."""

    _way: "AsyncRemote | Opened"

    def __init__(
        self,
        where: str | Path | None = None,
        *,
        threads: int | None = None,
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> None:
        """Open what `Recueil` opens. Opening a folder takes a second, in which the loop stands still."""
        self._way = _async_remote(str(where), timeout_s) if _is_service(where) else _opened(where, threads)

    async def search(
        self,
        question: str,
        *,
        k: int = 10,
        lang: Language | None = None,
        ignore: Values = (),
        **conditions: Unpack[Conditions],
    ) -> "SearchReply":
        """Find initiatives by what a question means (`Recueil.search`)."""
        from recueil import calls

        return await self._give(calls.search(conditions, q=question, k=k, lang=lang, ignore=ignore))

    async def ask(self, question: str, *, ignore: Values = (), **conditions: Unpack[Conditions]) -> "AskReply":
        """Answer a question, or say that no sheet holds an answer (`Recueil.ask`)."""
        from recueil import calls

        return await self._give(calls.ask(conditions, q=question, ignore=ignore))

    async def initiative(self, id: str, *, lang: Language | None = None) -> "InitiativeSheet":
        """Give the whole sheet of an initiative (`Recueil.initiative`)."""
        from recueil import calls

        return await self._give(calls.initiative(id, lang=lang))

    async def initiatives(
        self, *, lang: Language | None = None, **conditions: Unpack[Conditions]
    ) -> AsyncIterator["InitiativeSheet"]:
        """Give every sheet that meets the conditions (`Recueil.initiatives`)."""
        from recueil import calls

        cursor: str | None = None
        while True:
            page = await self._give(calls.page(conditions, lang=lang, limit=PAGE, cursor=cursor))
            for one in page.items:
                yield one
            if (cursor := page.next) is None:
                return

    async def similar(
        self, id: str | None = None, *, text: str | None = None, k: int = 10, lang: Language | None = None
    ) -> "SimilarReply":
        """Find initiatives of a like aim and public (`Recueil.similar`)."""
        return await self._give(_similar(id, text, k, lang))

    async def facets(self, *, lang: Language | None = None, **conditions: Unpack[Conditions]) -> "FacetsReply":
        """Count the values that conditions may have (`Recueil.facets`)."""
        from recueil import calls

        return await self._give(calls.facets(conditions, lang=lang))

    async def documents(self) -> "DocumentsReply":
        """List the documents that are searched (`Recueil.documents`)."""
        from recueil import calls

        return await self._give(calls.documents())

    async def compare(self, *ids: str) -> "ComparisonReply":
        """Set two to five initiatives side by side (`Recueil.compare`)."""
        from recueil import calls

        return await self._give(calls.compare(ids))

    async def close(self) -> None:
        """Close the connections to a service; a folder needs no closing."""
        if hasattr(self._way, "close"):
            await self._way.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()

    async def _give(self, call: "Call[Reply]") -> "Reply":
        from asyncio import to_thread

        from recueil.opened import Opened

        if isinstance(self._way, Opened):
            return await to_thread(call.here, self._way)
        return await self._way.give(call)


def _is_service(where: str | Path | None) -> bool:
    return isinstance(where, str) and where.lower().startswith(SCHEMES)


def _remote(url: str, timeout_s: float) -> "Remote":
    from recueil.remote import Remote

    return Remote(url, timeout_s)


def _async_remote(url: str, timeout_s: float) -> "AsyncRemote":
    from recueil.remote import AsyncRemote

    return AsyncRemote(url, timeout_s)


def _opened(where: str | Path | None, threads: int | None) -> "Opened":
    """Open a folder, else what the settings name. Raises BadIndex or BadModel."""
    from recueil.opened import Opened
    from settings import read_settings

    settings = read_settings()
    threads = threads or settings.threads
    if where is not None:
        return Opened.at(Path(where), threads)
    return Opened.of(
        settings.index_folder, settings.model_folder, settings.answer_folder, threads, settings.language_model()
    )


def _similar(id: str | None, text: str | None, k: int, lang: Language | None) -> "Call[SimilarReply]":
    """The call for either way of asking. Raises BadCall."""
    from recueil import calls

    if id is not None and text is None:
        return calls.similar(id, k=k, lang=lang)
    if text is not None and id is None:
        return calls.similar_to(text=text, k=k, lang=lang)
    raise calls.BadCall("Neither an id nor a text is given, or both are", "the call", "Give one of them.")
