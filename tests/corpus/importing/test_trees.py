"""JSON, GeoJSON, JSON Lines, XML and feeds: where the records lie, and what pages of answers say of themselves."""

import json

import pytest

from corpus import BadDocument
from corpus.importing.trees import feed_table, json_table, jsonl_table, xml_table


def json_of(value: object):
    return json_table(json.dumps(value, ensure_ascii=False).encode(), "a.json", None)


def test_records_are_the_list_with_most_text_wherever_it_lies():
    table = json_of(
        {"ok": True, "data": {"types": [{"id": 1}], "fiches": [{"nom": "Le potager des aînés"}, {"nom": "B"}]}}
    )
    assert table.layout.records == "$.data.fiches"
    assert [(one.where, one.cells) for one in table.records][1] == ("$.data.fiches[1]", {"nom": "B"})


def test_objects_under_keys_are_records_that_keep_their_key():
    table = json_of(
        {"f1": {"nom": "A", "ville": "Brest"}, "f2": {"nom": "B", "ville": "Lyon"}, "f3": {"nom": "C", "ville": ""}}
    )
    assert [one.cells["key"] for one in table.records] == ["f1", "f2", "f3"]


def test_what_is_nested_is_a_column_by_its_path_and_a_list_one_cell():
    (record,) = json_of(
        [{"nom": "A", "zone": {"nom": "Est"}, "phases": [{"an": 2020}, {"an": 2022}], "vide": None}]
    ).records
    assert record.cells == {"nom": "A", "zone.nom": "Est", "phases.an": "2020\n2022", "vide": ""}


def test_features_are_read_by_their_properties():
    feature = {"type": "Feature", "properties": {"nom": "Argent"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}
    (record,) = json_of({"type": "FeatureCollection", "features": [feature]}).records
    assert record.cells == {"nom": "Argent"}


def test_what_a_record_is_wrapped_in_is_no_part_of_its_columns():
    wrapped = {"recordid": "7", "fields": {"nom": "A", "ville": "Brest"}}
    assert json_of({"records": [wrapped, wrapped]}).columns == ("recordid", "nom", "ville")


def test_a_page_of_an_answer_says_that_there_are_more():
    notes = json_of({"count": 25, "next": "http://x/?page=2", "fiches": [{"nom": "A"}, {"nom": "B"}]}).notes
    assert [note.split(":")[0] for note in notes] == ["page 1 of 13"]


def test_a_line_that_is_no_json_is_set_aside_and_the_others_are_read():
    table = jsonl_table(b'{"nom": "A"}\n{"nom": \n\n{"nom": "B"}\n"mot"\n', "a.jsonl", None)
    assert [one.cells["nom"] for one in table.records] == ["A", "B"]
    assert [one.where for one in table.set_aside] == ["line 2", "line 5"]


def test_json_that_is_broken_is_a_fault_at_its_line():
    with pytest.raises(BadDocument) as raised:
        json_table(b'{"fiches": [\n{"nom": "A"\n]}', "a.json", None)
    assert raised.value.where == "a.json:3"


XML = """<?xml version="1.0"?>
<r:answer xmlns:r="urn:r" xmlns:d="urn:d"><r:status/>
<r:found total="5"><r:one><d:note about="x"><d:a>1</d:a><d:b>2</d:b></d:note>
<d:fiche about="f/1"><d:title>Le potager</d:title>
<d:abstract>On sème.</d:abstract><d:mot>eau</d:mot><d:mot>sol</d:mot></d:fiche>
</r:one>
<r:one><d:fiche about="f/2"><d:title>L’atelier</d:title><d:abstract>On répare.</d:abstract></d:fiche></r:one>
</r:found></r:answer>"""


def test_records_of_xml_are_the_elements_with_a_title_and_most_text():
    table = xml_table(XML.encode(), "a.xml", None)
    assert table.layout.records == "fiche"
    assert table.records[0].cells == {"about": "f/1", "title": "Le potager", "abstract": "On sème.", "mot": "eau\nsol"}
    assert [note.split(":")[0] for note in table.notes] == ["page 1 of 3"]


def test_xml_that_attacks_is_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x><y>&b;</y></x>'
    with pytest.raises(BadDocument):
        xml_table(bomb, "a.xml", None)


def test_entries_of_a_feed_are_records():
    feed = b"""<rss version="2.0"><channel><title>Blog</title><item><title>Le potager</title><link>https://x.fr/1</link>
    <description>&lt;p&gt;On s\xc3\xa8me.&lt;/p&gt;</description><pubDate>Mon, 04 Mar 2024 10:00:00 GMT</pubDate>
    </item></channel></rss>"""
    (record,) = feed_table(feed, "a.xml", None).records
    assert (record.cells["title"], record.cells["link"]) == ("Le potager", "https://x.fr/1")
    assert "2024" in record.cells["published"]
