"""Where sentences end: one rule for stretches of text, one for whole sentences."""

import re
from collections.abc import Iterator

# Everything that may end a sentence or a part of one; a closing quotation mark belongs to what it closes. Passages are
# cut here and answers quoted from here, so a semicolon and a colon count.
SENTENCE_END = re.compile(r"(?:(?<=[.!?…;:])|(?<=[.!?…;:]»)|(?<=[.!?…;:]\s»))\s+(?=[^\s»])")
# What ends a whole sentence: a full stop before something that may begin one, not "? », …" nor "art. premier".
FULL_STOP = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…]»)|(?<=[.!?…]\s»))\s+(?=[^\s»\"a-zà-ÿ])")
LINE_END = re.compile(r"\s*\n\s*")
# Stops that end no sentence, at the end of a text: initials, courtesies, "art. 2", "env. 3", "e.g. this".
ABBREVIATION = re.compile(
    r"""
    (?: \b(?: MM?|Mmes?|Mlles?|Drs?|Prs?|St|Ste|Mrs?|Ms|[Aa]rt|[Aa]l|[Cc]f|[Ee]x|[Ee]nv|[Nn]o?|pp?|vol|chap|fig|[Éé]d
        |[Tt]él|av|apr|hab|vs|approx|incl|i\.\s?e|e\.\s?g|J\.-C )
    | (?<!\w)[^\W\d_] )
    \.\s?$
    """,
    re.VERBOSE,
)
# "Transport, repas, etc. selon les cas": in a source it more often goes on.
ETC = re.compile(r"\betc\.$")
LONGEST_STOP = 12  # characters that an abbreviation takes at most, with what stands around it


def sentences_of(text: str) -> list[str]:
    """The whole sentences of a text, in order; a line end ends one too.

    Example: "Il dit : oui. M. Roy aussi." -> "Il dit : oui.", "M. Roy aussi."
    """
    return [text[start:end] for start, end in sentence_spans(text, FULL_STOP)]


def sentence_spans(text: str, end: re.Pattern[str] = SENTENCE_END) -> Iterator[tuple[int, int]]:
    """Spans of what stands between the sentence ends of a text, in order; a line end ends one too."""
    start = 0
    ends = sorted({(m.start(), m.end()) for pattern in (end, LINE_END) for m in pattern.finditer(text)})
    for stop, following in ends:
        if stop < start or ("\n" not in text[stop:following] and _abbreviates(text[start:stop])):
            continue
        if text[start:stop].strip():
            yield start, stop
        start = following
    if text[start:].strip():
        yield start, len(text)


def _abbreviates(part: str) -> bool:
    return bool(ABBREVIATION.search(part[-LONGEST_STOP:]) or ETC.search(part))
