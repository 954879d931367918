"""Hits that nobody judged count as 0, and are listed; further judgements fill the gaps."""

import json
from pathlib import Path

import pytest

from eval.collection import Qrels
from eval.errors import BadCollection
from eval.pooling import unjudged_hits, with_judgements, with_kept_judgements
from tests.small_collection import catalogue_of, collection_of, run_of

COLLECTION = collection_of({"k1": {"a": 3, "b": 0}, "k2": {"b": 2}})
CATALOGUE = catalogue_of(COLLECTION, "c", *(f"x{n}" for n in range(12)))


def judgements(folder: Path, *lines: tuple[str, str, int], name: str = "qrels_more.jsonl") -> Path:
    file = folder / name
    told = [json.dumps({"qid": qid, "uid": uid, "grade": grade}) for qid, uid, grade in lines]
    file.write_text("\n".join(told), encoding="utf-8")
    return file


def test_the_first_ten_hits_that_nobody_judged_are_listed_for_whoever_judges_them():
    run = run_of("recueil", CATALOGUE, {"k1": ["c", "b", "a"], "k2": ["b", *(f"x{n}" for n in range(12))]})
    hits = unjudged_hits(run, COLLECTION)
    assert [(hit.qid, hit.rank, hit.uid, hit.title) for hit in hits[:2]] == [("k1", 1, "c", "C"), ("k2", 2, "x0", "X0")]
    assert (hits[0].question, len(hits), hits[-1].rank) == ("text of k1", 10, 10)


def test_another_telling_of_a_judged_initiative_is_judged():
    collection = collection_of({"k1": {"a": 3, "b": 1}}, twins=[{"a", "b"}])
    run = run_of("recueil", catalogue_of(collection), {"k1": ["b"]})
    assert unjudged_hits(run, collection) == ()


def test_further_judgements_are_merged_and_the_rest_still_counts_as_unjudged(tmp_path: Path):
    file = judgements(tmp_path, ("k1", "c", 2), ("k2", "x1", 0))
    (more,) = with_judgements([COLLECTION], [file])
    qrels = Qrels.of(more, CATALOGUE)
    assert [qrels.grade("k1", one) for one in ("a", "b", "c", "x1")] == [3, 0, 2, None]
    assert qrels.grade("k2", "x1") == 0


def test_a_pair_that_is_judged_already_keeps_its_grade(tmp_path: Path):
    (more,) = with_judgements([COLLECTION], [judgements(tmp_path, ("k1", "a", 0))])
    assert Qrels.of(more, CATALOGUE).grade("k1", "a") == 3


def test_each_line_goes_to_the_collection_that_asks_its_question(tmp_path: Path):
    other = collection_of({"r1": {"a": 3}})
    files = [
        judgements(tmp_path, ("r1", "b", 1), ("k1", "c", 1)),
        judgements(tmp_path, ("k2", "c", 1), name="third.jsonl"),
    ]
    first, second = with_judgements([COLLECTION, other], files)
    assert [(one.question, one.unit) for one in first.judgements[3:]] == [("k1", "c"), ("k2", "c")]
    assert [(one.question, one.unit) for one in second.judgements[1:]] == [("r1", "b")]


def test_without_files_nothing_changes():
    assert with_judgements([COLLECTION], []) == [COLLECTION]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([("k9", "a", 1)], r"No collection asks the question 'k9' \(.*qrels_more\.jsonl:1\)"),
        ([("k1", "c", 1), ("k1", "c", 2)], r"judgement of 'c' for 'k1' stands twice \(.*qrels_more\.jsonl:2\)"),
        ([("k1", "c", 4)], r"grade: .*\(.*qrels_more\.jsonl:1\)"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_with_its_place(tmp_path: Path, lines, message: str):
    with pytest.raises(BadCollection, match=message):
        with_judgements([COLLECTION], [judgements(tmp_path, *lines)])


def test_what_the_project_judged_of_a_collection_outside_it_is_kept_under_its_name(tmp_path: Path):
    """A line on a question of another half is passed over; a grade that the collection has stays."""
    name = f"{COLLECTION.name}.jsonl"
    judgements(tmp_path, ("k1", "c", 2), ("k1", "a", 0), ("k9", "b", 3), name=name)
    qrels = Qrels.of(with_kept_judgements(COLLECTION, tmp_path), CATALOGUE)
    assert (qrels.grade("k1", "c"), qrels.grade("k1", "a"), "k9" in qrels.grades) == (2, 3, False)
    assert with_kept_judgements(COLLECTION, tmp_path / "nowhere") == COLLECTION
