"""Dates as people write them."""

from collections.abc import Callable

# A key of the texts, and what it is filled with → words in the reader's language.
Say = Callable[..., str]


def in_words(date: str, say: Say) -> str:
    """A date in ISO 8601, as exact as it is known. Example: "2018-10" → "octobre 2018", "2019" → "2019"."""
    year, month, day = [*date.split("-"), "", ""][:3]
    name = say("dates.months").split()[int(month) - 1] if month else ""
    return " ".join(filter(None, [day.lstrip("0"), name, year]))
