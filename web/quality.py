"""How good the search is, as it was measured: the file that `recueil eval summary` writes.

One ships with the project, of the sheets that it comes with; another in RECUEIL_VAR goes before it.
"""

import datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus import Fault

SHIPPED = Path(__file__).with_name("quality.json")
NAME = "quality.json"  # in RECUEIL_VAR
MEND = "Write it anew: recueil eval summary --to FILE."

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]


class BadQuality(Fault):
    """The file with the figures cannot be read."""


class Model(BaseModel):
    """What nobody adds a field to by mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Rankings(Model):
    """Means over some questions that sheets answer."""

    questions: Count
    ndcg_10: Share
    mrr_10: Share
    success_1: Share  # of the questions: a sheet that helps is the first
    success_3: Share  # one is among the first three
    recall_50: Share
    intervals: dict[str, tuple[float, float]]  # 95 %, by the names above


class Empty(Model):
    """How many questions got an empty list."""

    unanswerable: Count
    unanswerable_empty: Count
    answerable: Count
    answerable_empty: Count


class Front(Rankings):
    """What one kind of questions found."""

    by_type: dict[str, Rankings]
    empty: Empty | None
    first_ten: Count
    unjudged: Count


class Helped(Model):
    """Of what real people wrote, how much is answered, or gets a list, with a sheet that helps."""

    phrases: Count
    share: Share
    refused: Share


class Shares(Model):
    """Of some questions that sheets answer, what came of them."""

    questions: Count
    right: Share
    withheld: Share
    whole: Share | None

    @property
    def wrong(self) -> float:
        """The share that is answered, and not rightly."""
        return max(0.0, 1 - self.right - self.withheld)


class Refusals(Model):
    """Of some questions that no sheet answers, how many are refused."""

    questions: Count
    refused: Share


class Sure(Model):
    """Of the answers that are told to be sure, how many are right."""

    answers: Count
    right: Share


class Answers(Model):
    """How good answers are."""

    all: Shares | None
    by_language: dict[str, Shares]
    by_type: dict[str, Shares]
    near_misses: Refusals | None
    other_subjects: Refusals | None
    sure: Sure | None
    quotes: Count
    quotes_exact: Share | None
    calibration_error: Share | None


class Accuracy(Model):
    """How often a field of a sheet is read rightly."""

    sheets: Count
    right: Count


class Spellings(Model):
    """What other spellings of the same questions change; ranks are compared by nDCG@10."""

    spellings: Count
    as_written: Share
    worst: Share
    emptied: Count
    overlap: Share


class Quality(Model):
    """All of it."""

    schema_: Literal[1] = Field(alias="schema")
    made: datetime.date
    version: str
    corpus: str | None  # digest of the sheets that were searched
    fronts: dict[Literal["real_words", "collection", "foreign"], Front]
    helped: Helped | None
    answers: Answers | None
    fields: dict[str, Accuracy] | None
    spellings: Spellings | None


def quality_of(var: Path) -> Quality:
    """The figures of the sheets that are served here if somebody measured them, else those that ship.

    Raises BadQuality for a file that cannot be read.
    """
    own = var / NAME
    path = own if own.is_file() else SHIPPED
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(2)
def _read(path: Path, _: int) -> Quality:
    try:
        return Quality.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        what = error.strerror if isinstance(error, OSError) else error.errors()[0]["msg"]
        raise BadQuality(f"The figures cannot be read: {what}", path.name, MEND) from None
