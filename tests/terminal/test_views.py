"""How hits, sheets, answers and the progress of long work look on a terminal."""

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from search import Highlight, Results
from search.answer import MadeBy, Statement, Verdict
from terminal.views import (
    Bars,
    answer_view,
    certainty,
    grounds_view,
    hits_table,
    marked,
    results_view,
    sheet_view,
    show_answer,
    statement_view,
    why,
)
from tests.atlas import answer, hit, initiative
from tests.small_index import query

# --- hits and sheets ---


def written(view, width=160):
    console = Console(file=StringIO(), width=width)
    console.print(view)
    return console.file.getvalue()


def highlight(text, word):
    start = text.index(word)
    return Highlight(start, start + len(word), "asked", 0.8)


def test_a_snippet_marks_the_words_that_matched():
    text = "Un bus va de village en village."
    shown = marked(text, [highlight(text, "bus"), highlight(text, "village")])
    assert [shown.plain[span.start : span.end] for span in shown.spans] == ["bus", "village"]


def test_a_long_passage_is_cut_around_what_matched_and_between_words():
    text = "Ceci ne dit rien. " * 20 + "Un bus va de village en village. " + "Ceci non plus. " * 20
    shown = marked(text, [highlight(text, "bus"), highlight(text, "village")], width=60).plain
    assert "Un bus va de village" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert set(shown.strip("… ").split()) <= set(text.split())
    assert len(shown) <= 64


def test_a_long_passage_without_a_match_is_shown_from_its_start():
    assert marked("un deux trois quatre", [], width=12).plain == "un deux …"


def test_a_snippet_is_one_line_without_marks_of_emphasis():
    assert marked("un **bus**\n\nva", []).plain == "un bus va"


def test_a_hit_is_shown_with_place_carrier_year_and_twins():
    shown = written(hits_table([hit()]))
    for part in (
        "The bus",
        "Ain · Département de l'Ain · 2016",
        "atlas-le-bus-01",
        "also in atlas-le-car-01",
        "meaning 3",
        "A bus goes everywhere. [editorial]",
    ):
        assert part in shown


def test_why_names_only_the_ways_that_found_the_hit():
    assert why(hit()) == "meaning 3\neditorial summary"
    assert why(replace(hit(), lexical_rank=2, by_record=False)) == "words 2\nmeaning 3"


def test_a_hint_is_shown_when_there_is_one():
    nothing = Results(
        query=query("bus"), total=0, further=0, hits=(), facets={}, language="fr", hint="Try other words.", took_ms=1.0
    )
    assert "0 of 0 initiatives on the subject" in written(results_view(nothing))
    assert "Try other words." in written(results_view(nothing))


def test_a_sheet_shows_its_fields_and_then_its_text_as_printed():
    shown = written(sheet_view(initiative(), hit().record))
    assert "A bus goes everywhere." in shown
    assert "Residents, Mobility" in shown
    for part in ("atlas, lines 3 to 4", "Ain (01)", "Depuis 2016", "bus@ain, damaged address", "Le bus\nva partout."):
        assert part in shown


def test_square_brackets_of_a_text_are_shown_and_never_read_as_styles():
    assert marked("[bold]bus[/bold]", []).plain == "[bold]bus[/bold]"


# --- answers ---


def shown(*ready):
    console = Console(file=StringIO(), width=160)
    show_answer(ready, [hit()], console)
    return console.file.getvalue()


def refusal():
    nothing = (Statement("No answer in this collection.", ()),)
    return replace(answer(), verdict=Verdict.REFUSED, confidence=0.05, statements=nothing, citations=())


def test_a_statement_ends_with_the_numbers_of_its_sources_from_one():
    assert statement_view(Statement("Il roule.", (0, 2))).plain == "Il roule. [1][3]"
    assert statement_view(Statement("Nothing.", ())).plain == "Nothing."


def test_a_source_is_a_document_with_its_lines_and_its_twins():
    view = written(grounds_view(answer(), []))
    assert "[1] atlas, lines 3 to 4 · atlas-le-bus-01" in view
    assert "also in atlas-le-car-01" in view


def test_a_quote_is_shown_with_its_source_only_where_no_statement_shows_it():
    silent = replace(answer(), statements=(Statement("Il va loin.", (0,)),))
    assert "« va partout. »" not in written(grounds_view(answer(), []))
    assert "« va partout. »" in written(grounds_view(silent, []))


@pytest.mark.parametrize(
    ("confidence", "told"),
    [
        (0.9, "sure (0.90)"),
        (0.79, "likely right (0.79)"),
        (0.69, "more likely right than not (0.69)"),
        (0.49, "unsure (0.49)"),
    ],
)
def test_confidence_is_told_in_the_words_of_the_one_scale_and_as_a_figure(confidence, told):
    assert list(certainty(replace(answer(), confidence=confidence))) == [told]


def test_a_confidence_that_was_fitted_on_other_texts_is_not_shown():
    assert list(certainty(replace(answer(), confidence=None))) == []
    assert list(certainty(replace(refusal(), confidence=None))) == ["no sure answer"]
    assert "\nin the words of the sources" in written(grounds_view(replace(answer(), confidence=None), []))


def test_a_refusal_shows_the_nearest_initiatives_and_an_answer_does_not():
    assert "Département de l'Ain" in written(answer_view(refusal(), [hit()]))
    assert list(certainty(refusal())) == ["no sure answer (an answer would be right with 0.05)"]
    assert "Département de l'Ain" not in written(answer_view(answer(), [hit()]))
    assert "in the words of the sources" not in written(answer_view(refusal(), [hit()]))


def test_it_is_said_what_made_the_text_and_what_a_language_model_failed_at():
    assert "in the words of the sources · without the language model: timed_out" in written(grounds_view(answer(), []))
    worded = replace(answer(), path=MadeBy.LANGUAGE_MODEL, fallback=None, removed=2)
    assert "worded by a language model · unsupported sentences removed: 2 · 12.3 ms" in written(
        grounds_view(worded, [])
    )


def test_statements_told_on_the_way_are_not_told_again():
    first, second = answer().statements
    assert shown((first, answer().citations), (second, ()), answer()).count("Il roule.") == 1


def test_statements_that_do_not_hold_are_followed_by_the_whole_answer():
    withdrawn = Statement("Il vole.", (0,))
    view = shown((withdrawn, answer().citations), answer())
    assert view.index("Il vole.") < view.index("partout — Le bus") < view.index("Il roule.")


def test_square_brackets_of_a_statement_are_never_read_as_styles():
    assert "[bold]bus[/bold]" in written(statement_view(Statement("[bold]bus[/bold]", ())))


# --- progress ---


def test_bars_count_the_parts_of_each_step():
    console = Console(file=StringIO(), width=100, force_terminal=True)
    with Bars(console) as bars:
        bars.step("Encoding the passages", 12)
        bars.advance(8)
        bars.note("The export is not faithful.")
        bars.advance(4)
    assert "12/12" in console.file.getvalue()
    assert "The export is not faithful." in console.file.getvalue()


def test_bars_go_to_standard_error_unless_told_otherwise(capsys):
    with Bars() as bars:
        bars.step("Encoding the passages", 1)
        bars.advance(1)
    told = capsys.readouterr()
    assert (told.out, "Encoding the passages" in told.err) == ("", True)
