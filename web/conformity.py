"""How far the pages keep the RGAA 4.1.2, the French rules of accessibility: every criterion, and what holds it.

The assessment is data (`rgaa.toml`); /accessibility declares what it says, and docs/accessibilite.md lists it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

ASSESSMENT = Path(__file__).with_name("rgaa.toml")

# Respected, not respected, not applicable, not verified.
State = Literal["C", "NC", "NA", "NV"]
THEMES = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One criterion, as it was assessed."""

    number: str  # "8.7": theme and place in it
    about: str  # in French, as the rules are
    state: State
    proof: str | None  # the test that holds it, file::function; None where it was read
    note: str

    @property
    def theme(self) -> int:
        """The number of its theme."""
        return int(self.number.partition(".")[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Conformity:
    """The assessment."""

    date: str  # ISO 8601
    criteria: tuple[Criterion, ...]
    in_english: Mapping[str, str]  # number → what is to be said of a criterion that is not respected or not verified

    def of(self, state: State) -> tuple[Criterion, ...]:
        """The criteria of a state."""
        return tuple(one for one in self.criteria if one.state == state)

    @property
    def rate(self) -> int:
        """Percent of the applicable criteria that are respected, rounded down; what was not verified is not."""
        return 100 * len(self.of("C")) // (len(self.criteria) - len(self.of("NA")))

    @property
    def level(self) -> Literal["total", "partial", "none"]:
        """How the law calls that: all of them, half of them at least, or fewer."""
        return "total" if self.rate == 100 else "partial" if self.rate >= 50 else "none"


@cache
def conformity() -> Conformity:
    """Read the assessment."""
    read = tomllib.loads(ASSESSMENT.read_text(encoding="utf-8"))
    criteria = (
        Criterion(
            number=number,
            about=one["about"],
            state=one["state"],
            proof=read["proofs"][one["proof"]] if "proof" in one else None,
            note=one.get("note", ""),
        )
        for number, one in read["criteria"].items()
    )
    return Conformity(date=read["date"], criteria=tuple(criteria), in_english=read["in_english"])
