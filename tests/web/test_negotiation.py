"""Content negotiation: what clients prefer, by headers however odd."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.negotiation import preferred_language, prefers_events, quality_list


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("text/html, */*;q=0.1", [("text/html", 1.0), ("*/*", 0.1)]),
        ("EN-gb ; level=1 ; Q = 0.5", [("en-gb", 0.5)]),
        ("a;q=1.0, b;q=0", [("a", 1.0), ("b", 0.0)]),
        ("a;q=2, b;q=nan, c;q=, d;q=-1", [("a", 0.0), ("b", 0.0), ("c", 0.0), ("d", 0.0)]),
        ("", [("", 1.0)]),
    ],
)
def test_a_header_lists_values_with_their_qualities(header, values):
    assert quality_list(header) == values


# --- the form of the reply ---


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
    assert prefers_events(", ".join(accept))


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
    assert not prefers_events(", ".join(accept))


# --- the language ---


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("", "fr"), ("fr", "fr"), ("en", "en"), ("en-GB,en;q=0.9,fr;q=0.8", "en"), ("de, fr;q=0.5, en;q=0.4", "fr"),
     ("de", "fr"), ("*", "fr"), ("en;q=x, fr", "fr"), (";;;,", "fr"), ("fr;q=0.1, EN;q=0.2", "en")],
)  # fmt: skip
def test_the_language_a_browser_likes_better_is_spoken(accepted, language):
    assert preferred_language(accepted) == language


@given(st.text(alphabet="*/;,=q.01 \ttexvn-srmaplico+jfr", max_size=120))
def test_no_header_whatever_is_too_odd_to_read(header):
    assert all(0 <= quality <= 1 for _, quality in quality_list(header))
    assert prefers_events(header) in (True, False)
    assert preferred_language(header) in ("fr", "en")
