"""Markup: what the conversion to text left around the words."""

import re

# Bold and italic stars, superscripts such as 1^{er} or a stray ^o, and tags of the contents page.
STAR = re.compile(r"\*+")
SUPERSCRIPT = re.compile(r"\^(?:\{([^}]*)\}|(\w))")
TAG = re.compile(r"</?\w+>")


def plain(text: str) -> str:
    """The words alone, one space between them: "le **1^{er}** janvier " -> "le 1er janvier"."""
    words = TAG.sub("", STAR.sub("", SUPERSCRIPT.sub(lambda m: m[1] or m[2], text)))
    return " ".join(words.split())
