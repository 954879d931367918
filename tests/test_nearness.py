"""Nearness: a sentence is near to the passage that says the same, and quotes its very words, never contact data."""

from dataclasses import replace

import pytest

from search.answering.nearness import Nearness
from search.answering.quoting import holds_contact, sentences


@pytest.fixture(scope="module")
def index(almanac):
    return almanac.engine.index


def nearness_of(made, index):
    return Nearness.of(index, made.engine.encoder, dict(enumerate(range(len(index.contents.passages)), start=1)))


def with_texts(index, change):
    passages = tuple(replace(passage, text=change(passage.text)) for passage in index.contents.passages)
    return replace(index, contents=index.contents._replace(passages=passages))


