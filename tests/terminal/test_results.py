"""How hits and sheets look on a terminal."""

from dataclasses import replace
from io import StringIO

from rich.console import Console

from search import Highlight, Query, Results
from terminal.results import hits_table, marked, results_view, sheet_view, why
from tests.atlas import hit, initiative


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
    assert why(replace(hit(), lexical_rank=2, by_editorial=False)) == "words 2\nmeaning 3"


def test_a_hint_is_shown_when_there_is_one():
    nothing = Results(Query("bus", "fr", (), (), ()), 0, (), {}, "fr", "Try other words.", 1.0)
    assert "0 of 0 initiatives" in written(results_view(nothing))
    assert "Try other words." in written(results_view(nothing))


def test_a_sheet_shows_its_fields_and_then_its_text_as_printed():
    shown = written(sheet_view(initiative(), hit().editorial))
    assert "A bus goes everywhere." in shown
    assert "Residents, Mobility" in shown
    for part in ("atlas, lines 3 to 4", "Ain (01)", "Depuis 2016", "bus@ain, damaged address", "Le bus\nva partout."):
        assert part in shown


def test_square_brackets_of_a_text_are_shown_and_never_read_as_styles():
    assert marked("[bold]bus[/bold]", []).plain == "[bold]bus[/bold]"
