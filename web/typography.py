r"""Typography: words of ours as a printer sets them; what a source says stays as it stands there.

    typeset("Coût : 1 366 euros pour l'accueil", "fr") -> "Coût\u00a0: 1\u202f366\u00a0euros pour l’accueil"

For texts of the interface, editorial titles and summaries. Quotes of sheets are never given to it.
"""

import re
from functools import lru_cache

from corpus import Language

NO_BREAK, NARROW = "\u00a0", "\u202f"

APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)|(?<=s)'(?=\s)")
THOUSANDS = re.compile(r"(?<!\d)\d{1,3}(?:[ \u00a0]\d{3})+(?!\d)")
UNITS = re.compile(r"(?<=\d)[ ](?=(?:%|€|euros?|ans|ha|km|h|m²)(?!\w))")
# In French a space that no line breaks at stands before these, and inside guillemets.
HIGH_MARKS = re.compile(r"[ \u00a0]+(?=[;?!](?!\w))")
WIDE_MARKS = re.compile(r"[ \u00a0]+(?=[:»])|(?<=«)[ \u00a0]+")

KEPT = 4_096  # texts set lately: those of the interface, and the summaries shown most


@lru_cache(KEPT)
def typeset(text: str, language: Language) -> str:
    """Curly apostrophes, and spaces that no line breaks at: in numbers, before units, at French marks."""
    text = APOSTROPHE.sub("’", text)
    text = THOUSANDS.sub(lambda number: re.sub(r"[ \u00a0]", NARROW, number[0]), text)
    text = UNITS.sub(NO_BREAK, text)
    return WIDE_MARKS.sub(NO_BREAK, HIGH_MARKS.sub(NARROW, text)) if language == "fr" else text
