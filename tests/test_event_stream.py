"""Server-sent events: who asked for them, and how they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from event_stream import asked_for, event
from wire import FaultReply


@pytest.mark.parametrize(
    "accept",
    [
        ["text/event-stream"],
        ["Text/Event-Stream; charset=utf-8"],
        ["text/event-stream, */*"],
        ["application/json;q=0.5, text/event-stream"],
        ["application/json;q=0", "text/event-stream;q=0.1"],
        ["text/event-stream; q=0.9, application/json ; Q=0.800"],
        ["text/*"],
    ],
)
def test_a_client_that_puts_events_first_gets_events(accept):
    assert asked_for(accept)


@pytest.mark.parametrize(
    "accept",
    [
        [],
        [""],
        ["*/*"],
        ["application/json"],
        ["application/json, text/event-stream"],
        ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"],
        ["text/event-stream;q=0"],
        ["text/event-stream;q=0, */*"],
        ["text/event-stream;q=0.4, */*;q=0.5"],
        ["text/event-stream;q=2"],
        ["text/event-stream;q=nan"],
        ["text/event-streams"],
        ["image/png"],
        [";;,,;q=;"],
    ],
)
def test_any_other_client_gets_json(accept):
    assert not asked_for(accept)


@given(st.lists(st.text(alphabet="*/;,=q.01 \ttexvn-srmaplico+j", max_size=60), max_size=3))
def test_no_header_whatever_is_too_odd_to_read(accept):
    assert asked_for(accept) in (True, False)


def test_an_event_is_a_name_and_one_line_of_json():
    told = event("fault", FaultReply(what="a\r\nb", where="c", mend="é"))
    assert told == 'event: fault\ndata: {"what":"a\\r\\nb","where":"c","mend":"é"}\n\n'
