"""The editorial layer: records kept apart from the sheets, checked line by line, complete for the shipped corpus."""

import json

import pytest

from corpus import BadEditorial, Corpus, Gazetteer, read_layer
from corpus.editorial_layer import BUNDLED, read_record, write_record, written
from corpus.fidelity import Fidelity
from corpus.lexicon_entry import read_lexicon
from tests.almanac import RECORD, VOCABULARY, write_layer

# --- the shipped records ---


@pytest.fixture(scope="module")
def layer(corpus: Corpus):
    return read_layer(BUNDLED, corpus)


def test_every_initiative_has_a_record_and_every_real_world_initiative_one(corpus: Corpus, layer):
    assert [one.id for one in corpus.initiatives if layer.of(one.id, one.same_as) is None] == []
    assert len(layer.records) == len(
        {min(one.id, *one.same_as) if one.same_as else one.id for one in corpus.initiatives}
    )


def test_no_record_says_what_its_sheets_do_not(corpus: Corpus, layer, gazetteer: Gazetteer):
    fidelity = Fidelity.of(gazetteer, layer.vocabulary, read_lexicon())
    faults = {}
    for record in layer.records:
        one = corpus.by_id[record.initiative]
        if found := fidelity.faults(record, [one, *(corpus.by_id[id] for id in one.same_as)]):
            faults[record.initiative] = found
    assert faults == {}


def test_records_say_who_wrote_them_and_when(layer):
    assert {record.author for record in layer.records} == {"language model"}
    assert all(record.date.startswith("2026-") for record in layer.records)


def test_every_public_and_topic_is_labelled_in_both_languages(layer):
    for labels in (layer.vocabulary.publics, layer.vocabulary.topics):
        for key, label in labels.items():
            assert label.fr.strip(), key
            assert label.en.strip(), key


# --- reading ---


@pytest.fixture
def written_layer(tmp_path, almanac, gazetteer):
    """A folder with one record, of the almanac's first initiative, and the almanac."""
    from corpus import read_corpus

    corpus = read_corpus(almanac.documents, gazetteer)
    write_layer(tmp_path / "editorial", corpus.initiatives[0].id)
    return tmp_path / "editorial", corpus


def line(corpus: Corpus, row: int = 0, **changes: object) -> str:
    return json.dumps({"initiative": corpus.initiatives[row].id} | RECORD | changes)


def test_without_a_folder_the_layer_is_empty(tmp_path, corpus: Corpus):
    layer = read_layer(tmp_path / "none", corpus)
    assert layer.records == ()
    assert layer.of(corpus.initiatives[0].id) is None


def test_a_record_is_found_by_the_id_of_any_telling(written_layer):
    folder, corpus = written_layer
    layer = read_layer(folder, corpus)
    first = corpus.initiatives[0].id
    assert layer.of(first) == layer.of("elsewhere", (first,)) == layer.records[0]
    assert layer.of("elsewhere") is None


def test_a_record_is_read_as_it_is_written(written_layer):
    _, corpus = written_layer
    record = read_record(line(corpus), "here")
    assert read_record(json.dumps(written(record)), "here") == record


def test_records_are_written_in_the_order_of_the_corpus(written_layer):
    folder, corpus = written_layer
    for row in (4, 2):
        write_record(folder, corpus, read_record(line(corpus, row), "here"))
    assert [one.initiative for one in read_layer(folder, corpus).records] == [
        corpus.initiatives[n].id for n in (0, 2, 4)
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"author": "a ghost"}, r"no editorial record: author: .*almanac\.jsonl:2"),
        ({"summary": {"fr": "x"}}, r"no editorial record: summary\.en: Field required"),
        ({"sumary": "x"}, r"has keys that nobody reads \(.*almanac\.jsonl:2\)"),
        ({"publics": ["martiens"]}, r"There is no public 'martiens'"),
        ({"topics": ["lune"]}, r"There is no topic 'lune'"),
        ({"initiative": "almanac-x"}, r"The document 'almanac' has no initiative 'almanac-x'"),
    ],
)
def test_a_line_that_cannot_be_used_is_refused_with_its_number(written_layer, changes, message):
    folder, corpus = written_layer
    with (folder / "almanac.jsonl").open("a", encoding="utf-8") as file:
        file.write(line(corpus, 1, **changes) + "\n")
    with pytest.raises(BadEditorial, match=message):
        read_layer(folder, corpus)


def test_a_second_record_of_one_initiative_is_refused(written_layer):
    folder, corpus = written_layer
    with (folder / "almanac.jsonl").open("a", encoding="utf-8") as file:
        file.write(line(corpus) + "\n")
    with pytest.raises(BadEditorial, match=r"has a record already, under .*almanac\.jsonl:2"):
        read_layer(folder, corpus)


def test_a_record_stands_in_the_file_of_its_document(written_layer):
    folder, corpus = written_layer
    (folder / "atlas.jsonl").write_text(line(corpus, 1) + "\n", encoding="utf-8")
    with pytest.raises(BadEditorial, match="The document 'atlas' has no initiative"):
        read_layer(folder, corpus)


def test_a_vocabulary_without_labels_in_both_languages_is_refused(written_layer):
    folder, corpus = written_layer
    (folder / "vocabulary.json").write_text(json.dumps(VOCABULARY | {"topics": {"x": {"fr": "X"}}}), encoding="utf-8")
    with pytest.raises(BadEditorial, match="no vocabulary of publics and topics"):
        read_layer(folder, corpus)


def test_a_folder_without_a_vocabulary_is_refused(written_layer):
    folder, corpus = written_layer
    (folder / "vocabulary.json").unlink()
    with pytest.raises(BadEditorial, match="The file cannot be read"):
        read_layer(folder, corpus)
