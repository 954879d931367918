"""Assembling: whole sentences, each with what it rests on; sheets that differ are both told."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from corpus import Contact, Departement, Initiative, Section, Source
from search import NO_FILTERS, Filters, RankedInitiative
from search.answer import AnswerContext, AnswerType, Chosen, SentenceCandidate, assemble
from search.answer.assemble import (
    abstain,
    alike,
    first_sentence,
    list_line,
    place_of,
    statement_text,
    title_and_place,
)
from search.answer.choice import second_of
from search.answer.leads import Lead
from search.answer.sentences import sentences_of_sheet, units_of
from tests.atlas import initiative

ROLLS = "Un bus roule. Il aide 250 familles par an. Il en coûte 38 euros."


def sheet(id: str = "atlas-le-bus-01", text: str = ROLLS) -> Initiative:
    """A sheet of the bus, in one document or another."""
    told = {"atlas-le-bus-01": "atlas-le-car-01", "atlas-le-car-01": "atlas-le-bus-01"}
    lines = text.count("\n") + 1
    return replace(
        initiative(),
        id=id,
        text=text,
        source=Source(id.split("-0")[0], 3, 2 + lines),
        sections=(Section(None, 3, 2 + lines),),
        same_as=(told[id],),
    )


def asked(*sheets: Initiative, answer_type: AnswerType = AnswerType.HOW_MANY, language: str = "fr") -> AnswerContext:
    """A question over the sheets of one initiative, by what assembling looks at."""
    return AnswerContext(
        index=SimpleNamespace(contents=SimpleNamespace(initiatives=sheets)),
        catalogue=None,
        table=None,
        clusters=None,
        ranking=SimpleNamespace(query=SimpleNamespace(language=language)),
        asked=None,
        answer_type=answer_type,
        question_words=frozenset(),
        ranks=dict.fromkeys(range(len(sheets)), 1),
        passages=None,
        passage_ranks=None,
        cosines=None,
        similarities=None,
        scores=None,
        best_scores={},
    )


def unit(context: AnswerContext, words: str, row: int = 0, score: float = 2.0) -> SentenceCandidate:
    """The unit of a sheet with these words in the piece that says it."""
    told = context.index.contents.initiatives[row]
    found = units_of(sentences_of_sheet(told))
    one = next(one for one in found if words in told.text[slice(*one.pieces[-1])])
    return SentenceCandidate(row=row, unit=one, score=score)


def chosen(*ranked: SentenceCandidate, lead: Lead | None = None, second: SentenceCandidate | None = None) -> Chosen:
    return Chosen(
        best=ranked[0], second=second, lead=lead, reworded="", proof=(), ranked=ranked, features=np.zeros(0, np.float32)
    )


def texts(context: AnswerContext, what: Chosen, **how: bool) -> list[str]:
    return [statement.text for statement in assemble(context, what, **how).statements]


def test_a_whole_sentence_follows_the_short_answer_the_initiative_and_its_place():
    context = asked(sheet())
    assert texts(context, chosen(unit(context, "250"), lead=Lead("250 familles"))) == [
        "250 familles — Le bus (Ain) : « Il aide 250 familles par an. »"
    ]


def test_without_a_short_answer_the_initiative_comes_first():
    context = asked(sheet(), language="en")
    assert texts(context, chosen(unit(context, "250"))) == ["Le bus (Ain): « Il aide 250 familles par an. »"]


@pytest.mark.parametrize(("language", "begins"), [("fr", "Le plus proche : "), ("en", "Closest match: ")])
def test_the_closest_match_is_called_so_once(language: str, begins: str):
    context = asked(sheet(), language=language)
    (said,) = texts(context, chosen(unit(context, "250")), doubtful=True)
    assert said.startswith(f"{begins}Le bus (Ain)")


def test_a_sentence_that_completes_it_is_quoted_beside_it():
    context = asked(sheet())
    what = chosen(unit(context, "250"), second=unit(context, "38"))
    (statement,) = assemble(context, what).statements
    assert statement.text == "Le bus (Ain) : « Il aide 250 familles par an. » « Il en coûte 38 euros. »"
    assert statement.citations == (0, 1)


def test_a_sentence_of_the_project_is_marked_and_the_quote_proves_it():
    context = asked(sheet(), language="en")
    what = replace(chosen(unit(context, "250"), lead=Lead("250")), reworded="The bus helps 250 families.")
    answer = assemble(context, what)
    assert answer.statements[0].text == (
        "The bus helps 250 families. (reworded) — Le bus (Ain): « Il aide 250 familles par an. »"
    )
    assert answer.citations[0].quote == "Il aide 250 familles par an."


def test_an_entry_of_a_list_is_quoted_after_the_line_that_introduces_it():
    context = asked(sheet(text="Le bus offre :\n- un repas chaud pour tous\n- un lit"))
    what = chosen(unit(context, "un repas"))
    assert texts(context, what) == ["Le bus (Ain) : « Le bus offre : » « un repas chaud pour tous »"]
    assert [one.quote for one in assemble(context, what).citations] == [
        "Le bus offre :",
        "un repas chaud pour tous",
    ]


def two_sheets(other: str, **how: object) -> AnswerContext:
    return asked(sheet(), sheet("atlas-le-car-01", other), **how)


def of_two(context: AnswerContext) -> Chosen:
    return chosen(unit(context, "250"), unit(context, "familles", row=1, score=1.0))


def test_another_sheet_with_another_figure_of_the_same_thing_is_told_and_cited():
    context = two_sheets("Le bus sert 300 familles.")
    answer = assemble(context, of_two(context))
    assert answer.statements[1].text == "Une autre source dit : « Le bus sert 300 familles. » (Le bus (Ain))."
    assert [citation.initiative for citation in answer.citations] == ["atlas-le-bus-01", "atlas-le-car-01"]
    assert [statement.citations for statement in answer.statements] == [(0,), (1,)]


def test_another_sheet_that_says_the_same_is_cited_beside_the_first():
    context = two_sheets("Il aide 250 familles par an, dit-on.")
    answer = assemble(context, of_two(context))
    assert [statement.citations for statement in answer.statements] == [(0, 1)]


@pytest.mark.parametrize("changes", [{"answer_type": AnswerType.WHO}, {}])
def test_only_other_figures_of_the_same_thing_contradict(changes: dict[str, object]):
    context = two_sheets("Le bus sert 300 familles." if changes else "Aux familles il coûte 300 euros.", **changes)
    assert len(texts(context, of_two(context))) == 1


def test_what_runs_it_is_cited_where_the_sheet_names_it():
    context = asked(sheet(text=f"L'Ain\n{ROLLS}"), answer_type=AnswerType.WHO)
    answer = assemble(context, chosen(unit(context, "250"), lead=Lead("Ain", ((0, (2, 5)),))))
    assert [one.quote for one in answer.citations] == ["Il aide 250 familles par an.", "Ain"]


def test_a_contact_is_given_as_printed_and_its_lines_are_cited():
    told = replace(
        sheet(text=f"Direction, 04 00 00 00 00\n{ROLLS}"),
        contacts=(Contact(name="Direction", role="du bus", email=None, phone="04 00 00 00 00"),),
    )
    context = asked(told, answer_type=AnswerType.CONTACT)
    answer = assemble(context, chosen(unit(context, "250")))
    assert answer.statements[0].text == "Direction, du bus – 04 00 00 00 00 — Le bus (Ain)."
    assert [one.quote for one in answer.citations] == ["Direction, 04 00 00 00 00"]


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "Cette fiche n'imprime aucun contact"), ("en", "This sheet prints no contact")]
)
def test_that_a_sheet_prints_no_contact_is_an_answer(language: str, said: str):
    context = asked(replace(sheet(), contacts=()), answer_type=AnswerType.CONTACT, language=language)
    answer = assemble(context, chosen(unit(context, "250")))
    assert answer.statements[0].text == f"{said} — Le bus (Ain)."
    assert answer.citations


def test_a_second_sentence_is_shown_when_the_first_is_not_sure_and_it_says_something_else():
    context = asked(sheet())
    best, other, unlikely = unit(context, "250", score=1.0), unit(context, "38", score=0.0), unit(context, "roule")
    assert second_of(context, [best, other]) == other
    assert second_of(context, [replace(best, score=5.0), other]) is None
    assert second_of(context, [best, replace(unlikely, score=-5.0)]) is None
    assert second_of(context, [best, best]) is None


def nearest(language: str, *sheets: Initiative, filters: Filters = NO_FILTERS) -> AnswerContext:
    """What a search in four documents found on the subject, by what abstaining looks at."""
    ranking = SimpleNamespace(
        query=SimpleNamespace(language=language),
        filters=filters,
        relevant=[RankedInitiative(row, 0.5) for row in range(len(sheets))],
    )
    index = SimpleNamespace(contents=SimpleNamespace(documents=[None] * 4), owner=lambda passage: sheets[passage])
    return replace(asked(), index=index, ranking=ranking)


def test_an_abstention_tells_what_was_searched_and_what_comes_nearest():
    car = replace(initiative(), title="Le car", departements=(Departement("33", "Gironde"),))
    (french,) = abstain(nearest("fr", initiative(), car), 120).statements
    assert (french.text, french.citations) == (
        "Pas de réponse sûre dans ce recueil. Cherché dans 120 fiches de 4 documents, par les mots et par le sens. "
        "Au plus proche : Le bus (Ain) ; Le car (Gironde).",
        (),
    )
    (english,) = abstain(nearest("en", initiative(), car), 120).statements
    assert english.text == (
        "No sure answer in this collection. Searched 120 sheets of 4 documents, by words and by meaning. "
        "Nearest: Le bus (Ain); Le car (Gironde)."
    )


def test_an_abstention_names_three_initiatives_at_most_and_none_where_nothing_is_on_the_subject():
    (said,) = abstain(nearest("fr", *[initiative()] * 5), 120).statements
    assert said.text.count("Le bus") == 3
    (said,) = abstain(nearest("fr"), 120).statements
    assert said.text.endswith("par les mots et par le sens.")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Cherché dans 7 fiches retenues par les filtres, par les mots et par le sens."),
        ("en", "Searched 7 sheets that pass the filters, by words and by meaning."),
    ],
)
def test_an_abstention_under_filters_tells_how_many_sheets_passed(language: str, said: str):
    (statement,) = abstain(nearest(language, filters=Filters(theme=("Mobilité",))), 7).statements
    assert statement.text.endswith(said)


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", "partout — Le bus (Ain) : « Il va partout. »"), ("en", "partout — Le bus (Ain): « Il va partout. »")],
)
def test_a_statement_is_the_short_answer_then_the_initiative_then_the_quote(language: str, said: str):
    assert statement_text(language, "partout", "Le bus (Ain)", "« Il va partout. »") == said


@pytest.mark.parametrize(("place", "said"), [("Ain", "Ain — Le bus : Il va partout."), ("", "Le bus : Il va partout.")])
def test_a_line_of_a_list_begins_with_the_place(place: str, said: str):
    assert list_line("fr", place, "Le **bus**.", "Il va partout.") == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Le bus (Ain)"),
        ({"title": "Le **bus**."}, "Le bus (Ain)"),
        ({"departements": ()}, "Le bus (Bourg)"),
        ({"departements": (), "territory": None}, "Le bus"),
        ({"title": "Le bus de l'Ain"}, "Le bus de l'Ain"),
        ({"title": "Un bus " * 10}, f"{('Un bus ' * 10).strip()} (Ain)"),
    ],
)
def test_an_initiative_is_named_by_its_whole_title_and_its_place(changes: dict[str, object], said: str):
    assert title_and_place(replace(initiative(), **changes), "fr") == said


def test_of_many_places_the_first_are_named_and_the_others_counted():
    told = replace(initiative(), departements=tuple(Departement(c, c * 3) for c in "ABCDE"))
    assert (place_of(told, "fr"), place_of(told, "en")) == ("AAA, BBB, CCC et 2 autres", "AAA, BBB, CCC and 2 more")


def test_a_summary_is_cut_between_sentences():
    assert first_sentence("Un bus roule à 3.5 km/h. Il aide.") == "Un bus roule à 3.5 km/h."
    assert first_sentence("Un bus roule") == "Un bus roule"


def test_two_texts_are_alike_by_the_words_that_both_have():
    assert alike(frozenset("abc"), frozenset("bcd")) == 0.5


def test_what_is_cited_twice_has_one_number():
    context = asked(sheet())
    (statement,) = assemble(context, chosen(unit(context, "250"), second=unit(context, "250"))).statements
    assert statement.citations == (0,)
