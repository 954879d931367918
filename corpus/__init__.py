"""From files to initiatives: no model, no network.

    gazetteer = Gazetteer.open()   # of corpus.places
    corpus = load_corpus(Path("corpus/documents"), gazetteer)
    corpus.by_id["recueil-2018-la-plateforme-job-41-41"].departements

A folder of texts is described by its `documents.toml`. Each document names the reader that understands its layout
(`readers`); the reader finds the initiatives and what is said of each: title, place, lead organisations, partners,
start, contacts, and the lines of its prose. At the end the initiatives that several documents describe are linked to
each other (`deduplicate`). What a sheet says wrongly is mended beside it (`corrections`).

What the project adds stands apart from the sheets: records in everyday words beside each (`enrichment`), `facts` that
answer ahead with quotes, both held to the sheets by `faithfulness`, and a `thesaurus` of the field. Rules of text that
all packages share are in `corpus.text`.
"""

from corpus.asked import ASKED, Asked, load_asked
from corpus.bilingual import Author, Bilingual, Language
from corpus.changes import Changed, Changes, FieldChange, changes_between
from corpus.corrections import is_needless
from corpus.deduplicate import Proposed, propose_duplicates
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
from corpus.languages import SNOWBALL, SheetLanguage, guess_language, stop_words
from corpus.load import digest_of, load_corpus, load_documents, profile_of, thesaurus_of
from corpus.model import (
    Contact,
    Corpus,
    Correction,
    Departement,
    Document,
    Initiative,
    Kind,
    OwnField,
    Section,
    Source,
)
from corpus.organisations import ORGANISATION_NOUNS
from corpus.profile import (
    PROFILE,
    BadProfile,
    Fitted,
    Profile,
    Weights,
    bundled_profile,
    profile_text,
    read_profile,
    with_weights,
)
from corpus.thesaurus import Concept, load_thesaurus
from corpus.writing import flush_to_disk, write_whole

__all__ = [
    "ASKED",
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
    "PROFILE",
    "SNOWBALL",
    "SUMMARY_WORDS",
    "VOCABULARY",
    "Asked",
    "Author",
    "BadDocument",
    "BadEnrichment",
    "BadProfile",
    "BadThesaurus",
    "Bilingual",
    "Changed",
    "Changes",
    "Concept",
    "Contact",
    "Corpus",
    "Correction",
    "Departement",
    "Document",
    "EditorialRecord",
    "Enrichment",
    "Expansions",
    "Fact",
    "FactKind",
    "Faithfulness",
    "Fault",
    "FieldChange",
    "Fitted",
    "Initiative",
    "Kind",
    "Language",
    "MissingPackage",
    "OwnField",
    "Profile",
    "Proposed",
    "Quote",
    "Section",
    "SheetLanguage",
    "Source",
    "Vocabulary",
    "Weights",
    "Wordings",
    "bundled_profile",
    "changes_between",
    "digest_of",
    "flush_to_disk",
    "guess_language",
    "is_needless",
    "load_asked",
    "load_corpus",
    "load_documents",
    "load_enrichment",
    "load_thesaurus",
    "profile_of",
    "profile_text",
    "propose_duplicates",
    "quote_in",
    "read_fact",
    "read_profile",
    "read_record",
    "read_vocabulary",
    "stop_words",
    "thesaurus_of",
    "with_weights",
    "write_facts",
    "write_record",
    "write_whole",
]
