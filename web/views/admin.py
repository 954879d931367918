"""The page of whoever runs the service: generations and builds, documents, what people said, keys, limits and load.

It shows what there is however broken the rest may be: each part that cannot be read says so in its place.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from corpus import Fault
from feedback import MissKind, UnmetNeeds
from index import Generation
from search import Searcher
from web.admin_schemas import state_of
from web.administration import Administration
from web.building import Build
from web.caller import caller_of
from web.dependencies import CurrentVisitor, RunningAdministration, RunningService
from web.keys import Key, Scope
from web.load import load_of
from web.rendering import private_page
from web.views.sign_in import SEE_OTHER, signed_form
from web.visitor import Link, Visitor, date_in_words

PATH = "/admin"
NEEDS = "needs"
DONE = ("rebuild", "rollback", "publish", "revoke")  # what the forms do; keys of the texts

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Part(Generic[Read]):
    """A part of the page, or why it cannot be shown."""

    value: Read | None
    fault: Fault | None = None

    @classmethod
    def of(cls, read: Callable[[], Read]) -> "Part[Read]":
        """Read it."""
        try:
            return cls(read())
        except Fault as fault:
            return cls(None, fault)


@dataclass(frozen=True, slots=True)
class GenerationView:
    """A generation of the index."""

    name: str
    built: str
    digest: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class BuildView:
    """The build that runs, or the last one."""

    state: str  # key of the texts
    began: str
    ended: str | None
    step: str
    percent: int
    fault: Fault | None
    runs: bool


@dataclass(frozen=True, slots=True)
class FeedbackView:
    """How much people said."""

    judgements: int
    misses: tuple[tuple[str, int], ...]  # key of the texts, and how many


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key, without the key."""

    name: str
    scopes: tuple[str, ...]
    made: str
    expires: str
    per_minute: int
    is_over: bool
    is_yours: bool  # the one that this session was opened with


@dataclass(frozen=True, slots=True)
class NeedView:
    """An unmet need."""

    name: str | None
    times: int
    questions: int
    nearest: tuple[Link, ...]


def admin_page(
    request: Request, administration: RunningAdministration, service: RunningService, visitor: CurrentVisitor
) -> Response:
    """Give the page; to a page that asks by itself how far a build is, that part alone. Raises NoKey and NotAllowed."""
    caller = caller_of(request)
    caller.check(Scope.ADMIN)
    index: dict[str, Any] = {
        "build": _build(administration.last_build, visitor),
        "can_build": administration.building is not None,
        "generations": [_generation(one, administration.current(), visitor) for one in administration.generations()],
        "token": caller.session.form_token if caller.session else "",
    }
    if "hx-request" in request.headers:
        return private_page(request, "parts/admin_index.html", visitor, **index)
    searcher = service.searcher_if_open
    metrics = request.app.state.metrics
    return private_page(
        request,
        "admin.html",
        visitor,
        **index,
        session=caller.session,
        done=_done(request),
        documents=None if searcher is None else searcher.catalogue.per_document(),
        set_aside=administration.set_aside(),
        feedback=Part.of(lambda: _feedback(administration)),
        keeps_feedback=service.feedback is not None,
        needs=_needs(request, administration, searcher, visitor),
        keys=[_key(one, caller.key, administration, visitor) for one in administration.keys.all()],
        limits=administration.limits,
        load=None if metrics is None else load_of(metrics.registry),
    )


async def act(request: Request, administration: RunningAdministration, visitor: CurrentVisitor) -> Response:
    """Do what a form of the page asks for, and lead back to it. Raises what that raises, NoKey and NotAllowed."""
    form = await signed_form(request)
    caller_of(request).check(Scope.ADMIN)
    name = form.get("name", "")
    acts: dict[str, Callable[[], object]] = {
        "rebuild": administration.rebuild,
        "rollback": administration.rollback,
        "publish": lambda: administration.publish(name),
        "revoke": lambda: administration.keys.revoke(name),
    }
    done = form.get("do", "")
    if done in acts:
        await asyncio.to_thread(acts[done])
    return RedirectResponse(visitor.link(PATH, [("done", done)] if done in acts else []), SEE_OTHER)


def _done(request: Request) -> str | None:
    """What the last form did, as the address that it led to has it."""
    done = request.query_params.get("done")
    return done if done in DONE else None


def _build(build: Build | None, visitor: Visitor) -> BuildView | None:
    if build is None:
        return None
    return BuildView(
        state=f"admin.build.{state_of(build).replace(' ', '_')}",
        began=_moment(build.began, visitor),
        ended=_moment(build.ended, visitor) if build.ended else None,
        step=build.step,
        percent=build.percent,
        fault=build.fault,
        runs=build.runs,
    )


def _generation(one: Generation, current: str | None, visitor: Visitor) -> GenerationView:
    return GenerationView(one.name, _moment(one.built, visitor), one.digest[:12], one.name == current)


def _moment(at: str, visitor: Visitor) -> str:
    """A moment in words. Example: "2026-11-29T14:02:33Z" → "29 November 2026, 14:02 UTC"."""
    return f"{date_in_words(at[:10], visitor.texts)}, {at[11:16]} UTC"


def _feedback(administration: Administration) -> FeedbackView:
    kinds = Counter(one.entry.kind for one in administration.store.misses())
    counts = tuple((f"admin.feedback.{kind.name.lower()}", kinds[kind]) for kind in MissKind)
    return FeedbackView(len(administration.store.judgements()), counts)


def _needs(
    request: Request, administration: Administration, searcher: Searcher | None, visitor: Visitor
) -> Part[tuple[NeedView, ...]] | None:
    """The unmet needs, where they are asked for: they take a second or two."""
    if searcher is None or request.query_params.get("show") != NEEDS:
        return None
    opened = searcher

    def needs() -> tuple[NeedView, ...]:
        found: UnmetNeeds = administration.unmet_needs(opened)
        return tuple(
            NeedView(
                name=need.name,
                times=need.times,
                questions=len(need.questions) + need.withheld,
                nearest=tuple(Link(near.title, visitor.sheet(near.id)) for near in need.nearest),
            )
            for need in found.needs
        )

    return Part.of(needs)


def _key(one: Key, yours: Key | None, administration: Administration, visitor: Visitor) -> KeyView:
    return KeyView(
        name=one.name,
        scopes=tuple(f"admin.keys.{scope}" for scope in one.scopes),
        made=date_in_words(one.made.isoformat(), visitor.texts),
        expires=date_in_words(one.expires.isoformat(), visitor.texts),
        per_minute=one.per_minute,
        is_over=one.has_expired(datetime.now(UTC).date()),
        is_yours=one == yours,
    )
