"""Nearness: a sentence is near to the passage that says the same, and quotes its very words, never contact data."""

from dataclasses import replace

import pytest

from search.answering.finding import offset_of
from search.answering.nearness import Nearness
from search.answering.quoting import cite, holds_contact, sentences

KIT = "auprès de 250 foyers"
SAID = {
    "fr": "Quelque 250 foyers essaient le kit.",
    "en": "The kit is tried out in 250 homes.",
}


@pytest.fixture(scope="module")
def rows(engine):
    """The passage about the kit as the first, and one of another initiative as the second."""
    passages = engine.index.contents.passages
    kit = next(row for row, passage in enumerate(passages) if KIT in passage.text)
    other = next(row for row, group in enumerate(engine.groups) if group != engine.groups[kit])
    return {1: kit, 2: other}


@pytest.mark.parametrize("language", SAID)
def test_a_sentence_is_nearer_to_the_passage_that_says_the_same_in_either_language(engine, rows, language):
    nearness = Nearness.of(engine.index, engine.encoder, rows)
    assert nearness(SAID[language], 1) > nearness(SAID[language], 2)


@pytest.mark.parametrize("language", SAID)
def test_the_quote_is_the_sentence_that_says_it_as_printed_in_its_lines(engine, rows, language):
    start, end = Nearness.of(engine.index, engine.encoder, rows).quote(SAID[language], 1)
    passage = engine.index.contents.passages[rows[1]]
    initiative = engine.initiative(passage.initiative)
    offset = offset_of(passage, initiative)
    citation = cite(initiative, offset + start, offset + end)
    document = next(one for one in engine.index.contents.documents if one.id == citation.source.document)
    assert KIT in citation.quote == passage.text[start:end]
    assert citation.quote in document.text(citation.source.start_line, citation.source.end_line)


def with_address_in(index, row, span):
    """The index with an address in place of some characters of a passage, which stays as long as it was."""
    contents, passages = index.contents, list(index.contents.passages)
    start, end = span
    text = passages[row].text
    passages[row] = replace(passages[row], text=f"{text[:start]}{'a@ain.fr'.ljust(end - start)}{text[end:]}")
    return replace(index, contents=contents._replace(passages=tuple(passages)))


def test_a_sentence_with_contact_data_is_never_quoted(engine, rows):
    best = Nearness.of(engine.index, engine.encoder, rows).quote(SAID["fr"], 1)
    index = with_address_in(engine.index, rows[1], (best[0], best[0] + 10))
    start, end = Nearness.of(index, engine.encoder, rows).quote(SAID["fr"], 1)
    assert (start, end) != best
    assert not holds_contact(index.contents.passages[rows[1]].text[start:end])


def test_a_passage_of_contact_data_alone_has_no_quote(engine, rows):
    index = engine.index
    for start, end in sentences(engine.index.contents.passages[rows[1]].text):
        index = with_address_in(index, rows[1], (start, max(end, start + 8)))
    assert Nearness.of(index, engine.encoder, rows).quote(SAID["fr"], 1) is None
