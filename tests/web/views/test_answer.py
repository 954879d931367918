"""The answer panel over HTTP: whole, streamed, or refused; and the report that an answer is missing."""

import html
import re
from dataclasses import replace

import pytest

from feedback import MissKind, Store, feedback_file
from tests.web.conftest import BIKES, REFUSED, QuotingAnswerer, client_of
from web.visitor import texts_in

REFUSED_QUESTION = f"garde d'enfants {REFUSED}"


def text_of(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def events_of(text: str) -> list[tuple[str, str]]:
    """Names and data of the events of a stream."""
    told = [event.split("\n") for event in text.removesuffix("\n\n").split("\n\n")]
    return [
        (name.removeprefix("event: "), "\n".join(line.removeprefix("data: ") for line in data)) for name, *data in told
    ]


def test_an_answer_is_sure_and_quotes_its_source_with_a_link_to_its_lines(client):
    page = html.unescape(client.get("/answer?q=v%C3%A9lo&lang=en").text)
    assert '<span class="sureness">sure</span>' in page
    assert re.search(r'<q lang="fr">«\xa0Le défi vise à prêter un vélo[^<]*»</q>', page)
    (address,) = re.findall(r'class="cite" href="([^"]+)"', page)
    assert address == f"/sheet/{BIKES}?from=6&to=6&lang=en#cited"
    assert 'id="cited"' in client.get(address.split("#")[0]).text


def test_a_quote_is_in_the_language_of_its_source_and_the_rest_in_that_of_the_answer(service):
    question = "/answer?q=How+many+households+test+the+wood+heating+kit%3F"
    page = service.get(f"{question}&lang=en").text
    assert re.search(r'<q lang="fr">«[^<]*250 foyers', page)
    assert '<div class="statements">' in page
    assert '<div class="statements" lang="en">' in service.get(f"{question}&lang=fr").text


def test_an_answer_leaves_out_what_the_search_leaves_out(client):
    asked = {"q": f"bus en Gironde {REFUSED}", "lang": "en"}
    named, ignored = (client.get("/answer", params=asked | more).text for more in ({}, {"ignore": "Gironde"}))
    assert texts_in("en")("answer.rephrase_place") in named
    assert texts_in("en")("answer.rephrase_place") not in ignored


@pytest.mark.parametrize(
    ("conditions", "sheets"), [({}, "Searched 6 sheets, by words"), ({"theme": "Bien vieillir"}, "Searched 3 sheets")]
)
def test_a_refusal_tells_how_many_sheets_were_searched_and_leaves_the_nearest_to_the_list_below(
    client, conditions, sheets
):
    page = client.get("/answer", params={"q": REFUSED_QUESTION, "lang": "en", **conditions}).text
    assert sheets in text_of(page)
    assert 'href="/sheet/' not in page


@pytest.mark.parametrize(
    ("q", "conditions", "advice"),
    [
        (REFUSED_QUESTION, {}, []),
        (f"{REFUSED_QUESTION} en Gironde", {}, ["answer.rephrase_place"]),
        (REFUSED_QUESTION, {"theme": "Bien vieillir"}, ["answer.rephrase_filters"]),
        (
            f"{REFUSED_QUESTION} en Gironde",
            {"theme": "Bien vieillir"},
            ["answer.rephrase_place", "answer.rephrase_filters"],
        ),
    ],
    ids=["neither", "a place", "a filter", "both"],
)
def test_a_refusal_advises_to_leave_out_only_what_was_asked_for(client, q, conditions, advice):
    page = client.get("/answer", params={"q": q, "lang": "en", **conditions}).text
    given = [key for key in ("answer.rephrase_place", "answer.rephrase_filters") if texts_in("en")(key) in page]
    assert given == advice
    assert ("Ask differently" in page) == bool(advice)


class Uncalibrated(QuotingAnswerer):
    """An answerer whose confidence was fitted on other texts."""

    def stream(self, ranking):
        *said, answer = super().stream(ranking)
        yield from said
        yield replace(answer, confidence=None)


def test_where_the_confidence_means_nothing_none_is_shown(small_settings, small_searcher):
    with client_of(small_settings, small_searcher, Uncalibrated(small_searcher)) as client:
        page = client.get("/answer?q=v%C3%A9lo&lang=en").text
    assert 'class="cite"' in page
    assert "sureness" not in page


# --- streamed ---


def test_an_answer_is_streamed_as_fragments_and_ends_with_the_whole(client):
    reply = client.get("/answer/stream?q=v%C3%A9lo")
    assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    (first, statement), (last, whole) = events_of(reply.text)
    assert (first, last) == ("statement", "answer")
    assert statement.startswith('<p class="statement">')
    assert whole == client.get("/answer?q=v%C3%A9lo").text
    assert statement in whole


@pytest.mark.parametrize(
    "query", ["?q=%3F!", "", "?q=", "?q=%F0%9F%9A%8C", f"?q={'x' * 1001}", "?q=bus&departement=Zzz"]
)
@pytest.mark.parametrize("route", ["/answer", "/answer/stream"])
def test_a_question_that_cannot_be_read_is_refused_with_the_mend_before_anything_is_sent(client, route, query):
    reply = client.get(route + query, headers={"Accept-Language": "en"})
    assert reply.status_code == 422
    what, mend = re.findall(r'<p lang="en">(.*?)</p>', reply.text)
    assert re.search(r"<strong>.+</strong> <span class=\"where\">\(\w+\)</span>", what)
    assert mend.endswith(".")


class BreaksOff(QuotingAnswerer):
    """An answerer that breaks after its first statement."""

    def stream(self, ranking):
        yield next(super().stream(ranking))
        raise ValueError("a secret question")


def test_what_breaks_on_the_way_is_an_event_that_does_not_repeat_the_question(small_settings, small_searcher):
    with client_of(small_settings, small_searcher, BreaksOff(small_searcher)) as client:
        told = events_of(client.get("/answer/stream?q=v%C3%A9lo").text)
    assert [name for name, _ in told] == ["statement", "fault"]
    assert "secret" not in told[1][1]


# --- gaps ---


def test_where_feedback_is_kept_a_gap_is_reported_with_one_click(small_settings, small_searcher, tmp_path):
    settings = small_settings.model_copy(update={"var": tmp_path, "feedback": True})
    with client_of(settings, small_searcher, QuotingAnswerer(small_searcher)) as client:
        page = client.get("/", params={"q": REFUSED_QUESTION, "lang": "en"}).text
        assert texts_in("en")("answer.gap") in page
        thanks = client.post("/gap?lang=en", data={"q": "garde d'enfants la nuit"})
        assert "Thank you" in thanks.text
        assert client.post("/gap", data={"q": "  "}).status_code == 422
    kept = [(miss.entry.query, miss.entry.kind) for miss in Store(feedback_file(tmp_path), 365).misses()]
    assert kept == [(REFUSED_QUESTION, MissKind.REFUSED), ("garde d'enfants la nuit", MissKind.REPORTED)]


def test_where_no_feedback_is_kept_nothing_can_be_reported(client):
    assert "/gap" not in client.get("/", params={"q": REFUSED_QUESTION}).text
    assert client.post("/gap", data={"q": "x"}).status_code == 404
