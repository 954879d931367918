"""What people ask is written beside the facts, checked line by line: what a fact answers, and what no sheet says."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from corpus import ASKED, BadEnrichment, Corpus, Fact, Wordings, load_asked, load_corpus, load_enrichment
from corpus.enrichment import EDITORIAL_FOLDER
from tests import atlas
from tests.almanac import Made

FARE = "Combien coûte le trajet ?"
TOLD = {"fr": ["c'est combien le ticket de car ?"], "en": ["what is the fare?"]}
SILENT = {"fr": ["le car prend les chiens ?"], "en": ["can I take my bike?"]}


@pytest.fixture
def almanac_corpus(almanac: Made, gazetteer) -> Corpus:
    return load_corpus(almanac.documents, gazetteer)


@pytest.fixture
def fare(almanac_corpus: Corpus) -> Fact:
    return replace(
        atlas.fact(), initiative=almanac_corpus.initiatives[0].id, questions=Wordings((FARE,), ("How much is it?",))
    )


def write_asked(folder: Path, *lines: dict, document: str = "almanac") -> Path:
    folder.mkdir(parents=True)
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (folder / f"{document}.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_the_shipped_questions_ask_for_every_fact_and_for_what_every_initiative_leaves_open(corpus: Corpus):
    facts = load_enrichment(EDITORIAL_FOLDER, corpus).facts
    asked = load_asked(EDITORIAL_FOLDER / ASKED, corpus, facts)
    assert sum(len(one.facts) for one in asked) == len(facts)
    assert {(len(told.fr), len(told.en)) for one in asked for told in one.facts.values()} == {(2, 2)}
    assert {(len(one.unanswered.fr), len(one.unanswered.en)) for one in asked} == {(5, 3)}
    assert len(asked) == len({one.cluster for one in corpus.initiatives})


def test_questions_stand_under_the_first_wording_of_their_fact(almanac_corpus: Corpus, fare: Fact, tmp_path):
    line = {"initiative": fare.initiative, "facts": {FARE: TOLD}, "unanswered": SILENT}
    (read,) = load_asked(write_asked(tmp_path / ASKED, line), almanac_corpus, (fare,))
    assert read.facts[FARE].fr == ("c'est combien le ticket de car ?",)
    assert read.unanswered.en == ("can I take my bike?",)


def test_without_a_folder_nothing_is_asked(almanac_corpus: Corpus, tmp_path):
    assert load_asked(tmp_path / ASKED, almanac_corpus, ()) == ()


@pytest.mark.parametrize(
    ("lines", "document", "what"),
    [
        ([{"initiative": "nobody"}], "almanac", "has no initiative 'nobody'"),
        ([{}], "elsewhere", "has no initiative"),
        ([{}, {}], "almanac", "has questions already"),
        ([{"facts": {"Qui conduit le car ?": TOLD}}], "almanac", r"has no fact 'Qui conduit le car \?'"),
        ([{"unanswered": {"fr": "one text"}}], "almanac", r"unanswered\.fr: .*valid"),
        ([{"facts": None}], "almanac", "facts: .*object"),
    ],
)
def test_what_does_not_belong_is_refused_with_its_line(
    almanac_corpus: Corpus, fare: Fact, tmp_path, lines, document, what
):
    good = {"initiative": fare.initiative, "facts": {FARE: TOLD}, "unanswered": SILENT}
    folder = write_asked(tmp_path / ASKED, *(good | line for line in lines), document=document)
    with pytest.raises(BadEnrichment, match=what) as refused:
        load_asked(folder, almanac_corpus, (fare,))
    assert refused.value.where.endswith(f"{document}.jsonl:{len(lines)}")
