"""Composing: what is sure stands alone, what is not is followed, and tellings that differ are both told."""

import re
from dataclasses import replace

import pytest

from search import Engine
from search.answering.answer import Verdict
from search.answering.composing import compose
from search.answering.finding import Finding, Origin
from search.answering.folders import SHIPPED
from search.answering.gathering import Found, Gathered, gather
from search.answering.span_reader import SpanReader

QUESTION = "Combien de foyers testent le kit chauffage au bois ?"


@pytest.fixture(scope="module")
def gathered(engine: Engine) -> Gathered:
    return gather(engine, SpanReader.open(SHIPPED, engine.encoder.digest), QUESTION)


def finding(engine: Engine, pattern: str, twin: bool = False, score: float = 1.0) -> Finding:
    """The figure of a text that only one initiative tells of, in its first telling or in a twin's."""
    tellings = [row for row, one in enumerate(engine.initiatives) if re.search(pattern, one.text)]
    row = tellings[1 if twin else 0]
    text = engine.initiatives[row].text
    found = re.search(pattern, text)
    figure = re.search(r"\d+", text[found.start() :])
    start = found.start() + figure.start()
    return Finding(row, start, start + len(figure[0]), figure[0], Origin.SPAN, score)


def statements(gathered: Gathered, *findings: Finding, certainty: float = 0.9, verdict=Verdict.ANSWERED) -> list[str]:
    composed = compose(gathered.asking, Found(findings, certainty, None), verdict)
    return [statement.text for statement in composed.statements]


def test_a_sure_finding_stands_alone(engine: Engine, gathered: Gathered):
    best, other = finding(engine, r"auprès de 250 foyers"), finding(engine, r"représente 38")
    (said,) = statements(gathered, best, other)
    assert re.match(r"250 — .*\(Gironde\) : « ", said)
    assert "kit sera testé auprès de 250 foyers" in said


def test_an_unsure_one_is_followed_by_the_next_words_of_the_same_initiative(engine: Engine, gathered: Gathered):
    best, other = finding(engine, r"auprès de 250 foyers"), finding(engine, r"représente 38")
    _, second = statements(gathered, best, other, certainty=0.4)
    assert second == "Aussi : « … 38 … »"


def test_words_that_the_first_quote_shows_already_are_not_said_again(engine: Engine, gathered: Gathered):
    best = finding(engine, r"auprès de 250 foyers")
    assert len(statements(gathered, best, best, certainty=0.4)) == 1


def test_the_closest_match_is_called_so(engine: Engine, gathered: Gathered):
    (said,) = statements(gathered, finding(engine, r"auprès de 250 foyers"), verdict=Verdict.CLOSEST)
    assert said.startswith("Le plus proche : 250 — ")


def twin_of(engine: Engine, best: Finding, figure: str, score: float = 1.0) -> Finding:
    """The same words in another telling, with another figure, as if that document had printed it."""
    row = next(
        row
        for row, one in enumerate(engine.initiatives)
        if one.id in engine.initiatives[best.row].same_as and "250 foyers" in one.text
    )
    start = engine.initiatives[row].text.index("250 foyers")
    return Finding(row, start, start + 3, figure, Origin.SPAN, score)


def printed(engine: Engine, gathered: Gathered, row: int, text: str) -> Gathered:
    """The same, had the sheet of this row been printed with other words."""
    initiatives = list(engine.initiatives)
    initiatives[row] = replace(initiatives[row], text=text)
    contents = engine.index.contents._replace(initiatives=tuple(initiatives))
    return replace(gathered, asking=replace(gathered.asking, index=replace(engine.index, contents=contents)))


def test_another_telling_with_another_figure_of_the_same_thing_is_told_and_cited(engine: Engine, gathered: Gathered):
    best = finding(engine, r"auprès de 250 foyers")
    other = twin_of(engine, best, "300")
    changed = printed(
        engine, gathered, other.row, engine.initiatives[other.row].text.replace("250 foyers", "300 foyers")
    )
    composed = compose(changed.asking, Found((best, other), 0.9, None), Verdict.ANSWERED)
    first, second = composed.statements
    assert "250 foyers" in first.text
    assert second.text.startswith("Une autre source dit : « ")
    assert "300 foyers" in second.text
    assert [citation.initiative for citation in composed.citations] == [
        engine.initiatives[best.row].id,
        engine.initiatives[other.row].id,
    ]


def test_another_telling_with_the_same_figure_is_cited_beside_the_first(engine: Engine, gathered: Gathered):
    best = finding(engine, r"auprès de 250 foyers")
    composed = compose(gathered.asking, Found((best, twin_of(engine, best, "250")), 0.9, None), Verdict.ANSWERED)
    assert [statement.citations for statement in composed.statements] == [(0, 1)]


def test_figures_of_another_thing_contradict_nothing(engine: Engine, gathered: Gathered):
    best = finding(engine, r"auprès de 250 foyers")
    other = twin_of(engine, best, "300")
    changed = printed(
        engine, gathered, other.row, engine.initiatives[other.row].text.replace("250 foyers", "300 euros ")
    )
    assert len(statements(changed, best, other)) == 1


def test_a_telling_that_the_reader_does_not_hold_an_answer_contradicts_nothing(engine: Engine, gathered: Gathered):
    best = finding(engine, r"auprès de 250 foyers")
    other = twin_of(engine, best, "300", score=-3.0)
    changed = printed(
        engine, gathered, other.row, engine.initiatives[other.row].text.replace("250 foyers", "300 foyers")
    )
    assert len(statements(changed, best, other)) == 1
