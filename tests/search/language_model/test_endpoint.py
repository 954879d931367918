"""A language model: its text arrives piece by piece, within its time and size, and every failure is one of few."""

import asyncio
import gc
import logging
import socket
import threading
import time
import traceback
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text import EMAIL, PHONE
from search.language_model import LanguageModel, Message, NoReply, redact_for_llm
from search.language_model.endpoint import LONGEST_TEXT, THREAD, Reason, with_deadline
from tests.llm_server import (
    LlmServer,
    cut_off,
    dripping,
    dripping_headers,
    dripping_text,
    endless,
    endless_line,
    events,
    limited,
    redirected,
    refused_with,
    sent,
    silent,
    streamed,
    whole,
)

KEY = "sk-very-secret"
QUESTION = "Où va le bus secret ?"
MESSAGES = (Message("system", "Réponds."), Message("user", QUESTION))
TIMEOUT_S = 0.4
# A busy machine takes a while to notice.
NOTICED_S = TIMEOUT_S + 1.5


@pytest.fixture
def server():
    with LlmServer() as server:
        yield server


def model_at(url, timeout_s=10.0, api_key=KEY):
    return LanguageModel(url=url, model="petit-modele", timeout_s=timeout_s, api_key=api_key)


def reply_of(server, timeout_s=10.0):
    return list(model_at(server.url, timeout_s).reply(MESSAGES))


def reason_of(server, timeout_s=10.0):
    with pytest.raises(NoReply, match="The language model gave no whole reply") as caught:
        reply_of(server, timeout_s)
    return caught.value.reason


def test_a_streamed_reply_arrives_in_its_pieces(server):
    server.behave = streamed("Le bus va partout [1].", size=10)
    assert reply_of(server) == ["Le bus va ", "partout [1", "]."]


def test_a_reply_that_is_not_streamed_arrives_as_one_piece(server):
    server.behave = whole("Le bus va « partout » [1].")
    assert reply_of(server) == ["Le bus va « partout » [1]."]


def test_a_piece_may_hold_what_unicode_calls_a_line_end(server):
    server.behave = streamed("un\u2028deux\x85trois", size=40)
    assert reply_of(server) == ["un\u2028deux\x85trois"]


def test_events_may_end_their_lines_with_a_carriage_return(server):
    server.behave = sent(b'data: {"choices": [{"delta": {"content": "Oui."}}]}\r\n\r\ndata: [DONE]\r\n\r\n')
    assert reply_of(server) == ["Oui."]


def test_the_model_is_asked_once_for_a_stream_without_chance(server):
    reply_of(server)
    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert request.body == {
        "model": "petit-modele",
        "messages": [{"role": "system", "content": "Réponds."}, {"role": "user", "content": QUESTION}],
        "temperature": 0,
        "stream": True,
    }
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["accept-encoding"] == "identity"


def test_a_slash_at_the_end_of_the_url_changes_nothing(server):
    list(model_at(server.url + "/").reply(MESSAGES))
    assert server.requests[0].path == "/v1/chat/completions"


def test_without_a_key_none_is_sent(server):
    list(model_at(server.url, api_key=None).reply(MESSAGES))
    assert "authorization" not in server.requests[0].headers


def test_proxies_of_the_environment_are_not_used(server, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert "".join(reply_of(server)) == "Le bus va partout [1]."


def test_pieces_are_given_before_the_reply_has_ended(server):
    server.behave = dripping_text
    with closing(model_at(server.url).reply(MESSAGES)) as pieces:
        assert [next(pieces), next(pieces)] == ["le ", "le "]


@pytest.mark.parametrize("behaviour", [silent, dripping_headers, dripping, dripping_text])
def test_the_time_is_for_the_whole_reply_however_it_drips(server, behaviour):
    server.behave = behaviour
    began = time.monotonic()
    assert reason_of(server, TIMEOUT_S) is Reason.TIMED_OUT
    assert TIMEOUT_S <= time.monotonic() - began < NOTICED_S


@pytest.mark.parametrize("behaviour", [endless, endless_line, streamed("le " * LONGEST_TEXT, 500), limited("Le bus")])
def test_a_reply_may_not_be_too_long(server, behaviour):
    server.behave = behaviour
    assert reason_of(server) is Reason.TOO_LONG


@pytest.mark.parametrize("status", [204, 400, 401, 404, 429, 500, 503])
def test_another_status_is_an_http_error(server, status):
    server.behave = refused_with(status)
    assert reason_of(server) is Reason.HTTP_ERROR


def test_no_redirect_is_followed(server):
    with LlmServer() as stranger:
        server.behave = redirected(f"{stranger.url}/chat/completions")
        assert reason_of(server) is Reason.HTTP_ERROR
        assert stranger.requests == []


@pytest.mark.parametrize(
    "behaviour",
    [
        sent(b'{"choices": [{"message": {"content": "Le b'),
        sent(b'{"error": {"message": "overloaded"}}'),
        sent(b"<html>Bonjour</html>"),
        sent(b'{"choices": [{"message": {"content": ["Le bus"]}}]}'),
        sent(b'{"a":' * 100_000),
        events(b"not json"),
        events(b'{"error": "overloaded"}'),
        events(b'{"choices": [{"delta": "Le bus"}]}'),
        events(b'{"choices": [{"delta": {"content": "\xff"}}]}'),
        events(b"[]"),
    ],
)
def test_what_cannot_be_read_is_malformed(server, behaviour):
    server.behave = behaviour
    assert reason_of(server) is Reason.MALFORMED


@pytest.mark.parametrize(
    "behaviour", [sent(b""), events(), events(b"[DONE]"), streamed(""), streamed(" \n "), whole("")]
)
def test_a_reply_without_text_is_empty(server, behaviour):
    server.behave = behaviour
    assert reason_of(server) is Reason.EMPTY


@pytest.mark.parametrize(
    "behaviour",
    [
        cut_off("Le bus va"),
        events(b'{"choices": [{"delta": {"content": "Le bus va"}}]}'),
        events(b'{"choices": [{"delta": {"content": "Le bus"}, "finish_reason": "content_filter"}]}'),
    ],
    ids=["connection", "no end", "filter"],
)
def test_a_reply_without_its_end_is_broken_off(server, behaviour):
    server.behave = behaviour
    assert reason_of(server) is Reason.BROKEN_OFF


def test_what_came_before_the_break_was_given(server):
    server.behave = cut_off("Le bus va")
    pieces = model_at(server.url).reply(MESSAGES)
    assert next(pieces) == "Le bus va"
    with pytest.raises(NoReply, match="broken_off"):
        next(pieces)


def test_a_server_that_is_not_there_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}/v1", "ftp://127.0.0.1/v1", "http://[/v1", "nowhere"):
        with pytest.raises(NoReply, match="unreachable"):
            list(model_at(url).reply(MESSAGES))


def test_so_many_replies_are_awaited_at_once_and_one_more_is_refused_without_waiting(server):
    server.behave = endless
    model = LanguageModel(url=server.url, model="petit-modele", timeout_s=10.0, at_once=1)
    with closing(model.reply(MESSAGES)) as awaited:
        assert next(awaited)
        with pytest.raises(NoReply) as caught:
            next(model.reply(MESSAGES))
    assert caught.value.reason is Reason.BUSY
    assert len(server.requests) == 1
    with closing(model.reply(MESSAGES)) as following:
        assert next(following)


def test_a_reply_that_fails_leaves_its_place_to_the_next(server):
    model = LanguageModel(url=server.url, model="petit-modele", timeout_s=10.0, at_once=1)
    for behaviour, reason in [(refused_with(500), Reason.HTTP_ERROR), (cut_off("Le"), Reason.BROKEN_OFF)] * 2:
        server.behave = behaviour
        with pytest.raises(NoReply) as caught:
            list(model.reply(MESSAGES))
        assert caught.value.reason is reason


@pytest.mark.parametrize("behaviour", [refused_with(401), cut_off("Le"), events(b"not json"), silent])
def test_no_failure_tells_the_key_or_the_question(server, behaviour, caplog):
    server.behave = behaviour
    caplog.set_level(logging.DEBUG)
    model = model_at(server.url, TIMEOUT_S)
    with pytest.raises(NoReply, match="no whole reply") as caught:
        list(model.reply(MESSAGES))
    told = "".join(traceback.format_exception(caught.value)) + repr(model) + repr(caught.value) + caplog.text
    assert KEY not in told
    assert "secret" not in told
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_a_key_that_is_no_header_is_not_told_either(server):
    with pytest.raises(NoReply, match="unreachable") as caught:
        list(model_at(server.url, api_key="sk-\nsecret").reply(MESSAGES))
    assert caught.value.__context__ is None


def test_a_question_in_any_script_arrives_as_it_was_asked(server):
    list(model_at(server.url, api_key="clé").reply((Message("user", "Ça va, 東京 🚌 ?"),)))
    assert server.requests[0].body["messages"][0]["content"] == "Ça va, 東京 🚌 ?"


SHORT_S = 0.2
# A busy machine takes a while to notice.
SOON_S = 2.0


def pieces_of(url, timeout_s):
    return LanguageModel(url=url, model="petit-modele", timeout_s=timeout_s).reply(MESSAGES)


def threads_left():
    """Threads of exchanges that have not ended a while later."""
    deadline = time.monotonic() + SOON_S
    while (left := [one for one in threading.enumerate() if one.name == THREAD]) and time.monotonic() < deadline:
        time.sleep(0.01)
    return left


def test_pieces_come_in_their_order_and_then_the_end():
    assert list(with_deadline(1.0, lambda connection: iter(["le ", "bus"]))) == ["le ", "bus"]


def test_what_is_raised_in_the_exchange_is_raised_to_who_asked():
    def breaks(connection):
        yield "le "
        raise ValueError("no bus")

    pieces = with_deadline(1.0, breaks)
    assert next(pieces) == "le "
    with pytest.raises(ValueError, match="no bus"):
        next(pieces)


def test_what_came_in_time_is_given_to_one_who_takes_it_late():
    pieces = with_deadline(SHORT_S, lambda connection: iter(["le ", "bus"]))
    assert next(pieces) == "le "
    time.sleep(SHORT_S)
    assert list(pieces) == ["bus"]


def test_a_name_that_is_resolved_slowly_does_not_hold_the_asker(monkeypatch):
    released = threading.Event()

    def resolve_at_last(*_, **__):
        released.wait()
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", resolve_at_last)
    began = time.monotonic()
    with pytest.raises(NoReply, match="timed_out"):
        next(pieces_of("http://slow.test/v1", SHORT_S))
    assert time.monotonic() - began < SOON_S
    released.set()
    assert threads_left() == []


@pytest.mark.parametrize("behaviour", [silent, dripping_headers, dripping, dripping_text])
def test_no_thread_waits_on_after_the_time(behaviour):
    with LlmServer() as server:
        server.behave = behaviour
        with pytest.raises(NoReply, match="timed_out"):
            list(pieces_of(server.url, SHORT_S))
        assert threads_left() == []


def test_a_reply_may_be_dropped_in_a_thread_that_runs_an_event_loop():
    async def take_one_and_drop():
        pieces = pieces_of(server.url, 10.0)
        first = await asyncio.to_thread(next, pieces)
        del pieces
        gc.collect()
        return first

    with LlmServer() as server:
        server.behave = dripping_text
        assert asyncio.run(take_one_and_drop()) == "le "
        assert threads_left() == []


def test_every_piece_may_be_taken_in_another_thread():
    taken = []
    with LlmServer() as server:
        server.behave = dripping_text
        pieces = pieces_of(server.url, 10.0)
        for _ in range(3):
            thread = threading.Thread(target=lambda: taken.append(next(pieces)))
            thread.start()
            thread.join()
        pieces.close()
        assert taken == ["le ", "le ", "le "]
        assert threads_left() == []


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Écrire à bus@ain.fr.", "Écrire à ."),
        ("Tél : 04 00 00 00 00, le matin", "Tél : , le matin"),
        ("Appeler le 0**4 00 00 00 00**", "Appeler le"),
        ("b*us*@ain.fr", ""),
        ("+33 4 00 00 00 00", ""),
        ("moins de 5 < 6 ans", "moins de 5 ‹ 6 ans"),
    ],
)
def test_contact_data_is_not_sendable_even_in_markup(text, sent):
    assert redact_for_llm(text) == sent


@given(st.text(st.sampled_from("0123 .-*@a<>{}^\n"), max_size=60))
def test_nothing_sendable_holds_contact_data_or_a_delimiter(text):
    sent = redact_for_llm(text)
    assert not EMAIL.search(sent)
    assert not PHONE.search(sent)
    assert not set("<>") & set(sent)
