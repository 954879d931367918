"""The summary is of the shape that the page about quality reads, holds no question, and says what was not measured."""

import json
from datetime import date

import pytest

from eval import CannotMeasure, summary_of, write_summary
from eval.fronts import Proof, measure_front
from tests.small_collection import catalogue_of, collection_of, run_of
from web.quality import Quality

GRADES = {"a1": {"x": 3, "y": 1}, "b1": {"y": 2}, "b2": {"z": 2}}
RANKINGS = {"a1": ["x", "y"], "b1": ["z", "x", "y"], "b2": [], "n1": []}


@pytest.fixture
def proof():
    collection = collection_of(GRADES, unanswerable=["n1"])
    run = run_of("recueil", catalogue_of(collection), RANKINGS)
    front = measure_front("collection", collection, run)
    return Proof(collection=front, real_words=measure_front("real_words", collection, run))


@pytest.fixture
def summary(proof):
    return summary_of(proof, made=date(2026, 11, 29), version="0.2.0", corpus="d1")


def test_it_is_what_the_page_about_quality_reads(summary):
    read = Quality.model_validate_json(json.dumps(summary))
    people = read.fronts["real_words"]
    assert list(read.fronts) == ["real_words", "collection"]
    assert (people.questions, people.success_1, people.success_3) == (3, 0.333333, 0.666667)
    assert {name: one.questions for name, one in people.by_type.items()} == {"a": 1, "b": 2}
    assert (people.empty.answerable_empty, people.empty.unanswerable_empty) == (1, 1)
    assert (read.made, read.version, read.corpus) == (date(2026, 11, 29), "0.2.0", "d1")


def test_what_was_not_measured_is_none(summary):
    assert [name for name, value in summary.items() if value is None] == ["helped", "answers", "fields", "spellings"]


def test_it_holds_no_question_and_no_sheet(summary):
    told = json.dumps(summary)
    assert "text of" not in told
    assert '"x"' not in told


def test_a_file_that_cannot_be_written_is_a_fault(summary, tmp_path):
    with pytest.raises(CannotMeasure, match="--to"):
        write_summary(summary, tmp_path / "nowhere" / "quality.json")
