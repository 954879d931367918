"""Text of a sheet in a file: no formula, no markup, no character that hides what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from web.export_text import markdown_line, markdown_prose, one_line, readable, spreadsheet_cell

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
    assert readable("a\x00b\x01c\x1bd\x9fe") == "abcde"
    assert readable("sûr\u202egpj.exe\u202c \u2066x\u2069") == "sûrgpj.exe x"
    assert readable("\ud800 \ufffe") == " "
    assert readable("deux\nlignes\tet l'œuvre « à 5 € » 🚌") == "deux\nlignes\tet l'œuvre « à 5 € » 🚌"


def test_one_line_has_single_spaces():
    assert one_line(" La\r\nnavette\x00 \t des  marais ") == "La navette des marais"


@pytest.mark.parametrize("text", ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", " =1", "\n=1", "＝1", "\r=1"])
def test_what_an_office_suite_would_calculate_becomes_text(text):
    assert spreadsheet_cell(text) == f"'{text}"


def test_a_formula_behind_a_character_that_is_left_out_becomes_text_too():
    assert spreadsheet_cell("\u202e=1+1") == "'=1+1"


def test_an_ordinary_text_stays_as_it_is():
    assert spreadsheet_cell("Somme = 3") == "Somme = 3"


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
