"""Quotes: the sentence that holds some words, exact in its lines, and as an answer shows it."""

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Initiative, Source
from corpus.text import holds_contact, sentence_spans
from index import Passage
from search import (
    Searcher,
    best_sentence,
    cite,
    find_words,
    first_words,
    holds_words,
    line_start,
    passage_start,
    quoted_text,
    sentence_around,
    trim_edges,
)
from search.quotes import LONGEST_QUOTE
from tests.atlas import initiative

BUS = "Le bus passe chaque matin dans le village, et chaque soir devant la mairie. Il aide."
LIST = "TITRE\n• Un bus roule :\n• Un car le suit"


def around(text: str, words: str, longest: int = LONGEST_QUOTE) -> str:
    start = text.index(words)
    first, last = sentence_around(text, start, start + len(words), longest)
    return text[first:last]


def told(text: str, start_line: int = 3) -> Initiative:
    lines = Source("atlas", start_line, start_line + text.count("\n"))
    return replace(initiative(), source=lines, text=text, sections=())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Un bus roule. Il coûte 1.5 million ! Et après ?", ["Un bus roule.", "Il coûte 1.5 million !", "Et après ?"]),
        ("Elle dit : « Un bus passe. » Puis elle part.", ["Elle dit :", "« Un bus passe. »", "Puis elle part."]),
        ("RÉSULTATS\n- Un bus roule.\n\n• Un car", ["RÉSULTATS", "- Un bus roule.", "• Un car"]),
        ("sans point", ["sans point"]),
        (" \n\n ", []),
        ("", []),
    ],
)
def test_sentences_end_at_stops_and_line_ends(text: str, expected: list[str]):
    assert [text[start:end] for start, end in sentence_spans(text)] == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Il aide M. Roy et Mme. Petit.",
        "A. Roy conduit.",
        "Voir art. 2 et cf. 3, p. 4.",
        "Une aide (transport, repas, etc. selon les cas) est versée.",
        "Il vit à St. Malo.",
    ],
)
def test_an_abbreviation_ends_no_sentence(sentence: str):
    text = f"{sentence} Fin."
    assert [text[start:end] for start, end in sentence_spans(text)] == [sentence, "Fin."]


def test_an_abbreviation_at_the_end_of_a_line_ends_its_sentence():
    text = "Transport, repas, etc.\nUn car"
    assert [text[start:end] for start, end in sentence_spans(text)] == ["Transport, repas, etc.", "Un car"]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        (BUS, "village", "Le bus passe chaque matin dans le village, et chaque soir devant la mairie."),
        (BUS, "aide", "Il aide."),
        (BUS, "mairie. Il", BUS),  # over two sentences
        (LIST, "bus", "Un bus roule"),  # neither bullet nor colon
        (LIST, "• Un bus", "• Un bus roule"),  # unless asked for
        (LIST, "TITRE", "TITRE"),
        ("Il fait\n-20 % en un an", "en", "-20 % en un an"),  # a minus is no bullet
    ],
)
def test_words_are_quoted_with_their_sentence(text: str, words: str, expected: str):
    assert around(text, words) == expected


@pytest.mark.parametrize(
    ("words", "longest", "expected"),
    [
        ("village", 30, "dans le village, et chaque"),
        ("Le bus", 20, "Le bus passe chaque"),
        ("mairie", 20, "devant la mairie."),
        ("bus passe chaque matin", 10, "bus passe chaque matin"),  # never less than what is asked for
    ],
)
def test_a_long_sentence_is_cut_between_words_around_those_asked_for(words: str, longest: int, expected: str):
    assert around(BUS, words, longest) == expected


PIECES = st.lists(st.sampled_from(["bus", "été.", "M.", "- ", "• ", "\n", " ", ": ", "« Oui. »", "etc. ", "1.5"]))


@given(st.text(max_size=80) | PIECES.map("".join), st.integers(1, 60), st.data())
def test_a_quote_always_holds_the_words_asked_for(text: str, longest: int, data: st.DataObject):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    first, last = sentence_around(text, start, end, longest)
    assert 0 <= first <= start <= end <= last <= len(text)
    assert last - first <= max(longest, end - start)


@given(PIECES.map("".join))
def test_sentences_hold_every_word_once_and_in_order(text: str):
    spans = list(sentence_spans(text))
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())
    assert spans == sorted(spans)


@pytest.mark.parametrize(
    ("text", "longest", "expected"),
    [
        ("- Un bus passe chaque matin.", 40, "Un bus passe chaque matin."),
        ("- Un bus passe chaque matin.", 12, "Un bus"),
        ("Un bus, un car", 9, "Un bus"),
        ("anticonstitutionnellement", 4, "anti"),
    ],
)
def test_an_opening_is_the_first_words_that_fit(text: str, longest: int, expected: str):
    start, end = first_words(text, 0, len(text), longest)
    assert text[start:end] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("\n\n- 30 places :", "30 places"), (" plusieurs", "plusieurs"), ("-20 %", "-20 %"), (" -\n", "")],
)
def test_bullets_and_white_space_are_trimmed(text: str, expected: str):
    start, end = trim_edges(text, 0, len(text))
    assert text[start:end] == expected


def test_a_citation_names_the_lines_of_its_words():
    text = "Le bus\nva partout.\n\nLe car aussi."
    start = text.index("partout")
    cited = cite(told(text), start, text.index(" aussi"))
    assert cited.quote == "partout.\n\nLe car"
    assert cited.source == Source("atlas", 4, 6)
    assert (cited.initiative, cited.also_in) == ("atlas-le-bus-01", ("atlas-le-car-01",))


@given(PIECES.map("".join), st.integers(1, 9), st.data())
def test_a_quote_stands_in_its_lines_of_the_initiative(text: str, start_line: int, data: st.DataObject):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    cited = cite(told(text, start_line), start, end)
    lines = text.split("\n")[cited.source.start_line - start_line : cited.source.end_line - start_line + 1]
    assert cited.quote in "\n".join(lines)
    assert cited.quote.count("\n") == cited.source.end_line - cited.source.start_line


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        (BUS, "passe chaque matin", "… passe chaque matin …"),
        (BUS, "Le bus", "Le bus …"),
        (BUS, "devant la mairie.", "… devant la mairie."),
        (BUS, "Il aide.", "Il aide."),
        (LIST, "Un bus roule", "Un bus roule"),
        ("Un prix : dix **euros** par mois", "dix **euros", "dix euros …"),
    ],
)
def test_an_ellipsis_shows_where_a_quote_is_cut_from_its_sentence(text: str, words: str, expected: str):
    start = text.index(words)
    assert quoted_text(text, start, start + len(words)) == expected


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("Écrire à bus@ain.fr", True),
        ("Tél : 04 00 00 00 00", True),
        ("04.00.00.00.00", True),
        ("15 000 € en 2016", False),
        ("Direction du bus", False),
    ],
)
def test_addresses_and_telephone_numbers_are_contact_data(text: str, holds: bool):
    assert holds_contact(text) is holds


SHEET = replace(initiative(), text="Un bus.\nUn car.\nUn bus.")  # from line 3 of its document


@pytest.mark.parametrize(("line", "start"), [(3, 0), (4, 8), (5, 16)])
def test_a_line_begins_behind_those_before_it(line: int, start: int):
    assert line_start(SHEET, line) == start


def test_of_the_same_words_on_two_lines_those_of_the_passage_count():
    first, last = (
        Passage(id="", initiative=SHEET.id, heading=None, start_line=line, end_line=line, text="Un bus.")
        for line in (3, 5)
    )
    assert (passage_start(SHEET, first), passage_start(SHEET, last)) == (0, 16)


def test_every_passage_of_the_corpus_begins_where_its_words_stand(searcher: Searcher):
    for passage, row in zip(searcher.index.contents.passages, searcher.index.owners, strict=True):
        told = searcher.catalogue.initiatives[int(row)]
        start = passage_start(told, passage)
        assert told.text[start : start + len(passage.text)] == passage.text
        assert told.text.count("\n", 0, start) == passage.start_line - told.source.start_line


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        ("Pas-de-Calais", "Il va dans le Pas de\nCalais.", "Pas de\nCalais"),
        ("L’Ain", "par **l'Ain**", "l'Ain"),
        ("201", "depuis 2016", None),  # whole words only
        ("La Poste", "la ville", None),
        ("—", "la ville", None),
    ],
)
def test_words_are_found_whatever_stands_between_them(words: str, text: str, expected: str | None):
    found = find_words(words, text)
    assert (None if found is None else text[slice(*found)]) == expected


def compared(text: str, cosines: list[list[float]], weights: list[float]) -> tuple[Any, Any]:
    """An index of one passage and a question, whose tokens [t] have these cosines [t, n] with the n words there."""
    spans = np.array([match.span() for match in re.finditer(r"\w+", text)])
    similarities = SimpleNamespace(cosines=lambda position: np.array(cosines, np.float32))
    multivector = SimpleNamespace(compare=lambda embeddings, rows: similarities, spans_of=lambda row: spans)
    passages = [Passage(id="atlas#0", initiative="atlas", heading=None, start_line=1, end_line=1, text=text)]
    index = SimpleNamespace(multivector=multivector, contents=SimpleNamespace(passages=passages))
    return index, SimpleNamespace(embeddings=None, weights=np.array(weights, np.float32))


def best_of(text: str, cosines: list[list[float]], weights: list[float]) -> str | None:
    span = best_sentence(*compared(text, cosines, weights), 0)
    return None if span is None else text[slice(*span)]


def test_the_best_sentence_has_the_greatest_sum_of_best_cosines_by_idf():
    text = "Un bus. Un car. Un vélo."
    assert best_of(text, [[0, 0.9, 0, 0.2, 0, 0], [0, 0, 0, 0.8, 0, 0.7]], [1.0, 1.0]) == "Un car."  # 1.0, and .9, .7
    assert best_of(text, [[0, 0.9, 0, 0.2, 0, 0], [0, 0, 0, 0.8, 0, 0.7]], [3.0, 1.0]) == "Un bus."  # 2.7, and 1.4, .7


def test_a_token_that_is_alike_to_nothing_counts_as_0_and_the_first_of_equals_is_taken():
    assert best_of("Un bus. Un car.", [[-0.5, -0.5, -0.1, -0.1]], [1.0]) == "Un bus."


def test_a_sentence_with_contact_data_is_passed_over():
    assert best_of("Appeler le 04 00 00 00 00. Un car.", [[0.9] * 7 + [0, 0]], [1.0]) == "Un car."
    assert best_of("Appeler le 04 00 00 00 00.", [[0.9] * 7], [1.0]) is None


def test_no_best_sentence_of_the_corpus_shows_contact_data(searcher: Searcher):
    index = searcher.index
    rows = [row for row, passage in enumerate(index.contents.passages) if holds_contact(passage.text)]
    assert rows
    for row in rows:
        query = searcher.analyser.analyse(f"exemples : {index.contents.passages[row].text[-300:]}")
        start, end = best_sentence(index, query.tokens, row)
        assert not holds_contact(index.contents.passages[row].text[start:end])


@pytest.mark.parametrize(
    ("text", "answer", "held"),
    [
        ("« 86 personnes » en deux ans", "86 Personnes", True),
        ("le 1er janvier 2020", "1^{er} janvier", True),
        ("186 personnes", "86 personnes", False),
        ("personnes : 86", "86 personnes", False),
        ("anything", "…", False),
    ],
)
def test_a_text_holds_the_words_of_an_answer_in_order_whatever_their_casing_and_markup(
    text: str, answer: str, held: bool
):
    assert holds_words(text, answer) is held
