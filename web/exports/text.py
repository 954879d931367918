"""A text as it may stand in a file: no character that hides what it says, and no markup by accident.

What a sheet says is what somebody else wrote. In a page the templates escape it; in a file nothing does but this.
"""

import re

# Control characters but for line feed, carriage return and tab; halves of surrogate pairs and what is no character: XML
# cannot hold most of them. And those that turn the direction of what follows, so that a text looks like another one
# (Unicode's Bidi_Control).
NO_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)

# Marks of CommonMark, and of GitHub's tables and strikethrough. In prose stars and list marks were printed and stay.
MARKS = re.compile(r"[\\`*_\[\]<>&#|~]")
MARKS_IN_PROSE = re.compile(r"[\\`_\[\]<&|~]")
# These are written as entities, for readers of Markdown that know no escapes; every other mark after a backslash.
ENTITIES = {"<": "&lt;", "&": "&amp;"}

# What makes a heading, quote or rule of a line, or a heading or table of the line above; after marks of lists too.
LINE_MARK = re.compile(
    r"""
    ^ (?P<before> [ ]* (?: (?: [-*+] | \d{1,9}[.)] ) [ ]+ )* )
    (?P<mark> [#>] | (?: =+ | :?-+:? | (?: [*-] [ ]* ){3,} ) [ ]* $ )
    """,
    re.VERBOSE | re.MULTILINE,
)
LINE_END = re.compile(r"\r\n?")
# White space that makes code of prose: at the start of a line, or behind the marks of lists.
CODE_SPACE = re.compile(r"^(?P<before> {,3}(?:(?:[-*+]|\d{1,9}[.)]) {1,4})*) {4,}", re.MULTILINE)


def printable(text: str) -> str:
    """A text without control characters, halves of surrogate pairs and marks of direction."""
    return NO_TEXT.sub("", text)


def one_line(text: str) -> str:
    r"""A readable text on one line. Example: "La\nnavette " → "La navette"."""
    return " ".join(printable(text).split())


def address_without(unfit: re.Pattern[str], address: str) -> str:
    """An address with what would end it written as addresses do: escaped otherwise it would lead elsewhere.

    Example: of white space, "http://x.example/a b" → "http://x.example/a%20b"
    """
    return unfit.sub(lambda m: f"%{ord(m[0]):02X}", address)


def markdown_line(text: str) -> str:
    r"""A readable text on one line in which nothing is markup. Example: "a_b <c>" → r"a\_b &lt;c\>"."""
    return MARKS.sub(_escaped, one_line(text))


def markdown_prose(text: str) -> str:
    r"""Readable lines in which stars and lists are markup, as they were printed, and nothing else is.

    Without HTML, links, images, code and headings; indents go, they would make code of prose.

    Example: "**Un** <b>bus</b>\n    vert" → "**Un** &lt;b>bus&lt;/b>\nvert"
    """
    lines = LINE_END.sub("\n", printable(text)).replace("\t", " ")
    lines = CODE_SPACE.sub(lambda m: m["before"].rstrip() + " " * bool(m["before"].strip()), lines)
    return LINE_MARK.sub(r"\g<before>\\\g<mark>", MARKS_IN_PROSE.sub(_escaped, lines))


def _escaped(mark: re.Match[str]) -> str:
    return ENTITIES.get(mark[0], f"\\{mark[0]}")
