"""Several corpora in one service: which of them a request is about, and what there are.

    /c/odas/search?q=vélo        /search?q=vélo&corpus=odas        # the same
    /corpora                                                       # what there are

A corpus has all pages and routes below `/c/NAME`, with an index, generations, profile and feedback of its own; where
none is named, it is the first. The name is taken off the address before anybody else looks at it, and becomes a part of
the prefix of our paths: no route knows of it, and every link stays in its corpus.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import unquote_plus

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from pydantic import BaseModel, Field
from starlette.types import ASGIApp, Receive, Scope, Send

from corpus import Fault, Language, SheetLanguage
from index import Generation
from web.address import origin, site_prefix
from web.admission import AsPage, is_page, path_of
from web.dependencies import RunningServices, Service
from web.docs import describe_also, routes_in
from web.errors import MEANING, UnknownCorpus, fault_reply, fault_response, faults, status_of
from web.parameters import ADDRESS, LONGEST_VALUE, LanguageParameters, RepeatedParameter, check_address
from web.schemas import ReadyReply
from web.visitor import Visitor

BEFORE_NAME = "c"
PARAMETER = "corpus"
ALL = "*"
OF_ALL = ("corpora", "together")  # the first parts of the paths that are of all corpora
TOGETHER = {"search": "corpora/search", "": "together"}  # what is asked of one corpus → the same of several
OF_NONE = ("/corpora", "/corpora/search", "/health", "/metrics")  # paths that are of no corpus
FAULT = {"$ref": "#/components/schemas/FaultReply"}
TOLD = (
    "Which corpus, by its name; the first of GET /corpora unless given. The same as /c/NAME before the path. "
    "For /search several, or '*': as GET /corpora/search."
)


class NamedCorpus:
    """Takes the corpus that a request names off its address; `state.corpus` has it, `root_path` leads to it."""

    def __init__(self, app: ASGIApp, names: Collection[str], as_page: AsPage, told: bool = True) -> None:
        """Take the names there are, and whether strangers may be `told` them."""
        self.app = app
        self.names = names
        self.as_page = as_page
        self.known = f"Known are {', '.join(names)}." if told else "GET /corpora names those there are."

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            named = self._named(scope)
        except (UnknownCorpus, RepeatedParameter) as fault:
            await self._refused(fault, scope)(scope, receive, send)
            return
        await self.app(named, receive, send)

    def _named(self, scope: Scope) -> Scope:
        """The request below the prefix of the corpus it names. Raises UnknownCorpus and RepeatedParameter."""
        before, path = scope.get("root_path", ""), path_of(scope)
        scope = {**scope, "state": {**scope.get("state", {}), "site_prefix": before}}
        name, rest = _of_path(path)
        below = self._below(scope, name, rest, "the path") if name else None
        if rest.partition("/")[0] in OF_ALL:
            return _of_all(scope, rest)
        if below is not None:
            return below
        parameters = scope["query_string"].split(b"&")
        named = [one for one in parameters if one.partition(b"=")[0] == PARAMETER.encode()]
        if not named:
            return scope
        name = unquote_plus(named[0].partition(b"=")[2].decode("latin-1"))
        if path in TOGETHER and (len(named) > 1 or name == ALL):
            return _of_all(scope, TOGETHER[path])
        if len(named) > 1:
            raise RepeatedParameter(f"'{PARAMETER}' is given {len(named)} times", ADDRESS, "Give it once.")
        others = b"&".join(one for one in parameters if one not in named)
        return self._below({**scope, "query_string": others}, name, path, PARAMETER)

    def _below(self, scope: Scope, name: str, path: str, where: str) -> Scope:
        if name not in self.names:
            raise UnknownCorpus(f"There is no corpus '{name[:LONGEST_VALUE]}'", where, self.known)
        prefix = f"{scope['state']['site_prefix']}/{BEFORE_NAME}/{name}"
        state = {**scope["state"], "corpus": name}
        return {**scope, "root_path": prefix, "path": f"{prefix}/{path}", "state": state}

    def _refused(self, fault: Fault, scope: Scope) -> ASGIApp:
        """A page for whoever would be shown one; its links lead to the first corpus."""
        _, path = _of_path(path_of(scope))
        shown, status = fault_reply(fault, scope), status_of(fault)
        if not is_page({**scope, "root_path": "", "path": path}):
            return fault_response(status, shown)
        service = next(iter(scope["app"].state.services.values()))
        state = {**scope.get("state", {}), "service": service}
        return self.as_page(Request({**scope, "state": state}), status, shown, {})


def _of_all(scope: Scope, path: str) -> Scope:
    """A request for something that is of all corpora, and whose reply is of no one generation."""
    prefix = scope["state"]["site_prefix"]
    return {**scope, "path": f"{prefix}/{path}", "state": {**scope["state"], "of_all": True}}


def _of_path(path: str) -> tuple[str, str]:
    """The corpus that a path names, "" for none, and the rest. Example: "c/odas/browse" → ("odas", "browse")"""
    first, _, rest = path.partition("/")
    if first != BEFORE_NAME:
        return "", path
    name, _, rest = rest.partition("/")
    return name, rest


# --- what there are ---


class CorpusReply(BaseModel):
    """A corpus, and what of it is searched."""

    name: str = Field(description="What `corpus` takes, and what stands in addresses: /c/NAME.")
    title: str
    language: SheetLanguage | None = Field(description="Of its sheets; null while it is not open.")
    initiatives: int | None = Field(description="Sheets; null while it is not open.")
    generation: Generation | None = Field(description="Of its index, with the digest of what was read.")
    ready: bool = Field(description="Whether it is searched.")
    build: str | None = Field(description="What is being built, or that this failed.")
    address: str = Field(description="Its first page.")

    @classmethod
    def of(cls, service: Service, request: Request, language: Language) -> "CorpusReply":
        """Give a corpus as JSON shows it."""
        contents = service.contents
        return cls(
            name=service.corpus,
            title=title_of(service, language),
            language=contents.profile.language if contents is not None else None,
            initiatives=len(contents.initiatives) if contents is not None else None,
            generation=service.generation,
            ready=contents is not None,
            build=service.built_beside,
            address=f"{origin(request)}{address_of(request, service.corpus)}/",
        )


class CorporaReply(BaseModel):
    """The corpora of this service, the first of which is meant where none is named."""

    items: list[CorpusReply]


class ReadyCorporaReply(ReadyReply):
    """What /ready says of one of several corpora."""

    corpora: dict[str, bool] = Field(description="Of each corpus, whether it is searched.")


def with_corpora(reply: ReadyReply, services: Mapping[str, Service]) -> ReadyReply:
    """What /ready says, where there are several corpora with which of them are ready."""
    if "" in services:
        return reply
    ready = {name: one.searcher_if_open is not None for name, one in services.items()}
    return ReadyCorporaReply(**reply.model_dump(), corpora=ready)


def title_of(service: Service, language: Language) -> str:
    """What a corpus is called: by its profile (`site.title`), by its only document, or by its name."""
    if service.contents is None:
        return service.corpus
    profile, titles = service.contents.profile, [one.title for one in service.contents.documents]
    words = [profile.words.get(spoken, {}).get("site.title") for spoken in (language, profile.reading_language)]
    return next(filter(None, [*words, titles[0] if len(titles) == 1 else None]), service.corpus)


def address_of(request: Request, corpus: str) -> str:
    """What stands before the paths of a corpus. Example: "/recueil/c/odas"."""
    return f"{site_prefix(request)}/{BEFORE_NAME}/{corpus}"


def name_corpora(app: FastAPI, names: Collection[str], as_page: AsPage, told: bool) -> None:
    """Let requests to an app name a corpus, and the schema of its routes say so."""
    app.add_middleware(NamedCorpus, names=names, as_page=as_page, told=told)
    parameter = {
        "name": PARAMETER,
        "in": "query",
        "required": False,
        "description": TOLD,
        "schema": {"type": "string"},
    }
    unknown = {"description": MEANING[404], "content": {"application/json": {"schema": FAULT}}}

    def add(schema: dict[str, Any]) -> None:
        for path, route in routes_in(schema):
            if path not in OF_NONE:
                route.setdefault("parameters", []).append(parameter)
                route["responses"].setdefault("404", unknown)

    describe_also(app, add)


def addresses_of(request: Request) -> list[str]:
    """What stands before the paths of each of several corpora; nothing where there is one."""
    return [address_of(request, name) for name in request.app.state.services if name]


@dataclass(frozen=True, slots=True)
class CorpusLink:
    """A corpus in the bar of a page."""

    title: str
    address: str  # of the same question there
    sheets: int | None  # None while it is not open
    is_current: bool


@dataclass(frozen=True, slots=True)
class CorporaBar:
    """The corpora there are, for every page to lead to."""

    links: tuple[CorpusLink, ...]
    together: str  # the address that searches all of them
    is_together: bool

    @classmethod
    def of(cls, request: Request, visitor: Visitor) -> "CorporaBar | None":
        """That of a page, None where there is one corpus."""
        services: Mapping[str, Service] = getattr(request.app.state, "services", {})
        if len(services) < 2:
            return None
        path, site = path_of(request.scope), replace(visitor, prefix=site_prefix(request))
        is_together = path == TOGETHER[""]
        asked = [("q", request.query_params.get("q", ""))] if path == "" or is_together else []
        current = getattr(request.state, "corpus", next(iter(services)))
        links = [
            CorpusLink(
                title_of(one, visitor.language),
                site.link(f"/{BEFORE_NAME}/{name}/", asked),
                len(one.contents.initiatives) if one.contents is not None else None,
                name == current and not is_together,
            )
            for name, one in services.items()
        ]
        return cls(tuple(links), site.link(f"/{TOGETHER['']}", asked), is_together)


def chosen_of(services: Mapping[str, Service], names: Sequence[str]) -> dict[str, Service]:
    """Those of some corpora, in the order of all; of all of them, where none is named. Raises UnknownCorpus."""
    unknown = next((name for name in names if name not in (ALL, *services)), None)
    if unknown is not None:
        known = f"Known are {', '.join(services)}; {ALL} stands for all."
        raise UnknownCorpus(f"There is no corpus '{unknown}'", PARAMETER, known)
    return {name: one for name, one in services.items() if not names or ALL in names or name in names}


router = APIRouter(dependencies=[Depends(check_address)])


@router.get("/corpora", responses=faults(422))
async def list_corpora(
    request: Request, services: RunningServices, asked: Annotated[LanguageParameters, Query()]
) -> CorporaReply:
    """List the corpora: what each is called, in which language its sheets are, and which generation is searched."""
    return CorporaReply(items=[CorpusReply.of(one, request, asked.lang or "fr") for one in services.values()])
