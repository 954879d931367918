"""Answers over HTTP: the contract, the same streamed, and every refusal in the same three words.

What only real answers can show is asked of `service`, everything else of the almanac with a stand-in answerer.
"""

import asyncio
import logging
import re
from threading import Event
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

import api
from corpus.text import holds_contact
from search import BadQuestion
from search.answer import BadCalibration, BadReader, Verdict
from tests.atlas import answer
from tests.replies import events_of, is_fault, run, when_opened
from tests.web.conftest import REFUSED

STREAM = {"accept": "text/event-stream"}
SEVERAL = "which departments help unaccompanied minors?"
RESPITE = "Combien coûte une demi-journée de répit pour les aidants ?"
HOUSEHOLDS = "combien de foyers testent le kit de chauffage au bois ?"
OF_A_SERVICE = examples(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ANY_CHARACTER = st.characters(exclude_categories=())


def ask(client, q, **filters):
    reply = client.get("/ask", params={"q": q, **filters})
    assert reply.status_code == 200, reply.text
    return reply.json()


def streamed(client, q, **filters):
    reply = client.get("/ask", params={"q": q, **filters}, headers=STREAM)
    assert reply.status_code == 200, reply.text
    return events_of(reply.text)


# --- the contract ---


def test_an_answer_has_the_fields_of_the_contract(client):
    told = ask(client, "vélo")
    assert told.keys() == {
        "question", "language", "abstained", "verdict", "confidence", "is_list", "text", "statements", "citations",
        "hits", "path", "fallback", "removed", "took_ms",
    }  # fmt: skip
    assert (told["question"], told["language"], told["abstained"], told["verdict"]) == ("vélo", "fr", False, "answered")
    assert told["citations"][0].keys() == {"initiative", "also_in", "quote", "source", "corrected"}
    assert told["citations"][0]["source"].keys() == {"document", "start_line", "end_line"}
    assert (told["path"], told["fallback"], told["removed"]) == ("extractive", None, 0)


def test_a_figure_is_answered_with_the_sentence_that_gives_it(service):
    told = ask(service, RESPITE)
    assert (told["abstained"], told["verdict"]) == (False, "answered")
    assert "10 à 12 euros" in told["citations"][0]["quote"]


def test_what_is_refused_has_one_statement_and_the_nearest_initiatives(client):
    told = ask(client, f"un vélo {REFUSED}")
    assert (told["abstained"], told["verdict"], told["citations"]) == (True, "refused", [])
    assert len(told["statements"]) == 1
    assert told["hits"]


def test_what_is_ignored_is_not_understood(client):
    in_gironde, anywhere = ask(client, "bus en Gironde"), ask(client, "bus en Gironde", ignore="Gironde")
    ranked = [[hit["initiative"]["id"] for hit in told["hits"]] for told in (in_gironde, anywhere)]
    assert ranked[0] != ranked[1]
    (*_, (_, whole)) = streamed(client, "bus en Gironde", ignore="Gironde")
    assert whole["hits"] == anywhere["hits"]


def test_the_text_is_its_statements_and_each_rests_on_citations_that_are_there(service):
    told = ask(service, SEVERAL)
    assert len(told["statements"]) > 1
    assert told["text"] == "\n".join(one["text"] for one in told["statements"])
    for statement in told["statements"]:
        assert statement["citations"] != []
        assert all(0 <= position < len(told["citations"]) for position in statement["citations"])


@pytest.mark.parametrize("q", [HOUSEHOLDS, SEVERAL])
def test_a_quote_is_character_for_character_in_the_lines_it_names(service, documents, q):
    for citation in ask(service, q)["citations"]:
        source = citation["source"]
        assert citation["quote"] in documents[source["document"]].text(source["start_line"], source["end_line"])


def test_an_answer_has_a_probability_of_being_right_and_a_list_has_none(service):
    assert 0 <= ask(service, HOUSEHOLDS)["confidence"] <= 1
    told = ask(service, SEVERAL)
    assert (told["is_list"], told["confidence"]) == (True, None)


def test_an_english_question_is_answered_in_english_with_a_whole_french_sentence(service):
    told = ask(service, "how many households test the wood heating kit?")
    assert told["language"] == "en"
    assert re.search(r"\(Gironde\): « [A-Z][^«]*testé auprès de 250 foyers[^«]*\. »", told["text"])


def test_a_filter_holds_for_every_citation_and_every_hit(service):
    told = ask(service, "Quel organisme porte le projet ?", document="laureats-2022")
    assert {hit["initiative"]["document"] for hit in told["hits"]} == {"laureats-2022"}
    assert {one["source"]["document"] for one in told["citations"]} <= {"laureats-2022"}


def test_contact_data_are_shown_to_who_asks_for_a_contact(service):
    asked = ask(service, "Qui contacter pour l'atelier photo en Gironde ?")
    assert any(holds_contact(one["quote"]) for one in asked["citations"])


def test_contact_data_are_shown_to_nobody_else(service):
    sheets = service.get("/initiatives", params={"document": "recueil-2018", "limit": 100}).json()["items"]
    with_contact = [sheet["title"] for sheet in sheets if any(one["phone"] for one in sheet["contacts"])][:10]
    assert with_contact
    for title in with_contact:
        for q in (f"Qui porte « {title} » ?"[:400], title[:400]):
            told = ask(service, q)
            shown = [told["text"], *(one["quote"] for one in told["citations"])]
            assert [text for text in shown if holds_contact(text)] == [], q


def test_an_answer_is_kept_by_nobody_on_its_way_and_varies_with_what_is_accepted(client):
    for headers in ({}, STREAM):
        reply = client.get("/ask", params={"q": "vélo"}, headers=headers)
        assert reply.headers["cache-control"] == "no-store"
        assert "Accept" in reply.headers["vary"].split(", ")
    assert client.get("/ask", params={"q": ""}).headers["cache-control"] == "no-store"


# --- streamed ---


@pytest.mark.parametrize("q", [SEVERAL, "prix du bitcoin à Tokyo ?"])
def test_a_stream_tells_the_statements_with_their_citations_and_then_the_whole_answer(service, q):
    *statements, (last, whole) = streamed(service, q)
    assert [name for name, _ in statements] == ["statement"] * len(whole["statements"])
    assert last == "answer"
    assert {**whole, "took_ms": 0} == {**ask(service, q), "took_ms": 0}
    for (_, told), statement in zip(statements, whole["statements"], strict=True):
        cited = [whole["citations"][position] for position in statement["citations"]]
        assert told == statement | {"citations": cited}


def test_a_stream_says_what_it_is_and_asks_not_to_be_gathered(client):
    headers = client.get("/ask", params={"q": "vélo"}, headers=STREAM).headers
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["x-accel-buffering"] == "no"


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "application/json"),
        ("application/json, text/event-stream", "application/json"),
        ("text/event-stream;q=0", "application/json"),
        ("text/event-stream, */*;q=0.1", "text/event-stream; charset=utf-8"),
        ("application/json;q=0.9, text/event-stream", "text/event-stream; charset=utf-8"),
    ],
)
def test_who_likes_events_best_gets_events(client, accept, content_type):
    reply = client.get("/ask", params={"q": "vélo"}, headers={"accept": accept})
    assert reply.headers["content-type"] == content_type


def test_several_headers_are_read_as_one(client):
    headers = [("accept", "application/json;q=0.5"), ("accept", "text/event-stream")]
    assert client.get("/ask", params={"q": "vélo"}, headers=headers).headers["content-type"].startswith("text/event")


# --- bad input ---


@pytest.mark.parametrize("headers", [{}, STREAM], ids=["whole", "streamed"])
@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=",
        "q=%20",
        "q=%F0%9F%9A%8C",
        "q=%00",
        "q=" + "x" * 5_000,
        "q=bus&k=5",
        "q=bus&kind=poem",
        "q=bus&departmnt=33",
        "q=bus&ignore=" + "x" * 301,
        "q=bus&departement=Zzz",
        "q=bus&region=Aquitaine",
        "q=bus&theme=Zzz",
        "q=bus&document=Zzz",
        "q=bus&year_from=soon",
        "q=bus&year_from=2018&year_to=2015",
    ],
)
def test_bad_input_is_refused_as_by_the_search_whatever_is_accepted(client, headers, query):
    refused = client.get(f"/ask?{query}", headers=headers)
    assert is_fault(refused, 422)
    if "k=5" not in query:
        assert refused.json() == client.get(f"/search?{query}").json()


@OF_A_SERVICE
@given(st.text(max_size=60, alphabet=ANY_CHARACTER), st.sampled_from([{}, STREAM]))
def test_no_question_whatever_breaks_the_service(client, q, headers):
    reply = client.get(f"/ask?q={quote(q, errors='surrogatepass')}", headers=headers)
    assert reply.status_code in (200, 422)
    assert reply.status_code == 422 or not headers or events_of(reply.text)[-1][0] == "answer"


# --- an answerer that fails, or takes its time ---


class Scripted:
    """Stands for the answerer: tells what it is given, one by one, and raises what is an exception."""

    def __init__(self, searcher, *told):
        self.searcher = searcher
        self.told = told

    def stream(self, ranking):
        for one in self.told:
            if isinstance(one, Exception):
                raise one
            yield one


THE_STATEMENT = (answer().statements[0], answer().citations)


@pytest.fixture
def app_with(monkeypatch, small_settings, small_searcher):
    def made(*told):
        monkeypatch.setattr(api, "open_answerer", lambda settings, searcher: Scripted(small_searcher, *told))
        return api.create_app(small_settings, small_searcher)

    return made


def told_by(app, q="bus"):
    return run(app, lambda client: when_opened(client, "/ask", params={"q": q}, headers=STREAM))


def test_a_fault_before_the_first_statement_has_its_status(app_with):
    reply = told_by(app_with(BadQuestion("Not a word", "the question", "Ask something.")))
    assert is_fault(reply, 422)


def test_a_fault_on_the_way_is_an_event(app_with):
    reply = told_by(app_with(THE_STATEMENT, BadReader("It broke", "over there", "Mend it.")))
    (first, _), last = events_of(reply.text)
    assert (reply.status_code, first) == (200, "statement")
    assert last == ("fault", {"what": "It broke", "where": "over there", "mend": "Mend it."})


def test_a_bug_on_the_way_is_an_event_and_neither_it_nor_the_log_repeat_the_question(app_with, caplog):
    with caplog.at_level(logging.DEBUG):
        reply = told_by(app_with(THE_STATEMENT, ValueError("my secret question")), q="my secret question")
    (_, (name, fault)) = events_of(reply.text)
    assert name == "fault"
    assert fault.keys() == {"what", "where", "mend"}
    assert "ValueError in /ask" in caplog.text
    assert "secret" not in reply.text
    assert "secret" not in "".join(record.getMessage() for record in caplog.records if record.name != "httpx")


def test_an_answer_may_replace_what_was_told_on_the_way(app_with):
    withdrawn = (answer().statements[1], ())
    (_, (name, whole)) = events_of(told_by(app_with(withdrawn, answer())).text)
    assert (name, whole["text"]) == ("answer", answer().text)


def test_a_statement_is_sent_before_the_next_is_ready(monkeypatch, small_settings, small_searcher):
    arrived = Event()

    class Slow(Scripted):
        def stream(self, ranking):
            yield THE_STATEMENT
            assert arrived.wait(20), "the first statement was kept back"
            yield answer()

    monkeypatch.setattr(api, "open_answerer", lambda settings, searcher: Slow(small_searcher))
    app, sent = api.create_app(small_settings, small_searcher), []

    async def send(message):
        sent.append(message.get("body", b""))
        if b"event: statement" in sent[-1]:
            arrived.set()

    async def asked(client):
        await when_opened(client, "/ready")
        scope = {
            "type": "http", "method": "GET", "path": "/ask", "query_string": b"q=bus", "http_version": "1.1",
            "headers": [(b"accept", b"text/event-stream")], "scheme": "http", "server": ("here", 80),
        }  # fmt: skip
        await app(scope, nothing_more, send)

    request = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def nothing_more():
        for message in request:
            return message
        await asyncio.sleep(60)

    run(app, asked)
    assert [name for name, _ in events_of(b"".join(sent).decode())] == ["statement", "answer"]


@pytest.mark.parametrize("kind", [BadReader, BadCalibration])
def test_without_an_answerer_the_search_goes_on_and_the_log_says_so_at_the_start(
    monkeypatch, small_settings, small_searcher, caplog, kind
):
    def fail(settings, searcher):
        raise kind("It is of another encoder", "a folder", "Run `recueil calibrate`.")

    monkeypatch.setattr(api, "open_answerer", fail)

    async def asked(client):
        return [await when_opened(client, path) for path in ("/ready", "/search?q=bus", "/ask?q=bus")]

    ready, found, refused = run(api.create_app(small_settings, small_searcher), asked)
    assert (ready.status_code, found.status_code) == (200, 200)
    assert is_fault(refused, 503)
    assert refused.json() == {
        "what": "It is of another encoder", "where": "a folder", "mend": "Run `recueil calibrate`.",
    }  # fmt: skip
    assert "There will be no answers: It is of another encoder" in caplog.text


def test_until_the_answerer_is_open_the_search_goes_on_and_the_service_is_not_ready(
    monkeypatch, small_settings, small_searcher
):
    opened = Event()
    monkeypatch.setattr(api, "open_answerer", lambda settings, searcher: opened.wait(60))

    async def asked(client):
        try:
            found = await when_opened(client, "/search?q=bus")
            return found, [await client.get(path) for path in ("/ready", "/ask?q=bus")]
        finally:
            opened.set()

    found, others = run(api.create_app(small_settings, small_searcher), asked)
    assert found.status_code == 200
    for reply in others:
        assert is_fault(reply, 503)
        assert reply.headers["retry-after"] == "1"


def test_the_folder_made_for_the_encoder_comes_before_the_one_of_the_package(small_settings, small_searcher, tmp_path):
    settings = small_settings.model_copy(update={"var": tmp_path})
    made = tmp_path / "answering" / settings.model_folder.name
    made.mkdir(parents=True)
    with pytest.raises(BadReader, match=r"no span reader.*Run `recueil train-reader`") as missing:
        api.open_answerer(settings, small_searcher)
    assert str(made) in missing.value.where


# --- the description of the routes ---


def test_the_stream_is_described_beside_the_whole_answer(client):
    route = client.get("/openapi.json").json()["paths"]["/ask"]["get"]
    assert route["responses"]["200"]["content"].keys() == {"application/json", "text/event-stream"}
    assert "event `statement`" in route["responses"]["200"]["description"]
    assert [one["name"] for one in route["parameters"]][-2:] == ["q", "ignore"]


def test_every_verdict_of_an_answer_is_in_the_description(client):
    shape = client.get("/openapi.json").json()["components"]["schemas"]["Verdict"]
    assert set(shape["enum"]) == set(Verdict)
