"""How busy the service is, in a few lines for a person: the figures of /metrics, summed up since it was started."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from prometheus_client.registry import CollectorRegistry
from prometheus_client.samples import Sample

SLOW_SHARE = 0.95  # of requests that take no longer than what is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteLoad:
    """What was asked of one route."""

    route: str  # template
    requests: int
    mean_ms: float
    slow_ms: float | None  # 95 of 100 took no longer, to the bucket of the histogram; None beyond the last of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What was asked since the service was started."""

    requests: int
    in_progress: int
    refusals: tuple[tuple[str, int], ...]  # kind of fault and number, the most frequent first
    routes: tuple[RouteLoad, ...]  # the most asked first
    memory_bytes: int | None


def load_of(registry: CollectorRegistry) -> Load:
    """Sum up the figures of a registry."""
    samples: dict[str, list[Sample]] = defaultdict(list)
    for family in registry.collect():
        for sample in family.samples:
            samples[sample.name].append(sample)
    refusals = {one.labels["kind"]: int(one.value) for one in samples["recueil_refusals_total"]}
    routes = _routes(samples)
    memory = samples["process_resident_memory_bytes"]
    return Load(
        requests=sum(one.requests for one in routes),
        in_progress=int(sum(one.value for one in samples["recueil_requests_in_progress"])),
        refusals=tuple(sorted(refusals.items(), key=lambda one: (-one[1], one[0]))),
        routes=routes,
        memory_bytes=int(memory[0].value) if memory else None,
    )


def _routes(samples: Mapping[str, list[Sample]]) -> tuple[RouteLoad, ...]:
    counts, seconds = (
        _by_route(samples["recueil_request_seconds_count"]),
        _by_route(samples["recueil_request_seconds_sum"]),
    )
    buckets: dict[str, dict[float, float]] = defaultdict(lambda: defaultdict(float))
    for one in samples["recueil_request_seconds_bucket"]:
        buckets[one.labels["route"]][float(one.labels["le"])] += one.value
    loads = [
        RouteLoad(
            route=route,
            requests=int(count),
            mean_ms=1000 * seconds[route] / count,
            slow_ms=_slow_ms(buckets[route], count),
        )
        for route, count in counts.items()
        if count
    ]
    return tuple(sorted(loads, key=lambda one: (-one.requests, one.route)))


def _by_route(samples: list[Sample]) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for one in samples:
        sums[one.labels["route"]] += one.value
    return sums


def _slow_ms(at_most: Mapping[float, float], count: float) -> float | None:
    """Where the requests of a histogram reach the share: between two of its bounds, as if they lay evenly there."""
    bounds = [(0.0, 0.0), *sorted(at_most.items())]
    for (low, before), (high, after) in pairwise(bounds):
        if after >= SLOW_SHARE * count:
            if high == float("inf"):
                return None
            return 1000 * (low + (high - low) * (SLOW_SHARE * count - before) / (after - before))
    return None
