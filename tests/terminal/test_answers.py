"""How an answer looks on a terminal."""

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from search.answer import MadeBy, Statement, Verdict
from terminal.answers import answer_view, certainty, confidence_label, grounds_view, show_answer, statement_view
from tests.atlas import answer


def written(view):
    console = Console(file=StringIO(), width=160)
    console.print(view)
    return console.file.getvalue()


def shown(*ready):
    console = Console(file=StringIO(), width=160)
    show_answer(ready, console)
    return console.file.getvalue()


def refusal():
    nothing = (Statement("No answer in this collection.", ()),)
    return replace(answer(), verdict=Verdict.REFUSED, confidence=0.05, statements=nothing, citations=())


def test_a_statement_ends_with_the_numbers_of_its_sources_from_one():
    assert statement_view(Statement("Il roule.", (0, 2))).plain == "Il roule. [1][3]"
    assert statement_view(Statement("Nothing.", ())).plain == "Nothing."


def test_a_source_is_a_document_with_its_lines_and_its_twins():
    view = written(grounds_view(answer()))
    assert "[1] atlas, lines 3 to 4 · atlas-le-bus-01" in view
    assert "also in atlas-le-car-01" in view


def test_a_quote_is_shown_with_its_source_only_where_no_statement_shows_it():
    silent = replace(answer(), statements=(Statement("Il va loin.", (0,)),))
    assert "« va partout. »" not in written(grounds_view(answer()))
    assert "« va partout. »" in written(grounds_view(silent))


@pytest.mark.parametrize(
    ("confidence", "label"),
    [(1.0, "sure"), (0.8, "sure"), (0.79, "likely right"), (0.5, "likely right"), (0.49, "unsure"), (0.0, "unsure")],
)
def test_an_answer_is_sure_from_the_confidence_on_that_the_page_calls_sure(confidence, label):
    assert confidence_label(confidence) == label


def test_confidence_is_told_in_words_and_as_a_figure():
    assert certainty(answer()) == "sure (0.83)"


def test_a_refusal_shows_the_nearest_initiatives_and_an_answer_does_not():
    assert "Département de l'Ain" in written(answer_view(refusal()))
    assert certainty(refusal()) == "no answer (an answer would be right with 0.05)"
    assert "Département de l'Ain" not in written(answer_view(answer()))
    assert "in the words of the sources" not in written(answer_view(refusal()))


def test_it_is_said_what_made_the_text_and_what_a_language_model_failed_at():
    assert "in the words of the sources · without the language model: timed_out" in written(grounds_view(answer()))
    worded = replace(answer(), path=MadeBy.LANGUAGE_MODEL, fallback=None, removed=2)
    assert "worded by a language model · unsupported sentences removed: 2 · 12.3 ms" in written(grounds_view(worded))


def test_statements_told_on_the_way_are_not_told_again():
    first, second = answer().statements
    assert shown((first, answer().citations), (second, ()), answer()).count("Il roule.") == 1


def test_statements_that_do_not_hold_are_followed_by_the_whole_answer():
    withdrawn = Statement("Il vole.", (0,))
    view = shown((withdrawn, answer().citations), answer())
    assert view.index("Il vole.") < view.index("partout — Le bus") < view.index("Il roule.")


def test_square_brackets_of_a_statement_are_never_read_as_styles():
    assert "[bold]bus[/bold]" in written(statement_view(Statement("[bold]bus[/bold]", ())))
