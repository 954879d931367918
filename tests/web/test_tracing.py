"""Traces: a span of each request with the stages of its work, and nothing that anybody typed."""

import sys

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import api
from tests.web.conftest import QuotingAnswerer, client_of
from web.tracing import NoTracing, Tracing, open_tracing

ENDPOINT = "http://127.0.0.1:4318/v1/traces"
SECRET = "zanzibar"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def traced(small_settings, small_searcher, monkeypatch):
    """A client of a service that is traced, and what its spans are kept in."""
    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(api, "open_tracing", lambda url: Tracing(provider))
    settings = small_settings.model_copy(update={"traces": ENDPOINT, "feedback": True})
    with client_of(settings, small_searcher, QuotingAnswerer(small_searcher)) as client:
        kept.clear()
        yield client, kept


def test_a_request_is_a_span_and_its_stages_lie_within(traced):
    client, kept = traced
    reply = client.get("/search?q=vélo", headers={"traceparent": PARENT})
    *stages, request = kept.get_finished_spans()
    assert request.name == "GET /search"
    assert request.attributes["http.response.status_code"] == 200
    assert request.attributes["x-request-id"] == reply.headers["x-request-id"]
    assert f"{request.context.trace_id:x}" == PARENT.split("-")[1].lstrip("0")
    assert [one.name for one in stages] == ["analyse", "retrieve", "rerank", "present"]
    for stage, following in zip(stages, [*stages[1:], None], strict=True):
        assert stage.parent.span_id == request.context.span_id
        assert request.start_time <= stage.start_time <= stage.end_time <= request.end_time
        assert following is None or stage.start_time <= following.start_time


def test_a_refusal_tells_its_kind(traced):
    client, kept = traced
    client.get("/search?q=%3F")
    (request,) = kept.get_finished_spans()[-1:]
    assert (request.attributes["error.type"], request.attributes["http.response.status_code"]) == ("BadQuestion", 422)


def test_nothing_that_was_typed_is_in_a_span(traced):
    client, kept = traced
    headers = {"traceparent": SECRET, "tracestate": f"{SECRET}=1", "baggage": f"{SECRET}=1", "User-Agent": SECRET}
    for path in (f"/search?q={SECRET}", f"/ask?q={SECRET}", f"/sheet/{SECRET}", f"/{SECRET}", f"/?q={SECRET}"):
        client.get(path, headers=headers)
    client.request(SECRET.upper(), "/search")
    spans = kept.get_finished_spans()
    assert len([one for one in spans if one.parent is None]) == 6
    assert SECRET not in "".join(one.to_json().lower() for one in spans)


def test_without_the_setting_nobody_is_traced(small_settings):
    assert api.create_app(small_settings).state.tracing is None


def test_without_the_extra_the_mend_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(NoTracing, match="opentelemetry"):
        open_tracing(ENDPOINT)
