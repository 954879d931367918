"""Marked-up text → plain lines: HTML, in files and inside cells."""

import html
import re
from collections.abc import Iterator
from typing import Any

# Elements that begin a line of their own, those that begin a paragraph, and those without anything to read.
LINES = frozenset({"br", "li", "tr", "dt", "dd", "option"})
_BLOCKS = """
address article aside blockquote body div dl fieldset figcaption footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p
pre section table ul
"""
BLOCKS = frozenset(_BLOCKS.split())
UNREAD = frozenset({"script", "style", "noscript", "template", "head", "svg", "iframe", "object"})
# A tag of HTML inside a cell: a name that HTML has, so that "<3" and "<b" of a comparison are none.
TAG = re.compile(
    r"</?(?:p|br|div|span|ul|ol|li|h[1-6]|strong|em|b|i|u|a|table|tr|td|th|tbody|thead|img|font|sup|sub|blockquote)\b[^<>]*>",
    re.I,
)
ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z]{2,8}\d?);", re.I)
BLANKS = re.compile(r"[ \t\u00a0\u202f\r\f\v]+")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")  # what XML and HTML forbid
# An item whose paragraph begins in a line of its own.
LONE_DASH = re.compile(r"^-\n+(?=\S)", re.M)
MANY_LINES = re.compile(r"\n{3,}")


def tidied(text: str) -> str:
    r"""Lines without blanks at either end, at most one empty line between two: "a \r\n\n\n b" -> "a\n\nb"."""
    lines = (BLANKS.sub(" ", line).strip() for line in re.split(r"\r\n?|\n|\u2028|\u2029", text))
    return MANY_LINES.sub("\n\n", LONE_DASH.sub("- ", "\n".join(lines))).strip()


def plain_value(text: str) -> str:
    """What a cell says, without markup and entities: "<p>l&rsquo;eau</p>" -> "l’eau"."""
    if ENTITY.search(text) and not TAG.search(text):
        text = html.unescape(text)
        if ENTITY.search(text):  # escaped twice
            text = html.unescape(text)
    if TAG.search(text):
        text = html_to_text(text)
    return tidied(text)


def html_to_text(markup: str) -> str:
    """The text of a piece of HTML, a line for each of its blocks and items; headings as in Markdown, "## Objet"."""
    root = parsed(markup)
    return tidied(element_text(root)) if root is not None else tidied(TAG.sub(" ", html.unescape(markup)))


def parsed(markup: str) -> Any:  # noqa: ANN401 — an element of lxml, which has no types
    """A piece of HTML as an element of lxml, None for what is none."""
    from lxml import html as lxml_html

    try:
        return lxml_html.fromstring(f"<div>{CONTROLS.sub(' ', markup)}</div>")
    except (ValueError, lxml_html.etree.LxmlError):
        return None


def element_text(root: Any) -> str:  # noqa: ANN401
    """The text below an element of lxml."""
    return "".join(_pieces(root))


def _pieces(node: Any) -> Iterator[str]:  # noqa: ANN401
    tag = node.tag if isinstance(node.tag, str) else None
    if tag is None or tag.lower() in UNREAD:
        return
    yield "\n\n" if tag in BLOCKS else "\n" if tag in LINES else ""
    if re.fullmatch("h[1-6]", tag):
        # One line, whatever breaks it; an empty one would be no heading.
        words = " ".join("".join(node.itertext()).split())
        yield f"{'#' * int(tag[1])} {words}\n\n" if words else ""
        return
    yield "- " if tag == "li" else ""
    yield _inline(node.text, tag == "pre")  # line ends of the source are only blanks, but in <pre>
    for child in node:
        yield from _pieces(child)
        yield _inline(child.tail, tag == "pre")
    yield "\n" if tag in BLOCKS else " " if tag in ("td", "th") else ""


def _inline(text: str | None, kept: bool) -> str:
    return (text or "") if kept else re.sub(r"\s+", " ", text or "")
