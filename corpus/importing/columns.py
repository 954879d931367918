"""What the values of a column have in common: shares, lengths, how many differ."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from corpus.importing.locate import Locator
from corpus.importing.record import Record
from corpus.importing.values import (
    SEPARATORS,
    YES_NO,
    is_contact,
    is_date,
    is_number,
    is_url,
    parts_of,
    said,
    words_of_name,
)
from corpus.organisations import is_organisation

SAMPLE = 400  # records of which the values are looked at, spread over all
MOST_CODES = 9  # digits of a code that names a place


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column; shares are of the values that say something, 0 to 1."""

    name: str
    words: str  # of the name, folded
    values: tuple[str, ...]  # of the sample, those that say something
    filled: float  # share of the records
    distinct: float  # share of the values that differ from each other
    length: float  # mean, in characters
    typical_length: float  # median, in characters
    spaced: float  # share of values of two words or more
    lettered: float  # share of values with at least three letters
    numbers: float
    dates: float
    urls: float
    contacts: float
    yes_no: float
    places: float  # by name
    codes: float  # of places
    organisations: float
    separator: str | None  # what parts several values of one cell
    parts: int  # how many values there are, once cells are parted
    repeated: float  # mean number of records that share a parted value

    @property
    def empty(self) -> bool:
        """Whether no value says anything."""
        return not self.values


def column_of(name: str, records: Sequence[Record], locator: Locator | None) -> Column:
    """Look at the values of a column."""
    step = max(1, len(records) // SAMPLE)
    sample = records[::step]
    values = tuple(text for record in sample if (text := said(record.cells.get(name, ""))))
    separator = separator_of(values)
    parts = Counter(part for value in values for part in parts_of(value, separator))

    def share(holds: Callable[[str], bool]) -> float:
        return sum(map(holds, values)) / len(values) if values else 0.0

    short = [value for value in dict.fromkeys(values) if len(value) <= 80][:120]
    return Column(
        name=name,
        words=words_of_name(name),
        values=values,
        filled=len(values) / len(sample) if sample else 0.0,
        distinct=len(set(values)) / len(values) if values else 0.0,
        length=fmean(map(len, values)) if values else 0.0,
        typical_length=median(map(len, values)) if values else 0.0,
        spaced=share(lambda value: len(value.split()) > 1),
        lettered=share(lambda value: len(re.findall(r"[^\W\d_]", value)) >= 3),
        numbers=share(is_number),
        dates=share(is_date),
        urls=share(is_url),
        contacts=share(is_contact),
        yes_no=share(lambda value: value.lower() in YES_NO),
        places=sum(locator.is_place(value) for value in short if not _code(value)) / len(short)
        if locator and short
        else 0.0,
        codes=sum(_code(value) and bool(locator.of_code(value)) for value in short) / len(short)
        if locator and short
        else 0.0,
        organisations=share(is_organisation),
        separator=separator,
        parts=len(parts),
        repeated=fmean(parts.values()) if parts else 0.0,
    )


def _code(value: str) -> bool:
    return len(value) <= MOST_CODES and bool(re.fullmatch(r"\d{1,9}|2[AaBb]\d{0,3}", value))


def separator_of(values: Sequence[str]) -> str | None:
    """What parts the values of cells: a sign after which values that stand elsewhere too go on; None for none."""
    best: tuple[float, str | None] = (0.0, None)
    for sign in SEPARATORS:
        holding = [value for value in values if sign in value]
        if not holding or (sign == "," and fmean(map(len, values)) > 120):
            continue
        parts = [part.strip() for value in holding for part in value.split(sign) if part.strip()]
        if not parts or max(map(len, parts)) > 100:
            continue
        counts = Counter(part.strip() for value in values for part in value.split(sign) if part.strip())
        again = sum(counts[part] > 1 for part in parts) / len(parts)
        # A list of JSON, or of signs that no name holds, needs no proof.
        certain = 0.6 if sign in ";|\n" else 0.0
        if len(parts) > len(holding):
            best = max(best, (max(again, certain), sign), key=lambda one: one[0])
    return best[1] if best[0] >= 0.5 else None
