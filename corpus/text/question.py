r"""The normal form of a question: the same words give the same text, however they were typed.

    question_form("« l´hébergement des aidant·e·s » ???")    -> "l'hébergement des aidants"
    question_form("dossier M.D.P.H. (13)")                  -> "dossier MDPH (13)"
    encoder_form("Qui aide les allocataires du RSA ?")       -> "qui aide les allocataires du RSA"

It depends on no corpus: lost accents, lost apostrophes and questions in capitals are read by `search.spelling`, which
knows what words there are. Applied to its own result it changes nothing.
"""

import re
import unicodedata

# Stand-ins for the apostrophe on keyboards and in pasted text. They are read before compatibility forms are, which
# would part an accent that stands alone from the space under it.
APOSTROPHES = frozenset(map(ord, "’‘‛´`ʼʹʻʽʾˈˊˋ′‵＇｀՚׳΄᾽᾿Ꞌꞌ"))
QUOTATION_MARKS = frozenset(map(ord, '«»“”„‟"″‹›❝❞〝〞＂'))
# Categories of characters that nobody sees or reads: control and format characters (soft hyphen, zero width, marks of
# direction), halves of surrogate pairs, private ones and those not assigned.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# They change how the character before them is drawn, and nothing else.
DRAWING = re.compile("[\u034f\u180b-\u180d\ufe00-\ufe0f\u20d0-\u20f0\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]")
DEGREE = "°"  # a symbol by its category, a part of numbers by its use: "n° 12"
OTHER_DASHES = "−⁃"
ELLIPSIS = "…"

MIDDLE_DOT = "[·•‧∙⋅・･]"
# The feminine endings of inclusive writing, alone or before a last s.
ENDING = "(?:e|ne|le|te|se|ve|fe|euse|rice|trice|ice|ère|ière|ienne|enne|elle|esse|rie|sse|ante|ente|ée)"
WORD_START = r"(?<![\w.@-])"
INCLUSIVE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # From the start of a run of letters alone, or a long one would be read once from each of its letters.
        rf"(?<![^\W\d_])(?P<stem>[^\W\d_]++){MIDDLE_DOT}(?:[^\W\d_]*[^\W\d_s]{MIDDLE_DOT}?)?(?P<plural>s)?(?![^\W\d_])",
        rf"{WORD_START}(?P<stem>[^\W\d_]{{3,}})\.{ENDING}\.?(?P<plural>s)?(?!\w)",
        rf"{WORD_START}(?P<stem>[^\W\d_]{{3,}})\((?:{ENDING})?\)?(?P<plural>s)?\)?(?<=[)s])(?<!\()(?!\w)",
        rf"{WORD_START}(?P<stem>[^\W\d_]{{4,}})/{ENDING}/?(?P<plural>s)?(?!\w)",
        rf"{WORD_START}(?P<stem>[^\W\d_]{{3,}})-(?:{ENDING}-(?P<plural>s)|e(?P<plural_e>s)?)(?!\w)",
    )
)
DOTTED = re.compile(r"(?<![\w.])(?:[^\W\d_]\.){2,}(?:[^\W\d_](?!\w))?\.?")
SPACED_DOTTED = re.compile(r"(?<![\w.])[A-ZÀ-Ý]\.(?: [A-ZÀ-Ý]\.){2,}")

# What questions cut off with an apostrophe most often, as a pattern.
OFTEN_ELIDED = "[ldjmtsnc]|qu|jusqu|lorsqu|puisqu"
# "l' emploi", "l 'emploi": a space beside the apostrophe that ties two words.
TORN_APOSTROPHE = re.compile(rf"(?<!\w)({OFTEN_ELIDED}) ?' ?(?=[^\W\d_])", re.IGNORECASE)
LOOSE_APOSTROPHE = re.compile(r"(?<!\w)'+|'+(?!\w)")
REPEATED_MARK = re.compile(r"([?!.,;:'])(?:\s*\1)+")
SPACE_BEFORE_MARK = re.compile(r"\s+([?!;:,.])(?=\s|$)")
AROUND = " \t?!.,;:…¿¡*_-/|•·~>#="
NUMBER_ALONE = re.compile(r"\(\s*(?:\d+|2[ABab])\s*\)")
BRACKETS = {"(": ")", "[": "]", "{": "}"}
WORD = re.compile(r"\w+")


class _CharacterTable(dict[int, str]):
    """A table for `str.translate` that works out each character once, when it is first met."""

    def __init__(self, keep_symbols: bool) -> None:
        super().__init__()
        self.keep_symbols = keep_symbols

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        if code in APOSTROPHES:
            shown = "'"
        elif category == "Pd" or character in OTHER_DASHES:
            shown = "-"
        elif category in UNSEEN and not character.isspace():
            shown = ""
        elif not self.keep_symbols and (code in QUOTATION_MARKS or (category == "So" and character != DEGREE)):
            shown = " "
        else:
            shown = character
        self[code] = shown
        return shown


_VISIBLE, _WITHOUT_SYMBOLS = _CharacterTable(keep_symbols=True), _CharacterTable(keep_symbols=False)


def visible_form(text: str, table: _CharacterTable = _VISIBLE) -> str:
    r"""Composed letters, ligatures spelt out, one apostrophe and one dash; nothing unseen, one space between words.

    Example: "l´ e\u0301tude  eﬃ\u00adcace" -> "l' étude efficace"
    """
    parts = DRAWING.sub("", text.translate(table)).split(ELLIPSIS)  # three points to NFKC, one mark to readers
    composed = ELLIPSIS.join(unicodedata.normalize("NFKC", part) for part in parts)
    return " ".join(composed.translate(table).split())


def question_form(text: str) -> str:
    """The normal form of a question: its words, without what only its writing adds (see the examples above).

    Numbers, and what stands in brackets behind something else, stay: "12,5 % (13)".
    """
    before = None
    while before != text:  # what is taken away may leave a mark or a bracket at an end
        before, text = text, _simplified(text)
    return text


def encoder_form(text: str) -> str:
    """What the encoder reads of a question: its normal form in lower case, words in capitals as they are."""
    return in_lower_case(question_form(text))


def in_lower_case(text: str) -> str:
    """Lower-case every word but those of two letters or more that stand in capitals; no character moves."""
    return WORD.sub(lambda m: m[0] if len(m[0]) > 1 and m[0].isupper() else lower(m[0]), text)


def lower(text: str) -> str:
    """Lower-case letter by letter, so that the text keeps its length: one letter in Unicode becomes two."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c if len(c.lower()) > 1 else c.lower() for c in text)


def _simplified(text: str) -> str:
    text = visible_form(text, _WITHOUT_SYMBOLS)
    text = SPACED_DOTTED.sub(lambda m: re.sub(r"[. ]", "", m[0]), text)
    text = DOTTED.sub(lambda m: m[0].replace(".", ""), text)
    for pattern in INCLUSIVE:
        text = pattern.sub(_plain, text)
    text = TORN_APOSTROPHE.sub(r"\1'", text)
    text = LOOSE_APOSTROPHE.sub(" ", text)
    text = SPACE_BEFORE_MARK.sub(r"\1", REPEATED_MARK.sub(r"\1", text))
    return _unwrapped(" ".join(text.split()).strip(AROUND))


def _plain(match: re.Match[str]) -> str:
    """The masculine form of a word in inclusive writing, plural where it is: "travailleur·euse·s" -> "travailleurs"."""
    groups = match.groupdict()
    stem, plural = groups["stem"], groups["plural"] or groups.get("plural_e") or ""
    return stem if stem[-1] in "sxSX" else stem + plural


def _unwrapped(text: str) -> str:
    """Take brackets off that hold the whole text; a number in brackets is that of a département."""
    if text[:1] in BRACKETS and text.endswith(BRACKETS[text[0]]) and not NUMBER_ALONE.fullmatch(text):
        inside = text[1:-1]
        if not any(bracket in inside for bracket in (text[0], BRACKETS[text[0]])):
            return inside.strip()
    return text
