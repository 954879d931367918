"""An exchange: over when its time is over, whatever it waits for, and left from any thread."""

import asyncio
import gc
import socket
import threading
import time

import pytest

from search.language_model.exchange import THREAD, within
from search.language_model.language_model import LanguageModel, Message, NoReply
from tests.llm_server import LlmServer, dripping, dripping_headers, dripping_text, silent

MESSAGES = (Message("user", "Où va le bus ?"),)
TIMEOUT_S = 0.2
# A busy machine takes a while to notice.
NOTICED_S = 2.0


def reply_of(url, timeout_s):
    return LanguageModel(url, "petit-modele", timeout_s).reply(MESSAGES)


def threads_left():
    """Threads of exchanges that have not ended a while later."""
    deadline = time.monotonic() + NOTICED_S
    while (left := [one for one in threading.enumerate() if one.name == THREAD]) and time.monotonic() < deadline:
        time.sleep(0.01)
    return left


def test_pieces_come_in_their_order_and_then_the_end():
    assert list(within(1.0, lambda connection: iter(["le ", "bus"]))) == ["le ", "bus"]


def test_what_is_raised_in_the_exchange_is_raised_to_who_asked():
    def breaks(connection):
        yield "le "
        raise ValueError("no bus")

    pieces = within(1.0, breaks)
    assert next(pieces) == "le "
    with pytest.raises(ValueError, match="no bus"):
        next(pieces)


def test_what_came_in_time_is_given_to_one_who_takes_it_late():
    pieces = within(TIMEOUT_S, lambda connection: iter(["le ", "bus"]))
    assert next(pieces) == "le "
    time.sleep(TIMEOUT_S)
    assert list(pieces) == ["bus"]


def test_a_name_that_is_resolved_slowly_does_not_hold_the_asker(monkeypatch):
    released = threading.Event()

    def resolve_at_last(*_, **__):
        released.wait()
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", resolve_at_last)
    began = time.monotonic()
    with pytest.raises(NoReply, match="timed_out"):
        next(reply_of("http://slow.test/v1", TIMEOUT_S))
    assert time.monotonic() - began < NOTICED_S
    released.set()
    assert threads_left() == []


@pytest.mark.parametrize("behaviour", [silent, dripping_headers, dripping, dripping_text])
def test_no_thread_waits_on_after_the_time(behaviour):
    with LlmServer() as server:
        server.behave = behaviour
        with pytest.raises(NoReply, match="timed_out"):
            list(reply_of(server.url, TIMEOUT_S))
        assert threads_left() == []


def test_a_reply_may_be_dropped_in_a_thread_that_runs_an_event_loop():
    async def take_one_and_drop():
        pieces = reply_of(server.url, 10.0)
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
        pieces = reply_of(server.url, 10.0)
        for _ in range(3):
            thread = threading.Thread(target=lambda: taken.append(next(pieces)))
            thread.start()
            thread.join()
        pieces.close()
        assert taken == ["le ", "le ", "le "]
        assert threads_left() == []
