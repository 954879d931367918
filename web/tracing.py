"""Traces: a span of each request and of the stages of its work, for OpenTelemetry; what was asked is in none.

    tracing = open_tracing("http://127.0.0.1:4318/v1/traces")
    app.add_middleware(Observation, tell=[tracing.end])
    tracing.close()

Made of what is seen from outside (web/observation.py): names from the code, times, a status. A proxy's trace goes on
here (`traceparent`, W3C Trace Context). Spans are sent in batches by a thread of the library, which also reads the
variables OTEL_… of its own, such as that of the share of requests that is traced.
"""

import time
from typing import Any

from corpus import Fault
from web.observation import REQUEST_ID, Seen

EXTRA = "opentelemetry"


class NoTracing(Fault):
    """Traces are asked for, and what sends them is not installed."""


class Tracing:
    """Makes spans of requests that have ended."""

    def __init__(self, provider: Any) -> None:  # noqa: ANN401 — opentelemetry.sdk.trace.TracerProvider, an extra
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._provider = provider
        self._tracer = provider.get_tracer("recueil")
        self._propagator = TraceContextTextMapPropagator()

    def end(self, seen: Seen) -> None:
        """Make the spans of a request that has ended just now."""
        from opentelemetry.trace import SpanKind, Status, StatusCode, set_span_in_context

        ended = time.time_ns()

        def at(moment: float) -> int:
            """The time of a moment of `time.perf_counter`, in nanoseconds of the clock."""
            return ended - round((seen.began + seen.seconds - moment) * 1e9)

        parent = self._propagator.extract({"traceparent": seen.traceparent or ""})
        attributes = {
            "http.request.method": seen.method,
            "http.route": seen.route,
            "http.response.status_code": seen.status,
            "http.response.body.size": seen.bytes,
            REQUEST_ID.lower(): seen.id,
        } | {f"recueil.{work.replace(' ', '_')}": outcome for work, outcome in seen.outcomes}
        if seen.fault is not None:
            attributes["error.type"] = seen.fault
        span = self._tracer.start_span(
            f"{seen.method} {seen.route}", parent, SpanKind.SERVER, attributes, start_time=at(seen.began)
        )
        if seen.status >= 500:
            span.set_status(Status(StatusCode.ERROR))
        for name, began, seconds in seen.steps:
            step = self._tracer.start_span(name, set_span_in_context(span), start_time=at(began))
            step.end(at(began + seconds))
        span.end(ended)

    def close(self) -> None:
        """Send what is left, for a few seconds at most."""
        self._provider.shutdown()


def open_tracing(url: str) -> Tracing:
    """Send spans to an endpoint of OTLP over HTTP. Raises NoTracing."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        mend = f"Run `pip install 'recueil[{EXTRA}]'`, or leave RECUEIL_TRACES out."
        raise NoTracing("What sends traces is not installed", f"the extra {EXTRA}", mend) from None
    provider = TracerProvider(resource=Resource.create({"service.name": "recueil"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
    return Tracing(provider)
