"""Three fronts in one report: real people's words come first, and what is not there is told."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import StringIO

from rich.console import Console

from eval.fronts import COLLECTION, FOREIGN, REAL_WORDS, Proof, measure_front, prove
from eval.run import System
from eval.tables import show_proof
from tests.small_collection import catalogue_of, collection_of, run_of

OURS = collection_of({"k1": {"a": 3}, "k2": {"b": 3}}, unanswerable=["n1"])
REAL = collection_of({"o1": {"a": 3}, "p1": {"b": 2}, "p2": {"b": 3}}, unanswerable=["n1", "n2"])
ELSEWHERE = collection_of({"f1": {"x": 3}})
CATALOGUE = catalogue_of(OURS, "c")
LISTS: Mapping[str, Sequence[str]] = {
    "text of k1": ["a"],
    "text of k2": ["b", "c"],
    "text of o1": ["c", "a"],
    "text of p1": [],
    "text of p2": ["c", "a", "b"],
    "text of n2": ["a"],
}
SYSTEM = System(name="recueil", rank=lambda text: LISTS.get(text.strip("?« \u00a0"), []), catalogue=CATALOGUE)
PROOF = replace(
    prove(SYSTEM, OURS, real_words=REAL, variants=True),
    foreign=measure_front(FOREIGN, ELSEWHERE, run_of("recueil", catalogue_of(ELSEWHERE), {"f1": ["x"]})),
)


def printed(proof: Proof) -> str:
    console = Console(file=StringIO(), width=100)
    show_proof(proof, console)
    assert isinstance(console.file, StringIO)
    return " ".join(console.file.getvalue().split())


def test_real_people_come_first_then_the_collection_then_the_foreign_corpus():
    assert [front.name for front in PROOF.fronts] == [REAL_WORDS, COLLECTION, FOREIGN]
    assert [one["front"] for one in PROOF.as_json()["fronts"]] == [REAL_WORDS, COLLECTION, FOREIGN]
    told = printed(PROOF)
    assert told.index("real people 3") < told.index("collection 2") < told.index("foreign corpus 1")
    assert told.index("How good the search is") < told.index("Collection 'small'")


def test_the_summary_of_a_front_has_the_figures_to_look_at_first():
    real = PROOF.as_json()["fronts"][0]
    assert (real["questions"], real["success_1"], real["success_3"]) == (3, 0, 2 / 3)
    assert (real["mrr_10"], real["recall_50"]) == ((1 / 2 + 0 + 1 / 3) / 3, 2 / 3)
    assert (real["unanswerable_empty"], real["answerable_empty"]) == (1 / 2, 1 / 3)


def test_the_share_of_empty_lists_is_unknown_where_no_question_lacks_an_answer():
    foreign = PROOF.as_json()["fronts"][2]
    assert (foreign["unanswerable_empty"], foreign["answerable_empty"]) == (None, 0)


def test_every_type_of_real_words_is_told_however_few_questions_it_has():
    assert PROOF.real_words
    assert printed(PROOF).count(" o 1 ") == 1
    assert set(PROOF.as_json()[REAL_WORDS]["retrieval"]["by_type"]) == {"o", "p"}


def test_what_nobody_judged_among_the_first_ten_is_counted():
    assert [(front.unjudged, front.first_ten) for front in PROOF.fronts] == [(3, 5), (1, 3), (0, 1)]
    assert "counted as 0: real people 3 of 5, collection 1 of 3, foreign corpus 0 of 1." in printed(PROOF)


def test_the_collection_alone_is_told_as_before_with_the_reason_for_what_is_missing():
    alone = prove(SYSTEM, OURS, absent={REAL_WORDS: "there is no folder x"})
    assert alone.fronts == (alone.collection,)
    assert "Not measured: real people, because there is no folder x." in printed(alone)
    told = alone.as_json()
    assert (told["not_measured"], told["variants"]) == ({REAL_WORDS: "there is no folder x"}, None)
    assert told["retrieval"]["overall"]["questions"] == 2


def test_no_question_stands_in_what_is_told():
    assert "text of" not in json.dumps(PROOF.as_json())
    assert "text of" not in printed(PROOF)


def test_the_gate_holds_all_fronts_and_keeps_their_questions_apart():
    """Two fronts may both have a question n1, and a type p."""
    held = PROOF.held()
    assert set(held.paired["ndcg_10"]) == {"k1", "k2"}
    assert set(held.floored["real_words.silence"]) == {f"real_words:{one}" for one in ("o1", "p1", "p2", "n1", "n2")}
    assert held.floored["foreign.mrr_10"] == {"foreign:f1": 1}
    assert held.floored["variants.ndcg_10"]["variants:capitals:k1"] == 0
    members = {one.label: one.members for one in held.slices}
    assert members["type no_answer"] == ("n1", "real_words:n1", "real_words:n2")
    assert "variants:in « »:k1" in members["variant in « »"]
    assert len(held.slices) == len(members)
