"""A comparison as CSV and as an OpenDocument text: the same cells, with their sources, in files that open as meant."""

import csv
import io
import zipfile
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.comparison import CellView, ColumnView, ComparisonView, RowView, SaidView, exported_comparison
from web.exports import FORMATS

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
XLINK = "{http://www.w3.org/1999/xlink}"


def say(key: str, **values) -> str:
    if key == "export.separator":
        return ","
    return "fr-FR" if key == "language.tag" else key


def comparison(title: str = "La navette", words: str = "Le budget est de 12 000 €.") -> ComparisonView:
    columns = tuple(
        ColumnView(
            id=id,
            title=name,
            record_title=None,
            document="Recueil",
            lines="l. 1–9",
            address=f"http://x/sheet/{id}",
        )
        for id, name in (("a", title), ("b", "Le car"))
    )
    quote = SaidView(words, "l. 4", "http://x/sheet/a?from=4&to=4#cited")
    cells = CellView((quote,), None), CellView((), "compare.empty")
    somme, oise, nord = (SaidView(name, None, None) for name in ("Somme", "Oise", "Nord"))
    places = CellView((somme, oise), None), CellView((nord,), None)
    return ComparisonView(columns, (RowView("place", "Lieu", places), RowView("cost", "Coût", cells)))


def written(made: ComparisonView, ending: str) -> bytes:
    return FORMATS[ending].write(exported_comparison(made, [], say, "fr"), say)


def test_the_csv_begins_with_a_byte_order_mark_and_has_a_row_for_each_aspect():
    octets = written(comparison(), "csv")
    assert octets.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(octets.decode("utf-8-sig"), newline=""))) == [
        ["compare.aspect.title", "La navette", "Le car"],
        ["Lieu", "Somme\nOise", "Nord"],
        ["Coût", "«\u00a0Le budget est de 12 000 €.\u00a0» (l. 4)", "[compare.empty]"],
        ["compare.source", "Recueil, l. 1–9", "Recueil, l. 1–9"],
        ["compare.address", "http://x/sheet/a", "http://x/sheet/b"],
    ]


@given(st.text())
def test_no_title_is_a_formula_in_the_csv(title):
    rows = list(csv.reader(io.StringIO(written(comparison(title), "csv").decode("utf-8-sig"), newline="")))
    assert len(rows) == 5
    assert not rows[0][1].lstrip(" \n").startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_formula_behind_a_character_that_is_left_out_becomes_text_too():
    rows = list(csv.reader(io.StringIO(written(comparison("\u202e=1+1"), "csv").decode("utf-8-sig"), newline="")))
    assert rows[0][1] == "'=1+1"


def content(made: ComparisonView) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(written(made, "odt"))) as packed:
        assert packed.namelist()[0] == "mimetype"  # so that the file is known by its first bytes
        assert packed.read("mimetype") == b"application/vnd.oasis.opendocument.text"
        return ElementTree.fromstring(packed.read("content.xml"))


def words_of(element: ElementTree.Element) -> str:
    """The text of an element; OpenDocument writes a space at the end of a run as an element."""
    inside = "".join(words_of(child) + (child.tail or "") for child in element)
    return (" " if element.tag == f"{TEXT}s" else element.text or "") + inside


def test_the_document_has_headings_and_a_table_with_a_header_row():
    tree = content(comparison())
    assert [heading.text for heading in tree.iter(f"{TEXT}h")] == ["compare.title", "compare.sources"]
    [table] = tree.iter(f"{TABLE}table")
    [header] = table.findall(f"{TABLE}table-header-rows/{TABLE}table-row")
    rows = [header, *table.findall(f"{TABLE}table-row")]
    assert [[words_of(cell) for cell in row] for row in rows] == [
        ["compare.aspect.title", "La navette", "Le car"],
        ["Lieu", "SommeOise", "Nord"],
        ["Coût", "«\u00a0Le budget est de 12 000 €.\u00a0» l. 4", "compare.empty"],
    ]


def test_the_document_links_each_quote_to_its_lines_and_names_the_sources():
    links = [link.get(f"{XLINK}href") for link in content(comparison()).iter(f"{TEXT}a")]
    assert links == ["http://x/sheet/a?from=4&to=4#cited", "http://x/sheet/a", "http://x/sheet/b"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [("<b>&amp;</b>", "<b>&amp;</b>"), ("a\x0cb\x00c", "abc"), ("\ufffe", ""), ("\u202eabc", "abc")],
)
def test_a_sheet_may_hold_what_xml_cannot(words, expected):
    assert f"«\u00a0{expected}\u00a0» l. 4" in words_of(content(comparison(words=words)))
