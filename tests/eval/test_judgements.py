"""Judgements of a collection: what several people gave alike, written so that the evaluation can measure on it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import CannotMeasure, digest_of, load_collection
from eval.judgements import agreement_of, write_collection
from feedback import Judgement
from tests.small_collection import catalogue

KNOWN = catalogue(["bus", "car", "photo", "train", "tram"], same_as={"bus": ("car",), "car": ("bus",)})


def judged(query, initiative, *grades, language="fr"):
    return [Judgement(query=query, language=language, initiative=initiative, grade=grade) for grade in grades]


def agreed(given):
    return [(pair.question, pair.initiative, pair.grade) for pair in agreement_of(given, KNOWN).agreed]


# --- agreement ---


@pytest.mark.parametrize(
    ("grades", "grade"),
    [((3, 3), 3), ((2, 3), 2), ((3, 2, 3), 3), ((0, 1, 1), 1), ((0, 0), 0), ((1, 2, 2, 1), 1)],
)
def test_grades_that_differ_by_one_at_most_agree_on_their_median_the_lower_of_two(grades, grade):
    assert agreed(judged("un atelier", "photo", *grades)) == [("un atelier", "photo", grade)]


@pytest.mark.parametrize("grades", [(1, 3), (0, 2), (3, 3, 3, 1)])
def test_grades_farther_apart_disagree_and_are_listed(grades):
    agreement = agreement_of(judged("un atelier", "photo", *grades), KNOWN)
    assert agreement.agreed == ()
    assert [pair.grades for pair in agreement.disagreed] == [tuple(sorted(grades))]


def test_one_judgement_alone_is_an_opinion():
    agreement = agreement_of(judged("un atelier", "photo", 3), KNOWN)
    assert (agreement.agreed, agreement.disagreed, agreement.alone) == ((), (), 1)


def test_a_question_is_the_same_whatever_its_case_accents_and_spaces():
    given = (
        judged("Où est l'été ?", "photo", 3) + judged("ou  est l'ete", "photo", 3) + judged("Où est l'été ?", "bus", 1)
    )
    assert agreed(given) == [("Où est l'été ?", "photo", 3)]


def test_the_tellings_of_one_initiative_are_judged_together():
    assert agreed(judged("un bus", "car", 3, 3) + judged("un bus", "bus", 2)) == [("un bus", "car", 3)]


def test_initiatives_that_tell_of_different_things_are_judged_apart():
    agreement = agreement_of(judged("un rail", "train", 3) + judged("un rail", "tram", 3), KNOWN)
    assert (agreement.agreed, agreement.alone) == ((), 2)


def test_judgements_of_initiatives_that_are_gone_are_counted_and_left_out():
    agreement = agreement_of(judged("un bus", "sold", 3, 3) + judged("un bus", "bus", 3, 3), KNOWN)
    assert (len(agreement.agreed), agreement.gone) == (1, 2)


@given(st.lists(st.integers(0, 3), min_size=2, max_size=9))
def test_a_pair_either_agrees_or_disagrees_and_the_grade_is_one_that_was_given(grades):
    agreement = agreement_of(judged("un bus", "bus", *grades), KNOWN)
    assert len(agreement.agreed) + len(agreement.disagreed) == 1
    assert all(pair.grade in grades for pair in agreement.agreed)


# --- the collection ---


def test_what_agrees_is_a_collection_like_any_other(tmp_path):
    given = (
        judged("un bus", "bus", 3, 3)
        + judged("un bus", "photo", 0, 0)
        + judged("a train", "train", 2, 2, language="en")
    )
    collection = write_collection(tmp_path / "use", agreement_of(given, KNOWN))
    assert collection == load_collection(tmp_path / "use")
    assert [(one.text, one.language, one.type) for one in collection.questions] == [
        ("un bus", "fr", "feedback"),
        ("a train", "en", "feedback"),
    ]
    grades = {(one.question, one.unit): one.grade for one in collection.judgements}
    first, second = (one.id for one in collection.questions)
    assert grades == {(first, "bus"): 3, (first, "photo"): 0, (second, "train"): 2}


def test_a_question_for_which_nothing_is_good_is_left_out(tmp_path):
    given = judged("un bus", "bus", 3, 3) + judged("un avion", "photo", 0, 0)
    collection = write_collection(tmp_path, agreement_of(given, KNOWN))
    assert [question.text for question in collection.questions] == ["un bus"]


def test_the_same_feedback_makes_the_same_collection(tmp_path):
    given = judged("un bus", "bus", 3, 3)
    for name in ("one", "two"):
        write_collection(tmp_path / name, agreement_of(given, KNOWN))
    assert digest_of(tmp_path / "one") == digest_of(tmp_path / "two")


@pytest.mark.parametrize("given", [[], judged("un bus", "bus", 3), judged("un bus", "bus", 0, 0)])
def test_without_agreement_on_something_good_there_is_no_collection(tmp_path, given):
    with pytest.raises(CannotMeasure, match=r"No two judgements agree yet.*recueil feedback list"):
        write_collection(tmp_path / "use", agreement_of(given, KNOWN))
    assert not (tmp_path / "use").exists()


def test_a_collection_that_is_there_is_not_written_over(tmp_path):
    (tmp_path / "queries.jsonl").write_text("mine", encoding="utf-8")
    with pytest.raises(CannotMeasure, match="There is a collection already"):
        write_collection(tmp_path, agreement_of(judged("un bus", "bus", 3, 3), KNOWN))
    assert (tmp_path / "queries.jsonl").read_text(encoding="utf-8") == "mine"
