"""Bulk exports: the same rows in every format, held to the Table Schema that is served beside them; no contacts."""

import csv
import io
import json
import re
from dataclasses import replace

import pytest
from arro3.io import read_parquet

from corpus import Contact, Document, Section, Source
from tests.atlas import initiative
from tests.web.conftest import BIKES, QuotingAnswerer, client_of
from web.bulk import COLUMNS, Exported, _cell, columns, row_of, service_of

READ = {"string": str, "integer": int, "boolean": {"true": True, "false": False}.__getitem__, "array": json.loads}
KINDS = {"string": str, "integer": int, "boolean": bool, "array": list}


@pytest.fixture(scope="module")
def schema(client):
    return client.get("/export.schema.json").json()


@pytest.fixture(scope="module")
def rows(client):
    return [json.loads(line) for line in client.get("/export.jsonl").text.splitlines()]


def checked(value, field):
    """A value that is what the schema says of its field."""
    rules = field["constraints"]
    if value is None:
        assert not rules.get("required"), field["name"]
        return value
    assert type(value) is KINDS[field["type"]], field["name"]
    assert value in rules.get("enum", [value])
    assert re.fullmatch(rules.get("pattern", r"(?s).*"), str(value))
    assert rules.get("minimum", value) <= value <= rules.get("maximum", value)
    return value


def test_every_row_is_what_the_schema_says(rows, schema):
    assert [one["id"] for one in rows]
    assert schema["primaryKey"] == "id"
    assert len({one["id"] for one in rows}) == len(rows) == 6
    for row in rows:
        assert list(row) == [field["name"] for field in schema["fields"]]
        for field in schema["fields"]:
            checked(row[field["name"]], field)


def test_every_field_of_the_schema_is_told_with_an_example_of_its_type(schema):
    for field in schema["fields"]:
        assert all(field[told].strip() for told in ("name", "title", "description", "example"))
        checked(READ[field["type"]](field["example"]), field)


def test_the_csv_read_by_its_schema_gives_the_same_rows(client, rows, schema):
    reply = client.get("/export.csv")
    assert reply.headers["link"] == '</export.schema.json>; rel="describedby"'
    assert "recueil.csv" in reply.headers["content-disposition"]
    read = csv.DictReader(io.StringIO(reply.text, newline=""))
    types = {field["name"]: READ[field["type"]] for field in schema["fields"]}
    assert [{name: types[name](cell) if cell else None for name, cell in row.items()} for row in read] == rows


def test_the_parquet_file_holds_the_same_rows(client, rows):
    table = read_parquet(io.BytesIO(client.get("/export.parquet").content)).read_all()
    columns = {name: [value.as_py() for value in table[name]] for name in table.column_names}
    assert [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)] == rows


@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet", "services.jsonl"])
def test_conditions_are_those_of_a_search_and_bad_ones_are_refused(client, ending):
    assert client.get(f"/export.{ending}?departement=Atlantide").status_code == 422
    assert client.get(f"/export.{ending}?q=velo").status_code == 422
    assert client.get(f"/export.{ending}?year_from=2999").status_code == 200
    bikes = client.get("/export.jsonl?departement=33").text.splitlines()
    assert [json.loads(line)["id"] for line in bikes] == [BIKES]


def test_a_file_of_nothing_has_its_columns(client, schema):
    named = [field["name"] for field in schema["fields"]]
    assert client.get("/export.csv?year_from=2999").text == ",".join(named) + "\r\n"
    table = read_parquet(io.BytesIO(client.get("/export.parquet?year_from=2999").content)).read_all()
    assert (table.num_rows, table.column_names) == (0, named)


# --- contacts ---


@pytest.fixture
def printed(gazetteer):
    """A sheet that prints a contact, in its prose and below it."""
    lines = ("Titre", "Le bus part à 8 h. Écrire à bus@ain.example ou au 04 00 00 00 00.", "Contact : Direction")
    document = Document(
        id="atlas", title="Atlas", publisher="", date="2018-10", licence="not stated", reader="", file="",
        original_name="", lines=lines,
    )  # fmt: skip
    contact = Contact(name="A. Nom", role="Direction", email="bus@ain.example", phone="04 00 00 00 00")
    one = replace(
        initiative(), text="\n".join(lines), source=Source("atlas", 1, 3), sections=(Section(None, 2, 2),),
        contacts=(contact,),
    )  # fmt: skip
    return Exported(
        initiative=one, document=document, record=None, gazetteer=gazetteer, url="https://x.example/sheet/a"
    )


def test_contacts_are_left_out_of_every_column_unless_whoever_runs_the_service_says_so(printed):
    row = row_of(printed, columns(with_contacts=False))
    assert row["text"] == "Le bus part à 8 h. Écrire à  ou au ."
    assert "Direction" not in json.dumps(row)
    assert row_of(printed, columns(with_contacts=True))["contacts"] == [
        "A. Nom, Direction, 04 00 00 00 00, bus@ain.example"
    ]


def test_nobody_whom_a_shipped_sheet_names_as_a_contact_is_in_its_row(corpus, gazetteer):
    documents = {one.id: one for one in corpus.documents}
    printed = 0
    for one in corpus.initiatives:
        sheet = Exported(
            initiative=one, document=documents[one.source.document], record=None, gazetteer=gazetteer, url=""
        )
        row = json.dumps(row_of(sheet, columns(with_contacts=False)), ensure_ascii=False)
        for contact in one.contacts:
            told = [part for part in (contact.name, contact.email, contact.phone) if part]
            printed += len(told)
            assert [part for part in told if part in row] == [], one.id
    assert printed > 200


def test_the_setting_adds_the_contacts_to_files_and_schema(small_settings, small_searcher):
    settings = small_settings.model_copy(update={"export_contacts": True})
    with client_of(settings, small_searcher, QuotingAnswerer(small_searcher)) as client:
        assert client.get("/export.schema.json").json()["fields"][-1]["name"] == "contacts"
        assert client.get("/export.csv").text.split("\r\n")[0].endswith(",contacts")


# --- values ---


def test_a_text_that_a_spreadsheet_would_calculate_is_a_text():
    assert [_cell(value) for value in ("=1+1", True, None, ["a"], 2016)] == ["'=1+1", "true", "", '["a"]', "2016"]


def test_no_column_is_there_twice():
    assert len({column.name for column in COLUMNS}) == len(COLUMNS)


# --- data·inclusion ---


def test_a_sheet_is_a_service_in_those_fields_for_which_it_has_a_value(printed):
    assert service_of(printed, with_contacts=False) == {
        "source": "recueil",
        "id": "atlas-le-bus-01",
        "nom": "Le bus",
        "description": "Le bus part à 8 h. Écrire à  ou au .",
        "lien_source": "https://x.example/sheet/a",
        "zone_eligibilite": ["01"],
    }
    assert service_of(printed, with_contacts=True)["courriel"] == "bus@ain.example"


def test_no_part_of_a_service_is_made_up(printed):
    to_the_day = replace(printed, document=replace(printed.document, date="2018-10-31"))
    assert "date_maj" not in service_of(printed, with_contacts=False)
    assert service_of(to_the_day, with_contacts=False)["date_maj"] == "2018-10-31"
    two = replace(printed.initiative, contacts=printed.initiative.contacts * 2)
    assert "courriel" not in service_of(replace(printed, initiative=two), with_contacts=True)


def test_a_long_title_is_cut_between_words(printed):
    long = replace(printed.initiative, title="mobilité " * 30)
    name = service_of(replace(printed, initiative=long), with_contacts=False)["nom"]
    assert len(name) <= 150
    assert name.endswith("mobilité…")
