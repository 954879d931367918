"""What an embedding model wants written before a question and before a passage."""

from collections.abc import Mapping
from dataclasses import dataclass

# Families whose sentence-transformers folders carry no prompts, though their model cards ask for them. The first name
# that occurs in the model's name decides, so the finer names stand first.
INSTRUCTION = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: "
FAMILIES = (
    (
        "e5-large-instruct",
        "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: ",
        "",
    ),
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
        if family in name.lower():
            return Prompts(asked, given)
    return Prompts("", "")
