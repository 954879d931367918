"""An editorial record: what the project adds to an initiative, in everyday words and in two languages.

It may mislead. It helps people find a sheet and choose it; it is never a source of an answer.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Language = Literal["fr", "en"]


class Author(StrEnum):
    """Who wrote a record."""

    LANGUAGE_MODEL = "language model"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text in both languages."""

    fr: str
    en: str

    def text_in(self, language: Language) -> str:
        """The text in one of the languages."""
        return self.en if language == "en" else self.fr


@dataclass(frozen=True, slots=True)
class Phrasings:
    """Ways people would ask for an initiative: questions, keywords, everyday and professional wording."""

    fr: tuple[str, ...]
    en: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditorialRecord:
    """What the project says of one real-world initiative, however many documents tell of it."""

    initiative: str  # id of one of its tellings; the record holds for all of them
    author: Author
    date: str  # ISO 8601, when it was written or last mended
    title_en: str
    summary: Bilingual
    publics: tuple[str, ...]  # keys of the vocabulary: whom it is for
    topics: tuple[str, ...]  # keys of the vocabulary: what it is about
    asked_as: Phrasings
