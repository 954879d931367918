"""Team-draft interleaving: two rankings in one, so that whoever judges its items judges between the two.

Radlinski, Kurup & Joachims, "How does clickthrough data reflect retrieval quality?", CIKM 2008. As captains pick their
teams, each ranking in turn gives its best item that is not there yet; a coin says who begins each round.
"""

import random
from collections.abc import Callable, Hashable, Sequence
from enum import StrEnum
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)

# A fair coin: whether the first ranking begins the round.
Chance = Callable[[], bool]


class Team(StrEnum):
    """Which ranking put an item there."""

    FIRST = "first"
    SECOND = "second"


def toss() -> bool:
    """Toss a fair coin; threads may share it."""
    return random.random() < 0.5


def interleave(first: Sequence[Item], second: Sequence[Item], chance: Chance) -> list[tuple[Item, Team]]:
    """Draft until one of two rankings has nothing left to give; each item once, with the team that picked it.

    At every depth the teams differ by one item at most. What only the longer ranking still holds is in no team: the
    other one had nothing to set against it.

    Example: "abc" and "bd", and the first begins each round → a (first), b (second), c (first), d (second)
    """
    drafted: dict[Item, Team] = {}
    turns: list[Team] = []
    while set(first) - drafted.keys() and set(second) - drafted.keys():
        turns = turns or ([Team.FIRST, Team.SECOND] if chance() else [Team.SECOND, Team.FIRST])
        team = turns.pop(0)
        ranking = first if team is Team.FIRST else second
        drafted[next(item for item in ranking if item not in drafted)] = team
    return list(drafted.items())
