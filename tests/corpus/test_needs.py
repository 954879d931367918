"""Needs are written beside the records, checked line by line, and name who helps, each with a grade."""

import json
from pathlib import Path

import pytest

from corpus import BadEnrichment, Corpus, load_corpus, load_enrichment
from corpus.enrichment import EDITORIAL_FOLDER
from corpus.needs import load_needs
from tests.almanac import Made, write_enrichment

NEED = "se rendre au travail sans voiture"
TOLD = {"fr": ["Le car passe à dix heures, j'embauche à six."], "en": ["no bus early enough for my shift"]}


@pytest.fixture
def almanac_corpus(almanac: Made, gazetteer) -> Corpus:
    return load_corpus(almanac.documents, gazetteer)


def write_needs(folder: Path, *lines: dict) -> None:
    (folder / "needs").mkdir(parents=True)
    text = "".join(json.dumps({"need": NEED, "told": TOLD} | line) + "\n" for line in lines)
    (folder / "needs" / "mobility.jsonl").write_text(text, encoding="utf-8")


def test_the_shipped_needs_are_told_in_both_languages_and_reach_nearly_every_initiative(corpus: Corpus):
    needs = load_enrichment(EDITORIAL_FOLDER, corpus).needs
    assert len(needs) == 1015
    assert {len(one.told.fr) for one in needs} == {10}
    assert {len(one.told.en) for one in needs} == {3}
    best = {corpus.by_id[id].cluster for one in needs for id, grade in one.helped_by.items() if grade == 3}
    assert len({one.cluster for one in corpus.initiatives} - best) <= 1


def test_the_texts_of_a_need_are_itself_and_all_wordings(almanac_corpus, tmp_path):
    helpful, related = (one.id for one in almanac_corpus.initiatives[:2])
    write_needs(tmp_path, {"helped_by": {helpful: 3, related: 1}})
    (read,) = load_needs(tmp_path / "needs", almanac_corpus)
    assert read.texts == (NEED, *TOLD["fr"], *TOLD["en"])
    assert read.helped_by == {helpful: 3, related: 1}


def test_without_a_folder_there_are_none(almanac_corpus, tmp_path):
    assert load_needs(tmp_path / "needs", almanac_corpus) == ()


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ([{"helped_by": {"nobody": 3}}], "There is no initiative 'nobody'"),
        ([{"helped_by": {}}], "Nothing helps"),
        ([{"helped_by": {0: 4}}], "less than or equal to 3"),
        ([{"helped_by": {0: 3}, "told": {"fr": "one text"}}], r"told\.fr: .*valid"),
        ([{"helped_by": {0: 3}}, {"helped_by": {0: 2}}], "stands twice"),
    ],
)
def test_what_does_not_belong_is_refused_with_its_line(almanac_corpus, tmp_path, lines, what):
    first = almanac_corpus.initiatives[0].id
    named = [
        line | {"helped_by": {first if id == 0 else id: grade for id, grade in line["helped_by"].items()}}
        for line in lines
    ]
    write_needs(tmp_path, *named)
    with pytest.raises(BadEnrichment, match=what) as refused:
        load_needs(tmp_path / "needs", almanac_corpus)
    assert refused.value.where.endswith(f"mobility.jsonl:{len(lines)}")


def test_an_enrichment_holds_them(almanac_corpus, tmp_path):
    first = almanac_corpus.initiatives[0].id
    folder = tmp_path / "editorial"
    write_enrichment(folder, first)
    write_needs(folder, {"helped_by": {first: 2}})
    assert [one.need for one in load_enrichment(folder, almanac_corpus).needs] == [NEED]
