"""Admission over a real server: so many at work, a short line, the rest told at once, and nothing done for nobody."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import anyio
import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

import api
from search import Searcher
from settings import Settings
from tests.web.conftest import QuotingAnswerer
from tests.web.live_server import WITHIN_S, connection, get, rest, served, until
from web.admission import KINDS, PAGES, Admission, Kind, Limits, kind_of
from web.places import Pace, Places

ASK = "/ask?q=un+bus"
TOO_MANY = "More is asked at once than this service can do"


class GatedAnswerer(QuotingAnswerer):
    """Answers once its gate is open."""

    def __init__(self, searcher: Searcher) -> None:
        super().__init__(searcher)
        self.asked = 0
        self.gate = threading.Event()

    def stream(self, ranking):
        self.asked += 1
        assert self.gate.wait(WITHIN_S)
        yield from super().stream(ranking)


@contextmanager
def service(settings: Settings, searcher: Searcher, **changed: object) -> Iterator[tuple]:
    """A service with a gate before its answers: its server, a client of it, and the answerer."""
    answerer = GatedAnswerer(searcher)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(api, "open_answerer", lambda settings, searcher: answerer)
        app = api.create_app(settings.model_copy(update=changed), searcher)
        with (
            served(app) as server,
            httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=WITHIN_S) as client,
        ):
            until(lambda: client.get("/ready").status_code == 200)
            try:
                yield server, client, answerer
            finally:
                answerer.gate.set()


@pytest.fixture
def busy(small_settings, small_searcher):
    """A service with one answer at work and one in line: there is room for no more."""
    limits = {"asks": 1, "queue": 1, "queue_s": WITHIN_S}
    with service(small_settings, small_searcher, **limits) as (server, client, answerer), ExitStack() as opened:
        at_work = opened.enter_context(connection(server, get(ASK, "Connection: close")))
        until(lambda: answerer.asked)
        waiting = opened.enter_context(connection(server, get(ASK, "Connection: close")))
        until(lambda: len(server.server_state.tasks) == 2)
        yield server, client, answerer, at_work, waiting


def test_who_finds_the_line_full_is_told_at_once_when_to_come_back(busy):
    _, client, answerer, *_ = busy
    reply = client.get(ASK)
    assert (reply.status_code, reply.json()["what"]) == (503, TOO_MANY)
    assert int(reply.headers["retry-after"]) >= 1
    assert reply.headers["cache-control"] == "no-store"
    assert answerer.asked == 1


@pytest.mark.parametrize("path", ["/answer?q=un+bus", "/answer/stream?q=un+bus", "/?q=un+bus"])
def test_a_page_is_refused_as_a_page(busy, path):
    _, client, *_ = busy
    reply = client.get(path, headers={"Accept-Language": "en"})
    assert reply.status_code == 503
    assert int(reply.headers["retry-after"]) >= 1
    assert reply.headers["content-type"].startswith("text/html")
    assert "The service is busy" in reply.text
    assert TOO_MANY in reply.text


@pytest.mark.parametrize(
    "path", ["/health", "/ready", "/search?q=bus", "/suggest?q=bus", "/browse", "/", "/initiatives"]
)
def test_other_kinds_of_work_go_on(busy, path):
    _, client, *_ = busy
    assert client.get(path).status_code == 200


def test_a_page_of_a_script_is_a_search_and_waits_for_no_answer(busy):
    _, client, *_ = busy
    assert client.get("/?q=un+bus", headers={"HX-Request": "true"}).status_code == 200


def test_who_waits_in_line_is_served_in_turn(busy):
    _, _, answerer, at_work, waiting = busy
    answerer.gate.set()
    assert b" 200 OK" in rest(at_work)
    assert b" 200 OK" in rest(waiting)


def test_nothing_is_done_for_who_hangs_up_while_waiting(busy):
    server, _, answerer, at_work, waiting = busy
    waiting.close()
    until(lambda: len(server.server_state.tasks) == 1)
    with connection(server, get(ASK, "Connection: close")) as following:
        until(lambda: len(server.server_state.tasks) == 2)
        answerer.gate.set()
        assert b" 200 OK" in rest(at_work)
        assert b" 200 OK" in rest(following)
    assert answerer.asked == 2


def test_who_waits_too_long_is_told_so(small_settings, small_searcher):
    with (
        service(small_settings, small_searcher, asks=1, queue_s=0.1) as (server, client, answerer),
        connection(server, get(ASK, "Connection: close")),
    ):
        until(lambda: answerer.asked)
        assert client.get(ASK).json()["what"] == TOO_MANY
        answerer.gate.set()


def test_every_place_is_given_back(small_settings, small_searcher):
    """However a request ends; with one place and no line, the next would be refused."""
    once = dict.fromkeys(("searches", "asks", "suggestions", "lookups", "writes"), 1)
    with service(small_settings, small_searcher, queue=0, **once) as (_, client, answerer):
        answerer.gate.set()
        for status, method, path in [
            (200, "GET", "/search?q=bus"),
            (422, "GET", "/search"),
            (422, "GET", "/search?q=%3F"),
            (200, "HEAD", "/search?q=bus"),
            (413, "POST", "/similar"),
            (200, "GET", "/ask?q=un+bus"),
            (200, "GET", "/answer/stream?q=un+bus"),
            (404, "GET", "/sheet/none"),
            (404, "GET", "/nowhere"),
            (404, "POST", "/feedback"),
        ] * 2:
            content = b"x" * 70_000 if path == "/similar" else None
            assert client.request(method, path, content=content).status_code == status, path


def test_a_slow_sender_keeps_no_place_from_others(small_settings, small_searcher):
    head = b"POST /similar HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 19\r\n\r\n"
    with (
        service(small_settings, small_searcher, searches=1) as (server, client, _),
        connection(server, head + b'{"text": "un') as slow,
    ):
        until(lambda: any(one.scope and one.scope["path"] == "/similar" for one in server.server_state.connections))
        assert client.get("/search?q=bus").status_code == 200
        slow.sendall(b' bus"} ')
        assert slow.recv(12) == b"HTTP/1.1 200"


def test_after_its_time_a_request_is_told_so_and_keeps_its_place_as_long_as_its_thread_works(
    small_settings, small_searcher
):
    with service(small_settings, small_searcher, asks=1, queue=0, request_s=0.3) as (_, client, answerer):
        late = client.get(ASK)
        assert (late.status_code, late.json()["what"]) == (503, "This took longer than a request may take")
        assert int(late.headers["retry-after"]) >= 1
        assert client.get(ASK).json()["what"] == TOO_MANY
        answerer.gate.set()
        until(lambda: client.get(ASK).status_code == 200)
        assert answerer.asked <= 3


@pytest.mark.parametrize(("path", "at_work"), [("/export.csv", 1), ("/initiatives", 0)])
def test_what_is_written_while_it_is_sent_costs_until_its_end(path, at_work):
    kind = kind_of({"path": path, "query_string": b"", "headers": []})
    places = Limits(at_once=dict.fromkeys(Kind, 1), waiting=0, longest_wait_s=1).places()
    seen = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        seen.append(places[kind].at_work)
        await send({"type": "http.response.body"})

    async def receive():
        return {"type": "http.request"} if not seen else await anyio.sleep_forever()

    async def send(message):
        pass

    async def ask():
        admission = Admission(app, places=places, most_body_bytes=100, as_page=None)
        await admission({"type": "http", "path": path, "query_string": b"", "headers": []}, receive, send)

    asyncio.run(ask())
    assert (seen, places[kind].at_work) == ([at_work], 0)


def test_a_stream_that_takes_too_long_ends_with_a_fault(small_settings, small_searcher):
    class Halting(GatedAnswerer):
        def stream(self, ranking):
            *_, answer = QuotingAnswerer.stream(self, ranking)
            yield answer.statements[0], answer.citations
            assert self.gate.wait(WITHIN_S)
            yield answer

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(f"{__name__}.GatedAnswerer", Halting)
        with service(small_settings, small_searcher, request_s=1.0) as (_, client, answerer):
            with client.stream("GET", ASK, headers={"Accept": "text/event-stream"}) as reply:
                assert reply.status_code == 200
                events = "".join(reply.iter_text()).split("\n\n")
            answerer.gate.set()
    assert [event.splitlines()[0] for event in events if event] == ["event: statement", "event: fault"]
    assert json.loads(events[1].partition("data: ")[2])["what"] == "This took longer than a request may take"


# --- the rule of the line, and what each route costs ---


def test_a_line_is_full_when_the_last_of_it_would_wait_too_long():
    async def measured() -> list[bool]:
        places = Places("search", at_once=2, waiting=10, longest_wait_s=1.0)
        places.usual_s = 3.0
        full = [places.is_full()]
        for borrower in "ab":
            await places.limiter.acquire_on_behalf_of(borrower)
        full.append(places.is_full())  # 1.5 s for the first in line
        places.usual_s = 1.5
        return [*full, places.is_full()]

    assert anyio.run(measured) == [False, True, False]


def test_refusals_leave_one_after_the_other_and_one_alone_at_once():
    async def turns() -> list[float]:
        pace, left = Pace(per_s=100), []
        clock = asyncio.get_running_loop().time

        async def leave() -> None:
            await pace.wait()
            left.append(clock() - began)

        began = clock()
        await leave()
        await asyncio.gather(*(leave() for _ in range(4)))
        return left

    alone, *others = asyncio.run(turns())
    assert alone < 0.01
    assert all(passed >= 0.01 * turn for turn, passed in enumerate(others, start=1))


def test_the_figures_tell_who_is_at_work_and_in_line_and_who_got_no_place(busy):
    _, client, *_ = busy
    assert client.get(ASK).status_code == 503
    told = {
        (sample.name.removeprefix("recueil_work_"), sample.labels.get("why")): sample.value
        for family in text_string_to_metric_families(client.get("/metrics").text)
        for sample in family.samples
        if sample.labels.get("kind") == "ask" and sample.name.startswith("recueil_work_")
    }
    assert told == {
        ("places", None): 1,
        ("running", None): 1,
        ("waiting", None): 1,
        ("refused_total", "full"): 1,
        ("refused_total", "late"): 0,
        ("refused_total", "gone"): 0,
    }


@pytest.mark.parametrize(
    ("path", "query", "kind"),
    [
        ("/health", "", None),
        ("/static/0123/page.css", "", None),
        ("/search", "q=bus", Kind.SEARCH),
        ("/initiatives/a-1/similar", "", Kind.SEARCH),
        ("/initiatives/a-1", "", Kind.LOOKUP),
        ("/", "", Kind.LOOKUP),
        ("/", "q=&theme=a", Kind.LOOKUP),
        ("/", "theme=a&q=bus", Kind.ASK),
        ("/answer/stream", "q=bus", Kind.ASK),
        ("/gap", "", Kind.WRITE),
        ("/export.csv", "", Kind.EXPORT),
        ("/export.schema.json", "", Kind.LOOKUP),
        ("/search.atom", "q=bus", Kind.SEARCH),
        ("/v1/chat/completions", "", Kind.ASK),
        ("/v1/embeddings", "", Kind.SEARCH),
        ("/v1/search", "", Kind.SEARCH),
        ("/v1/models", "", Kind.LOOKUP),
        ("/v1/search/x", "", Kind.LOOKUP),
        ("/something/new", "", Kind.LOOKUP),
    ],
)
def test_what_a_request_costs(path, query, kind):
    for root in ("", "/recueil"):
        scope = {"path": root + path, "root_path": root, "query_string": query.encode(), "headers": []}
        assert kind_of(scope) is kind


def test_only_routes_that_there_are_have_a_kind_of_their_own(small_settings):
    app = api.create_app(small_settings.model_copy(update={"corpora": "almanac"}))
    included = [one.original_router for one in app.routes if hasattr(one, "original_router")]
    paths = {route.path.removeprefix("/") for router in included for route in router.routes}
    below_v1 = {path for path in paths if path.startswith("v1/")}
    assert KINDS.keys() | PAGES <= {path.split("/")[0] for path in paths} | below_v1
