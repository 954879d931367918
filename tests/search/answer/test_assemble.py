"""Assembling: what is sure stands alone, what is not is followed, tellings that differ are both told; and the frames."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from search.answering import wording
from search.answering.gathering import gather

from corpus import Departement
from search import Engine
from search.answer import BUNDLED, ExtractedCandidates, RankedCandidates, SpanReader, Verdict, assemble
from search.answer.candidates import AnswerCandidate, Origin
from tests.atlas import initiative

QUESTION = "Combien de foyers testent le kit chauffage au bois ?"


@pytest.fixture(scope="module")
def gathered(engine: Engine) -> ExtractedCandidates:
    return gather(engine, SpanReader.open(BUNDLED, engine.encoder.digest), QUESTION)


def finding(engine: Engine, pattern: str, twin: bool = False, score: float = 1.0) -> AnswerCandidate:
    """The figure of a text that only one initiative tells of, in its first telling or in a twin's."""
    tellings = [row for row, one in enumerate(engine.initiatives) if re.search(pattern, one.text)]
    row = tellings[1 if twin else 0]
    text = engine.initiatives[row].text
    found = re.search(pattern, text)
    figure = re.search(r"\d+", text[found.start() :])
    start = found.start() + figure.start()
    return AnswerCandidate(
        row=row, start=start, end=start + len(figure[0]), lead=figure[0], origin=Origin.SPAN, score=score
    )


def statements(
    gathered: ExtractedCandidates, *findings: AnswerCandidate, certainty: float = 0.9, verdict=Verdict.ANSWERED
) -> list[str]:
    composed = assemble(gathered.asking, RankedCandidates(findings, certainty, None), verdict)
    return [statement.text for statement in composed.statements]


def test_a_sure_finding_stands_alone(engine: Engine, gathered: ExtractedCandidates):
    best, other = finding(engine, r"auprès de 250 foyers"), finding(engine, r"représente 38")
    (said,) = statements(gathered, best, other)
    assert re.match(r"250 — .*\(Gironde\) : « ", said)
    assert "kit sera testé auprès de 250 foyers" in said


def test_an_unsure_one_is_followed_by_the_next_words_of_the_same_initiative(
    engine: Engine, gathered: ExtractedCandidates
):
    best, other = finding(engine, r"auprès de 250 foyers"), finding(engine, r"représente 38")
    _, second = statements(gathered, best, other, certainty=0.4)
    assert second == "Aussi : « … 38 … »"


def test_words_that_the_first_quote_shows_already_are_not_said_again(engine: Engine, gathered: ExtractedCandidates):
    best = finding(engine, r"auprès de 250 foyers")
    assert len(statements(gathered, best, best, certainty=0.4)) == 1


def test_the_closest_match_is_called_so(engine: Engine, gathered: ExtractedCandidates):
    (said,) = statements(gathered, finding(engine, r"auprès de 250 foyers"), verdict=Verdict.CLOSEST)
    assert said.startswith("Le plus proche : 250 — ")


def twin_of(engine: Engine, best: AnswerCandidate, figure: str, score: float = 1.0) -> AnswerCandidate:
    """The same words in another telling, with another figure, as if that document had printed it."""
    row = next(
        row
        for row, one in enumerate(engine.initiatives)
        if one.id in engine.initiatives[best.row].same_as and "250 foyers" in one.text
    )
    start = engine.initiatives[row].text.index("250 foyers")
    return AnswerCandidate(row=row, start=start, end=start + 3, lead=figure, origin=Origin.SPAN, score=score)


def printed(engine: Engine, gathered: ExtractedCandidates, row: int, text: str) -> ExtractedCandidates:
    """The same, had the sheet of this row been printed with other words."""
    initiatives = list(engine.initiatives)
    initiatives[row] = replace(initiatives[row], text=text)
    contents = engine.index.contents._replace(initiatives=tuple(initiatives))
    return replace(gathered, asking=replace(gathered.asking, index=replace(engine.index, contents=contents)))


def test_another_telling_with_another_figure_of_the_same_thing_is_told_and_cited(
    engine: Engine, gathered: ExtractedCandidates
):
    best = finding(engine, r"auprès de 250 foyers")
    other = twin_of(engine, best, "300")
    changed = printed(
        engine, gathered, other.row, engine.initiatives[other.row].text.replace("250 foyers", "300 foyers")
    )
    composed = assemble(changed.asking, RankedCandidates((best, other), 0.9, None), Verdict.ANSWERED)
    first, second = composed.statements
    assert "250 foyers" in first.text
    assert second.text.startswith("Une autre source dit : « ")
    assert "300 foyers" in second.text
    assert [citation.initiative for citation in composed.citations] == [
        engine.initiatives[best.row].id,
        engine.initiatives[other.row].id,
    ]


def test_another_telling_with_the_same_figure_is_cited_beside_the_first(engine: Engine, gathered: ExtractedCandidates):
    best = finding(engine, r"auprès de 250 foyers")
    composed = assemble(
        gathered.asking, RankedCandidates((best, twin_of(engine, best, "250")), 0.9, None), Verdict.ANSWERED
    )
    assert [statement.citations for statement in composed.statements] == [(0, 1)]


def test_figures_of_another_thing_contradict_nothing(engine: Engine, gathered: ExtractedCandidates):
    best = finding(engine, r"auprès de 250 foyers")
    other = twin_of(engine, best, "300")
    changed = printed(
        engine, gathered, other.row, engine.initiatives[other.row].text.replace("250 foyers", "300 euros ")
    )
    assert len(statements(changed, best, other)) == 1


def test_a_telling_that_the_reader_does_not_hold_an_answer_contradicts_nothing(
    engine: Engine, gathered: ExtractedCandidates
):
    best = finding(engine, r"auprès de 250 foyers")
    other = twin_of(engine, best, "300", score=-3.0)
    changed = printed(
        engine, gathered, other.row, engine.initiatives[other.row].text.replace("250 foyers", "300 foyers")
    )
    assert len(statements(changed, best, other)) == 1


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", "partout — Le bus (Ain) : « va partout. »"), ("en", "partout — Le bus (Ain): « va partout. »")],
)
def test_a_statement_is_the_short_answer_then_the_initiative_then_the_quote(language: str, said: str):
    assert wording.statement(language, "partout", initiative(), "va partout.") == said


def test_a_short_answer_is_shown_without_markup_and_marks_at_its_ends():
    assert wording.statement("fr", " **86** :", initiative(), "86 personnes") == "86 — Le bus (Ain) : « 86 personnes »"


@pytest.mark.parametrize("quote", ["va partout.", "… va partout …", "va partout"])
def test_a_quote_that_is_no_longer_than_the_short_answer_stands_alone(quote: str):
    assert wording.statement("fr", "va partout", initiative(), quote) == f"Le bus (Ain) : « {quote} »"


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", "Ain — Le bus : « va partout. »"), ("en", "Ain — Le bus: « va partout. »")],
)
def test_a_line_of_a_list_begins_with_the_place(language: str, said: str):
    assert wording.line(language, initiative(), "va partout.") == said


@pytest.mark.parametrize(
    ("language", "closest", "differs"),
    [
        ("fr", "Le plus proche : oui", "Une autre source dit : « va partout. » (Le bus (Ain))."),
        ("en", "Closest match: oui", "Another source says: « va partout. » (Le bus (Ain))."),
    ],
)
def test_what_is_less_than_sure_is_said_so(language: str, closest: str, differs: str):
    assert wording.closest(language, "oui") == closest
    assert wording.differs(language, initiative(), "va partout.") == differs


def test_a_refusal_tells_what_was_searched_and_what_comes_nearest():
    car = replace(initiative(), title="Le car", departements=(Departement("33", "Gironde"),))
    assert wording.nothing("fr", 120, 4, False, [initiative(), car]) == (
        "Pas de réponse dans ce recueil. Cherché dans 120 fiches de 4 documents, par les mots et par le sens. "
        "Le plus proche : Le bus (Ain) ; Le car (Gironde)."
    )
    assert wording.nothing("en", 120, 4, False, [initiative(), car]) == (
        "No answer in this collection. Searched 120 sheets of 4 documents, by words and by meaning. "
        "Nearest: Le bus (Ain); Le car (Gironde)."
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Pas de réponse dans ce recueil. Cherché dans 7 fiches retenues par les filtres, par les mots et par "),
        ("en", "No answer in this collection. Searched 7 sheets that pass the filters, by words and by "),
    ],
)
def test_a_refusal_under_filters_tells_how_many_sheets_passed(language: str, said: str):
    meaning = {"fr": "le sens.", "en": "meaning."}
    assert wording.nothing(language, 7, 4, True, []) == said + meaning[language]


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
    assert wording.where(replace(initiative(), **changes)) == said


@pytest.mark.parametrize(
    ("longest", "expected"),
    [(19, "Un toit pour toutes"), (18, "Un toit pour…"), (12, "Un toit…"), (3, "Un…"), (2, "U…")],
)
def test_a_title_is_shortened_between_words(longest: int, expected: str):
    assert wording.shortened("Un toit pour toutes", longest) == expected


def test_no_mark_stands_before_an_ellipsis():
    assert wording.shortened("Un toit, des clés", 10) == "Un toit…"


@given(st.text(max_size=60), st.integers(1, 40))
def test_a_shortened_text_fits(text: str, longest: int):
    short = wording.shortened(text, longest)
    assert len(short) <= longest
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))
