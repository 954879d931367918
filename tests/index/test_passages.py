"""Passages are the prose of an initiative, in order and as printed, in pieces that fit."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Document, Section, Source
from index import EmbeddedText, Passage, context, passage_spans
from index.passages import TARGET_LENGTH, split
from tests.atlas import initiative

SENTENCE = "Le bus passe chaque matin dans le village et chaque soir devant la mairie."


def fits(text):
    """As an encoder that reads ten words."""
    return len(text.split()) <= 10


def pieces(text, fits=fits):
    return [text[start:end] for start, end in passage_spans(text, fits)]


def document(lines):
    return Document(
        id="atlas",
        title="T",
        publisher="P",
        date="2018",
        licence="not stated",
        reader="recueil",
        file="atlas.txt",
        original_name="atlas.txt",
        lines=tuple(lines),
    )


def told(lines, sections):
    return replace(
        initiative(),
        source=Source("atlas", 1, len(lines)),
        text="\n".join(lines),
        sections=tuple(Section(heading, first, last) for heading, first, last in sections),
    )


def test_a_short_text_is_one_passage():
    assert pieces("Un bus\nva partout.") == ["Un bus\nva partout."]


def test_cuts_fall_at_the_ends_of_paragraphs():
    assert pieces("Un bus va dans tous les villages.\n\nUn car va dans toutes les villes.") == [
        "Un bus va dans tous les villages.",
        "Un car va dans toutes les villes.",
    ]


def test_neighbouring_paragraphs_share_a_passage_while_they_fit():
    assert pieces("Un bus.\nUn car.\nUn train.\nUn vélo électrique pour les jeunes apprentis sans permis.") == [
        "Un bus.\nUn car.\nUn train.",
        "Un vélo électrique pour les jeunes apprentis sans permis.",
    ]


def test_a_paragraph_that_is_too_long_is_cut_at_the_ends_of_sentences():
    assert pieces("Le bus passe tôt. Le car passe tard ! Et la nuit ? Rien ne passe.") == [
        "Le bus passe tôt. Le car passe tard !",
        "Et la nuit ? Rien ne passe.",
    ]


def test_a_closing_quotation_mark_stays_with_its_sentence():
    assert pieces("Elle dit : « Le bus ne passe plus le dimanche. » Alors elle marche une heure.") == [
        "Elle dit :",
        "« Le bus ne passe plus le dimanche. »",
        "Alors elle marche une heure.",
    ]


def test_a_sentence_that_is_too_long_is_cut_between_words():
    assert pieces("un deux trois quatre cinq six sept huit neuf dix onze douze") == [
        "un deux trois quatre cinq six sept huit neuf dix",
        "onze douze",
    ]


def test_a_sentence_of_five_thousand_characters_is_cut_into_passages_of_the_length_aimed_at():
    sentence = ("accompagner " * 417).strip()
    assert len(sentence) == 5003
    lengths = [len(piece) for piece in pieces(sentence, lambda text: True)]
    assert lengths == [899, 899, 899, 899, 899, 503]
    assert max(lengths) <= TARGET_LENGTH


def test_a_text_without_a_word_has_no_passage():
    assert pieces(" \n\n\t ") == []


def test_a_passage_names_its_initiative_heading_and_lines():
    lines = ["OBJECTIFS", "", "Aider.", "DESCRIPTION", "Un bus va dans tous les villages.", "", "Un car les suit tous."]
    found = split(told(lines, [("OBJECTIFS", 3, 3), ("DESCRIPTION", 5, 7)]), document(lines), fits)
    assert [(one.id, one.heading, one.start_line, one.end_line, one.text) for one in found] == [
        ("atlas-le-bus-01#0", "OBJECTIFS", 3, 3, "Aider."),
        ("atlas-le-bus-01#1", "DESCRIPTION", 5, 5, "Un bus va dans tous les villages."),
        ("atlas-le-bus-01#2", "DESCRIPTION", 7, 7, "Un car les suit tous."),
    ]


WORDS = st.sampled_from(["bus", "aide.", "« Oui. »", "l'an ?", "", "2018", "…", "(voir)", "»"])
LINES = st.lists(st.lists(WORDS, max_size=14).map(" ".join), min_size=1, max_size=12)


@given(LINES, st.data())
def test_passages_hold_every_section_whole_once_and_in_order(lines, data):
    middle = data.draw(st.integers(1, len(lines)))
    sections = [("A", 1, middle)] + ([("B", middle + 1, len(lines))] if middle < len(lines) else [])
    text = document(lines)
    found = split(told(lines, sections), text, fits)
    for heading, first, last in sections:
        own = [one for one in found if one.heading == heading]
        assert "".join("".join(one.text.split()) for one in own) == "".join(text.text(first, last).split())
        assert all(first <= one.start_line <= one.end_line <= last for one in own)
    assert [one.start_line for one in found] == sorted(one.start_line for one in found)
    assert all(one.text in text.text(one.start_line, one.end_line) for one in found)
    assert all(fits(one.text) for one in found)


@pytest.mark.parametrize("times", [1, 11, 12, 13, 40])
def test_passages_reach_for_the_length_aimed_at(times):
    text = "\n".join([SENTENCE] * times)
    lengths = [len(piece) for piece in pieces(text, lambda piece: True)]
    per_passage = TARGET_LENGTH // (len(SENTENCE) + 1)
    assert per_passage == 12
    assert len(lengths) == -(-times // per_passage)


def test_a_passage_is_read_after_title_place_and_theme():
    assert context(initiative()) == "Le bus. Ain. Transports. "


def test_tokens_are_traced_to_the_passage_as_printed_and_those_of_the_context_to_nothing():
    sheet = replace(initiative(), title="", theme=None)
    passage = Passage(
        id="atlas-le-bus-01#0", initiative=sheet.id, heading=None, start_line=4, end_line=4, text="- **un** bus"
    )
    text = EmbeddedText.of(sheet, passage)
    assert text.text == "Ain. un bus"
    # The context has five characters, and a token may reach from it into the text.
    spans = np.array([[0, 3], [3, 5], [4, 7], [7, 11], [8, 8]], np.int32)
    assert text.source_spans(spans).tolist() == [[-1, -1], [-1, -1], [4, 6], [8, 12], [-1, -1]]
