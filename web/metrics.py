"""The figures of /metrics, as Prometheus reads them: how much is asked, how long it takes, and what is served.

A label is a name from the code, a status or a digest: never a question, an address, or a value from a path.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector, CollectorRegistry

from corpus import Fault
from search import Searcher
from web.observation import Seen
from web.places import Places

CONTENT_TYPE = CONTENT_TYPE_LATEST

REQUEST_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
STAGE_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class NoMetrics(Fault):
    """Figures are asked for by somebody to whom they are not given."""


class Metrics:
    """The figures of one app, in a registry of its own."""

    def __init__(self, searchers: Callable[[], Mapping[str, Searcher | None]], places: Iterable[Places] = ()) -> None:
        """Take how to look at what is served, and the places for each kind of work.

        Of each corpus there is what searches it, None while nothing does; of one that is alone its name is "".
        """
        self.registry = CollectorRegistry()
        self._in_progress = Gauge(
            "recueil_requests_in_progress", "Requests at work or in line.", registry=self.registry
        )
        self._seconds = Histogram(
            "recueil_request_seconds",
            "Time from a request to the end of its reply.",
            ("route", "method"),
            buckets=REQUEST_BUCKETS_S,
            registry=self.registry,
        )
        self._stages = Histogram(
            "recueil_stage_seconds",
            "Time of a stage of the work.",
            ("route", "stage"),
            buckets=STAGE_BUCKETS_S,
            registry=self.registry,
        )
        self._replies = Counter(
            "recueil_replies", "Replies by their status.", ("route", "method", "status"), registry=self.registry
        )
        self._bytes = Counter(
            "recueil_reply_bytes", "Bytes of the bodies of replies.", ("route",), registry=self.registry
        )
        self._refusals = Counter(
            "recueil_refusals", "Refused requests by the kind of fault.", ("kind",), registry=self.registry
        )
        self._outcomes = Counter(
            "recueil_outcomes", "What came of the work.", ("work", "outcome"), registry=self.registry
        )
        ProcessCollector(registry=self.registry)  # memory, processor time and open files
        self.registry.register(ServedIndex(searchers))
        self.registry.register(Lines(places))

    def begin(self) -> None:
        """Count a request that has come in."""
        self._in_progress.inc()

    def end(self, seen: Seen) -> None:
        """Count a request that has ended."""
        self._in_progress.dec()
        self._seconds.labels(seen.route, seen.method).observe(seen.seconds)
        self._replies.labels(seen.route, seen.method, str(seen.status)).inc()
        self._bytes.labels(seen.route).inc(seen.bytes)
        if seen.status >= 400:
            self._refusals.labels(seen.fault or f"status {seen.status}").inc()
        for stage, seconds in seen.stages.items():
            self._stages.labels(seen.route, stage).observe(seconds)
        for work, outcome in seen.outcomes:
            self._outcomes.labels(work, outcome).inc()

    def text(self) -> bytes:
        """All figures, in the format of Prometheus."""
        return generate_latest(self.registry)


class Lines(Collector):
    """Says how many are at work, wait and were turned away, for each kind of work, when somebody reads the figures."""

    def __init__(self, places: Iterable[Places]) -> None:
        self._places = tuple(places)

    def collect(self) -> Iterator[Metric]:
        """Give what there is at this moment."""
        total = GaugeMetricFamily("recueil_work_places", "Requests that may be at work at once.", labels=["kind"])
        at_work = GaugeMetricFamily("recueil_work_running", "Requests at work.", labels=["kind"])
        in_line = GaugeMetricFamily("recueil_work_waiting", "Requests that wait for a place.", labels=["kind"])
        refused = CounterMetricFamily(
            "recueil_work_refused", "Requests that got no place, and why.", labels=["kind", "why"]
        )
        for places in self._places:
            total.add_metric([places.kind], places.total)
            at_work.add_metric([places.kind], places.at_work)
            in_line.add_metric([places.kind], places.in_line)
            for why, count in places.refused.items():
                refused.add_metric([places.kind, why], count)
        yield from (total, at_work, in_line, refused)

    def describe(self) -> Iterator[Metric]:
        """Nothing, before anybody reads."""
        return iter(())


class ServedIndex(Collector):
    """Says which index is served, of each corpus if there are several, when somebody reads the figures."""

    def __init__(self, searchers: Callable[[], Mapping[str, Searcher | None]]) -> None:
        self._searchers = searchers

    def collect(self) -> Iterator[Metric]:
        """Give what is known of it."""
        families: dict[str, Metric] = {}
        for corpus, searcher in self._searchers().items():
            named = {"corpus": corpus} if corpus else {}
            for one in _figures_of(searcher):
                family = families.setdefault(one.name, Metric(one.name, one.documentation, one.type))
                family.samples += [sample._replace(labels={**named, **sample.labels}) for sample in one.samples]
        yield from families.values()

    def describe(self) -> Iterator[Metric]:
        """Nothing, before anybody reads: the registry need not look at the service."""
        return iter(())


def _figures_of(searcher: Searcher | None) -> Iterator[Metric]:
    """Which index a searcher has."""
    yield GaugeMetricFamily("recueil_ready", "Whether an index is searched.", float(searcher is not None))
    if searcher is None:
        return
    manifest = searcher.index.manifest
    served = {"digest": manifest.corpus, "model": manifest.model, "format": str(manifest.format)}
    generation = searcher.index.generation
    if generation is not None:
        served |= {"generation": generation.name, "built": generation.built}
    yield InfoMetricFamily("recueil_index", "The index that is searched.", served)
    for name in ("documents", "initiatives", "passages", "records", "facts"):
        yield GaugeMetricFamily(f"recueil_index_{name}", f"Number of {name} in it.", getattr(manifest, name))
    if generation is not None:
        built = datetime.fromisoformat(generation.built).timestamp()
        yield GaugeMetricFamily("recueil_index_built_timestamp_seconds", "When it was built.", built)
