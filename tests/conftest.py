"""What several tests need: the gazetteer and the shipped corpus, read once."""

from pathlib import Path

import pytest

from corpus import Corpus, Document, Gazetteer, read_corpus
from corpus.document import load_documents

DOCUMENTS = Path(__file__).parents[1] / "corpus" / "documents"


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


@pytest.fixture(scope="session")
def documents() -> dict[str, Document]:
    return {document.id: document for document in load_documents(DOCUMENTS)}


@pytest.fixture(scope="session")
def corpus(gazetteer: Gazetteer) -> Corpus:
    return read_corpus(DOCUMENTS, gazetteer)
