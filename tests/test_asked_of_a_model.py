"""The asker with a language model: its sentences while the sheets support them, else the words of the sheets."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from search import Engine
from search.answering.answer import Answer, Path
from search.answering.asker import Asker
from search.answering.folders import SHIPPED
from search.language_model.language_model import LanguageModel
from tests import llm_server

QUESTION = "Combien de foyers testent le kit chauffage au bois ?"
ELSEWHERE = "Quelle est la recette du gratin dauphinois ?"

Ask = Callable[..., Answer]


@pytest.fixture(scope="module")
def extractive(engine: Engine) -> Asker:
    return Asker.open(engine, SHIPPED)


@pytest.fixture
def server() -> Iterator[llm_server.LlmServer]:
    with llm_server.LlmServer() as running:
        yield running


@pytest.fixture
def asker(extractive: Asker, server: llm_server.LlmServer) -> Asker:
    return replace(extractive, language_model=LanguageModel(server.url, "a-model", 1.0, "a-key"))


def number_of(asker: Asker, words: str) -> int:
    """The number under which the passage with these words is shown to the model."""
    from search.answering.gathering import gather

    read = gather(asker.engine, asker.reader, QUESTION).read
    passages = asker.engine.index.contents.passages
    return next(number for number, row in enumerate(read, start=1) if words in passages[row].text)


def test_supported_sentences_are_shown_with_exact_quotes_of_what_they_cite(asker: Asker, server: llm_server.LlmServer):
    cited = number_of(asker, "auprès de 250 foyers")
    server.behave = llm_server.streamed(f"Le kit est testé auprès de 250 foyers de Bordeaux [{cited}].")
    answer = asker.ask(QUESTION)
    assert (answer.path, answer.fallback, answer.removed) == (Path.LANGUAGE_MODEL, None, 0)
    assert answer.text == "Le kit est testé auprès de 250 foyers de Bordeaux."
    (citation,) = answer.citations
    assert "250 foyers" in citation.quote
    assert citation.quote in asker.engine.initiative(citation.initiative).text


def test_an_unsupported_sentence_is_removed_and_counted(asker: Asker, server: llm_server.LlmServer):
    cited = number_of(asker, "auprès de 250 foyers")
    server.behave = llm_server.streamed(
        f"Le kit est testé auprès de 250 foyers de Bordeaux [{cited}]. Il coûte 4000 euros à chaque foyer [{cited}]."
    )
    answer = asker.ask(QUESTION)
    assert (answer.path, answer.removed) == (Path.LANGUAGE_MODEL, 1)
    assert "4000" not in answer.text


@pytest.mark.parametrize(
    "said", ["HACKED", "Il y en a 999 [1].", "Le kit est testé auprès de 250 foyers [99].", "NO_ANSWER"]
)
def test_a_useless_reply_falls_back_to_the_words_of_the_sheets(
    asker: Asker, extractive: Asker, server: llm_server.LlmServer, said: str
):
    server.behave = llm_server.streamed(said)
    answer = asker.ask(QUESTION)
    assert answer.path is Path.EXTRACTIVE
    assert answer.fallback
    assert answer.text == extractive.ask(QUESTION).text


def test_a_model_that_is_not_there_falls_back(extractive: Asker):
    nobody = replace(extractive, language_model=LanguageModel("http://127.0.0.1:9/v1", "a-model", 1.0))
    answer = nobody.ask(QUESTION)
    assert (answer.path, answer.fallback) == (Path.EXTRACTIVE, "unreachable")
    assert not answer.abstained


def test_what_is_refused_is_not_sent(asker: Asker, server: llm_server.LlmServer):
    assert asker.ask(ELSEWHERE).abstained
    assert server.requests == []


def test_statements_are_streamed_as_they_are_supported_and_the_answer_comes_last(
    asker: Asker, server: llm_server.LlmServer
):
    cited = number_of(asker, "auprès de 250 foyers")
    server.behave = llm_server.streamed(f"Le kit est testé auprès de 250 foyers de Bordeaux [{cited}].")
    *ready, answer = asker.stream(QUESTION)
    assert [statement.text for statement, _ in ready] == [statement.text for statement in answer.statements]
