"""From files to initiatives: no model, no network.

    gazetteer = Gazetteer.open()
    corpus = read_corpus(Path("corpus/documents"), gazetteer)
    corpus.by_id["recueil-2018-la-plateforme-job-41-41"].departements

A folder of texts is described by its `documents.toml`. Each document names the reader that understands its layout;
the reader finds the initiatives and what is said of each: title, place, carriers, partners, start, contacts, and the
lines of its prose. At the end the tellings of one initiative in several documents are linked to each other.

What the project adds to the sheets is kept apart from them: `read_layer(Path("corpus/editorial"), corpus)`.
"""

from corpus.contact import Contact
from corpus.corpus import Corpus
from corpus.document import Document, Reader
from corpus.editorial_layer import EditorialLayer, Vocabulary, read_layer
from corpus.editorial_record import Bilingual, EditorialRecord
from corpus.fault import BadDocument, BadEditorial, Fault
from corpus.initiative import Departement, Initiative, Kind, Section, Source
from corpus.places import Gazetteer, Place, PlaceKind, Region
from corpus.reading import read_corpus

__all__ = [
    "BadDocument",
    "BadEditorial",
    "Bilingual",
    "Contact",
    "Corpus",
    "Departement",
    "Document",
    "EditorialLayer",
    "EditorialRecord",
    "Fault",
    "Gazetteer",
    "Initiative",
    "Kind",
    "Place",
    "PlaceKind",
    "Reader",
    "Region",
    "Section",
    "Source",
    "Vocabulary",
    "read_corpus",
    "read_layer",
]
