"""A list in every format, read back with a library that knows it: the same initiatives, and nothing that is run."""

import csv
import io
from dataclasses import replace

import docx
import mammoth
import odfdo
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from python_calamine import CalamineWorkbook

from search import RecordView
from tests import atlas
from web.exports import FORMATS, Exported, Listed, Quote, exported_list, exported_sheet
from web.visitor import texts_in

SAY = texts_in("fr")
ADDRESS = "http://x.example/sheet/a"
LINES = f"{ADDRESS}?from=3&to=4#cited"


def listed(title: str = "Le bus", summary: str | None = None) -> Listed:
    sheet = replace(atlas.initiative(), title=title)
    record = RecordView.of(atlas.record(), sheet, atlas.enrichment(), "fr")
    return Listed(
        initiative=sheet,
        document=atlas.document(),
        record=record if summary is None else replace(record, summary=summary),
        permalink=ADDRESS,
        quote=Quote("Un bus va partout.", "lignes 3 à 4", LINES),
    )


def taken(one: Listed, with_contacts: bool = True) -> Exported:
    return exported_list(
        "liste", "Ma liste", ["2 fiches"], [one, listed("Le car")], SAY, "fr", with_contacts=with_contacts
    )


def written(exported: Exported, ending: str) -> bytes:
    return FORMATS[ending].write(exported, SAY)


def rows_of_csv(octets: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(octets.decode("utf-8-sig"), newline=""), delimiter=";"))


def rows_of_xlsx(octets: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(octets)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize(("ending", "rows"), [("csv", rows_of_csv), ("xlsx", rows_of_xlsx)])
def test_a_table_has_a_row_for_each_initiative(ending, rows):
    table = [
        dict(zip(headings, row, strict=True))
        for headings, *all_rows in [rows(written(taken(listed()), ending))]
        for row in all_rows
    ]
    assert [row["Titre"] for row in table] == ["Le bus", "Le car"]
    first = table[0]
    assert first["Lieu"] == "Ain"
    assert first["Contact imprimé, à vérifier"] == "Direction, 04 00 00 00 00, bus@ain"
    assert (first["Passage"], first["Adresse"]) == ("Un bus va partout.", ADDRESS)


def test_what_a_search_finds_says_only_whether_there_is_a_contact():
    for ending in FORMATS:
        octets = written(taken(listed(), with_contacts=False), ending)
        if ending in ("csv", "md"):
            assert b"bus@ain" not in octets
    assert "un contact est imprimé" in str(rows_of_xlsx(written(taken(listed(), with_contacts=False), "xlsx")))


HOSTILE = st.text(max_size=12).map(lambda text: "=1+1" + text) | st.text(max_size=20)


@given(HOSTILE)
@settings(max_examples=40)
def test_no_cell_is_calculated(title):
    exported = taken(listed(title))
    for row in rows_of_csv(written(exported, "csv")):
        assert not any(cell.lstrip(" \n").startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_in_a_workbook_a_formula_is_a_text():
    for title in ("=1+1", "@SUM(1)", '=HYPERLINK("http://evil.example")', "{=1}", "http://evil.example", "12"):
        rows = rows_of_xlsx(written(taken(listed(title)), "xlsx"))
        assert rows[1][1] == title


def test_a_cell_longer_than_the_format_holds_is_cut_and_not_left_out():
    rows = rows_of_xlsx(written(taken(listed(summary="a" * 40_000)), "xlsx"))
    assert len(rows[1][8]) == 32_767


def test_a_word_document_has_headings_links_and_citations():
    octets = written(taken(listed()), "docx")
    document = docx.Document(io.BytesIO(octets))
    assert document.core_properties.title == "Ma liste"
    headings = [one.text for one in document.paragraphs if one.style.name.startswith("Heading")]
    assert headings == ["Ma liste", "Le bus", "Le car"]
    links = [link.url for one in document.paragraphs for link in one.hyperlinks]
    assert links == [LINES] * 2
    shown = mammoth.convert_to_html(io.BytesIO(octets)).value
    assert "<strong>Contact, imprimé en 2018, à vérifier</strong> Direction, 04 00 00 00 00, bus@ain" in shown
    assert "Observatoire des marais, octobre 2018" in shown


def test_an_open_document_has_the_same():
    document = odfdo.Document(io.BytesIO(written(taken(listed()), "odt")))
    assert document.meta.title == "Ma liste"
    assert [one.text for one in document.body.headers] == ["Ma liste", "Le bus", "Le car"]
    assert [link.url for link in document.body.get_links()] == [LINES] * 2
    assert "Observatoire des marais, octobre 2018" in document.body.text_recursive


def test_markdown_has_the_same():
    shown = MarkdownIt("commonmark").render(written(taken(listed()), "md").decode())
    assert shown.count("<h2>") == 2
    assert f'<a href="{LINES.replace("&", "&amp;")}">lignes 3 à 4</a>' in shown
    assert "<li><strong>Contact, imprimé en 2018, à vérifier</strong> Direction" in shown


def test_programs_that_keep_references_get_each_once():
    assert written(taken(listed()), "bib").decode().count("@incollection{") == 2
    assert written(taken(listed()), "ris").decode().count("TY  - CHAP\r\n") == 2


@pytest.mark.parametrize("ending", FORMATS)
def test_what_no_file_can_hold_is_left_out(ending):
    evil = "a\x00b\u202ec\ud800d\x0ce <x>&"
    octets = written(taken(listed(evil, summary=evil)), ending)
    assert octets
    assert exported_sheet(listed(evil), SAY, "fr").name == atlas.initiative().id
    if ending == "docx":
        assert "abcde <x>&" in [one.text for one in docx.Document(io.BytesIO(octets)).paragraphs]


@pytest.mark.parametrize(
    ("ending", "read"),
    [
        ("docx", lambda octets: docx.Document(io.BytesIO(octets)).paragraphs),
        ("odt", lambda octets: odfdo.Document(io.BytesIO(octets)).body.paragraphs),
    ],
)
def test_a_whole_sheet_keeps_its_lines(ending, read):
    octets = written(exported_sheet(listed(), SAY, "fr"), ending)
    texts = [getattr(one, "text_recursive", one.text) for one in read(octets)]
    assert [text for text in texts if text in ("Le bus", "va partout.")][-2:] == ["Le bus", "va partout."]
