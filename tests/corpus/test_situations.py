"""What people tell is written beside the records, checked line by line, and there for every real-world initiative."""

import json
from pathlib import Path

import pytest

from corpus import BadEnrichment, Corpus, load_corpus, load_enrichment
from corpus.enrichment import EDITORIAL_FOLDER
from corpus.situations import load_elsewhere, load_situations
from tests.almanac import Made, write_enrichment

TOLD = {"fr": ["Je n'ai ni permis ni voiture et l'atelier est à dix kilomètres."], "en": ["no car to get to work"]}


@pytest.fixture
def almanac_corpus(almanac: Made, gazetteer) -> Corpus:
    return load_corpus(almanac.documents, gazetteer)


def write_situations(folder: Path, *lines: dict, document: str = "almanac") -> None:
    (folder / "situations").mkdir(parents=True)
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (folder / "situations" / f"{document}.jsonl").write_text(text, encoding="utf-8")


def test_every_real_world_initiative_of_the_shipped_corpus_is_told_of_once(corpus: Corpus):
    enrichment = load_enrichment(EDITORIAL_FOLDER, corpus)
    told = [corpus.by_id[one.initiative] for one in enrichment.situations]
    clusters = {min(one.id, *one.same_as) if one.same_as else one.id for one in corpus.initiatives}
    assert len(told) == len(clusters)
    assert {min(one.id, *one.same_as) if one.same_as else one.id for one in told} == clusters
    assert len(enrichment.elsewhere) == len(set(enrichment.elsewhere)) == 1110


def test_the_texts_of_an_initiative_are_its_situations_short_phrases_and_sentences(almanac_corpus, tmp_path):
    first = almanac_corpus.initiatives[0]
    more = {"situations": TOLD, "short": {"fr": ["velo apprenti"], "en": []}, "official": {"fr": ["La mobilité."]}}
    write_situations(tmp_path, {"initiative": first.id} | more)
    (read,) = load_situations(tmp_path / "situations", almanac_corpus)
    assert read.texts == (*TOLD["fr"], *TOLD["en"], "velo apprenti", "La mobilité.")


def test_without_a_folder_there_are_none(almanac_corpus, tmp_path):
    assert load_situations(tmp_path / "situations", almanac_corpus) == ()
    assert load_elsewhere(tmp_path) == ()


@pytest.mark.parametrize(
    ("lines", "document", "what"),
    [
        ([{"initiative": "nobody"}], "almanac", "has no initiative 'nobody'"),
        ([{"initiative": 0}], "atlas", "The document 'atlas' has no initiative"),
        ([{"initiative": 0}, {"initiative": 0}], "almanac", "has situations already"),
        ([{"initiative": 0, "situations": {"fr": "one text"}}], "almanac", r"situations\.fr: .*valid array"),
    ],
)
def test_what_does_not_belong_is_refused_with_its_line(almanac_corpus, tmp_path, lines, document, what):
    empty = {"situations": {}, "short": {}, "official": {}}
    named = [
        line | {"initiative": almanac_corpus.initiatives[0].id if line["initiative"] == 0 else line["initiative"]}
        for line in lines
    ]
    write_situations(tmp_path, *(empty | line for line in named), document=document)
    with pytest.raises(BadEnrichment, match=what) as refused:
        load_situations(tmp_path / "situations", almanac_corpus)
    assert refused.value.where.endswith(f"{document}.jsonl:{len(lines)}")


def test_texts_about_something_else_have_their_shape(tmp_path):
    (tmp_path / "elsewhere.json").write_text('["a text"]', encoding="utf-8")
    with pytest.raises(BadEnrichment, match="no texts about something else"):
        load_elsewhere(tmp_path)
    (tmp_path / "elsewhere.json").write_text('{"fr": ["un passeport"], "en": ["a passport"]}', encoding="utf-8")
    assert load_elsewhere(tmp_path) == ("un passeport", "a passport")


def test_an_enrichment_holds_them(almanac_corpus, tmp_path):
    first = almanac_corpus.initiatives[0].id
    folder = tmp_path / "editorial"
    write_enrichment(folder, first)
    write_situations(folder, {"initiative": first, "situations": TOLD, "short": {}, "official": {}})
    assert [one.initiative for one in load_enrichment(folder, almanac_corpus).situations] == [first]
