"""An index is opened whole, with the model that made it, or refused."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from index.build import context
from index.encoder import Encoder
from index.fault import BadIndex
from index.index import CONTENTS, Index, owners_of
from index.manifest import NAME
from index.model import read_model
from index.plain import plain
from tests.almanac import CHALLENGES, Made


@pytest.fixture(scope="module")
def embedded_texts(engine) -> list[str]:
    """What the encoder read of each passage of the shipped corpus."""
    told = {one.id: one for one in engine.initiatives}
    return [context(told[passage.initiative]) + plain(passage.text).text for passage in engine.index.contents.passages]


@pytest.fixture
def copy(almanac: Made, tmp_path: Path) -> Path:
    return Path(shutil.copytree(almanac.index.resolve(), tmp_path / "index"))


@pytest.fixture(scope="module")
def digest(almanac: Made) -> str:
    return read_model(almanac.model).digest


def files_of(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.name != NAME)


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
    assert counts.tokens == len(opened.tokens.tokens) == opened.tokens.starts[-1]


def test_contents_come_back_from_the_disk_as_they_were(almanac: Made, digest: str):
    contents = Index.open(almanac.index, digest).contents
    assert CONTENTS.validate_json(CONTENTS.dump_json(contents)) == contents


@pytest.mark.parametrize("part", ["corpus.json", "vectors", "words", "tokens", "gists.npz", "questions.npz"])
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
    (copy / "tokens" / "states.npy").unlink()
    with pytest.raises(BadIndex, match=r"missing \(.*states\.npy\)\. Run `recueil build`\."):
        Index.open(copy, digest)


def test_a_file_of_another_index_is_refused(copy: Path, digest: str):
    (copy / "tokens" / "weights.npy").touch()
    with pytest.raises(BadIndex, match=r"not its own \(.*weights\.npy\)\. Run `recueil build`\."):
        Index.open(copy, digest)


def test_an_index_of_another_model_is_refused(almanac: Made):
    with pytest.raises(BadIndex, match=r"not that of the model in use .* Run `recueil build`\."):
        Index.open(almanac.index, "0" * 64)


def test_another_format_is_refused_before_anything_else_is_read(copy: Path, digest: str):
    facts = json.loads((copy / NAME).read_text(encoding="utf-8"))
    shutil.rmtree(copy / "words")
    (copy / NAME).write_text(json.dumps(facts | {"format": 0}), encoding="utf-8")
    with pytest.raises(BadIndex, match=r"has format 0, this program reads .* Run `recueil build`\."):
        Index.open(copy, digest)


def test_where_there_is_none_the_mend_is_to_build(tmp_path: Path, digest: str):
    with pytest.raises(BadIndex, match=r"There is no index \(.*\)\. Run `recueil build`\."):
        Index.open(tmp_path / "index", digest)


def test_every_initiative_of_the_shipped_corpus_has_a_passage(engine):
    contents = engine.index.contents
    assert len(contents.initiatives) == 239
    assert set(owners_of(contents).tolist()) == set(range(239))
    assert sorted(owners_of(contents).tolist()) == owners_of(contents).tolist()


def test_passages_of_the_shipped_corpus_are_its_prose_as_printed(engine, documents):
    contents = engine.index.contents
    told = {one.id: one for one in contents.initiatives}
    for passage in contents.passages:
        source = told[passage.initiative].source
        assert source.start_line <= passage.start_line <= passage.end_line <= source.end_line
        assert passage.text in documents[source.document].text(passage.start_line, passage.end_line)
    assert max(Counter(passage.id for passage in contents.passages).values()) == 1


def test_passages_of_the_shipped_corpus_hold_all_of_its_prose(engine, documents):
    contents = engine.index.contents
    for initiative in contents.initiatives:
        text = documents[initiative.source.document]
        prose = "".join(text.text(section.start_line, section.end_line) for section in initiative.sections)
        held = "".join(passage.text for passage in contents.passages if passage.initiative == initiative.id)
        assert "".join(held.split()) == "".join(prose.split())


def test_the_encoder_reads_every_passage_of_the_shipped_corpus_whole(engine, embedded_texts):
    encoder: Encoder = engine.encoder
    longest = max(len(encoder.tokenizer.encode(encoder.prompts.passage + text).ids) for text in embedded_texts)
    assert longest < encoder.max_tokens


def test_no_contact_of_the_shipped_corpus_is_embedded(engine, embedded_texts):
    embedded = "\n".join(embedded_texts)
    contacts = [contact for one in engine.initiatives for contact in one.contacts]
    printed = {value for contact in contacts for value in (contact.email, contact.phone) if value}
    assert len(printed) > 100
    assert {value for value in printed if value in embedded} == set()
    assert "@" not in embedded
