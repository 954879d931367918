"""An index is opened whole, with the model that made it, or refused."""

import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index import (
    CONTENTS,
    BadIndex,
    EmbeddedText,
    Index,
    ModelEncoder,
    Passage,
    read_manifest,
    read_model,
)
from index.index import texts_digest
from index.storage import MANIFEST
from tests.almanac import CHALLENGES, Made
from tests.word_encoder import WordEncoder, index_of, initiative_of


@pytest.fixture(scope="module")
def embedded_texts(searcher) -> list[str]:
    """What the encoder read of each passage of the shipped corpus."""
    told = {one.id: one for one in searcher.index.contents.initiatives}
    passages = searcher.index.contents.passages
    return [EmbeddedText.of(told[passage.initiative], passage).text for passage in passages]


@pytest.fixture
def copy(almanac: Made, tmp_path: Path) -> Path:
    return Path(shutil.copytree(almanac.index.resolve(), tmp_path / "index"))


@pytest.fixture(scope="module")
def digest(almanac: Made) -> str:
    return read_model(almanac.model).digest


def files_of(folder: Path) -> list[str]:
    return sorted(
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST
    )


WORDS = ("eau", "vélo", "école")


@pytest.fixture
def small() -> Index:
    """An index in memory of three passages, each of one word."""
    return index_of("l'eau", "un vélo", "une école", words=WORDS)


def scores_of(index: Index, question: str) -> list[float]:
    (encoded,) = WordEncoder(WORDS).questions([question])
    weights = index.multivector.weights(encoded.tokens)
    return index.multivector.scores(index.centre.states(encoded.states), weights, np.arange(3)).tolist()


def test_an_index_is_made_in_memory_of_passages_and_any_encoder():
    index = index_of(*WORDS, words=WORDS)
    # Of three axes, less their mean, each lies at 120° to the others.
    assert scores_of(index, "vélo") == pytest.approx([-0.5, 1, -0.5], abs=0.01)
    assert index.dense.nearest(index.centre.vector(np.eye(4, dtype=np.float32)[2]), 1)[1].tolist() == [1]
    assert index.lexical.scores(["velo"]).tolist() == pytest.approx([0, 0.4458, 0], abs=1e-4)
    assert index.owner(1).text == "vélo"


def test_every_known_word_of_a_question_counts_by_its_idf():
    index = index_of("eau", "vélo", "vélo école", words=WORDS)
    # "vélo" stands in two passages of three, ln(4/3); "école" in one, ln(4/2): the common one is left out.
    assert index.multivector.weights(np.array([1, 2, 3, 0])).tolist() == pytest.approx(
        [0.6931, 0.2877, 0.6931, 1.3863], abs=1e-4
    )
    assert scores_of(index, "vélo école") == scores_of(index, "école")


def test_an_index_in_memory_says_what_it_is_made_of(small: Index):
    manifest = small.manifest
    assert (manifest.encoder, manifest.documents, manifest.initiatives, manifest.passages) == ("words", 0, 3, 3)
    assert (manifest.records, manifest.tokens, manifest.files) == (0, 6, {})
    assert (small.expansion, small.records.tolist()) == (None, [-1, -1, -1])


def test_passages_belong_to_the_initiative_they_name():
    initiatives = [initiative_of("eau. vélo.", 0), initiative_of("école", 1)]
    texts = [(0, "eau."), (0, "vélo."), (1, "école")]
    passages = [
        Passage(id=f"#{n}", initiative=initiatives[row].id, heading=None, start_line=1, end_line=1, text=text)
        for n, (row, text) in enumerate(texts)
    ]
    index = Index.of(initiatives, passages, WordEncoder(WORDS), sample=WORDS * 2)
    assert index.owners.tolist() == [0, 0, 1]
    assert index.document_embeddings.initiatives.shape == (2, 4)


def test_what_was_made_in_memory_is_the_same_from_the_disk(small: Index, tmp_path: Path):
    manifest = small.save(tmp_path)
    opened = Index.open(tmp_path, "words")
    assert opened.manifest == manifest == read_manifest(tmp_path)
    assert opened.contents == small.contents
    assert opened.thresholds == small.thresholds
    assert scores_of(opened, "vélo") == scores_of(small, "vélo")
    assert opened.owners.tolist() == small.owners.tolist()


def test_the_digest_of_the_texts_changes_with_a_line_and_not_with_what_is_said_of_them(documents):
    first, *others = documents.values()
    digest = texts_digest([first, *others])
    assert texts_digest([replace(first, title="Another"), *others]) == digest
    assert texts_digest([replace(first, lines=(*first.lines, "")), *others]) != digest
    assert texts_digest([first]) != digest


def test_an_index_opens_with_the_model_that_made_it(almanac: Made, digest: str):
    opened = Index.open(almanac.index, digest)
    assert opened.manifest == almanac.manifest
    assert [passage.text for passage in opened.contents.passages] == [
        text for told in CHALLENGES.values() for text in told
    ]
    assert opened.owners.tolist() == [0, 1, 2, 3, 4, 5]


def test_a_copy_elsewhere_is_as_good(copy: Path, digest: str):
    assert Index.open(copy, digest).manifest.passages == 6


def test_counts_are_those_of_the_contents(almanac: Made, digest: str):
    opened = Index.open(almanac.index, digest)
    counts = opened.manifest
    assert (counts.documents, counts.initiatives, counts.passages) == (1, 6, 6)
    assert counts.tokens == len(opened.multivector.tokens) == opened.multivector.starts[-1]


def test_contents_come_back_from_the_disk_as_they_were(almanac: Made, digest: str):
    contents = Index.open(almanac.index, digest).contents
    assert CONTENTS.validate_json(CONTENTS.dump_json(contents)) == contents


@pytest.mark.parametrize(
    "part",
    [
        "corpus.json",
        "dense",
        "lexical",
        "multivector",
        "document_embeddings.npz",
        "questions.npz",
        "thresholds.npz",
        "concepts",
    ],
)
def test_every_part_is_guarded(copy: Path, digest: str, part: str):
    altered = [name for name in files_of(copy) if name.split("/")[0] == part]
    assert altered
    for name in altered:
        octets = (copy / name).read_bytes()
        for wrong in (octets[:-1], octets[:-1] + bytes([octets[-1] ^ 1]), b""):
            (copy / name).write_bytes(wrong)
            with pytest.raises(BadIndex, match=r"truncated or altered .* Run `recueil build`\.") as refused:
                Index.open(copy, digest)
            assert refused.value.where == str(copy / name)
        (copy / name).write_bytes(octets)


def test_a_missing_file_is_refused(copy: Path, digest: str):
    (copy / "multivector" / "states.npy").unlink()
    with pytest.raises(BadIndex, match=r"missing \(.*states\.npy\)\. Run `recueil build`\."):
        Index.open(copy, digest)


def test_a_file_of_another_index_is_refused(copy: Path, digest: str):
    (copy / "multivector" / "weights.npy").touch()
    with pytest.raises(BadIndex, match=r"not its own \(.*weights\.npy\)\. Run `recueil build`\."):
        Index.open(copy, digest)


def test_an_index_of_another_model_is_refused(almanac: Made):
    with pytest.raises(BadIndex, match=r"not that of the model in use .* Run `recueil build`\."):
        Index.open(almanac.index, "0" * 64)


def test_another_format_is_refused_before_anything_else_is_read(copy: Path, digest: str):
    facts = json.loads((copy / MANIFEST).read_text(encoding="utf-8"))
    shutil.rmtree(copy / "lexical")
    (copy / MANIFEST).write_text(json.dumps(facts | {"format": 0}), encoding="utf-8")
    with pytest.raises(BadIndex, match=r"has format 0, this program reads .* Run `recueil build`\."):
        Index.open(copy, digest)


def test_where_there_is_none_the_mend_is_to_build(tmp_path: Path, digest: str):
    with pytest.raises(BadIndex, match=r"There is no index \(.*\)\. Run `recueil build`\."):
        Index.open(tmp_path / "index", digest)


def test_every_initiative_of_the_shipped_corpus_has_a_passage(searcher):
    contents = searcher.index.contents
    owners = searcher.index.owners.tolist()
    assert set(owners) == set(range(len(contents.initiatives)))
    assert sorted(owners) == owners


def test_passages_of_the_shipped_corpus_are_its_prose_as_printed(searcher, documents):
    contents = searcher.index.contents
    told = {one.id: one for one in contents.initiatives}
    for passage in contents.passages:
        source = told[passage.initiative].source
        assert source.start_line <= passage.start_line <= passage.end_line <= source.end_line
        assert passage.text in documents[source.document].text(passage.start_line, passage.end_line)
    assert max(Counter(passage.id for passage in contents.passages).values()) == 1


def test_passages_of_the_shipped_corpus_hold_all_of_its_prose(searcher, documents):
    contents = searcher.index.contents
    for initiative in contents.initiatives:
        text = documents[initiative.source.document]
        prose = "".join(text.text(section.start_line, section.end_line) for section in initiative.sections)
        held = "".join(passage.text for passage in contents.passages if passage.initiative == initiative.id)
        assert "".join(held.split()) == "".join(prose.split())


def test_the_encoder_reads_every_passage_of_the_shipped_corpus_whole(searcher, embedded_texts):
    encoder: ModelEncoder = searcher.encoder
    longest = max(len(encoder.tokenizer.encode(encoder.prompts.passage + text).ids) for text in embedded_texts)
    assert longest < encoder.max_tokens


def test_no_contact_of_the_shipped_corpus_is_embedded(searcher, embedded_texts):
    embedded = "\n".join(embedded_texts)
    contacts = [contact for one in searcher.index.contents.initiatives for contact in one.contacts]
    printed = {value for contact in contacts for value in (contact.email, contact.phone) if value}
    assert len(printed) > 100
    assert {value for value in printed if value in embedded} == set()
    assert "@" not in embedded
