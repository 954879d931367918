"""The language of a question: French or English."""

from dataclasses import dataclass
from typing import Any

LANGUAGES = ("fr", "en")


@dataclass(frozen=True)
class LanguageIdentifier:
    """Naive Bayes over byte n-grams (Lui & Baldwin, "langid.py", ACL 2012), held to our two languages."""

    identifier: Any  # py3langid's LanguageIdentifier, which has no type hints

    @classmethod
    def open(cls) -> "LanguageIdentifier":
        """Load the model that the package carries."""
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        identifier.set_languages(list(LANGUAGES))
        return cls(identifier)

    def language(self, text: str) -> str:
        """Give "fr" or "en"."""
        return str(self.identifier.classify(text)[0])
