"""OpenAI's interface, by its official client over a real socket: answers with sources, follow-ups, refusals."""

import base64
import struct

import httpx
import openai
import pytest
from fastapi.sse import format_sse_event

from tests.live_service import live_service
from tests.small_index import AIN, GIRONDE, searcher_of, sheet
from tests.web.live_server import served
from web.admission import TOO_MANY
from web.errors import fault_response
from web.openai_errors import OpenAIErrors
from web.time_limit import TOO_LONG

BIKES, BUS = "atlas-bikes", "atlas-bus"


@pytest.fixture(scope="module")
def address(gazetteer):
    bikes = sheet(BIKES, "vélo pour apprentis", "gratuit", title="Un [vélo]", departements=(GIRONDE,))
    bus = sheet(BUS, "vélo pour médecins", title="Un vélo du médecin", departements=(AIN,))
    with live_service(searcher_of(bikes, bus, gazetteer=gazetteer)) as address:
        yield address


@pytest.fixture
def client(address):
    with openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client:
        yield client


def user(*said):
    return [{"role": "user", "content": text} for text in said]


def test_an_answer_cites_its_sources_in_the_text_and_as_annotations(client, address):
    reply = client.chat.completions.create(model="recueil", messages=user("vélo gironde"))
    message = reply.choices[0].message
    page = f"{address}/sheet/{BIKES}?from=1&to=1#cited"
    assert message.content == (
        "Un [vélo] : « vélo pour apprentis » [1]\n\nSources :\n"
        rf"[1] [Un \[vélo\]]({page}) — Title of atlas, ligne 1"
    )
    (annotation,) = message.annotations
    cited = annotation.url_citation
    assert message.content[cited.start_index : cited.end_index] == "[1]"
    assert (cited.url, cited.title, cited.quote) == (page, "Un [vélo]", "vélo pour apprentis")
    assert (cited.document, cited.start_line, cited.end_line) == ("atlas", 1, 1)
    assert httpx.get(page).status_code == 200
    assert reply.choices[0].finish_reason == "stop"
    assert reply.search_results[0]["chunk"]["metadata"]["initiative"] == BIKES


def test_a_follow_up_question_is_understood_and_shown(client):
    said = user("vélo en Gironde")
    said += [{"role": "assistant", "content": "Il y en a un."}, *user("et dans l'Ain ?")]
    reply = client.chat.completions.create(model="recueil", messages=said)
    assert reply.understood["question"] == "vélo dans l'Ain ?"
    assert reply.choices[0].message.content.startswith("_Question comprise : vélo dans l'Ain ?_\n\nUn vélo du médecin")


def test_a_refusal_to_answer_is_an_answer_that_says_so(client):
    reply = client.chat.completions.create(model="recueil", messages=user("vélo introuvable"))
    assert reply.choices[0].message.content == "Pas de réponse."
    assert reply.understood["abstained"] is True


@pytest.mark.parametrize("question", ["vélo gironde", "vélo introuvable"])
def test_a_streamed_answer_is_the_same(client, question):
    whole = client.chat.completions.create(model="recueil", messages=user(question)).choices[0].message
    chunks = list(client.chat.completions.create(model="recueil", messages=user(question), stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == whole.content
    told = [one for chunk in chunks for one in getattr(chunk.choices[0].delta, "annotations", None) or ()]
    assert told == [one.model_dump() for one in whole.annotations]
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices[0].finish_reason] == ["stop"]
    assert {chunk.id for chunk in chunks} == {chunks[0].id}


def test_parts_of_messages_and_parameters_of_other_models_are_taken(client):
    parts = [{"type": "text", "text": "vélo gironde"}, {"type": "image_url", "image_url": {"url": "data:"}}]
    reply = client.chat.completions.create(
        model="recueil",
        messages=[{"role": "system", "content": "Réponds en vers."}, {"role": "user", "content": parts}],
        temperature=0.2,
        max_tokens=5,
        tools=[{"type": "function", "function": {"name": "f", "parameters": {}}}],
        extra_body={"filters": {"departement": ["01"]}},
    )
    assert "Un vélo du médecin" in reply.choices[0].message.content


def test_models_are_listed_and_shown(client):
    ids = [model.id for model in client.models.list()]
    assert ids == ["recueil", "recueil-embeddings"]
    assert client.models.retrieve("recueil").owned_by == "recueil"


def test_embeddings_are_of_length_one_and_the_same_in_both_formats(client, address):
    texts = ["un vélo", "un bus"]
    first, second = (one.embedding for one in client.embeddings.create(model="recueil-embeddings", input=texts).data)
    assert sum(number * number for number in first) == pytest.approx(1, abs=1e-5)
    assert first != second
    asked = {"model": "recueil-embeddings", "input": texts[0], "encoding_format": "base64", "input_type": "passage"}
    packed = base64.b64decode(httpx.post(f"{address}/v1/embeddings", json=asked).json()["data"][0]["embedding"])
    assert list(struct.unpack(f"<{len(first)}f", packed)) == pytest.approx(first)


REFUSED = {
    "an unknown model": (lambda c: c.chat.completions.create(model="gpt-4", messages=user("vélo")), 404, "model"),
    "an unknown model shown": (lambda c: c.models.retrieve("gpt-4"), 404, "model"),
    "no message": (lambda c: c.chat.completions.create(model="recueil", messages=[]), 400, "messages"),
    "no word": (lambda c: c.chat.completions.create(model="recueil", messages=user(" ")), 400, None),
    "two answers": (lambda c: c.chat.completions.create(model="recueil", messages=user("a"), n=2), 400, "n"),
    "a long question": (lambda c: c.chat.completions.create(model="recueil", messages=user("a" * 1500)), 400, None),
    "a long body": (lambda c: c.chat.completions.create(model="recueil", messages=user("a" * 70_000)), 413, None),
    "a long question in a stream": (
        lambda c: c.chat.completions.create(model="recueil", messages=user("a" * 1500), stream=True),
        400,
        None,
    ),
    "a long text": (lambda c: c.embeddings.create(model="recueil-embeddings", input="a " * 99), 400, "input.0"),
    "other dimensions": (
        lambda c: c.embeddings.create(model="recueil-embeddings", input="a", dimensions=7),
        400,
        "dimensions",
    ),
    "a route that there is not": (lambda c: c.files.list(), 404, None),
}


@pytest.mark.parametrize(("call", "status", "param"), REFUSED.values(), ids=REFUSED)
def test_refusals_have_the_shape_of_openai(client, call, status, param):
    with pytest.raises(openai.APIStatusError) as error:
        call(client)
    assert (error.value.status_code, error.value.param) == (status, param)
    assert error.value.type == "invalid_request_error"
    assert error.value.body["message"].endswith(".")
    assert error.value.code == ("model_not_found" if param == "model" else None)


def test_the_other_routes_keep_our_own_shape(address):
    assert set(httpx.get(f"{address}/search").json()) == {"what", "where", "mend"}


def test_passages_are_found_in_the_shape_of_the_albert_api(address):
    asked = {"prompt": "vélo", "k": 1, "offset": 1, "collections": [1], "method": "semantic"}
    (found,) = httpx.post(f"{address}/v1/search", json=asked).json()["data"]
    (first, second) = httpx.post(f"{address}/v1/search", json={"query": "vélo", "limit": 2}).json()["data"]
    assert found == second
    assert first["score"] >= second["score"]
    assert found["chunk"]["content"].startswith("vélo")
    assert found["chunk"]["metadata"]["start_line"] == 1


class BreakingAnswerer:
    """Begins to answer, and breaks."""

    def __init__(self, searcher):
        self.searcher = searcher

    def answer(self, ranking):
        raise ValueError("un secret")


def test_what_breaks_in_a_stream_is_an_error_of_it_and_says_nothing_of_what_was_asked(gazetteer):
    searcher = searcher_of(sheet(BIKES, "vélo pour apprentis"), gazetteer=gazetteer)
    with (
        live_service(searcher, BreakingAnswerer) as address,
        openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client,
        pytest.raises(openai.APIError, match="nobody foresaw") as error,
    ):
        list(client.chat.completions.create(model="recueil", messages=user("vélo"), stream=True))
    assert "secret" not in str(error.value.body)


class StoppedStream:
    """An app whose stream is ended by the time limit, which says so by an event."""

    async def __call__(self, scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        fault = TOO_LONG.model_dump_json()
        await send({"type": "http.response.body", "body": format_sse_event(event="fault", data_str=fault)})


def test_a_stream_that_takes_too_long_ends_with_an_error_that_clients_read():
    with served(OpenAIErrors(StoppedStream())) as server:
        base = f"http://127.0.0.1:{server.port}/v1"
        with (
            openai.OpenAI(base_url=base, api_key="none", max_retries=0) as client,
            pytest.raises(openai.APIError, match="longer than a request may take"),
        ):
            list(client.chat.completions.create(model="recueil", messages=user("vélo"), stream=True))


def test_where_too_much_is_asked_the_time_to_come_back_is_told():
    async def crowded(scope, receive, send):
        await fault_response(503, TOO_MANY, {"Retry-After": "7"})(scope, receive, send)

    with served(OpenAIErrors(crowded)) as server:
        base = f"http://127.0.0.1:{server.port}/v1"
        with (
            openai.OpenAI(base_url=base, api_key="none", max_retries=0) as client,
            pytest.raises(openai.InternalServerError) as error,
        ):
            client.models.list()
    assert (error.value.type, error.value.response.headers["retry-after"]) == ("server_error", "7")
