r"""A text as it lies in a file: how it is cut into lines, and how a line reads whatever wrote it.

    split_lines("a\r\nb\n")                  -> ("a", "b")
    readable_line("De\u0301\u00adfi\u00a0: ")  -> "Défi :"

Converters and office tools print the same line in many ways: accents apart (NFD), no-break spaces, ligatures of
typesetting, soft hyphens, blanks at the end. Patterns are matched against the one form that `readable_line` gives; what
is shown and quoted are the lines themselves. A line stays one line, so that line numbers hold for both.
"""

import re
import unicodedata

# What is drawn like a space. A form feed or a separator of lines inside a line parts words too.
SPACES = re.compile("[\x0b\x0c\x1c-\x1f\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
# Page breaks of a converter, before the first word of a page.
PAGE_BREAK = re.compile("^[\x0c\x0b]+")
LIGATURES = re.compile("[\ufb00-\ufb06]")  # of typesetting; œ and æ are letters
LOOK_ALIKES = str.maketrans({"\u2010": "-", "\u2011": "-", "\u02bc": "’"})  # hyphens, and the apostrophe as a letter
# Categories of characters that nobody sees: soft hyphens, zero widths, marks of direction, controls but for the tab.
UNSEEN = frozenset({"Cf", "Cc"})


def split_lines(text: str) -> tuple[str, ...]:
    r"""Cut a text at its line feeds only; a carriage return before one belongs to the line end.

    Other characters that Python counts as line ends (form feed, U+2028, ...) stay inside their line, so that
    our line numbers are those of an editor.

    Example: "a\r\nb\x0cc\n" -> ("a", "b\x0cc")
    """
    if not text:
        return ()
    return tuple(line.removesuffix("\r") for line in text.removesuffix("\n").split("\n"))


def readable_line(line: str) -> str:
    r"""A line in the form in which it is read: composed (NFC), plain spaces, nothing unseen, no blanks at its end.

    Spaces keep their number: an indent and wide spaces say something in a layout.

    Example: "\ufb01n\u202f: l'e\u0301te\u0301 " -> "fin : l'été"
    """
    if not line.isascii() or not line.isprintable():
        spaced = SPACES.sub(" ", PAGE_BREAK.sub("", line))
        seen = "".join(char for char in spaced if char == "\t" or unicodedata.category(char) not in UNSEEN)
        spelt = LIGATURES.sub(lambda found: unicodedata.normalize("NFKC", found[0]), seen)
        line = unicodedata.normalize("NFC", spelt).translate(LOOK_ALIKES)
    return line.rstrip()
