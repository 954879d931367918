"""What an embedding model wants written before a question and before a passage."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

INSTRUCTION = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: "

# Families whose sentence-transformers folders carry no prompts, though their model cards ask for them. The first one
# that the model's name holds decides, so the finer ones stand first.
FAMILIES = (
    ("e5-large-instruct", INSTRUCTION, ""),
    ("e5-mistral", INSTRUCTION, ""),
    ("e5", "query: ", "passage: "),
    ("bge-m3", "", ""),
    ("bge", "Represent this sentence for searching relevant passages: ", ""),
    ("nomic-embed", "search_query: ", "search_document: "),
    ("solon", "query : ", ""),
    ("arctic-embed", "query: ", ""),
)


@dataclass(frozen=True, slots=True)
class Prompts:
    """The text put before a question and before a passage; both may be empty."""

    question: str
    passage: str


def prompts_for(name: str, stored: Mapping[str, str]) -> Prompts:
    """The prompts of a model: those its folder carries, else those of its family, else none.

    `stored` is what sentence-transformers read from the folder: its keys are "query" and "document" (or "passage").
    Example: prompts_for("intfloat/multilingual-e5-base", {}) → Prompts("query: ", "passage: ")
    """
    question = stored.get("query") or ""
    passage = stored.get("document") or stored.get("passage") or ""
    if question or passage:
        return Prompts(question, passage)
    for family, asked, given in FAMILIES:
        # Not inside another word: a folder below /home/joe5 need not be of the family e5.
        if re.search(rf"(?<![a-z0-9]){family}(?![a-z0-9])", name.lower()):
            return Prompts(asked, given)
    return Prompts("", "")
