"""A sheet as a file: what programs that keep references read, what people copy, and Markdown without HTML."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from search import RecordView
from tests import atlas
from web.exports import (
    FORMATS,
    Listed,
    Reference,
    bibtex,
    citation,
    exported_sheet,
    fields_of,
    markdown_line,
    markdown_prose,
    one_line,
    printable,
    ris,
)

DOCUMENT = replace(atlas.document(), title="Aide & soin : 100 % d'idées")


def say(key: str, **values) -> str:
    frames = {
        "sheet.citation.line": "« {title} », {document}, {publisher}, {date}, {lines}. {licence}. {permalink}",
        "sheet.citation.lines": "lignes {start}–{end}",
        "dates.months": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "sheet.licence.none": "licence non indiquée",
        "sheet.licence.stated": "licence {licence}",
    }
    return frames[key].format(**values)


def cited(title: str = "La navette_des {marais}", id: str = "d-la-navette-80") -> Reference:
    return Reference(
        id=id,
        title=title,
        document=DOCUMENT,
        start_line=12,
        end_line=30,
        permalink="http://x.example/sheet/d-la-navette-80",
    )


def test_a_citation_in_one_line_says_what_where_and_under_which_licence():
    assert citation(cited("La navette"), say) == (
        "« La navette », Aide & soin : 100 % d'idées, Observatoire des marais, octobre 2018, lignes 12–30. "
        "licence non indiquée. http://x.example/sheet/d-la-navette-80"
    )


def test_a_bibtex_entry_keeps_what_is_special_there_as_text():
    assert bibtex(cited(), say) == "\n".join(
        [
            "@incollection{d-la-navette-80,",
            r"  title = {{La navette\_des \{marais\}}},",
            r"  booktitle = {{Aide \& soin : 100 \% d'idées}},",
            "  author = {{Observatoire des marais}},",
            "  publisher = {{Observatoire des marais}},",
            "  year = {2018},",
            "  month = {10},",
            "  note = {lignes 12–30 · licence non indiquée},",
            "  url = {http://x.example/sheet/d-la-navette-80},",
            "  language = {french},",
            "}",
            "",
        ]
    )


def test_a_ris_record_has_a_line_for_each_field_and_ends_as_the_format_demands():
    assert ris(cited("La\nnavette"), say).split("\r\n") == [
        "TY  - CHAP",
        "ID  - d-la-navette-80",
        "TI  - La navette",
        "T2  - Aide & soin : 100 % d'idées",
        "PB  - Observatoire des marais",
        "PY  - 2018",
        "DA  - 2018/10//",
        "LA  - fr",
        "N1  - lignes 12–30 · licence non indiquée",
        "UR  - http://x.example/sheet/d-la-navette-80",
        "ER  - ",
        "",
    ]


@pytest.mark.parametrize(
    ("text", "escaped"), [("\\", r"\textbackslash{}"), ("~^", r"\textasciitilde{}\textasciicircum{}")]
)
def test_a_backslash_is_escaped_once(text, escaped):
    assert f"{{{{a{escaped}b}}}}" in bibtex(cited(f"a{text}b"), say)


@given(st.text())
def test_no_title_can_end_its_field_or_begin_another(title):
    entry = bibtex(cited(title), say)
    unescaped = re.sub(r"\\[\\{}#$%&_~^]", "", entry)
    assert unescaped.count("{") == unescaped.count("}")
    assert len(ris(cited(title), say).split("\r\n")) == 12


@pytest.mark.parametrize(
    ("id", "key"), [("d-l-été_1-80", "d-l-ete-1-80"), ("{x}", "x"), ("🚌", "sheet"), ("A B", "a-b")]
)
def test_every_key_is_one_that_bibtex_reads(id, key):
    assert bibtex(cited(id=id), say).split("\n")[0] == f"@incollection{{{key},"


# --- Markdown ---


def speaking(key: str, **values) -> str:
    """Says which text was asked for, and with what."""
    if key == "dates.months":
        return " ".join("abcdefghijkl")
    return " ".join([key, *(f"{name}={value}" for name, value in values.items())])


def listed(sheet, record=None, quote=None) -> Listed:
    return Listed(initiative=sheet, document=DOCUMENT, record=record, permalink="http://x.example/sheet/a", quote=quote)


def markdown(sheet, record) -> str:
    return FORMATS["md"].write(exported_sheet(listed(sheet, record), speaking, "fr"), speaking).decode()


def test_a_sheet_in_markdown_has_title_summary_fields_text_contacts_and_citation():
    sheet = atlas.initiative()
    record = RecordView.of(atlas.record(), sheet, atlas.enrichment(), "en")
    assert markdown(sheet, record).split("\n\n") == [
        "# Le bus",
        "> A bus goes everywhere.\n>\n> *sheet.editorial.note*\n>\n> Residents, Mobility",
        "\n".join(
            [
                "- **sheet.field.kind** kind.sheet",
                "- **sheet.field.departements** Ain (01)",
                "- **sheet.field.territory** Bourg",
                "- **sheet.field.carriers** Département de l'Ain",
                "- **sheet.field.partners** La ville",
                "- **sheet.field.start** Depuis 2016",
                "- **sheet.field.status** en cours",
                "- **sheet.field.theme** Transports",
                "- **sheet.field.chapter** Mobilité",
                r"- **sheet.field.also\_titled** Le car",
                r"- **sheet.field.cited\_departements** Corse-du-Sud (2A)",
                "- **sheet.corrections.title** sheet.corrections.said field=sheet.corrections.field.theme "
                "said=Trasnports why=A slip of the pen. since=29 k 2026",
            ]
        ),
        "## sheet.text.title",
        "sheet.text.lines document=Aide &amp; soin : 100 % d'idées start=3 end=4",
        "Le bus\nva partout.",
        "## sheet.contacts.title",
        "sheet.contacts.check year=2018",
        "- Direction, 04 00 00 00 00, bus@ain",
        "## sheet.citation.title",
        "sheet.citation.line title=Le bus document=Aide &amp; soin : 100 % d'idées publisher=Observatoire des marais "
        "date=j 2018 lines=sheet.citation.lines start=3 end=4 licence=sheet.licence.none "
        "permalink=http://x.example/sheet/a\n",
    ]


def test_what_is_empty_has_no_field():
    bare = replace(
        atlas.initiative(), partners=(), territory=None, status=None, start_text=None, start_year=None, theme=None
    )
    names = [field.name for field in fields_of(bare, speaking)]
    assert names == ["kind", "departements", "carriers", "chapter", "also_titled", "cited_departements"]


def test_a_hostile_sheet_is_text_in_every_file():
    evil = "\u202e<script>alert(1)</script>\x00 \\<img src=x onerror=alert(1)> ](javascript:x)"
    sheet = replace(atlas.initiative(), title=evil, lead_organisations=(evil,), text=f"{evil}\n    {evil}", theme=evil)
    reference = Reference.of(sheet, DOCUMENT, "http://x.example/sheet/a")
    made = markdown(sheet, None)
    rendered = MarkdownIt("commonmark").render(made)
    assert not re.search(r"<(?!/?(?:h1|h2|p|ul|li|strong)>)", rendered)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in rendered
    for text in (made, bibtex(reference, say), ris(reference, say), citation(reference, say)):
        assert not re.search("[\x00\u202e]", text)


# --- text ---

# CommonMark, with the tables and the strikethrough of GitHub.
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
PROSE = {
    "paragraph",
    "inline",
    "text",
    "strong",
    "em",
    "softbreak",
    "hardbreak",
    "bullet_list",
    "ordered_list",
    "list_item",
}
HOSTILE = st.text(alphabet="ab1.)*-+_=#>< \t\n\r\\`~[]()!|&;:\"'/\x00\u202e", max_size=30)


def kinds(text: str) -> set[str]:
    """The elements that a reader of Markdown makes of a text."""
    tokens = [token for block in MARKDOWN.parse(text) for token in (block, *(block.children or ()))]
    return {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}


def words(text: str) -> str:
    """What a reader of Markdown shows of a text."""
    return "".join(child.content for block in MARKDOWN.parse(text) for child in block.children or ())


def test_control_characters_and_marks_of_direction_are_left_out():
    assert printable("a\x00b\x01c\x1bd\x9fe") == "abcde"
    assert printable("sûr\u202egpj.exe\u202c \u2066x\u2069") == "sûrgpj.exe x"
    assert printable("\ud800 \ufffe") == " "
    assert printable("deux\nlignes\tet l'œuvre « à 5 € » 🚌") == "deux\nlignes\tet l'œuvre « à 5 € » 🚌"


def test_one_line_has_single_spaces():
    assert one_line(" La\r\nnavette\x00 \t des  marais ") == "La navette des marais"


def test_markup_of_a_field_is_text():
    assert markdown_line("a*b* [c](d) <e>\n# f & g") == r"a\*b\* \[c\](d) &lt;e\> \# f &amp; g"


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("**a** <script>\n    b\n - c &lt;", "**a** &lt;script>\nb\n - c &amp;lt;"),
        (r"\<img src=x onerror=alert(1)>", r"\\&lt;img src=x onerror=alert(1)>"),  # no backslash undoes an escape
        ("![x](http://evil.example) [y]", r"!\[x\](http://evil.example) \[y\]"),
        ("# a\n> b\nc\n===\nd\n---", "\\# a\n\\> b\nc\n\\===\nd\n\\---"),
        ("- # a\n1. > b", "- \\# a\n1. \\> b"),
        ("```\ncode\n~~~", "\\`\\`\\`\ncode\n\\~\\~\\~"),
        ("-     un\n\tdeux", "- un\n deux"),
        ("a\x00b\u202ec\rd", "abc\nd"),
    ],
)
def test_prose_keeps_stars_and_lists_and_no_other_markup(printed, written):
    assert markdown_prose(printed) == written


def test_prose_that_was_printed_in_bold_and_as_a_list_looks_so():
    assert kinds(markdown_prose("**Un** *bus*\n\n- vert\n- bleu\n\n1. un")) >= {
        "strong",
        "em",
        "bullet_list",
        "ordered_list",
    }


@given(HOSTILE)
def test_no_prose_whatever_brings_html_links_images_code_or_headings_along(text):
    assert kinds(markdown_prose(text)) <= PROSE


@given(HOSTILE)
def test_any_line_is_read_as_it_was_printed(text):
    line = f"x {markdown_line(text)}"  # a word first: a line of its own may begin a list
    assert kinds(line) <= {"paragraph", "inline", "text"}
    assert words(line) == f"x {one_line(text)}".strip()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd"])
def test_no_words_of_a_sheet_become_a_link_a_picture_or_a_heading(address: str):
    text = f"voir [le site]({address}) du projet\n\n![une image]({address})\n\n<{address}>\n\n[a]: {address}\n\n# Titre"
    made = markdown_prose(text)
    assert kinds(made) <= PROSE
    assert address not in [target for one in MarkdownIt().parse(made) for target in (one.attrs or {}).values()]
