"""How busy a service is, summed up of the figures of /metrics."""

import pytest

from web.load import load_of
from web.metrics import Metrics
from web.observation import Seen


def told(*requests):
    """The load after requests: of a route, so many, so many seconds each, with a status."""
    metrics = Metrics(lambda: {"": None})
    for route, times, seconds, status in requests:
        for _ in range(times):
            metrics.begin()
            metrics.end(Seen("id", "GET", route=route, seconds=seconds, status=status))
    metrics.begin()
    return load_of(metrics.registry)


def test_requests_are_counted_by_route_the_most_asked_first():
    load = told(("/ask", 2, 0.2, 200), ("/search", 5, 0.02, 200), ("/search", 5, 0.04, 503))
    assert [(one.route, one.requests) for one in load.routes] == [("/search", 10), ("/ask", 2)]
    assert load.routes[0].mean_ms == pytest.approx(30)
    assert (load.requests, load.in_progress, load.refusals) == (12, 1, (("status 503", 5),))
    assert load.memory_bytes > 0


def test_what_95_of_100_take_lies_in_the_bucket_that_holds_the_95th():
    (route,) = told(("/search", 95, 0.02, 200), ("/search", 5, 2.0, 200)).routes
    assert 10 < route.slow_ms <= 25
    (route,) = told(("/search", 94, 0.02, 200), ("/search", 6, 2.0, 200)).routes
    assert 1000 < route.slow_ms <= 2500


def test_beyond_the_last_bucket_nobody_knows():
    (route,) = told(("/ask", 10, 100.0, 200)).routes
    assert route.slow_ms is None


def test_where_nothing_was_asked_there_is_no_route():
    assert told().routes == ()
