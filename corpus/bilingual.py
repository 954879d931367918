"""Texts that the project writes beside the sheets: in which language, and by whom."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Language = Literal["fr", "en"]


class Author(StrEnum):
    """Who wrote a record or a fact."""

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
