"""Judgements of a collection: what several people gave alike, written so that the evaluation can measure on it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from cli import app
from eval.agreement import agreement_of
from eval.collection import digest_of, load_collection
from eval.fault import CannotMeasure
from eval.feedback_collection import write_collection
from search.feedback.entry import GivenJudgement
from search.feedback.store import Store, feedback_file
from tests.small_collection import catalogue

KNOWN = catalogue(["bus", "car", "photo", "train"], same_as={"bus": ("car",), "car": ("bus",)})


def judged(query, initiative, *grades, language="fr"):
    return [GivenJudgement(query, language, initiative, grade) for grade in grades]


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


# --- the command line ---


@pytest.fixture
def recueil(almanac, tmp_path, monkeypatch):
    """Run a command over the almanac, with a folder of its own for feedback."""
    for folder in ("index", "models"):
        (tmp_path / folder).symlink_to(almanac.var / folder)
    monkeypatch.setenv("RECUEIL_VAR", str(tmp_path))
    monkeypatch.setenv("RECUEIL_ENCODER", almanac.encoder)
    monkeypatch.setenv("RECUEIL_FEEDBACK", "true")
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def test_from_judgements_on_the_command_line_to_figures(recueil, almanac, tmp_path):
    bus, lodging = almanac.engine().initiatives[1].id, almanac.engine().initiatives[4].id
    for query, initiative, grade in [
        ("un bus pour voir le médecin", bus, 3),
        ("Un bus pour voir le médecin ?", bus, 2),
        ("loger des étudiants", lodging, 3),
        ("loger des étudiants", lodging, 3),
        ("loger des étudiants", bus, 3),
        ("loger des étudiants", bus, 0),
    ]:
        assert recueil("feedback", "add", query, initiative, grade).exit_code == 0
    made = recueil("eval", "judgements", "--to", tmp_path / "use")
    assert made.exit_code == 0, made.stderr
    assert "Agreed: 2. Disagreed: 1" in made.stdout
    assert "0 3" in made.stdout  # the grades of the disagreement
    assert "2 questions and 2 judgements lie in" in made.stdout
    measured = recueil("eval", "--collection", tmp_path / "use", "--json")
    assert measured.exit_code == 0, measured.stderr
    assert json.loads(measured.stdout)["retrieval"]["overall"]["questions"] == 2


def test_who_plays_is_told_by_the_command_line(recueil, tmp_path):
    store = Store(feedback_file(tmp_path), 365)
    store.add(GivenJudgement("un bus", "fr", "bus", 3, None, "words", "full"))
    store.add(GivenJudgement("un vélo", "fr", "bike", 3, None, "full", "words"))
    store.add(GivenJudgement("un train", "fr", "train", 2, None, "full", "words"))
    told = recueil("eval", "interleaving")
    assert "full : words" in told.stdout
    assert "2 : 1" in told.stdout
    (contest,) = json.loads(recueil("eval", "interleaving", "--json").stdout)
    assert (contest["second"], contest["wins_first"], contest["wins_second"], contest["p"]) == ("words", 2, 1, 1.0)


def test_without_judgements_nobody_has_played(recueil):
    assert "No judgement tells of two systems yet" in recueil("eval", "interleaving").stdout
    refused = recueil("eval", "judgements", "--to", "nowhere")
    assert (refused.exit_code, "No two judgements agree yet" in refused.stderr) == (1, True)


def test_feedback_is_listed_exported_and_purged(recueil, almanac, tmp_path):
    bus = almanac.engine().initiatives[1].id
    recueil("feedback", "add", "un bus pour Mme Anne ROY", bus, 2, "--comment", "voir [bold]a@b.fr[/bold]")
    listed = recueil("feedback", "list").stdout
    assert ("un bus pour" in listed, "ROY" in listed, "a@b.fr" in listed) == (True, False, False)
    (line,) = recueil("feedback", "export").stdout.splitlines()
    told = json.loads(line)
    assert (told["query"], told["initiative"], told["grade"], told["system"]) == ("un bus pour", bus, 2, None)
    assert recueil("feedback", "purge").stdout == "0 entries are deleted.\n"
    assert recueil("feedback", "purge", "--containing", "UN BUS").stdout == "1 entry is deleted.\n"
    assert recueil("feedback", "export").stdout == ""
    recueil("feedback", "add", "un bus", bus, 2)
    assert recueil("feedback", "purge", "--all").stdout == "1 entry is deleted.\n"


def test_where_feedback_is_off_none_is_added_and_what_there_was_can_be_deleted(recueil, almanac, monkeypatch):
    bus = almanac.engine().initiatives[1].id
    recueil("feedback", "add", "un bus", bus, 2)
    monkeypatch.setenv("RECUEIL_FEEDBACK", "false")
    refused = recueil("feedback", "add", "un bus", bus, 2)
    assert (refused.exit_code, "Set RECUEIL_FEEDBACK=true" in refused.stderr) == (1, True)
    assert recueil("feedback", "purge", "--all").stdout == "1 entry is deleted.\n"


@pytest.mark.parametrize(
    "words",
    [
        ("feedback", "add", "un bus", "x", "4"),
        ("feedback", "add", "un bus", "x", "-1"),
        ("feedback", "add", "un bus", "x", "good"),
        ("feedback", "purge", "--all", "--containing", "x"),
        ("feedback", "purge", "--containing", " "),
        ("eval", "judgements"),
        ("eval", "gaps"),
    ],
)
def test_a_wrong_call_ends_with_2(recueil, words):
    assert recueil(*words).exit_code == 2


def test_a_judgement_of_an_unknown_initiative_is_a_fault(recueil):
    ended = recueil("feedback", "add", "un bus", "nobody", 2)
    assert (ended.exit_code, ended.stderr.splitlines()[0]) == (1, "There is no initiative 'nobody'")


@pytest.mark.parametrize("command", ["judgements", "interleaving", "gaps"])
def test_the_help_of_every_command_shows_an_example(command):
    shown = CliRunner().invoke(app, ["eval", command, "--help"])
    assert (shown.exit_code, f"Example: recueil eval {command}" in shown.output) == (0, True)
