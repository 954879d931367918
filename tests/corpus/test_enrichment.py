"""Editorial records are kept apart from the sheets, checked line by line, and complete for the shipped corpus."""

import json

import pytest

from corpus import BadEnrichment, load_enrichment
from corpus.enrichment import EDITORIAL_FOLDER, read_record, record_as_json, write_record
from corpus.faithfulness import Faithfulness
from corpus.model import Corpus
from corpus.places import Gazetteer
from corpus.thesaurus import load_thesaurus
from tests.almanac import RECORD, VOCABULARY, write_enrichment

# --- the shipped records ---


@pytest.fixture(scope="module")
def enrichment(corpus: Corpus):
    return load_enrichment(EDITORIAL_FOLDER, corpus)


def test_every_initiative_has_a_record_and_every_real_world_initiative_one(corpus: Corpus, enrichment):
    assert [one.id for one in corpus.initiatives if enrichment.of(one.id, one.same_as) is None] == []
    assert len(enrichment.records) == len(
        {min(one.id, *one.same_as) if one.same_as else one.id for one in corpus.initiatives}
    )


def test_no_record_says_what_its_sheets_do_not(corpus: Corpus, enrichment, gazetteer: Gazetteer):
    faithfulness = Faithfulness.of(gazetteer, enrichment.vocabulary, load_thesaurus())
    faults = {}
    for record in enrichment.records:
        one = corpus.by_id[record.initiative]
        if found := faithfulness.faults(record, [one, *(corpus.by_id[id] for id in one.same_as)]):
            faults[record.initiative] = found
    assert faults == {}


def test_records_say_who_wrote_them_and_when(enrichment):
    assert {record.author for record in enrichment.records} == {"language model"}
    assert all(record.date.startswith("2026-") for record in enrichment.records)


def test_every_public_and_topic_is_labelled_in_both_languages(enrichment):
    for labels in (enrichment.vocabulary.publics, enrichment.vocabulary.topics):
        for key, label in labels.items():
            assert label.fr.strip(), key
            assert label.en.strip(), key


# --- reading ---


@pytest.fixture
def written_enrichment(tmp_path, almanac, gazetteer):
    """A folder with one record, of the almanac's first initiative, and the almanac."""
    from corpus import load_corpus

    corpus = load_corpus(almanac.documents, gazetteer)
    write_enrichment(tmp_path / "editorial", corpus.initiatives[0].id)
    return tmp_path / "editorial", corpus


def line(corpus: Corpus, row: int = 0, **changes: object) -> str:
    return json.dumps({"initiative": corpus.initiatives[row].id} | RECORD | changes)


def test_without_a_folder_there_are_no_records(tmp_path, corpus: Corpus):
    enrichment = load_enrichment(tmp_path / "none", corpus)
    assert enrichment.records == ()
    assert enrichment.of(corpus.initiatives[0].id) is None


def test_a_record_is_found_by_the_id_of_any_sheet_of_its_cluster(written_enrichment):
    folder, corpus = written_enrichment
    enrichment = load_enrichment(folder, corpus)
    first = corpus.initiatives[0].id
    assert enrichment.of(first) == enrichment.of("elsewhere", (first,)) == enrichment.records[0]
    assert enrichment.of("elsewhere") is None


def test_a_record_is_read_as_it_is_written(written_enrichment):
    _, corpus = written_enrichment
    record = read_record(line(corpus), "here")
    assert read_record(json.dumps(record_as_json(record)), "here") == record


def test_records_are_written_in_the_order_of_the_corpus(written_enrichment):
    folder, corpus = written_enrichment
    for row in (4, 2):
        write_record(folder, corpus, read_record(line(corpus, row), "here"))
    assert [one.initiative for one in load_enrichment(folder, corpus).records] == [
        corpus.initiatives[n].id for n in (0, 2, 4)
    ]


UNUSUAL = {"fr": "Prêter\u2028des vélos\u2029à la Saint-Jean\u0085.", "en": "Lends\u2028bicycles."}


def test_a_record_may_hold_every_line_separator_of_unicode_and_its_line_ends_at_a_line_feed(written_enrichment):
    """JSON allows them raw, and records are written so: one must not stop every other from being read or added."""
    folder, corpus = written_enrichment
    for row in (2, 1):
        write_record(folder, corpus, read_record(line(corpus, row, summary=UNUSUAL), "here"))
    assert "\u2028" in (folder / "almanac.jsonl").read_text(encoding="utf-8")
    records = load_enrichment(folder, corpus).records
    assert [one.initiative for one in records] == [corpus.initiatives[n].id for n in range(3)]
    assert records[1].summary.fr == UNUSUAL["fr"]


def test_records_and_vocabulary_may_begin_with_a_byte_order_mark(written_enrichment):
    folder, corpus = written_enrichment
    usual = load_enrichment(folder, corpus)
    for path in folder.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_enrichment(folder, corpus) == usual
    write_record(folder, corpus, read_record(line(corpus, 1), "here"))
    assert len(load_enrichment(folder, corpus).records) == 2


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
def test_a_line_that_cannot_be_used_is_refused_with_its_number(written_enrichment, changes, message):
    folder, corpus = written_enrichment
    with (folder / "almanac.jsonl").open("a", encoding="utf-8") as file:
        file.write(line(corpus, 1, **changes) + "\n")
    with pytest.raises(BadEnrichment, match=message):
        load_enrichment(folder, corpus)


def test_a_second_record_of_one_initiative_is_refused(written_enrichment):
    folder, corpus = written_enrichment
    with (folder / "almanac.jsonl").open("a", encoding="utf-8") as file:
        file.write(line(corpus) + "\n")
    with pytest.raises(BadEnrichment, match=r"has a record already, under .*almanac\.jsonl:2"):
        load_enrichment(folder, corpus)


def test_a_record_stands_in_the_file_of_its_document(written_enrichment):
    folder, corpus = written_enrichment
    (folder / "atlas.jsonl").write_text(line(corpus, 1) + "\n", encoding="utf-8")
    with pytest.raises(BadEnrichment, match="The document 'atlas' has no initiative"):
        load_enrichment(folder, corpus)


def test_a_vocabulary_without_labels_in_both_languages_is_refused(written_enrichment):
    folder, corpus = written_enrichment
    (folder / "vocabulary.json").write_text(json.dumps(VOCABULARY | {"topics": {"x": {"fr": "X"}}}), encoding="utf-8")
    with pytest.raises(BadEnrichment, match="no vocabulary of publics and topics"):
        load_enrichment(folder, corpus)


def test_a_folder_without_a_vocabulary_is_refused(written_enrichment):
    folder, corpus = written_enrichment
    (folder / "vocabulary.json").unlink()
    with pytest.raises(BadEnrichment, match="The file cannot be read"):
        load_enrichment(folder, corpus)
