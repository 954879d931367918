"""Tables as people make them: encoding, delimiter, sheet and heading row are told, bad rows cost no good ones."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odfdo import Document, Row
from odfdo import Table as OdsTable

from corpus import BadDocument
from corpus.importing import Format, Layout
from corpus.importing.decoding import decoded
from corpus.importing.sources import format_of, tables_of
from corpus.importing.tabular import as_text, column_names, csv_table, guess_delimiter, guess_heading

ROWS = "nom;commune;coût\nLe potager d’Émile;Brest;12,50 €\nL’atelier;Œting;8 €\n"


def table_of(text: str | bytes, layout: Layout | None = None):
    return csv_table(text.encode() if isinstance(text, str) else text, "a.csv", layout)


def write_ods(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    document = Document("spreadsheet")
    document.body.clear()
    for name, rows in sheets.items():
        table = OdsTable(name)
        for cells in rows:
            row = Row()
            row.set_values(cells)
            table.append_row(row)
        document.body.append(table)
    document.save(str(path))
    return path


# --- encodings ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_text_reads_the_same_whatever_program_saved_it(encoding):
    table = table_of(ROWS.encode(encoding))
    assert [record.cells["nom"] for record in table.records] == ["Le potager d’Émile", "L’atelier"]
    assert table.records[0].cells["coût"] == "12,50 €"


def test_bytes_that_are_not_what_corpus_toml_says_are_a_fault_with_its_mend():
    with pytest.raises(BadDocument, match="not utf-8") as raised:
        decoded(b"\xe9t\xe9", "a.csv", "utf-8")
    assert (raised.value.where, "encoding" in raised.value.mend) == ("a.csv", True)


# --- CSV ---


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_the_one_that_cuts_rows_alike(delimiter):
    text = "\n".join(delimiter.join(cells) for cells in [("a", "b", "c"), ("1", "deux mots", "3"), ("4", "cinq", "6")])
    assert guess_delimiter(text)[0] == delimiter


def test_line_ends_inside_quotes_belong_to_the_cell_and_lines_are_counted_as_an_editor_does():
    table = table_of('nom,texte\nA,"un\ndeux\n\ntrois"\nB,"x, y"')
    assert [(one.where, one.cells["texte"]) for one in table.records] == [
        ("line 2", "un\ndeux\n\ntrois"),
        ("line 6", "x, y"),
    ]


def test_a_row_with_too_many_cells_is_set_aside_and_costs_no_other():
    table = table_of("a,b\n1,2\n3,4,5\n6,7\n")
    assert [record.cells["a"] for record in table.records] == ["1", "6"]
    (aside,) = table.set_aside
    assert (aside.where, aside.cells["beyond the last column"], "quotes" in aside.mend) == ("line 3", "5", True)


def test_excels_own_line_about_the_delimiter_is_no_row():
    assert [one.cells for one in table_of("sep=;\r\nnom;ville\r\nA;Brest\r\n").records] == [
        {"nom": "A", "ville": "Brest"}
    ]


def test_a_layout_goes_before_what_would_be_guessed():
    layout = Layout(format=Format.CSV, delimiter=",", heading_row=2, first_row=4)
    table = table_of("Liste 2026,\nnom,ville\nChamp texte,Champ texte\nA,Brest\n", layout)
    assert [(one.where, one.cells) for one in table.records] == [("line 4", {"nom": "A", "ville": "Brest"})]


cells = st.lists(st.text("abcé ,;\"'\n\t|é€", max_size=12), min_size=2, max_size=5)


@given(st.lists(cells, min_size=1, max_size=6))
def test_every_row_of_any_text_becomes_a_record_or_is_set_aside(rows):
    import csv
    import io

    written = io.StringIO()
    csv.writer(written).writerows([["nom", "ville", "texte"], *rows])
    table = table_of(written.getvalue(), Layout(format=Format.CSV, delimiter=","))
    heading = table.layout.heading_row
    full = [row for row in [["nom", "ville", "texte"], *rows] if any(cell.strip() for cell in row)]
    assert heading is not None
    assert len(full) - len(table.records) - len(table.set_aside) <= len(full)
    assert all(record.where.startswith("line ") for record in table.records)


# --- heading rows ---


def test_the_heading_row_is_found_below_a_banner():
    rows = [
        ["Plan 2026", "", "", ""],
        ["Titre", "Porteur", "Ville", "Budget"],
        ["Le potager", "Mairie", "Brest", "100"],
    ]
    assert guess_heading(rows)[0] == 1


def test_rows_of_numbers_have_no_heading():
    assert guess_heading([["1", "2"], ["3", "4"]])[0] is None


def test_names_of_columns_are_one_line_each_and_no_two_alike():
    row = ["Nom\n(usuel)", "Montant ", "Montant", "", "Ville", "", ""]
    assert column_names(row) == ("Nom (usuel)", "Montant", "Montant (2)", "column 4", "Ville")


# --- workbooks ---


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2012.0, "2012"),
        (10.22, "10.22"),
        (datetime.date(2024, 7, 4), "2024-07-04"),
        (datetime.datetime(2024, 7, 4), "2024-07-04"),
        (True, "true"),
        (None, ""),
    ],
)
def test_cells_of_a_workbook_are_read_as_people_read_them(value, text):
    assert as_text(value) == text


def test_a_workbook_is_told_by_its_content_whatever_its_name_says(tmp_path):
    path = write_ods(tmp_path / "liste.ods", {"Feuille": [["nom", "ville"], ["A", "Brest"]]})
    path = path.rename(tmp_path / "liste.xls")
    assert format_of(path) is Format.WORKBOOK
    (table,) = tables_of(path, "liste.xls")
    assert [(one.where, one.cells) for one in table.records] == [("row 2", {"nom": "A", "ville": "Brest"})]


def test_a_sheet_that_is_not_there_is_a_fault_that_names_those_that_are(tmp_path):
    path = write_ods(tmp_path / "a.ods", {"Actions": [["nom"], ["A"]]})
    with pytest.raises(BadDocument) as raised:
        tables_of(path, "a.ods", Layout(format=Format.WORKBOOK, sheet="Fiches"))
    assert "'Actions'" in raised.value.mend


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 damaged", b"\xd0\xcf\x11\xe0 no workbook", b"\x89PNG\r\n\x1a\n\x00"]
)
def test_a_file_that_cannot_be_read_is_a_fault_with_its_mend(tmp_path, content):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(BadDocument) as raised:
        tables_of(path, "a.xlsx")
    assert raised.value.mend


ROW = "<tr><td>{}</td><td>{}</td><td><p>Il roule<br>chaque jour.</p></td></tr>"


def test_a_page_that_is_one_table_is_read_row_by_row_also_under_the_name_of_a_workbook(tmp_path):
    rows = "".join(ROW.format(f"Le bus {n}", "Brest") for n in range(5))
    heading = "<tr><th>Nom</th><th>Ville</th><th>Descriptif</th></tr>"
    path = tmp_path / "export.xls"
    path.write_text(f"<html><body><table>{heading}{rows}</table></body></html>")
    (table,) = tables_of(path, "export.xls")
    assert table.columns == ("Nom", "Ville", "Descriptif")
    assert table.records[0].cells == {"Nom": "Le bus 0", "Ville": "Brest", "Descriptif": "Il roule\nchaque jour."}


def test_a_quotation_mark_that_nothing_closes_swallows_no_other_row():
    table = table_of('nom;texte\nA;"deux\nlignes"\n"Le grand;un\nB;deux\nC;trois\n')
    assert [one.cells["nom"] for one in table.records] == ["A", '"Le grand', "B", "C"]
    assert [one.where for one in table.records] == ["line 2", "line 4", "line 5", "line 6"]


def test_columns_in_a_text_file_are_found_in_any_encoding(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("Titre\tVille\tTexte\nÀ vélo\tBrest\tIl va.\nLe bus\tLyon\tIl roule.\n".encode("utf-16"))
    (table,) = tables_of(path, "a.txt")
    assert table.columns == ("Titre", "Ville", "Texte")
