"""Sendable: a text as a language model may see it."""

from corpus.contact import EMAIL, PHONE
from index.plain import plain

# Nothing that is sent inside the delimiters can open or close one.
UNDELIMITED = str.maketrans({"<": "‹", ">": "›", "＜": "‹", "＞": "›", "﹤": "‹", "﹥": "›"})


def sendable(text: str) -> str:
    """A text without markup, contact data and whatever could be taken for a delimiter.

    Example: "**Bus** < 5 km : bus@ain.fr" → "Bus ‹ 5 km :"
    """
    # Until nothing changes: without the markup inside it, a text may turn out to be a telephone number.
    while (readable := PHONE.sub("", EMAIL.sub("", plain(text).text))) != text:
        text = readable
    return text.translate(UNDELIMITED)
