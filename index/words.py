"""Words: text without case, accents and elisions."""

import re
import unicodedata

WORD = re.compile(r"[a-z0-9]+(?:['’][a-z0-9]+)*")

# What an apostrophe may cut off in French ("l'emploi", "qu'elles", "jusqu'ici"); "aujourd'hui" keeps its own.
ELIDED = frozenset(["l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu"])


def fold(text: str) -> str:
    """Bring to lower case without accents, ligatures spelt out. Example: "Œuvre Évaluée" → "oeuvre evaluee"."""
    spelt = text.lower().replace("œ", "oe").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFD", spelt) if not unicodedata.combining(c))


def plain_words(text: str) -> list[str]:
    """The folded words of a text, elisions cut off, in order. Example: "L'aide à l'EHPAD" → ["aide", "a", "ehpad"]."""
    words = []
    for match in WORD.findall(fold(text)):
        parts = re.split("['’]", match)
        while len(parts) > 1 and parts[0] in ELIDED:
            parts = parts[1:]
        words.append("".join(parts))
    return words
