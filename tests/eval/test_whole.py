"""A statement is whole when somebody could paste it: no sentence cut, no bracket open, nothing that no sheet says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Source
from eval.collection import Sheet
from eval.whole import Flaw, closed, flaws_of, lead_of
from search import Citation
from search.answer import Statement

TEXT = """Le bus **« Mobile »** (Ain)
**Département de l'Ain****2016****Conseil départemental**
Porteur du projet : La ville de Bourg
Un bus va partout. Il s'arrête 86 fois (gare, mairie...). Le conseil y tient : il paie.
Le bus, qui roule le soir, est
conduit par des bénévoles.
Les missions sont :
- accueillir chacun ;
- Rompre l'isolement
- Le bus est passé de 75 à 95%
Chacun paie 12 €. La ville paie le reste (70%). Elle en est fière.
Nombre de trajets en 2016 : 127 459 (43 par semaine).
Une aide (selon les cas est donnée."""

TITLE = "Le bus « Mobile »…"
SHEETS = {
    "bus": Sheet(id="bus", title=TITLE, document="d", theme=None, text=TEXT, start_line=1, same_as=("car",)),
    "car": Sheet(
        id="car", title="Le car", document="e", theme=None, text="Un car suit.", start_line=1, same_as=("bus",)
    ),
}


def flaws(text: str, *quotes: str) -> tuple[Flaw, ...]:
    cited = [Citation("bus", (), quote, Source("d", 1, 9)) for quote in quotes]
    return flaws_of(Statement(text, tuple(range(len(cited)))), cited, SHEETS)


def quoted(quote: str, lead: str = "86 — ") -> tuple[Flaw, ...]:
    return flaws(f"{lead}{TITLE} (Ain) : « {quote} » [1]", quote)


@pytest.mark.parametrize(
    "quote",
    [
        "Un bus va partout.",
        "Il s'arrête 86 fois (gare, mairie...).",
        "Un bus va partout. Il s'arrête 86 fois (gare, mairie...).",
        "Le bus, qui roule le soir, est conduit par des bénévoles.",
        "La ville de Bourg",
        "Rompre l'isolement",
        "Le bus est passé de 75 à 95%",
        "Chacun paie 12 €.",
        "La ville paie le reste (70%).",
        "Les missions sont : accueillir chacun ; Rompre l'isolement",
        "Conseil départemental",
    ],
)
def test_sentences_lines_fields_and_a_heading_with_its_bullets_are_whole(quote):
    assert quoted(quote) == ()


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("va partout.", {Flaw.BEGINS}),
        ("Un bus va", {Flaw.ENDS}),
        ("… va partout.", {Flaw.BEGINS, Flaw.CUT}),
        ("Il s'arrête 86 fois (gare …", {Flaw.ENDS, Flaw.CUT, Flaw.OPEN}),
        ("Le conseil y tient", {Flaw.ENDS}),
        ("Le bus est passé de 75 à 95", {Flaw.ENDS}),
        ("Chacun paie 12", {Flaw.ENDS}),
        ("il paie.", {Flaw.BEGINS}),
        ("127 459 (43 par semaine).", {Flaw.BEGINS}),
        ("conduit par des bénévoles.", {Flaw.BEGINS}),
        ("Le bus, qui roule le soir, est", {Flaw.ENDS}),
        ("accueillir chacun ;", {Flaw.BEGINS}),
        ("Un bus ne va nulle part, et personne ne le sait.", {Flaw.FOREIGN}),
        ("Département de l'Ain2016Conseil départemental", {Flaw.FOREIGN}),
    ],
)
def test_what_is_cut_or_glued_is_not(quote, found):
    assert set(quoted(quote)) == found


def test_the_ellipsis_and_the_bracket_of_the_sheet_itself_are_no_flaw():
    assert quoted("Une aide (selon les cas est donnée.") == ()


def test_a_whole_title_may_have_signs_of_its_own_and_a_cut_one_may_not():
    assert quoted("Un bus va partout.") == ()
    assert flaws("86 — Le bus… : « Un bus va partout. »", "Un bus va partout.") == (Flaw.CUT,)


def test_a_bracket_open_in_the_lead_is_a_flaw():
    assert quoted("Un bus va partout.", lead="86 (gare — ") == (Flaw.OPEN,)


def test_another_telling_may_be_what_is_quoted():
    cited = [Citation("car", ("bus",), "Un car suit.", Source("e", 1, 1))]
    assert flaws_of(Statement("« Un car suit. » « Il s'arrête 86 fois (gare, mairie...). »", (0,)), cited, SHEETS) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("In Ain, a bus goes everywhere. [1]", ()),
        ("**86 times**, says the « Mobile » bus. [1, 2]", ()),
        ("a bus goes everywhere.", (Flaw.BEGINS,)),
        ("A bus goes everywhere", (Flaw.ENDS,)),
        ("A bus goes …", (Flaw.CUT,)),
        ("Élan.", ()),
    ],
)
def test_a_statement_in_words_of_its_own_begins_and_ends_like_a_sentence(text, found):
    assert set(flaws(text, "Un bus va partout.")) == set(found)


def test_a_statement_in_words_of_its_own_may_have_the_quote_behind_it():
    assert flaws("A bus goes everywhere. « Un bus va partout. » [1]", "Un bus va partout.") == ()


@pytest.mark.parametrize(
    "text",
    [
        "The bus « qui roule le soir et que personne ne conduit » goes everywhere.",
        "« Mobile » is a bus.",
        "En Ain, « Mobile » roule (le soir, la nuit...).",
        "a) Un bus (l'Ain, MD'Y) va partout.",
    ],
)
def test_names_in_words_of_its_own_are_no_quotes(text):
    assert flaws(text.replace("a) ", "A) "), "Il s'arrête 86 fois (gare, mairie...).") == ()


def test_the_lead_is_what_stands_outside_of_the_quotes_and_the_titles():
    cited = [Citation("bus", (), "Un bus va partout.", Source("d", 4, 4))]
    assert lead_of(Statement(f"86 — {TITLE} : « Un bus va partout. »", (0,)), cited, SHEETS).split() == ["86", "—", ":"]
    assert lead_of(Statement("A bus goes everywhere.", (0,)), cited, SHEETS) == ""


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("(a [b] « c »)", True),
        ("(a", False),
        ("a) b", True),
        ("ab)", False),
        ("« aucun ) »", False),
        ("“a” (b)", True),
        ("(GIR 5 et 6)", True),
        ("Maisons (MD'Y)", True),
    ],
)
def test_brackets_close_in_turn_and_an_enumeration_opens_none(text, whole):
    assert closed(text) is whole


@given(st.text(), st.text())
def test_whatever_is_shown_is_judged(text, quote):
    flaws(text, quote)
    quoted(quote)
