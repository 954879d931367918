"""Comparing: what the sheets say of the aspects that people compare, quoted and never guessed."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Contact, Corpus, Departement, Initiative, Kind, Section, Source
from corpus.text import EMAIL, PHONE
from search import BadComparison
from search.compare import Aspect, Cell, CellText, cells_of, compare, cues, folded_words

TEXT = """La navette des marais
Porteur : Association des Deux Rives
CONTEXTE/OBJECTIFS
Face à l'isolement des personnes âgées, le Département a voulu agir. Le marais est vaste.
DESCRIPTION DU PROJET
Une navette circule le mardi. Elle s'adresse aux personnes âgées et à leurs aidants.
Le budget annuel est de 12 000 €, dont 3 000 € du Département. Réserver au 01 02 03 04 05.
IMPACTS/CRITERES D'EVALUATION
- 86 personnes ont été transportées et 12 bénévoles formés
- Rompre l'isolement"""


def initiative(text: str = TEXT, **fields) -> Initiative:
    lines = text.split("\n")
    headings = [number for number, line in enumerate(lines) if line.isupper()]
    ends = [*headings[1:], len(lines)]
    sections = tuple(
        Section(lines[begin], 100 + begin + 1, 100 + end - 1) for begin, end in zip(headings, ends, strict=True)
    )
    made = Initiative(
        id="d-la-navette",
        kind=Kind.SHEET,
        title="La navette des marais",
        title_derived=False,
        source=Source("d", 100, 100 + len(lines) - 1),
        text=text,
        sections=sections,
        chapter=None,
        theme=None,
        departements=(Departement("80", "Somme"),),
        cited_departements=(),
        territory=None,
        lead_organisations=("Association des Deux Rives",),
        partners=(),
        start_year=None,
        start_text=None,
        status=None,
        contacts=(),
    )
    return replace(made, **fields)


def cell(one: Initiative, aspect: Aspect) -> Cell:
    return next(cell for cell in cells_of(one) if cell.aspect is aspect)


def quoted(one: Initiative, aspect: Aspect) -> list[tuple[str, int]]:
    return [(said.text, said.citation.source.start_line) for said in cell(one, aspect).said if said.citation]


def test_a_cell_quotes_the_sentence_that_speaks_of_its_aspect_with_its_line():
    assert {aspect: quoted(initiative(), aspect) for aspect in cues()} == {
        Aspect.PROBLEM: [("Face à l'isolement des personnes âgées, le Département a voulu agir.", 103)],
        Aspect.PUBLIC: [("Elle s'adresse aux personnes âgées et à leurs aidants.", 105)],
        Aspect.COST: [("Le budget annuel est de 12 000 €, dont 3 000 € du Département.", 106)],
        Aspect.RESULTS: [("86 personnes ont été transportées et 12 bénévoles formés", 108)],
    }


def test_a_field_is_quoted_where_it_is_printed():
    assert quoted(initiative(), Aspect.LEAD_ORGANISATIONS) == [("Association des Deux Rives", 101)]


def test_a_field_that_is_not_printed_in_the_sheet_has_no_quote():
    place = cell(initiative(TEXT.replace("isolement", "isolement et la somme")), Aspect.PLACE)
    assert place.said == (CellText("Somme", None),)  # the common noun is no place


def test_a_cell_of_which_the_sheet_says_nothing_is_empty():
    assert [cell.aspect for cell in cells_of(initiative()) if not cell.said] == [
        Aspect.PARTNERS,
        Aspect.START,
        Aspect.STATUS,
    ]


def test_hopes_are_shown_as_hopes_and_only_where_nothing_was_found():
    hopes = initiative(TEXT.replace("- 86 personnes ont été transportées et 12 bénévoles formés\n", ""))
    assert not cell(initiative(), Aspect.RESULTS).hoped
    assert cell(hopes, Aspect.RESULTS).hoped
    assert quoted(hopes, Aspect.RESULTS) == [("Rompre l'isolement", 108)]


def test_a_sentence_with_contact_data_or_the_name_of_a_contact_is_passed_over():
    named = TEXT.replace("annuel est de 12 000 €", "suivi par Zoé Martel est de 12 000 €")
    assert quoted(initiative(named), Aspect.COST) != []
    assert (
        quoted(
            initiative(named, contacts=(Contact(name="Zoé MARTEL", role=None, email=None, phone=None),)), Aspect.COST
        )
        == []
    )
    assert quoted(initiative(TEXT.replace("du Département.", "du Département : 01 02 03 04 05.")), Aspect.COST) == []


def test_a_sentence_that_ends_in_a_colon_is_quoted_with_the_beginning_of_its_list():
    listing = TEXT.replace("Face à l'isolement des personnes âgées, le", "Il s'agit de :\n- rouler\n- parler\nLe")
    assert quoted(initiative(listing), Aspect.PROBLEM)[0][0].startswith("Il s'agit de : - rouler - parler")


def test_a_long_sentence_is_cut_between_words_and_says_so():
    longer = TEXT.replace("le Département a voulu agir", "le Département a voulu agir" + " partout" * 60)
    [(shown, _)] = quoted(initiative(longer), Aspect.PROBLEM)
    assert shown.endswith("partout …")
    assert len(shown) <= 302


@pytest.mark.parametrize(
    ("aspect", "sentence", "points"),
    [
        (Aspect.COST, "Le montant maximum de l'aide s'élève à 750 €.", 5),
        (Aspect.COST, "locataires ayant une dette > à 750,00 €", 0),
        (Aspect.COST, "Un service de proximité.", 0),
        (Aspect.PUBLIC, "Le projet s'adresse aux usagers.", 3),
        (Aspect.PUBLIC, "Les usagers apprécient.", 0),  # named in passing: hints alone are none
    ],
)
def test_points_tell_how_clearly_a_sentence_speaks_of_an_aspect(aspect, sentence, points):
    assert cues()[aspect].points(sentence, None) == points


@pytest.mark.parametrize(
    ("heading", "sentence", "aspects"),
    [
        ("DESCRIPTION", "Coût annuel du dispositif : 1,5 million d'euros de dotations.", {Aspect.COST}),
        ("DESCRIPTION", "Le service est gratuit.", {Aspect.COST}),
        ("DESCRIPTION", "Il s'adresse aux bénéficiaires du RSA de plus de 50 ans.", {Aspect.PUBLIC}),
        ("DESCRIPTION", "Une navette circule le mardi.", set()),
        ("CONTEXTE", "Seulement 6 % du parc de logements est adapté.", {Aspect.PROBLEM}),
        ("IMPACTS", "Un taux de sortie du dispositif de 69 % a été mesuré.", {Aspect.RESULTS}),
        ("IMPACTS", "Sur 36 réponses, 86 % ont déclaré être satisfaits.", {Aspect.RESULTS}),
        ("IMPACTS", "Chaque jour, 86 repas ont été servis.", set()),  # goes on, and is no result
    ],
)
def test_a_sentence_is_quoted_under_the_aspects_that_it_speaks_of(heading: str, sentence: str, aspects: set[Aspect]):
    one = initiative(f"La navette des marais\n{heading}\n{sentence}")
    assert {cell.aspect for cell in cells_of(one) if cell.said and cell.aspect in cues()} == aspects


def test_words_are_folded_as_the_cues_are_written():
    assert folded_words("**L'âge** moyen :\n9,2 %") == "l age moyen 9 2 %"


@pytest.mark.parametrize("count", [0, 1, 6])
def test_fewer_than_two_or_more_than_five_are_no_comparison(count):
    many = [replace(initiative(), id=str(number)) for number in range(count)]
    with pytest.raises(BadComparison, match="Choose 2 to 5"):
        compare(many)


def test_an_initiative_is_not_compared_with_itself():
    with pytest.raises(BadComparison, match="Choose each one once"):
        compare([initiative(), initiative()])


def test_initiatives_are_compared_in_the_order_in_which_they_were_chosen(corpus: Corpus):
    chosen = corpus.initiatives[7], corpus.initiatives[3]
    compared = compare(chosen)
    assert [one.initiative for one in compared] == list(chosen)
    assert [[cell.aspect for cell in one.cells] for one in compared] == [list(Aspect)] * 2


@pytest.fixture(scope="module")
def tables(corpus: Corpus) -> dict[str, tuple[Cell, ...]]:
    """The cells of every sheet of the shipped corpus, by its id."""
    return {one.id: cells_of(one) for one in corpus.initiatives}


def test_every_quote_of_the_corpus_stands_word_for_word_in_its_lines(corpus: Corpus, tables):
    documents = {document.id: document for document in corpus.documents}
    for one in corpus.initiatives:
        for quote in (said.citation for cell in tables[one.id] for said in cell.said if said.citation):
            lines = documents[quote.source.document].text(quote.source.start_line, quote.source.end_line)
            assert quote.quote in lines
            assert one.source.start_line <= quote.source.start_line <= quote.source.end_line <= one.source.end_line


def test_no_cell_of_the_corpus_holds_contact_data(tables):
    said = [said for cells in tables.values() for cell in cells for said in cell.said]
    texts = [text for one in said for text in (one.text, one.citation.quote if one.citation else "")]
    assert not [text for text in texts if EMAIL.search(text) or PHONE.search(text)]


def test_cells_of_the_corpus_hold_one_or_two_sentences_and_quote_nothing_twice(tables):
    for cells in tables.values():
        for quotes in ([said.citation.quote for said in cell.said] for cell in cells if cell.aspect in cues()):
            assert len(quotes) == len(set(quotes)) <= 2


def test_some_sheets_of_the_corpus_speak_of_each_aspect_and_some_do_not(tables):
    for position, aspect in enumerate(Aspect):
        filled = [bool(cells[position].said) for cells in tables.values()]
        assert any(filled)
        assert aspect is Aspect.PLACE or not all(filled)


@given(st.text(max_size=300))
def test_any_text_can_be_compared(text):
    line = re.sub(r"[\r\n]", " ", text) or "x"
    for made in cells_of(initiative(f"La navette des marais\nCONTEXTE\n{line}\n{line}")):
        assert all(said.citation.quote in f"{line}\n{line}" for said in made.said if made.aspect in cues())
