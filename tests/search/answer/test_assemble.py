"""Assembling: what is sure stands alone, what is not is followed, and sheets that differ are both told."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Departement, Initiative, Source
from search import NO_FILTERS, Filters, RankedInitiative
from search.answer import AnswerContext, AnswerType, RankedCandidates, Verdict, assemble
from search.answer.assemble import Assembled, abstain, list_line, shortened, statement_text, title_and_place
from search.answer.candidates import AnswerCandidate, Origin
from tests.atlas import initiative

ROLLS = "Un bus roule. Il aide 250 familles par an. Il en coûte 38 euros. Appeler le 04 00 00 00 00 pour 12 places."


def sheet(id: str = "atlas-le-bus-01", text: str = ROLLS) -> Initiative:
    """A sheet of the bus, in one document or another."""
    told = {"atlas-le-bus-01": "atlas-le-car-01", "atlas-le-car-01": "atlas-le-bus-01"}
    source = Source(id.split("-0")[0], 3, 3)
    return replace(initiative(), id=id, text=text, source=source, sections=(), same_as=(told[id],))


def asked(*sheets: Initiative, answer_type: AnswerType = AnswerType.HOW_MANY, language: str = "fr") -> AnswerContext:
    """A question over these sheets, by what assembling looks at."""
    return AnswerContext(
        index=SimpleNamespace(contents=SimpleNamespace(initiatives=sheets)),
        gazetteer=None,
        clusters=None,
        ranking=SimpleNamespace(query=SimpleNamespace(language=language)),
        answer_type=answer_type,
        question_words=frozenset(),
        ranks={},
        passages=None,
        passage_ranks=None,
        cosines=None,
        scores=None,
        best_scores={},
    )


def candidate(context: AnswerContext, words: str, row: int = 0, **changes: object) -> AnswerCandidate:
    """Words of a sheet as the span reader finds them, sure of an answer."""
    start = context.index.contents.initiatives[row].text.index(words)
    found = AnswerCandidate(row=row, start=start, end=start + len(words), lead=words, origin=Origin.SPAN, score=1.0)
    return replace(found, **changes)


def assembled(
    context: AnswerContext, *candidates: AnswerCandidate, certainty: float = 0.9, verdict: Verdict = Verdict.ANSWERED
) -> Assembled:
    return assemble(context, RankedCandidates(candidates, certainty, None), verdict)


def texts(context: AnswerContext, *candidates: AnswerCandidate, **how: object) -> list[str]:
    return [statement.text for statement in assembled(context, *candidates, **how).statements]


def test_a_sure_candidate_stands_alone_with_the_sentence_around_it():
    context = asked(sheet())
    found = candidate(context, "250 familles"), candidate(context, "38")
    assert texts(context, *found) == ["250 familles — Le bus (Ain) : « Il aide 250 familles par an. »"]


def test_the_frame_is_in_the_language_of_the_question():
    context = asked(sheet(), language="en")
    found = candidate(context, "250 familles"), candidate(context, "38 euros")
    assert texts(context, *found, certainty=0.4, verdict=Verdict.CLOSEST) == [
        "Closest match: 250 familles — Le bus (Ain): « Il aide 250 familles par an. »",
        "Also: « … 38 euros »",
    ]


@pytest.mark.parametrize(
    ("certainty", "others"),
    [(0.9, []), (0.6, []), (0.59, ["« Un bus … »"]), (0.3, ["« Un bus … »"]), (0.29, ["« Un bus … »", "« … 38 … »"])],
)
def test_the_less_sure_the_best_the_more_of_its_initiative_follows(certainty: float, others: list[str]):
    context = asked(sheet())
    found = [candidate(context, words) for words in ("250 familles", "Un bus", "38")]
    assert texts(context, *found, certainty=certainty)[1:] == ([f"Aussi : {', '.join(others)}"] if others else [])


def test_words_that_the_first_quote_shows_already_are_not_said_again():
    context = asked(sheet())
    found = candidate(context, "250 familles"), candidate(context, "250"), candidate(context, "Il aide")
    assert len(texts(context, *found, certainty=0.1)) == 1


def test_the_closest_match_is_called_so():
    context = asked(sheet())
    (said,) = texts(context, candidate(context, "250 familles"), verdict=Verdict.CLOSEST)
    assert said == "Le plus proche : 250 familles — Le bus (Ain) : « Il aide 250 familles par an. »"


def test_a_sentence_with_contact_data_is_quoted_only_when_a_contact_is_asked_for():
    context = asked(sheet())
    assert texts(context, candidate(context, "12 places")) == ["Le bus (Ain) : « … 12 places »"]
    context = asked(sheet(), answer_type=AnswerType.CONTACT)
    (said,) = texts(context, candidate(context, "12 places"))
    assert "04 00 00 00 00" in said


def test_candidates_with_contact_data_do_not_follow_unless_a_contact_is_asked_for():
    context = asked(sheet())
    found = candidate(context, "Un bus"), candidate(context, "04 00 00 00 00")
    assert len(texts(context, *found, certainty=0.1)) == 1
    assert len(texts(replace(context, answer_type=AnswerType.CONTACT), *found, certainty=0.1)) == 2


def two_sheets(other: str, **how: object) -> AnswerContext:
    return asked(sheet(), sheet("atlas-le-car-01", other), **how)


def test_another_sheet_with_another_figure_of_the_same_thing_is_told_and_cited():
    context = two_sheets("Le bus sert 300 familles.")
    answer = assembled(context, candidate(context, "250"), candidate(context, "300", row=1))
    assert [statement.text for statement in answer.statements] == [
        "250 — Le bus (Ain) : « Il aide 250 familles par an. »",
        "Une autre source dit : « Le bus sert 300 familles. » (Le bus (Ain)).",
    ]
    assert [citation.initiative for citation in answer.citations] == ["atlas-le-bus-01", "atlas-le-car-01"]
    assert [statement.citations for statement in answer.statements] == [(0,), (1,)]


def test_in_english_another_source_says():
    context = two_sheets("Le bus sert 300 familles.", language="en")
    _, said = texts(context, candidate(context, "250"), candidate(context, "300", row=1))
    assert said == "Another source says: « Le bus sert 300 familles. » (Le bus (Ain))."


def test_another_sheet_with_the_same_figure_is_cited_beside_the_first():
    context = two_sheets("Le bus sert 250 familles.")
    answer = assembled(context, candidate(context, "250"), candidate(context, "250", row=1))
    assert [statement.citations for statement in answer.statements] == [(0, 1)]


def test_figures_of_another_thing_contradict_nothing():
    context = two_sheets("Le bus coûte 300 euros.")
    assert len(texts(context, candidate(context, "250"), candidate(context, "300", row=1))) == 1


def test_a_sheet_that_the_reader_does_not_take_for_an_answer_contradicts_nothing():
    context = two_sheets("Le bus sert 300 familles.")
    assert len(texts(context, candidate(context, "250"), candidate(context, "300", row=1, score=-3.0))) == 1


def test_only_figures_and_dates_contradict():
    context = two_sheets("Le bus sert 300 familles.", answer_type=AnswerType.WHO)
    assert len(texts(context, candidate(context, "250"), candidate(context, "300", row=1))) == 1


def nearest(language: str, *sheets: Initiative, filters: Filters = NO_FILTERS) -> AnswerContext:
    """What a search in four documents found, each sheet with one passage, by what abstaining looks at."""
    ranking = SimpleNamespace(
        query=SimpleNamespace(language=language),
        filters=filters,
        nearest=[RankedInitiative(row, 0.5) for row in range(len(sheets))],
    )
    index = SimpleNamespace(contents=SimpleNamespace(documents=[None] * 4), owner=lambda passage: sheets[passage])
    return replace(asked(), index=index, ranking=ranking)


def test_an_abstention_tells_what_was_searched_and_what_comes_nearest():
    car = replace(initiative(), title="Le car", departements=(Departement("33", "Gironde"),))
    (french,) = abstain(nearest("fr", initiative(), car), 120).statements
    assert (french.text, french.citations) == (
        "Pas de réponse dans ce recueil. Cherché dans 120 fiches de 4 documents, par les mots et par le sens. "
        "Le plus proche : Le bus (Ain) ; Le car (Gironde).",
        (),
    )
    (english,) = abstain(nearest("en", initiative(), car), 120).statements
    assert english.text == (
        "No answer in this collection. Searched 120 sheets of 4 documents, by words and by meaning. "
        "Nearest: Le bus (Ain); Le car (Gironde)."
    )


def test_an_abstention_names_three_initiatives_at_most():
    (said,) = abstain(nearest("fr", *[initiative()] * 5), 120).statements
    assert said.text.count("Le bus") == 3


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Pas de réponse dans ce recueil. Cherché dans 7 fiches retenues par les filtres, par les mots et par "),
        ("en", "No answer in this collection. Searched 7 sheets that pass the filters, by words and by "),
    ],
)
def test_an_abstention_under_filters_tells_how_many_sheets_passed(language: str, said: str):
    meaning = {"fr": "le sens.", "en": "meaning."}
    (statement,) = abstain(nearest(language, filters=Filters(theme=("Mobilité",))), 7).statements
    assert statement.text == said + meaning[language]


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", "partout — Le bus (Ain) : « va partout. »"), ("en", "partout — Le bus (Ain): « va partout. »")],
)
def test_a_statement_is_the_short_answer_then_the_initiative_then_the_quote(language: str, said: str):
    assert statement_text(language, "partout", initiative(), "va partout.") == said


def test_a_short_answer_is_shown_without_markup_and_marks_at_its_ends():
    assert statement_text("fr", " **86** :", initiative(), "86 personnes") == "86 — Le bus (Ain) : « 86 personnes »"


@pytest.mark.parametrize("quote", ["va partout.", "… va partout …", "va partout"])
def test_a_quote_that_is_no_longer_than_the_short_answer_stands_alone(quote: str):
    assert statement_text("fr", "va partout", initiative(), quote) == f"Le bus (Ain) : « {quote} »"


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", "Ain — Le bus : « va partout. »"), ("en", "Ain — Le bus: « va partout. »")],
)
def test_a_line_of_a_list_begins_with_the_place(language: str, said: str):
    assert list_line(language, initiative(), "va partout.") == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Le bus (Ain)"),
        ({"title": "Le **bus**."}, "Le bus (Ain)"),
        ({"departements": ()}, "Le bus (Bourg)"),
        ({"departements": (), "territory": None}, "Le bus"),
        ({"departements": (Departement("01", "Ain"), Departement("33", "Gironde"))}, "Le bus (Ain, Gironde)"),
        ({"departements": tuple(Departement(c, c * 3) for c in "ABCD")}, "Le bus (AAA, BBB, CCC)"),
        (
            {"departements": (), "territory": "Le pays entre les deux rivières et la mer"},
            "Le bus (Le pays entre les deux…)",
        ),
        ({"title": "Un bus " * 10}, "Un bus Un bus Un bus Un bus Un bus Un bus… (Ain)"),
    ],
)
def test_an_initiative_is_named_by_its_title_and_place(changes: dict[str, object], said: str):
    assert title_and_place(replace(initiative(), **changes)) == said


@pytest.mark.parametrize(
    ("longest", "expected"),
    [(19, "Un toit pour toutes"), (18, "Un toit pour…"), (12, "Un toit…"), (3, "Un…"), (2, "U…")],
)
def test_a_title_is_shortened_between_words(longest: int, expected: str):
    assert shortened("Un toit pour toutes", longest) == expected


def test_no_mark_stands_before_an_ellipsis():
    assert shortened("Un toit, des clés", 10) == "Un toit…"


@given(st.text(max_size=60), st.integers(1, 40))
def test_a_shortened_text_fits(text: str, longest: int):
    short = shortened(text, longest)
    assert len(short) <= longest
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))
