"""Citations: what programs that keep references read, and what people copy."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Document
from corpus.document import Reader
from web.citation import Cited, bibtex, one_line, ris

DOCUMENT = Document(
    id="d",
    title="Aide & soin : 100 % d'idées",
    publisher="Observatoire des marais",
    date="2018-10",
    licence="not stated",
    reader=Reader.RECUEIL,
    file="d.txt",
    original_name="d.txt",
    lines=("a",),
)


def say(key: str, **values) -> str:
    frames = {
        "sheet.citation.line": "« {title} », {document}, {publisher}, {date}, {lines}. {licence}. {permalink}",
        "sheet.citation.lines": "lignes {start}–{end}",
        "dates.months": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "sheet.licence.none": "licence non indiquée",
        "sheet.licence.stated": "licence {licence}",
    }
    return frames[key].format(**values)


def cited(title: str = "La navette_des {marais}", **changes) -> Cited:
    return Cited("d-la-navette-80", title, DOCUMENT, 12, 30, "http://x.example/sheet/d-la-navette-80", **changes)


def test_a_citation_in_one_line_says_what_where_and_under_which_licence():
    assert one_line(cited("La navette"), say) == (
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


def test_every_key_is_one_that_bibtex_reads(corpus):
    keys = {bibtex(Cited.of(one, DOCUMENT, "u"), say).split("\n")[0] for one in corpus.initiatives}
    assert len(keys) == len(corpus.initiatives)
    assert all(re.fullmatch(r"@incollection\{[a-z0-9-]+,", key) for key in keys)
