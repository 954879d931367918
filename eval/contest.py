"""A contest: two systems whose hits were drafted into one list, and which of them people found better.

Each question is one game (Radlinski, Kurup & Joachims, CIKM 2008): the system wins it of whose hits more were judged
good. Games without a winner say nothing; of the others a sign test tells whether one system wins more than chance.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scipy.stats import binomtest

from eval.asked import same_question
from eval.significance import CONFIDENCE, Interval
from search.feedback.entry import GivenJudgement
from search.interleaved_search import FULL

# The grade from which a hit counts for its team: "well".
GOOD = 2


@dataclass(frozen=True, slots=True)
class Game:
    """One question, and how many hits of each system were judged good."""

    question: str
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Contest:
    """All games of two systems."""

    first: str
    second: str
    games: tuple[Game, ...]  # in the order in which they were first judged
    wins_first: int
    wins_second: int
    ties: int
    share: float | None  # of the games with a winner, how many the second system won; None without any
    interval: Interval | None  # of that share, 95 % (Wilson)
    p: float  # two-sided; 1 without any game that has a winner


def contests_of(given: Iterable[GivenJudgement]) -> tuple[Contest, ...]:
    """The contests that judgements tell of, the full search against each system that played.

    An initiative counts once for a question and a team, however often it was judged: by the mean of its grades.
    """
    played: dict[str, list[GivenJudgement]] = defaultdict(list)
    for one in given:
        if one.system is not None and one.against is not None:
            played[one.against if one.system == FULL else one.system].append(one)
    return tuple(_contest(second, judgements) for second, judgements in sorted(played.items()))


def _contest(second: str, judgements: Sequence[GivenJudgement]) -> Contest:
    games = tuple(_games(judgements))
    wins_first = sum(game.first > game.second for game in games)
    wins_second = sum(game.second > game.first for game in games)
    ties = len(games) - wins_first - wins_second
    if not wins_first + wins_second:
        return Contest(FULL, second, games, 0, 0, ties, None, None, 1.0)
    test = binomtest(wins_second, wins_first + wins_second)
    low, high = test.proportion_ci(CONFIDENCE, method="wilson")
    share, interval = float(test.statistic), Interval(float(low), float(high))
    return Contest(FULL, second, games, wins_first, wins_second, ties, share, interval, float(test.pvalue))


def _games(judgements: Iterable[GivenJudgement]) -> Iterable[Game]:
    grades: dict[str, dict[tuple[bool, str], list[int]]] = defaultdict(lambda: defaultdict(list))
    texts: dict[str, str] = {}
    for one in judgements:
        question = same_question(one.query)
        texts.setdefault(question, one.query)
        grades[question][one.system == FULL, one.initiative].append(one.grade)
    for question, of_hits in grades.items():
        good = Counter(of_full for (of_full, _), given in of_hits.items() if sum(given) / len(given) >= GOOD)
        yield Game(texts[question], good[True], good[False])
