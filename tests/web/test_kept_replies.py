"""Kept replies: the same as new ones, of one generation, within their room, and never what is of the moment."""

import asyncio
import json

import pytest

from tests.web.conftest import BIKES, REFUSED, QuotingAnswerer, client_of
from web.kept_replies import BYTES_OF_AN_ENTRY, KeepReplies, KeptReplies, KeptReply, key_of
from web.observation import Seen

ASKED = ["/search?q=v%C3%A9lo&k=3", "/ask?q=un+bus", f"/initiatives/{BIKES}/similar?k=2"]


@pytest.fixture
def local(small_settings, small_searcher):
    def over(**changed):
        settings = small_settings.model_copy(update={"metrics": "all"} | changed)
        return client_of(settings, small_searcher, QuotingAnswerer(small_searcher))

    return over


def said(reply):
    """All of a reply but what is of the moment."""
    body, headers = reply.json(), dict(reply.headers)
    for name in ("x-request-id", "content-length"):
        headers.pop(name)
    body.pop("took_ms", None)
    return reply.status_code, headers, json.dumps(body)


def kept_times(client):
    line = 'recueil_outcomes_total{outcome="kept",work="reply"} '
    told = [one for one in client.get("/metrics").text.splitlines() if one.startswith(line)]
    return float(told[0].removeprefix(line)) if told else 0.0


@pytest.mark.parametrize("address", ASKED)
def test_a_kept_reply_is_the_new_one_but_for_its_time_and_id(local, address):
    with local() as client, local(kept_replies_mb=0) as forgetful:
        replies = [client.get(address), client.get(address), forgetful.get(address), forgetful.get(address)]
        assert (kept_times(client), kept_times(forgetful)) == (1, 0)
    first, *others = map(said, replies)
    assert all(one == first for one in others)
    assert replies[0].content == replies[1].content
    assert len({one.headers["x-request-id"] for one in replies}) == 4


def test_the_same_asked_in_another_writing_is_the_same(local):
    with local() as client:
        written = ["/search?q=v%C3%A9lo&k=3", "/search?k=3&q=vélo", "/search?k=3&q=v%c3%a9lo"]
        assert len({client.get(address).content for address in written}) == 1
        assert client.head(written[0]).headers["content-length"]
        assert kept_times(client) == 3


def test_a_reply_that_was_compressed_is_not_given_to_who_cannot_read_it(local):
    with local() as client:
        sent = [client.get(ASKED[0], headers={"Accept-Encoding": how}) for how in ("gzip", "identity", "br", "gzip")]
        assert kept_times(client) == 2
    assert [one.headers.get("content-encoding") for one in sent] == ["gzip", None, None, "gzip"]
    assert len({json.dumps(one.json() | {"took_ms": 0}) for one in sent}) == 1


def test_a_kept_reply_counts_like_any_other(local):
    with local() as client:
        for _ in range(3):
            client.get("/search?q=vélo")
        told = client.get("/metrics").text
    assert 'recueil_replies_total{method="GET",route="/search",status="200"} 3.0' in told
    assert 'recueil_outcomes_total{outcome="found",work="search"} 3.0' in told


def test_what_is_counted_as_a_miss_is_found_anew_each_time(local):
    with local(feedback=True) as client:
        for _ in range(2):
            client.get(f"/ask?q={REFUSED}")
        assert kept_times(client) == 0
        assert 'recueil_outcomes_total{outcome="missed",work="feedback"} 2.0' in client.get("/metrics").text


def test_refusals_are_not_kept(local):
    with local() as client:
        for address in ("/search?q=%3F", "/search", "/initiatives/nobody/similar") * 2:
            assert client.get(address).status_code in (404, 422)
        assert kept_times(client) == 0


def scope(path="/search", query=b"q=a", method="GET", accept=b"*/*", service=None):
    headers = [(b"accept", accept)]
    state = {"service": service, "seen": Seen("id", method)}
    return {"type": "http", "path": path, "query_string": query, "method": method, "headers": headers, "state": state}


@pytest.mark.parametrize(
    "asked",
    [
        {"path": "/"},
        {"path": "/answer"},
        {"path": "/search", "method": "POST"},
        {"path": "/similar", "method": "POST"},
        {"path": "/ask", "accept": b"text/event-stream"},
        {"path": "/initiatives"},
        {"path": "/initiatives/a-1"},
        {"path": "/sheet/similar"},
    ],
)
def test_pages_streams_sheets_and_what_is_sent_are_not_kept(asked):
    assert key_of(scope(**asked)) is None


def test_what_differs_in_a_value_or_in_the_order_of_one_name_is_another():
    queries = [b"q=a", b"q=b", b"q=a&k=1", b"q=a&theme=x&theme=y", b"q=a&theme=y&theme=x", b"q=", b""]
    keys = [key_of(scope(query=query)) for query in queries]
    assert len(set(keys)) == len(keys)


def test_another_generation_answers_anew_and_an_older_request_adds_nothing_to_it():
    made = []

    async def app(scope, receive, send):
        made.append(scope["state"]["service"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if scope["state"]["service"] == "old":  # which takes so long that the new one is served meanwhile
            await ask("new")
        await send({"type": "http.response.body", "body": scope["state"]["service"].encode()})

    async def ask(service):
        sent = []

        async def send(message):
            sent.append(message)

        await keeping(scope(service=service), None, send)
        bodies.append(sent[-1]["body"].decode())

    async def all_of_it():
        for service in ("old", "new", "new"):
            await ask(service)

    keeping, bodies = KeepReplies(app, most_bytes=10_000), []
    asyncio.run(all_of_it())
    assert made == ["old", "new"]
    assert bodies == ["new", "old", "new", "new"]


def reply(size):
    return KeptReply({}, b"x" * size, "/search", ())


def test_those_that_were_not_asked_for_longest_make_room():
    replies = KeptReplies(most_bytes=3 * (BYTES_OF_AN_ENTRY + 100))
    keys = [("search", (("q", letter),), False) for letter in "abcd"]
    for key in keys[:3]:
        replies.keep(key, reply(50))
    assert replies.get(keys[0]) is not None
    replies.keep(keys[3], reply(50))
    assert [replies.get(key) is not None for key in keys] == [True, False, True, True]
    assert replies.bytes <= replies.most_bytes
    replies.keep(("search", (), False), reply(replies.most_bytes))
    assert len(replies) == 3
