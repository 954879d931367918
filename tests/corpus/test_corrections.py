"""What a sheet says wrongly is mended beside it, and told; its text stays as it is."""

import tomllib
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from corpus import Contact, Correction, Departement, Enrichment, Initiative, digest_of, is_needless, load_corpus
from corpus.corrections import CORRECTIONS, FIELDS, KEYS, BadCorrection, corrected, read_corrections
from corpus.importing import MAPPING, import_corpus, propose
from tests.almanac import write_almanac
from tests.foreign_sheets import write_sheets
from tests.small_index import sheet

SHEET = sheet("atlas-bus", "Un bus.", title="Le bus", start_year=2081, start_text="en 2081", theme="Trasnports")


def written(folder: Path, text: str) -> Path:
    (folder / CORRECTIONS).write_text(text, encoding="utf-8")
    return folder


def table(**said: str) -> str:
    """A correction whose values are written as TOML has them."""
    whole = {"sheet": '"atlas-bus"', "field": '"theme"', "value": '"Transports"', "why": '"Misspelt."'}
    whole |= {"since": '"2026-11-29"'} | said
    return "\n".join(["[[correction]]", *(f"{key} = {value}" for key, value in whole.items() if value)]) + "\n"


def mended(folder: Path, gazetteer, text: str, *sheets):
    return corrected(sheets or [SHEET], read_corrections(written(folder, text), gazetteer))[0]


def test_without_a_file_nothing_is_mended(tmp_path, gazetteer):
    assert read_corrections(tmp_path, gazetteer) == ()


def test_a_field_has_the_new_value_and_says_what_the_source_says_why_and_since_when(tmp_path, gazetteer):
    one = mended(tmp_path, gazetteer, table())
    assert one.theme == "Transports"
    assert one.corrections == (Correction(field="theme", said="Trasnports", why="Misspelt.", since="2026-11-29"),)
    assert (one.text, one.source, one.sections) == (SHEET.text, SHEET.source, SHEET.sections)


@pytest.mark.parametrize(
    ("field", "value", "meant"),
    [
        ("title", '"Le car"', "Le car"),
        ("theme", '""', None),
        ("start_year", "2018", 2018),
        ("start_year", '""', None),
        ("departements", '["33", "2A"]', (Departement("33", "Gironde"), Departement("2A", "Corse-du-Sud"))),
        ("departements", "[]", ()),
        ("partners", '["La ville", "Le lycée"]', ("La ville", "Le lycée")),
        (
            "contacts",
            '[{name = "Direction", email = "bus@exemple.fr"}]',
            (Contact(name="Direction", role=None, email="bus@exemple.fr", phone=None),),
        ),
    ],
)
def test_every_kind_of_value_is_understood(tmp_path, gazetteer, field, value, meant):
    one = mended(tmp_path, gazetteer, table(field=f'"{field}"', value=value))
    assert getattr(one, field) == meant
    assert [correction.field for correction in one.corrections] == [field]


def test_a_day_may_be_a_date_of_toml(tmp_path, gazetteer):
    assert mended(tmp_path, gazetteer, table(since="2026-11-29")).corrections[0].since == "2026-11-29"


def test_what_is_printed_of_a_wrong_year_is_not_shown_in_place_of_the_right_one(tmp_path, gazetteer):
    one = mended(tmp_path, gazetteer, table(field='"start_year"', value="2018"))
    assert (one.start_year, one.start_text, one.corrections[0].said) == (2018, None, "2081")


def test_who_to_write_to_is_not_repeated_where_it_is_wrong(tmp_path, gazetteer):
    with_contact = replace(SHEET, contacts=(Contact(name="Ada", role=None, email="ada@exemple.fr", phone=None),))
    one = mended(tmp_path, gazetteer, table(field='"contacts"', value="[]"), with_contact)
    assert (one.contacts, one.corrections[0].said) == ((), "")


def test_a_correction_is_needless_once_the_source_says_so_itself(tmp_path, gazetteer):
    one = mended(tmp_path, gazetteer, table())
    assert not is_needless(one, one.corrections[0])
    one = mended(tmp_path, gazetteer, table(), replace(SHEET, theme="Transports"))
    assert is_needless(one, one.corrections[0])


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"sheet": '"atlas-bsu"'}, r"no sheet 'atlas-bsu' \(.*:1\)\. Write 'atlas-bus'"),
        ({"field": '"text"'}, r"no field 'text' that can be mended\. Its text is the source's.*Choose title, "),
        ({"field": '"colour"'}, r"no field 'colour'.*Choose title, "),
        ({"field": '"start_year"', "value": '"soon"'}, r"'start_year' of 'atlas-bus' cannot be 'soon'.*2018"),
        ({"field": '"start_year"', "value": "true"}, r"cannot be True"),
        ({"field": '"title"', "value": '" "'}, r"cannot be empty"),
        ({"field": '"partners"', "value": '"La ville"'}, r"cannot be 'La ville'.*\[\"one\", \"another\"\]"),
        ({"field": '"departements"', "value": '["999"]'}, r"No département has the code '999'"),
        ({"field": '"contacts"', "value": '[{mail = "a@b.fr"}]'}, r"'contacts' of 'atlas-bus' are no contacts \("),
        ({"why": '""'}, r"'why' of a correction is no text"),
        ({"why": ""}, r"lacks why"),
        ({"since": '"soon"'}, r"'since' cannot be 'soon'.*2026-11-29"),
        ({"reason": '"x"'}, r"unknown key 'reason'.*Known are sheet"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_line_and_the_mend(tmp_path, gazetteer, said, message):
    with pytest.raises(BadCorrection, match=message):
        mended(tmp_path, gazetteer, table(**said))


def test_the_line_is_that_of_the_table(tmp_path, gazetteer):
    with pytest.raises(BadCorrection) as refused:
        mended(tmp_path, gazetteer, "# mends\n\n" + table() + "\n" + table(field='"colour"'))
    assert refused.value.where == f"{tmp_path / CORRECTIONS}:10"


def test_a_field_is_mended_once(tmp_path, gazetteer):
    with pytest.raises(BadCorrection, match=r"'theme' of 'atlas-bus' is mended twice .*:8\)\. Keep this one, or .*:1"):
        mended(tmp_path, gazetteer, table() + "\n" + table(value='"Routes"'))


@pytest.mark.parametrize(("text", "message"), [("[[correction", "not TOML"), ("[sheet]\n", "something else")])
def test_a_file_of_another_shape_is_told(tmp_path, gazetteer, text, message):
    with pytest.raises(BadCorrection, match=message):
        mended(tmp_path, gazetteer, text)


VALUES = st.recursive(
    st.text(max_size=8) | st.integers() | st.booleans() | st.floats() | st.dates(),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=5), parts, max_size=2),
    max_leaves=4,
)


@given(st.fixed_dictionaries({}, optional={key: VALUES | st.sampled_from([*FIELDS, "atlas-bus"]) for key in KEYS}))
def test_whatever_is_written_is_a_correction_or_a_fault_of_ours(tmp_path_factory, gazetteer, said):
    folder = tmp_path_factory.getbasetemp()

    def loads(text: str) -> dict[str, object]:
        return {"correction": [said]}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tomllib, "loads", loads)
        with suppress(BadCorrection):
            (one,) = read_corrections(written(folder, "[[correction]]"), gazetteer)
            assert one.field in FIELDS


def test_a_shipped_layout_is_mended_and_a_corpus_without_corrections_has_the_digest_it_had(tmp_path, gazetteer):
    folder = write_almanac(tmp_path / "documents")
    before = load_corpus(folder, gazetteer)
    id = before.initiatives[0].id
    after = load_corpus(written(folder, table(sheet=f'"{id}"', field='"title"', value='"Des vélos"')), gazetteer)
    assert (after.by_id[id].title, after.by_id[id].text) == ("Des vélos", before.by_id[id].text)
    assert digest_of(after, Enrichment(), ()) != digest_of(before, Enrichment(), ())
    (folder / CORRECTIONS).unlink()
    assert load_corpus(folder, gazetteer) == before
    assert b"corrections" not in TypeAdapter(Initiative).dump_json(before.initiatives[0])


def test_other_people_s_sheets_are_mended_and_the_file_is_no_sheet(tmp_path, gazetteer):
    folder = write_sheets(tmp_path / "fiches")
    (folder / MAPPING).write_text(propose(folder, gazetteer).text, encoding="utf-8")
    imported = import_corpus(written(folder, table(sheet='"A-2"', value='"Aidants"')), gazetteer)
    assert imported.corpus.by_id["A-2"].theme == "Aidants"
    assert CORRECTIONS not in imported.unnamed
