"""A folder of documents is read whole, unchanged and never in silence."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import BadDocument
from corpus.load import initiative_id, load_documents, with_ids
from corpus.model import Departement, Document, Initiative, Kind, Source
from corpus.text import split_lines

DOCUMENTS = Path(__file__).parents[2] / "corpus" / "documents"
TABLE = """[{id}]
title = "A title"
publisher = "A publisher"
date = "2018-10"
licence = "not stated"
reader = "article"
file = "{id}.txt"
original_name = "000.txt"
"""


def write(folder: Path, toml: str, **texts: str) -> Path:
    (folder / "documents.toml").write_text(toml, encoding="utf-8")
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def test_the_five_shipped_texts_are_the_ones_that_were_received(documents: dict[str, Document]) -> None:
    digests = {
        name: sha256((DOCUMENTS / document.file).read_bytes()).hexdigest()[:16] for name, document in documents.items()
    }
    assert digests == {
        "article-2019": "3c7c1e49c5ec561a",
        "dossier-2020": "13db0d014f378895",
        "programme-2019": "3bcadeb223d02683",
        "laureats-2022": "225fe879ab569d62",
        "recueil-2018": "5e7b609e90dd9613",
    }


def test_a_shipped_document_says_who_published_it_and_when(documents: dict[str, Document]) -> None:
    kit = documents["dossier-2020"]
    assert (kit.date, kit.licence, kit.reader) == ("2020-01-13", "not stated", "press_kit")
    assert kit.publisher == "Direction interministérielle de la transformation publique (DITP)"
    assert kit.lines[4] == "DÉFIS CARTES BLANCHES"


def test_documents_come_in_the_order_of_their_ids(tmp_path: Path) -> None:
    write(tmp_path, TABLE.format(id="b") + TABLE.format(id="a"), a="A", b="B")
    assert [document.id for document in load_documents(tmp_path)] == ["a", "b"]


@given(st.text(st.characters(blacklist_characters="\r", blacklist_categories=["Cs"])))
def test_lines_keep_every_character(text: str) -> None:
    assert "\n".join(split_lines(text)) == text.removesuffix("\n")


def test_a_missing_list_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(BadDocument, match=r"documents\.toml.*Write one table for each text"):
        load_documents(tmp_path)


def test_a_list_that_is_no_toml_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(BadDocument, match=r"documents\.toml:2\)\. Mend that line"):
        load_documents(write(tmp_path, "[a]\ntitle = \n"))


def test_the_same_id_twice_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(BadDocument, match=r"documents\.toml:9\)\. Mend that line"):
        load_documents(write(tmp_path, TABLE.format(id="a") + TABLE.format(id="a"), a="A"))


def test_a_missing_key_names_the_table(tmp_path: Path) -> None:
    toml = "# a list\n\n" + TABLE.format(id="a").replace('licence = "not stated"\n', "")
    with pytest.raises(BadDocument, match=r"'a' lacks licence .*documents\.toml:3\)\. Add what is missing"):
        load_documents(write(tmp_path, toml, a="A"))


@pytest.mark.parametrize(
    ("change", "by", "message"),
    [
        (
            'licence = "',
            'colour = "red"\nlicence = "',
            r"unknown keys: colour .*documents\.toml:1\)\. Known keys are title",
        ),
        ('"article"', '"novel"', r"unknown reader 'novel' .*Choose article, press_kit, programme, recueil, winners"),
        ('"2018-10"', '"2018-13"', r"'2018-13' of 'a' is no date .*Write 2018, 2018-10 or 2018-10-31"),
        ('"2018-10"', '"October 2018"', r"is no date .*Write 2018, 2018-10 or 2018-10-31"),
        ('"2018-10"', "2018", r"'date' of 'a' is no text .*Write it between quotes"),
        ("[a]", '["A b"]', r"'A b' is no id .*Use small letters and digits"),
    ],
)
def test_a_wrong_description_is_a_fault(tmp_path: Path, change: str, by: str, message: str) -> None:
    with pytest.raises(BadDocument, match=message):
        load_documents(write(tmp_path, TABLE.format(id="a").replace(change, by), a="A"))


def test_one_file_is_described_once(tmp_path: Path) -> None:
    toml = TABLE.format(id="a") + TABLE.format(id="b").replace("b.txt", "a.txt")
    with pytest.raises(BadDocument, match=r"both read a\.txt .*Describe each file once"):
        load_documents(write(tmp_path, toml, a="A"))


def test_a_missing_text_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(BadDocument, match=r"The text of 'a' is missing .*Put the file there"):
        load_documents(write(tmp_path, TABLE.format(id="a")))


def test_a_text_that_the_list_does_not_mention_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(BadDocument, match=r"does not describe b\.txt .*Add a table for it"):
        load_documents(write(tmp_path, TABLE.format(id="a"), a="A", b="B"))


@pytest.mark.parametrize("text", ["", " \n\u00a0\n"])
def test_an_empty_text_is_a_fault(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadDocument, match=r"The text is empty .*a\.txt:1\)\. Put the document's text into it"):
        load_documents(write(tmp_path, TABLE.format(id="a"), a=text))


def test_a_text_in_another_encoding_names_byte_and_line(tmp_path: Path) -> None:
    write(tmp_path, TABLE.format(id="a"))
    (tmp_path / "a.txt").write_bytes("un\ndeux\nthé".encode("latin-1"))
    with pytest.raises(BadDocument, match=r"byte 10 is 0xe9 .*a\.txt:3\)\. Save it as UTF-8"):
        load_documents(tmp_path)


def test_an_unreadable_text_is_a_fault(tmp_path: Path) -> None:
    write(tmp_path, TABLE.format(id="a"))
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(BadDocument, match=r"cannot be read: Is a directory .*Make it a readable file"):
        load_documents(tmp_path)


# Identifiers.

LOIR_ET_CHER = Departement("41", "Loir-et-Cher")
CORSE_DU_SUD = Departement("2A", "Corse-du-Sud")


def draft(title: str, text: str, line: int = 1, departements: tuple[Departement, ...] = ()) -> Initiative:
    return Initiative(
        id="", kind=Kind.NOTE, title=title, title_derived=False, source=Source("doc", line, line), text=text,
        sections=(), chapter=None, theme=None, departements=departements, cited_departements=(), territory=None,
        lead_organisations=(), partners=(), start_year=None, start_text=None, status=None, contacts=(),
    )  # fmt: skip


def test_an_id_is_the_document_the_title_and_the_place() -> None:
    assert initiative_id("004", "La plateforme « Job 41 »", [LOIR_ET_CHER]) == "004-la-plateforme-job-41-41"


def test_codes_with_a_letter_are_lower_case_and_at_most_two_are_kept() -> None:
    places = [CORSE_DU_SUD, LOIR_ET_CHER, Departement("01", "Ain")]
    assert initiative_id("d", "Marché", places) == "d-marche-2a-41"


def test_initiatives_that_would_share_an_id_are_told_apart_by_their_text() -> None:
    first, second, other = with_ids("d", [draft("PANJO", "un"), draft("PANJO", "deux"), draft("Théâtre", "trois")])
    assert other.id == "d-theatre"
    assert first.id.startswith("d-panjo-")
    assert second.id.startswith("d-panjo-")
    assert first.id != second.id


def test_the_order_and_the_lines_around_an_initiative_do_not_change_its_id() -> None:
    drafts = [draft("PANJO", "un", 1), draft("PANJO", "deux", 9)]
    moved = [replace(one, source=Source("doc", 99, 99)) for one in reversed(drafts)]
    assert {one.text: one.id for one in with_ids("d", drafts)} == {one.text: one.id for one in with_ids("d", moved)}


def test_the_same_text_twice_is_a_fault_that_names_both_lines() -> None:
    with pytest.raises(BadDocument, match=r"line 3 is repeated word for word: 'PANJO' \(d:8\)"):
        with_ids("d", [draft("PANJO", "un", 3), draft("PANJO", "un", 8)])


def test_a_list_and_a_text_with_a_byte_order_mark_are_read_without_it(tmp_path: Path) -> None:
    write(tmp_path, TABLE.format(id="a"), a="x")
    for path in tmp_path.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    (document,) = load_documents(tmp_path)
    assert document.lines == ("x",)
