"""A collection is read whole or refused with the line to mend, and its units are found by their words."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus import Corpus
from eval.collection import Catalogue, Judgement, Qrels, Question, Unit, map_units
from eval.errors import BadCollection
from eval.formats import digest_of, load_collection
from tests.small_collection import catalogue as small_catalogue
from tests.small_collection import catalogue_of, collection_of

DEVELOPMENT = Path(__file__).parents[2] / "eval" / "collections" / "development"

FILES: dict[str, list[dict[str, Any]]] = {
    "queries.jsonl": [{"qid": "q1", "lang": "fr", "type": "place", "query": "un bus en Ardèche"}],
    "qrels.jsonl": [{"qid": "q1", "uid": "bus", "grade": 3}, {"qid": "q1", "uid": "job", "grade": 0}],
    "units.jsonl": [
        {"uid": "bus", "document": "004_ab.txt", "snippet": "le bus passe"},
        {"uid": "job", "document": "004_ab.txt", "snippet": "une plateforme"},
    ],
}
NO_ANSWER = {"qid": "n1", "lang": "en", "query": "guitar chords"}
SIMILAR = {"sid": "s1", "strength": "related", "members": [{"gid": "bus"}, {"gid": "job"}]}
MEMBERS = [{"gid": "g1", "document": "004", "snippet": "a"}, {"gid": "g2", "document": "004", "snippet": "b"}]


def written(folder: Path, **changed: list[Any]) -> Path:
    """The small collection above, with some of its files given anew."""
    for name, records in {**FILES, **{f"{name}.jsonl": records for name, records in changed.items()}}.items():
        (folder / name).write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    return folder


def catalogue(*sheets: tuple[str, str], **names: str) -> Catalogue:
    """Sheets of (id, text), all of one document "d", which is called "d.txt" unless `names` says otherwise."""
    known = small_catalogue([id_ for id_, _ in sheets])
    told = {id_: replace(known.sheets[id_], text=text) for id_, text in sheets}
    return replace(known, sheets=told, original_names={**known.original_names, **names})


def test_a_collection_holds_what_its_files_say(tmp_path: Path):
    folder = written(tmp_path, no_answer=[NO_ANSWER])
    (folder / "twins.json").write_text('{"groups": [["bus", "job"]]}', encoding="utf-8")
    collection = load_collection(folder)
    assert collection.questions == (
        Question(id="q1", text="un bus en Ardèche", language="fr", type="place", where=f"{folder}/queries.jsonl:1"),
    )
    assert collection.judgements[1] == Judgement("q1", "job", 0, f"{folder}/qrels.jsonl:2")
    assert collection.units[0] == Unit("bus", "004_ab.txt", "le bus passe", f"{folder}/units.jsonl:1")
    assert collection.twins == (frozenset({"bus", "job"}),)
    assert collection.unanswerable[0].type == "no_answer"
    assert collection.similar == ()  # of a file that may be missing


@pytest.mark.parametrize(
    ("file", "records", "message"),
    [
        ("queries", [["q1"]], r"no JSON object: .*\(.*queries\.jsonl:1\)\. Write it as eval/collections/README"),
        ("queries", [{"qid": "q1", "lang": "fr", "query": "x"}], r"type: Field required \(.*:1\)\. Write it as"),
        ("queries", [{**FILES["queries.jsonl"][0], "query": " "}], r"query: String should have at least 1 character"),
        ("queries", FILES["queries.jsonl"] * 2, r"question 'q1' stands twice \(.*:2\)\. Remove this line or .*:1"),
        ("no_answer", [{**NO_ANSWER, "qid": "q1"}], r"question 'q1' stands twice \(.*no_answer\.jsonl:1\)"),
        ("units", FILES["units.jsonl"] + FILES["units.jsonl"][:1], r"unit 'bus' stands twice \(.*units\.jsonl:3\)"),
        ("qrels", FILES["qrels.jsonl"] * 2, r"judgement of 'bus' for 'q1' stands twice \(.*qrels\.jsonl:3\)"),
        ("qrels", [{"qid": "q1", "uid": "bus", "grade": 4}], r"grade: .*less than or equal to 3 \(.*qrels\.jsonl:1\)"),
        ("qrels", [{"qid": "q1", "uid": "bus", "grade": "3"}], r"grade: Input should be a valid integer"),
        ("qrels", [{"qid": "q1", "uid": "bus", "grade": True}], r"grade: Input should be a valid integer"),
        ("qrels", [{"qid": "q1", "uid": "bus"}], r"grade: Field required"),
        ("qrels", [{"qid": "q2", "uid": "bus", "grade": 1}], r"unknown question 'q2' .*Add it to the others"),
        ("qrels", [{"qid": "q1", "uid": "tram", "grade": 1}], r"unknown unit 'tram' .*Add it to the others"),
        ("qrels", [{"qid": "q1", "uid": "bus", "grade": 0}], r"answers 'q1' \(.*queries\.jsonl:1\)\. .*no_answer"),
        ("similar", [{"sid": "s1", "strength": "related", "members": MEMBERS[:1]}], r"members: .*at least 2 items"),
        ("units", [{"uid": "bus", "document": "004"}], r"'document' and 'snippet' are given both, or neither"),
        ("similar", [{"sid": "s1", "strength": "x", "members": MEMBERS}] * 2, r"group 's1' stands twice"),
    ],
)
def test_a_wrong_line_is_refused_with_its_place_and_the_mend(
    tmp_path: Path, file: str, records: list[Any], message: str
):
    with pytest.raises(BadCollection, match=message):
        load_collection(written(tmp_path, **{file: records}))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, r"cannot be read: No such file.*\(.*qrels\.jsonl\)\. Write it as .*README"),
        (b"\xff\xfe", r"cannot be read: .*qrels\.jsonl\)\. Write it as .*README.md says, in UTF-8"),
        (b"\n", r"is empty \(.*qrels\.jsonl\)\. Write it as .*README"),
        (b"\n\n{uid: 1}", r"This is no JSON object: .*qrels\.jsonl:3\)\. Write it as .*README"),
    ],
)
def test_a_file_that_is_missing_empty_or_no_json_is_named(tmp_path: Path, text: bytes | None, message: str):
    file = written(tmp_path) / "qrels.jsonl"
    if text is None:
        file.unlink()
    else:
        file.write_bytes(text)
    with pytest.raises(BadCollection, match=message):
        load_collection(tmp_path)


@pytest.mark.parametrize(
    ("twins", "message"),
    [
        ("[]", r"Input should be an object \(.*twins\.json\)\. Write \{\"groups\""),
        ('{"groups": ["bus"]}', r"groups: 0: Input should be a valid array \(.*twins\.json\)\. Write \{\"groups\""),
        ('{"groups": [["bus", "tram"]]}', r"unknown unit 'tram' has twins .*Add it to units\.jsonl"),
        ('{"groups": [["bus"], ["job", "bus"]]}', r"unit 'bus' stands twice \(.*twins\.json, group 2\)"),
    ],
)
def test_wrong_twins_are_refused(tmp_path: Path, twins: str, message: str):
    (written(tmp_path) / "twins.json").write_text(twins, encoding="utf-8")
    with pytest.raises(BadCollection, match=message):
        load_collection(tmp_path)


def test_a_unit_is_the_initiative_whose_text_holds_its_words_whatever_the_markup():
    found = catalogue(("one", "Le **1^{er}**\n  bus   passe."), ("two", "Le tram passe."), d="004_ab.txt")
    unit = Unit("bus", "004_ab.txt", "1er *bus* passe", "units.jsonl:1")
    assert map_units([unit], found) == {"bus": "one"}


def test_a_document_may_be_named_by_what_stands_before_its_first_underscore():
    unit = Unit("bus", "004", "bus", "units.jsonl:1")
    assert map_units([unit], catalogue(("one", "bus"), d="004_ab.txt")) == {"bus": "one"}


def test_the_same_words_in_another_document_do_not_count():
    known = catalogue(("one", "bus"), ("two", "bus"), e="e.txt")
    known = replace(known, sheets={**known.sheets, "two": replace(known.sheets["two"], document="e")})
    assert map_units([Unit("bus", "e.txt", "bus", "units.jsonl:1")], known) == {"bus": "two"}


@pytest.mark.parametrize(
    ("snippet", "message"),
    [
        ("passe", r"'bus' stands in 2 initiatives of the document 'd\.txt' \(units\.jsonl:7\)\. Choose words"),
        ("vélo", r"'bus' stands in no initiative of the document 'd\.txt' \(units\.jsonl:7\)\. Choose words"),
    ],
)
def test_a_snippet_that_does_not_tell_one_initiative_is_refused(snippet: str, message: str):
    found = catalogue(("one", "le bus passe"), ("two", "le tram passe"))
    with pytest.raises(BadCollection, match=message):
        map_units([Unit("bus", "d.txt", snippet, "units.jsonl:7")], found)


def test_without_units_judgements_name_initiatives_by_their_ids(tmp_path: Path):
    (written(tmp_path, similar=[SIMILAR]) / "units.jsonl").unlink()
    collection = load_collection(tmp_path)
    assert collection.units == (
        Unit("bus", None, None, f"{tmp_path}/qrels.jsonl:1"),
        Unit("job", None, None, f"{tmp_path}/qrels.jsonl:2"),
    )
    assert [member.snippet for member in collection.similar[0].members] == [None, None]
    assert map_units(collection.units, catalogue(("bus", ""), ("job", ""))) == {"bus": "bus", "job": "job"}


def test_an_id_that_no_initiative_has_is_refused_with_the_line_that_names_it(tmp_path: Path):
    (written(tmp_path) / "units.jsonl").unlink()
    with pytest.raises(BadCollection, match=r"No initiative has the id 'job' \(.*qrels\.jsonl:2\)\. Give an id as"):
        map_units(load_collection(tmp_path).units, catalogue(("bus", "")))


def test_the_digest_of_a_collection_changes_with_its_files_and_not_with_what_is_written_about_it(tmp_path: Path):
    digest = digest_of(written(tmp_path))
    (tmp_path / "README.md").write_text("About it.", encoding="utf-8")
    assert digest_of(tmp_path) == digest
    assert digest_of(written(tmp_path, no_answer=[NO_ANSWER])) != digest


def test_the_development_collection_speaks_of_every_initiative_of_the_corpus(corpus: Corpus):
    collection = load_collection(DEVELOPMENT)
    found = Catalogue.of(corpus.initiatives, corpus.documents)
    assert sorted(map_units(collection.units, found).values()) == sorted(found.sheets)
    members = [member for group in collection.similar for member in group.members]
    assert len(map_units(members, found)) == 110
    assert (len(collection.questions), len(collection.judgements), len(collection.unanswerable)) == (120, 3563, 20)


def test_twins_share_the_least_id_and_the_highest_grade():
    collection = collection_of({"q": {"b": 1, "a": 3, "c": 2}}, twins=[{"a", "b"}])
    qrels = Qrels.of(collection, catalogue_of(collection))
    assert qrels.grades == {"q": {"a": 3, "c": 2}}
    assert [qrels.cluster(one) for one in "abc"] == ["a", "a", "c"]


def test_without_twins_in_the_collection_those_of_the_catalogue_count():
    collection = collection_of({"q": {"b": 2}})
    qrels = Qrels.of(collection, small_catalogue("abc", same_as={"a": ("b",), "b": ("a",)}))
    assert qrels.grades == {"q": {"a": 2}}
    assert (qrels.grade("q", "b"), qrels.grade("q", "c")) == (2, None)


def test_the_best_answer_is_the_highest_grade_and_of_several_the_first_of_the_file():
    collection = collection_of({"q": {"a": 1, "c": 3, "b": 3}})
    assert Qrels.of(collection, catalogue_of(collection)).best("q") == "c"


def test_an_initiative_that_the_catalogue_does_not_hold_is_refused():
    collection = collection_of({"q": {"a": 3}})
    with pytest.raises(
        BadCollection, match=r"No initiative has the id 'a' \(x\.jsonl:1\)\. Give an id as /initiatives"
    ):
        Qrels.of(collection, small_catalogue("b"))
