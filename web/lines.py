"""Lines of a document, as people say them."""

from web.dates import Say


def lines_in_words(start: int, end: int, say: Say) -> str:
    """Which lines. Example: 3, 3 → "line 3", 3, 5 → "lines 3 to 5"."""
    return say("lines.one", start=start) if start == end else say("lines.many", start=start, end=end)
