"""Prose: one sheet a file, a heading or an item; the page's own heading as title; scans and lost letters told."""

import pytest
from odfdo import Document, Header, Paragraph

from corpus.importing import Format, Layout
from corpus.importing.markup import html_to_text, plain_value
from corpus.importing.pages import guess_unit, prose_table
from corpus.importing.pdf import LOST_IN_WORD, pdf_text
from corpus.importing.sources import tables_of


def table_of(tmp_path, text: str, name: str = "a.md", layout: Layout | None = None):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    (table,) = tables_of(path, name, layout)
    return table


def test_front_matter_gives_columns_and_the_rest_is_the_body(tmp_path):
    table = table_of(
        tmp_path,
        "---\ntitle: Le potager\nthemes:\n  - eau\n  - sol\nphases:\n  - name: test\n    start: 2021-05-01\n---\n"
        "<!-- caché -->\n## Le problème\nLes *jardins* ont soif.\n\n- un\n- deux\n",
    )
    (record,) = table.records
    assert record.cells["title"] == "Le potager"
    assert (record.cells["themes"], record.cells["phases.start"]) == ("eau\nsol", "2021-05-01")
    assert record.cells["body"] == "## Le problème\n\nLes jardins ont soif.\n\n- un\n- deux"


def test_front_matter_in_toml_is_read_too(tmp_path):
    (record,) = table_of(tmp_path, '+++\ntitle = "Le bus"\n+++\nIl roule.\n').records
    assert record.cells == {"title": "Le bus", "body": "Il roule."}


def test_front_matter_that_is_broken_costs_only_itself(tmp_path):
    table = table_of(tmp_path, "---\ntitle: [Le potager\n---\n# Le potager\n\nOn sème.\n")
    assert (table.records[0].cells["title"], table.records[0].cells["body"]) == ("Le potager", "On sème.")
    assert "front matter" in table.notes[0]


def test_headings_that_are_no_parts_of_a_sheet_are_sheets(tmp_path):
    text = "# Le potager\n\nOn sème.\n\n# L’atelier\n\nOn répare.\n\n# Le bus\n\nOn roule.\n"
    assert [one.cells["title"] for one in table_of(tmp_path, text).records] == ["Le potager", "L’atelier", "Le bus"]


def test_headings_with_the_same_parts_below_are_sheets_whatever_stands_above(tmp_path):
    sheets = "".join(
        f"## {name}\n\n### Contexte\n\nIci.\n\n### Résultats\n\nBien.\n\n" for name in ("Mare", "Bus", "Four")
    )
    table = table_of(tmp_path, f"# Nos actions\n\nIl y en a trois.\n\n{sheets}")
    assert table.layout.records == "heading 2"
    assert [one.cells["title"] for one in table.records] == ["Mare", "Bus", "Four"]
    assert "### Résultats\n\nBien." in table.records[1].cells["body"]


@pytest.mark.parametrize("heading", ["Contexte", "Objectifs", "Quelle est la suite ?"])
def test_headings_that_are_parts_keep_the_sheet_together(heading):
    body = f"# Le potager\n\n## {heading}\n\nOn sème.\n\n## Résultats\n\nOn mange.\n\n## Contact\n\nMarie\n"
    assert guess_unit(body, False, Format.MARKDOWN)[0] == "file"


ITEMS = "".join(f"<li><p><b>Projet {n}</b><br>Il fait {n} choses.<br>– MAIRIE {n}</p></li>\n" for n in range(1, 6))


def test_items_that_begin_with_a_name_are_sheets_of_the_fullest_section(tmp_path):
    text = f"---\ntitle: Lauréats\ndate: 2021-03-03\n---\n## Les projets\n<h3>Eau</h3>\n<ul>{ITEMS}</ul>\n"
    text += "## Suite\n- **Un appel** : bientôt\n"
    table = table_of(tmp_path, text)
    assert table.layout.records == "list"
    assert table.records[0].cells == {
        "title": "Projet 1",
        "body": "Il fait 1 choses.",
        "heading": "Eau",
        "organisation": "MAIRIE 1",
        "date": "2021-03-03",
    }
    assert len(table.records) == 5
    whole = table_of(tmp_path, text, layout=Layout(format=Format.MARKDOWN, records="file"))
    assert [one.cells["title"] for one in whole.records] == ["Lauréats"]


PAGE = """<html><head><title>{title}</title><link rel="canonical" href="https://x.org/f/1"></head><body>
<nav><h2>Menu</h2><a href="/">Accueil</a></nav><main>{heading}<p>{prose}</p><p>{prose}</p></main>
<div class="footer"><h3>Nous suivre</h3></div></body></html>"""
PROSE = (
    "Chaque mardi, les habitants réparent ensemble ce qui est cassé, puis partagent un repas préparé par les élèves. "
    * 4
)


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("Le potager partagé | Portail des initiatives", ""),
        ("Portail des initiatives - Nous suivre", "<h1>Le potager partagé</h1>"),
        ("Portail – Le potager partagé", "<h2>Le potager partagé</h2>"),
    ],
)
def test_the_title_of_a_page_is_its_own_and_not_that_of_the_site(tmp_path, title, heading):
    (record,) = table_of(tmp_path, PAGE.format(title=title, heading=heading, prose=PROSE), "a.html").records
    assert record.cells["title"] == "Le potager partagé"
    assert record.cells["url"] == "https://x.org/f/1"
    assert "réparent ensemble" in record.cells["body"]
    assert "Accueil" not in record.cells["body"]


def test_an_odt_begins_with_its_title(tmp_path):
    document = Document("text")
    document.body.clear()
    for element in (Header(1, "Le potager"), Paragraph("On sème."), Header(2, "Contexte"), Paragraph("Il fait sec.")):
        document.body.append(element)
    document.save(str(tmp_path / "a.odt"))
    (table,) = tables_of(tmp_path / "a.odt", "a.odt")
    assert table.records[0].cells == {"title": "Le potager", "body": "On sème.\n\n## Contexte\n\nIl fait sec."}


def pdf_of(*lines: tuple[str, int]) -> bytes:
    """A PDF of one page, lines as (text, size in points); readers do without a table of its objects."""
    shown = "".join(f"BT /F {size} Tf 50 {700 - 30 * n} Td ({text}) Tj ET\n" for n, (text, size) in enumerate(lines))
    content = shown.encode("cp1252")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
        b" /Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, one) for number, one in enumerate(objects, start=1))
    return b"%PDF-1.4\n" + body + b"trailer << /Root 1 0 R /Size 6 >>\n%%EOF\n"


def test_the_largest_type_of_a_pdf_is_its_title_and_its_lines_are_joined():
    title, body, notes = pdf_text(
        pdf_of(("Mairie de Brest", 9), ("Le potager", 20), ("On sème au printemps avec", 9), ("les élèves.", 9)),
        "a.pdf",
    )
    assert title == "Le potager"
    assert "On sème au printemps avec les élèves." in body
    assert notes == ()


def test_a_scan_is_told_and_gives_no_record(tmp_path):
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf_of())
    table = prose_table(path, "scan.pdf", Layout(format=Format.PDF))
    assert table.records == ()
    assert table.notes[0].startswith("scan without text")


def test_letters_that_a_font_hides_are_known_inside_words_only():
    assert len(LOST_IN_WORD.findall("na\x1fonal, collec\x08vité et conven\ton\tfin")) == 4
    assert LOST_IN_WORD.findall("un\n\tdeux \x1f") == []


# --- markup inside cells ---


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("l&rsquo;eau &amp; l&#39;air", "l’eau & l'air"),
        ("<p>Un</p><ul><li>deux</li><li>trois</li></ul>", "Un\n\n- deux\n- trois"),
        ("plus de 3 < 5 et > 2", "plus de 3 < 5 et > 2"),
        ("J'♥ <3", "J'♥ <3"),
        ("a \r\n\r\n\r\n b\u00a0", "a\n\nb"),
    ],
)
def test_cells_are_read_without_their_markup(cell, text):
    assert plain_value(cell) == text


def test_scripts_and_comments_are_not_read():
    assert html_to_text("<script>x()</script><!-- y --><p>Oui</p><h2>A\n b</h2>") == "Oui\n\n## A b"
