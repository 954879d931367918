"""The page about operating cannot lie: its metrics and its dashboard are those of the program."""

import json
import re

import pytest

from tests.conftest import ROOT
from web.metrics import Metrics
from web.observation import Seen
from web.places import Places

PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


def test_what_an_operator_has_to_know_is_told():
    """That each of it is there, tests/test_docs.py holds of every page."""
    assert len(re.findall(r"^recueil |`recueil |bin/recueil ", PAGE, re.MULTILINE)) > 8
    assert {"VAR", "PUBLIC_URL", "METRICS", "ACCESS_LOG"} <= set(re.findall(r"RECUEIL_(\w+)", PAGE))


@pytest.fixture
def figures(almanac):
    metrics = Metrics(lambda: {"": almanac.searcher()}, [Places("search", 2, 16, 2.0)])
    metrics.begin()
    metrics.end(Seen("id", "GET", status=422, stages={"rerank": 0.1}, outcomes=[("search", "found")]))
    return metrics.text().decode()


def test_every_metric_that_is_told_is_given_with_its_labels_and_no_other_is(figures):
    table = PAGE.split("| metric | says |")[1].split("\n\n")[0]
    given = dict(re.findall(r"^(\w+?)(?:_bucket|_count|_sum)?(?:\{(.*)\})? ", figures, re.M))
    for cell in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE):
        for name, labels in re.findall(r"`(\w+)(?:\{([\w,]+)\})?`", cell):
            assert name in given, name
            assert set(labels.split(",")) - {""} <= set(re.findall(r"(\w+)=", given[name])), name
    ours = {name for name in given if name.startswith("recueil") and not name.endswith("_created")}
    told = set(re.findall(r"recueil_\w+", table)) | {f"recueil_index_{one}" for one in re.findall(r"…_(\w+)", table)}
    assert ours <= told


DASHBOARD = json.loads((ROOT / "docs" / "dashboard.json").read_text(encoding="utf-8"))
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]


def test_the_dashboard_asks_for_metrics_that_are_given_and_shows_all_that_say_how_the_service_does(figures):
    given = set(re.findall(r"^(\w+)", figures, re.MULTILINE))
    asked = {name for query in QUERIES for name in re.findall(r"\b(?:recueil|process)_\w+", query)}
    assert asked <= given
    families = {re.sub(r"_(bucket|sum|count|total|created)$", "", name) for name in given if name.startswith("recueil")}
    told = {re.sub(r"_(bucket|sum|count|total)$", "", name) for name in asked}
    about_what_is_served = {name for name in families if name.startswith("recueil_index")}
    assert families - about_what_is_served - {"recueil_reply_bytes"} <= told


def test_the_dashboard_groups_by_labels_that_its_metrics_have(figures):
    labels = set(re.findall(r'(\w+)="', figures)) | {"job", "instance", "le"}
    for query in QUERIES:
        told = re.findall(r"by \(([\w, ]+)\)", query) + re.findall(r"(\w+)=", query)
        assert {name for one in told for name in one.split(", ")} <= labels, query
    legends = [target["legendFormat"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    assert {name for one in legends for name in re.findall(r"{{(\w+)}}", one)} <= labels


def test_the_panels_of_the_dashboard_lie_side_by_side():
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {(at["x"] + i, at["y"] + j) for i in range(at["w"]) for j in range(at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells
