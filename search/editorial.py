"""What the editorial layer says of an initiative, in the reader's language: to choose by, never to quote."""

from dataclasses import dataclass

from corpus import Bilingual, EditorialRecord, Initiative, Vocabulary
from corpus.editorial_record import Author, Language


@dataclass(frozen=True, slots=True)
class Label:
    """A public or a topic."""

    key: str  # what the filter takes
    label: str  # what people read


@dataclass(frozen=True, slots=True)
class Editorial:
    """An editorial record as one reader sees it."""

    language: Language
    title: str  # of the sheet itself for readers of French
    summary: str
    publics: tuple[Label, ...]
    topics: tuple[Label, ...]
    author: Author
    date: str  # ISO 8601

    @classmethod
    def of(
        cls, record: EditorialRecord, initiative: Initiative, vocabulary: Vocabulary, language: Language
    ) -> "Editorial":
        """The record of an initiative in one language."""
        return cls(
            language,
            record.title_en if language == "en" else initiative.title,
            record.summary.text_in(language),
            tuple(label_of(key, vocabulary.publics[key], language) for key in record.publics),
            tuple(label_of(key, vocabulary.topics[key], language) for key in record.topics),
            record.author,
            record.date,
        )


def label_of(key: str, label: Bilingual, language: Language) -> Label:
    """A key of the vocabulary with its label in one language."""
    return Label(key, label.text_in(language))
