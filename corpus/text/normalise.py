"""How words are compared, named and shown: folding, slugs, markup, edit distance, and texts made safe to pass on.

One base rule, `fold`; names of places and bodies have `fold_name`, which also writes "St" out.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# What decomposition leaves whole.
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
ABBREVIATIONS = {"st": "saint", "ste": "sainte"}
# What an apostrophe may cut off in French ("l'emploi", "qu'elles", "jusqu'ici"); "aujourd'hui" keeps its own.
ELIDED = frozenset(["l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu"])

# Letters and digits, with the accents that stand apart from their letter in decomposed text.
WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")
FOLDED_WORD = re.compile(r"[a-z0-9]+")
FOLDED_WORD_WITH_APOSTROPHE = re.compile(r"[a-z0-9]+(?:['’][a-z0-9]+)*")

# Bold and italic stars, superscripts such as 1^{er} or a stray ^o, and tags of a contents page.
STAR = re.compile(r"\*+")
SUPERSCRIPT = re.compile(r"\^(?:\{([^}]*)\}|(\w))")
TAG = re.compile(r"</?\w+>")

# Sound or damaged. Before the @ stand at most 64 characters (RFC 5321, 4.5.3.1.1): without a limit a long run of
# letters would be read once from each of them.
ADDRESS = r"[\w.+-]{1,64}+@[\w-]+(?:\.[\w-]+)*"
# A hyphen may be followed by a stray space ("jean- marc.nom@…"), but a dash between fields has a space before it.
EMAIL = re.compile(rf"(?:(?<![\w.-])[^\W\d]+- (?=[\w.+-]{{1,64}}+@))?{ADDRESS}")
# A French telephone number, "01 23 45 67 89" or as dialled from abroad, "+33 (0)1 23 45 67 89".
PHONE = re.compile(r"(?<!\d)(?:\+\d{2}[\s.-]?(?:\(0\)[\s.-]?)?[1-9]|0[1-9])(?:[\s.\-–]?\d{2}){4}(?!\d)")

# What a readable text leaves out, longest form first: contact data (never embedded), Markdown emphasis, the braces of
# exponents ("1^{ère}" reads "1ère"), bullets and quotation marks at the start of a line.
LEFT_OUT = re.compile(
    rf"""
    {ADDRESS}
    | {PHONE.pattern}
    | \*+ | \^\{{ | (?<=[a-zèé])\}}                            # emphasis, exponents
    | (?m:^[ \t]*(?:[-–•✓>▪o]\ +|[-–•✓>▪]))                    # bullet or quotation mark
    | </?i>                                                    # italics of a contents page
    """,
    re.VERBOSE,
)

# Office suites calculate what begins like this, after spaces and line feeds too; some take full-width signs for these.
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def fold(text: str) -> str:
    """Lower-case, without accents, ligatures spelt out. Example: "Œuvre Évaluée" -> "oeuvre evaluee"."""
    spelt = text.lower().translate(LIGATURES)
    return "".join(char for char in unicodedata.normalize("NFD", spelt) if not unicodedata.combining(char))


@lru_cache(maxsize=65536)
def fold_name(word: str) -> str:
    """Fold one word of a name, abbreviations written out: "Hérault" -> "herault", "St" -> "saint"."""
    folded = fold(word)
    return ABBREVIATIONS.get(folded, folded)


def fold_words(text: str) -> list[str]:
    """Fold every word of a short text as `fold_name` does: "L'Haÿ-les-Roses" -> ["l", "hay", "les", "roses"]."""
    return [ABBREVIATIONS.get(word, word) for word in FOLDED_WORD.findall(fold(text))]


def plain_words(text: str) -> list[str]:
    """The folded words of a text, elisions cut off, in order. Example: "L'aide à l'EHPAD" -> ["aide", "a", "ehpad"]."""
    words = []
    for match in FOLDED_WORD_WITH_APOSTROPHE.findall(fold(text)):
        parts = re.split("['’]", match)
        while len(parts) > 1 and parts[0] in ELIDED:
            parts = parts[1:]
        words.append("".join(parts))
    return words


class Word(NamedTuple):
    """One word of a text: `start` and `end` count characters, 0-based, end exclusive."""

    folded: str  # by `fold_name`
    start: int
    end: int
    capital: bool  # begins with a capital letter


def words_of(text: str) -> list[Word]:
    """Give the words of a text in order; hyphens, apostrophes and spaces all part them."""
    return [Word(fold_name(m[0]), m.start(), m.end(), m[0][0].isupper()) for m in WORD.finditer(text)]


def edit_distance(one: str, other: str, most: int) -> int:
    """Optimal string alignment distance: letters to add, drop, change or swap, counted up to `most` + 1.

    Example: ("finistere", "finister", 2) -> 1
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, above, row = row, before, [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def slug(text: str, longest: int) -> str:
    """The folded words of a text joined by hyphens, cut at a word end so as to hold `longest` characters.

    Ligatures of typesetting are spelt out too: "eﬃcace" -> "efficace".
    """
    words = "-".join(FOLDED_WORD.findall(fold(unicodedata.normalize("NFKC", text))))
    if len(words) <= longest:
        return words
    head, _, _ = words[: longest + 1].rpartition("-")
    return head or words[:longest]


def strip_markup(text: str) -> str:
    """The words alone, one space between them: "le **1^{er}** janvier " -> "le 1er janvier"."""
    words = TAG.sub("", STAR.sub("", SUPERSCRIPT.sub(lambda m: m[1] or m[2], text)))
    return " ".join(words.split())


def holds_contact(text: str) -> bool:
    """Whether a text holds an e-mail address, sound or damaged, or a French telephone number."""
    return bool(EMAIL.search(text) or PHONE.search(text))


def spreadsheet_cell(text: str) -> str:
    """A text that no office suite calculates (CSV injection). Example: "=1+1" -> "'=1+1"."""
    return f"'{text}" if text.lstrip(" \n").startswith(FORMULA_STARTS) else text


# Written otherwise than it reads: a letter with its accents apart (NFD), a ligature of typesetting, what nobody sees
# (soft hyphens, zero widths, marks of direction).
OTHERWISE_WRITTEN = re.compile(
    "[^\\W_][\u0300-\u036f]+|[\ufb00-\ufb06]|[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """Readable text and, for each of its characters, where the source says it."""

    text: str
    origin: NDArray[np.int32]  # [len(text)], the first character of the source, 0-based
    ends: NDArray[np.int32]  # [len(text)], behind the last: a letter may have its accents apart there

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the source that gave text[start:end]; start < end."""
        return int(self.origin[start]), int(self.ends[end - 1])


def normalise_text(source: str) -> NormalisedText:
    r"""Leave out markup and contact data, compose letters, and fold every run of white space into one space.

    Example: normalise_text("- la **1^{ère}**\n  e\u0301tape").text -> "la 1ère étape"
    """
    kept = np.ones(len(source), bool)
    for match in LEFT_OUT.finditer(source):
        kept[match.start() : match.end()] = False
    read = {match.start(): match for match in OTHERWISE_WRITTEN.finditer(source)}
    for start, match in read.items():
        kept[start + 1 : match.end()] = False
    characters: list[str] = []
    origin: list[int] = []
    ends: list[int] = []
    for position in map(int, np.flatnonzero(kept)):
        other = read.get(position)
        said = _as_read(other[0]) if other else source[position]
        if said.isspace():
            if not characters or characters[-1] == " ":
                continue
            said = " "
        characters.extend(said)
        origin += [position] * len(said)
        ends += [other.end() if other else position + 1] * len(said)
    if characters and characters[-1] == " ":
        characters.pop()
        origin.pop()
        ends.pop()
    return NormalisedText("".join(characters), np.array(origin, np.int32), np.array(ends, np.int32))


def _as_read(written: str) -> str:
    """Letters composed, ligatures spelt out, "" for what nobody sees."""
    if not written[0].isalnum():
        return ""
    return unicodedata.normalize("NFC" if len(written) > 1 else "NFKC", written)
