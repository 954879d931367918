"""From files to initiatives: no model, no network.

    gazetteer = Gazetteer.open()   # of corpus.places
    corpus = load_corpus(Path("corpus/documents"), gazetteer)
    corpus.by_id["recueil-2018-la-plateforme-job-41-41"].departements

A folder of texts is described by its `documents.toml`. Each document names the reader that understands its layout
(`readers`); the reader finds the initiatives and what is said of each: title, place, lead organisations, partners,
start, contacts, and the lines of its prose. At the end the initiatives that several documents describe are linked to
each other (`deduplicate`).

What the project adds stands apart from the sheets: records in everyday words beside each (`enrichment`), `facts` that
answer ahead with quotes, both held to the sheets by `faithfulness`, and a `thesaurus` of the field. Rules of text that
all packages share are in `corpus.text`.
"""

from corpus.bilingual import Author, Bilingual, Language
from corpus.enrichment import (
    EDITORIAL_FOLDER,
    VOCABULARY,
    EditorialRecord,
    Enrichment,
    Expansions,
    Vocabulary,
    load_enrichment,
    read_record,
    read_vocabulary,
    write_record,
)
from corpus.errors import BadDocument, BadEnrichment, BadThesaurus, Fault, MissingPackage
from corpus.facts import FACTS, Fact, FactKind, Quote, Wordings, quote_in, read_fact, write_facts
from corpus.faithfulness import (
    ENGLISH_EXPANSIONS,
    ENGLISH_WORDINGS,
    FRENCH_EXPANSIONS,
    FRENCH_WORDINGS,
    LONGEST_ANSWER,
    LONGEST_EXPANSION,
    LONGEST_QUESTION,
    LONGEST_QUOTE,
    LONGEST_SHORT,
    LONGEST_TITLE,
    MOST_KEYS,
    MOST_QUOTES,
    SUMMARY_WORDS,
    Faithfulness,
)
from corpus.load import digest_of, load_corpus, load_documents
from corpus.model import Contact, Corpus, Departement, Document, Initiative, Kind, Section, Source
from corpus.organisations import ORGANISATION_NOUNS
from corpus.thesaurus import Concept, load_thesaurus
from corpus.writing import write_whole

__all__ = [
    "EDITORIAL_FOLDER",
    "ENGLISH_EXPANSIONS",
    "ENGLISH_WORDINGS",
    "FACTS",
    "FRENCH_EXPANSIONS",
    "FRENCH_WORDINGS",
    "LONGEST_ANSWER",
    "LONGEST_EXPANSION",
    "LONGEST_QUESTION",
    "LONGEST_QUOTE",
    "LONGEST_SHORT",
    "LONGEST_TITLE",
    "MOST_KEYS",
    "MOST_QUOTES",
    "ORGANISATION_NOUNS",
    "SUMMARY_WORDS",
    "VOCABULARY",
    "Author",
    "BadDocument",
    "BadEnrichment",
    "BadThesaurus",
    "Bilingual",
    "Concept",
    "Contact",
    "Corpus",
    "Departement",
    "Document",
    "EditorialRecord",
    "Enrichment",
    "Expansions",
    "Fact",
    "FactKind",
    "Faithfulness",
    "Fault",
    "Initiative",
    "Kind",
    "Language",
    "MissingPackage",
    "Quote",
    "Section",
    "Source",
    "Vocabulary",
    "Wordings",
    "digest_of",
    "load_corpus",
    "load_documents",
    "load_enrichment",
    "load_thesaurus",
    "quote_in",
    "read_fact",
    "read_record",
    "read_vocabulary",
    "write_facts",
    "write_record",
    "write_whole",
]
