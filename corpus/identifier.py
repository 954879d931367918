"""An identifier: the stable name of an initiative, made of what it says and never of where it stands."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256

from corpus.fault import BadDocument
from corpus.initiative import Departement, Initiative

# Long enough to tell the titles of one document apart, short enough to be read aloud from a URL.
TITLE_LENGTH = 60  # characters
# A third code would say "many places" no better than two do.
CODES = 2  # départements
# 24 bits: only initiatives that already share document, title and place are told apart by it.
SUFFIX_LENGTH = 6  # hexadecimal digits

# NFKD leaves these whole.
LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})


def slug(text: str) -> str:
    """Lower-case ASCII words of `text` joined by hyphens, cut at a word end so as to hold `TITLE_LENGTH` characters."""
    plain = unicodedata.normalize("NFKD", text.translate(LIGATURES))
    letters = "".join(char for char in plain if not unicodedata.combining(char)).lower()
    words = "-".join(re.findall(r"[a-z0-9]+", letters))
    if len(words) <= TITLE_LENGTH:
        return words
    head, _, _ = words[: TITLE_LENGTH + 1].rpartition("-")
    return head or words[:TITLE_LENGTH]


def initiative_id(document_id: str, title: str, departements: Sequence[Departement]) -> str:
    """Name an initiative, as in "recueil-2018-la-plateforme-job-41-41"; two initiatives may still share the name."""
    codes = (departement.code.lower() for departement in departements[:CODES])
    return "-".join(part for part in (document_id, slug(title), *codes) if part)


def with_ids(document_id: str, drafts: Iterable[Initiative]) -> list[Initiative]:
    """Give each initiative of one document its id, whatever id it had; the order is kept.

    Those that would share an id all receive a suffix drawn from their text. Raises BadDocument when that does not tell
    them apart: the document holds the same text twice.
    """
    drafts = list(drafts)
    names = [initiative_id(document_id, draft.title, draft.departements) for draft in drafts]
    shared = Counter(names)
    named = [
        replace(draft, id=name if shared[name] == 1 else f"{name}-{_digest(draft.text)}")
        for draft, name in zip(drafts, names, strict=True)
    ]
    seen: dict[str, Initiative] = {}
    for initiative in named:
        if initiative.id in seen:
            first, line = seen[initiative.id].source.start_line, initiative.source.start_line
            raise BadDocument(
                f"the initiative of line {first} is repeated word for word: {initiative.title!r}",
                f"{document_id}:{line}",
                "Remove one of the two from the text.",
            )
        seen[initiative.id] = initiative
    return named


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:SUFFIX_LENGTH]
