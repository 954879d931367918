"""What a model wants written before a text comes from its folder, or from the family its name tells."""

import pytest

from index.prompts import Prompts, prompts_for


def test_the_prompts_of_the_folder_come_first():
    stored = {"query": "q: ", "document": "d: "}
    assert prompts_for("intfloat/multilingual-e5-small", stored) == Prompts("q: ", "d: ")


def test_an_older_folder_says_passage_for_document():
    assert prompts_for("a-model", {"query": "q: ", "passage": "p: "}) == Prompts("q: ", "p: ")


def test_a_folder_may_have_a_prompt_for_questions_alone():
    assert prompts_for("a-model", {"query": "q: "}) == Prompts("q: ", "")


INSTRUCTION = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: "


@pytest.mark.parametrize(
    ("name", "question", "passage"),
    [
        ("intfloat/multilingual-e5-base", "query: ", "passage: "),
        ("intfloat/multilingual-e5-large-instruct", INSTRUCTION, ""),
        ("intfloat/e5-mistral-7b-instruct", INSTRUCTION, ""),
        ("BAAI/bge-m3", "", ""),
        ("BAAI/bge-base-en-v1.5", "Represent this sentence for searching relevant passages: ", ""),
        ("OrdalieTech/Solon-embeddings-large-0.1", "query : ", ""),
        ("/models/models--intfloat--e5-base/snapshots/0a1b", "query: ", "passage: "),
        ("sentence-transformers/LaBSE", "", ""),
    ],
)
def test_otherwise_the_family_decides(name, question, passage):
    assert prompts_for(name, {}) == Prompts(question, passage)


def test_empty_prompts_of_a_folder_do_not_count():
    assert prompts_for("intfloat/multilingual-e5-base", {"query": "", "document": ""}).passage == "passage: "


@pytest.mark.parametrize("name", ["/home/joe5/labse", "/data/3e5a/labse", "/home/bgeorge/labse"])
def test_a_family_inside_another_word_is_none(name):
    assert prompts_for(name, {}) == Prompts("", "")
