"""Questions as people speak: each wording belongs to a fact, near misses to an initiative that does not answer them."""

import json
from pathlib import Path

import pytest

from eval.training import (
    NEAR_MISSES,
    SPOKEN,
    BadTrainingQuestion,
    is_kept_out,
    read_near_misses,
    read_spoken,
    training_set,
)
from search import Searcher


def written(folder: Path, *lines: object) -> Path:
    path = folder / "spoken.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf8")
    return path


def test_a_wording_is_answered_by_the_quotes_of_its_fact(searcher: Searcher, tmp_path: Path):
    fact = searcher.index.contents.enrichment.facts[0]
    line = {"initiative": fact.initiative, "question": fact.questions.fr[0], "fr": ["c'est quoi ?"], "en": ["what?"]}
    french, english = read_spoken(written(tmp_path, line), (fact,))
    assert (french.text, french.language, english.text, english.language) == ("c'est quoi ?", "fr", "what?", "en")
    assert french.initiative == fact.initiative
    assert french.answer == fact.short.fr
    assert french.proofs == tuple(quote.text for quote in fact.quotes)
    assert french.fact is None  # known when it is answered, as it is when people ask


def test_a_near_miss_is_about_an_initiative_and_answered_by_none(tmp_path: Path):
    path = written(tmp_path, {"initiative": "atlas-le-bus-01", "fr": ["Combien coûte le bus ?"], "en": []})
    (near,) = read_near_misses(path, {"atlas-le-bus-01"})
    assert (near.initiative, near.answer, near.near) == (None, None, "atlas-le-bus-01")


@pytest.mark.parametrize("line", [{}, [], 7, {"initiative": "a", "fr": "x", "en": []}])
def test_a_line_of_another_shape_is_refused_with_its_number(tmp_path: Path, line: object):
    with pytest.raises(BadTrainingQuestion, match=r"as people speak \(.*spoken\.jsonl:1\)\. Give a JSON object with"):
        read_near_misses(written(tmp_path, line), {"a"})


def test_a_wording_of_no_fact_is_refused(tmp_path: Path):
    line = {"initiative": "atlas-le-bus-01", "question": "Où va le bus ?", "fr": [], "en": []}
    with pytest.raises(BadTrainingQuestion, match="No fact has this as its first wording"):
        read_spoken(written(tmp_path, line), ())


def test_a_near_miss_of_no_initiative_is_refused(tmp_path: Path):
    with pytest.raises(BadTrainingQuestion, match="There is no initiative 'a'"):
        read_near_misses(written(tmp_path, {"initiative": "a", "fr": [], "en": []}), set())


def test_the_shipped_wordings_are_of_both_languages_and_none_is_a_wording_of_its_fact(searcher: Searcher):
    facts = searcher.index.contents.enrichment.facts
    spoken = read_spoken(SPOKEN, facts)
    assert {one.language for one in spoken} == {"fr", "en"}
    known = {text for fact in facts for text in (*fact.questions.fr, *fact.questions.en)}
    assert not [one.text for one in spoken if one.text in known]


def test_no_question_of_the_training_set_is_about_an_initiative_that_is_kept_out(searcher: Searcher):
    initiatives = searcher.index.contents.initiatives
    kept_out = {one.id for one in initiatives if is_kept_out(one)}
    near = read_near_misses(NEAR_MISSES, {one.id for one in initiatives})
    assert {one.near for one in near} & kept_out  # there are some to leave out
    for asked in training_set(searcher):
        assert asked
        assert not [one.text for one in asked if {one.initiative, one.near} & kept_out]
