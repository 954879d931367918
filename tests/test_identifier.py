"""An identifier is made of what an initiative says, so that it outlives a change of the document around it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.fault import BadDocument
from corpus.identifier import TITLE_LENGTH, initiative_id, slug, with_ids
from corpus.initiative import Departement, Initiative, Kind, Source

LOIR_ET_CHER = Departement("41", "Loir-et-Cher")
CORSE_DU_SUD = Departement("2A", "Corse-du-Sud")


def draft(title: str, text: str, line: int = 1, departements: tuple[Departement, ...] = ()) -> Initiative:
    return Initiative(
        id="", kind=Kind.NOTE, title=title, title_derived=False, source=Source("doc", line, line), text=text,
        sections=(), chapter=None, theme=None, departements=departements, cited_departements=(), territory=None,
        carriers=(), partners=(), start_year=None, start_text=None, status=None, contacts=(),
    )  # fmt: skip


def test_an_id_is_the_document_the_title_and_the_place() -> None:
    assert initiative_id("004", "La plateforme « Job 41 »", [LOIR_ET_CHER]) == "004-la-plateforme-job-41-41"


def test_accents_ligatures_and_apostrophes_fold_to_plain_letters() -> None:
    assert slug("L’Œuvre d'un Été") == "l-oeuvre-d-un-ete"


def test_codes_with_a_letter_are_lower_case_and_at_most_two_are_kept() -> None:
    places = [CORSE_DU_SUD, LOIR_ET_CHER, Departement("01", "Ain")]
    assert initiative_id("d", "Marché", places) == "d-marche-2a-41"


def test_a_long_title_is_cut_at_a_word_end() -> None:
    assert slug("Développement " * 5) == "developpement-developpement-developpement-developpement"


@given(st.text())
def test_a_slug_is_short_lower_case_ascii(title: str) -> None:
    made = slug(title)
    assert len(made) <= TITLE_LENGTH
    assert made.isascii()
    assert made == made.lower()
    assert not made.startswith("-")
    assert not made.endswith("-")


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
