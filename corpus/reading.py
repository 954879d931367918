"""Reading: from a folder of documents to a corpus."""

from pathlib import Path
from typing import assert_never

from corpus.corpus import Corpus, digest_of
from corpus.document import Document, Reader, load_documents
from corpus.fault import BadDocument
from corpus.identity import link
from corpus.initiative import Initiative
from corpus.places import Gazetteer
from corpus.readers import article, press_kit, programme, recueil, winners


def read_corpus(folder: Path, gazetteer: Gazetteer) -> Corpus:
    """Read every document that `folder`/documents.toml describes.

    Raises BadDocument, with file and line, for a list or a text that cannot be used, for a layout that a reader does
    not understand, and for a text in which it finds nothing.
    """
    documents = load_documents(folder)
    initiatives = [initiative for document in documents for initiative in read_document(document, gazetteer)]
    return Corpus(documents, link(initiatives), digest_of(documents))


def read_document(document: Document, gazetteer: Gazetteer) -> list[Initiative]:
    """The initiatives of one document, in its order, by the reader that its description asks for.

    Raises BadDocument as `read_corpus` does.
    """
    initiatives = _read(document, gazetteer)
    if not initiatives:
        raise BadDocument(
            f"The reader '{document.reader}' finds no initiative",
            f"{document.file}:1",
            "Choose the reader that fits the layout, or write one in corpus/readers.",
        )
    return initiatives


def _read(document: Document, gazetteer: Gazetteer) -> list[Initiative]:
    match document.reader:
        case Reader.RECUEIL:
            return recueil.read(document, gazetteer)
        case Reader.PRESS_KIT:
            return press_kit.read(document, gazetteer)
        case Reader.ARTICLE:
            return article.read(document, gazetteer)
        case Reader.PROGRAMME:
            return programme.read(document, gazetteer)
        case Reader.WINNERS:
            return winners.read(document, gazetteer)
        case unknown:
            assert_never(unknown)
