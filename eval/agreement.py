"""Agreement: from judgements that people gave to judgements that several of them share.

Two judgements of one question and one initiative agree when their grades differ by one at most. The tellings of one
real-world initiative are one; a question is the same whatever its case, accents and white space.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median_low

from eval.asked import same_question
from eval.catalogue import Catalogue
from search.feedback.entry import GivenJudgement

FEWEST = 2  # judgements; one alone is an opinion
APART = 1  # grades


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and an initiative, and what people said of the two."""

    question: str  # in its most frequent spelling
    language: str
    initiative: str  # id; of several tellings the one judged most often
    grades: tuple[int, ...]  # ascending

    @property
    def grade(self) -> int:
        """The median; of two in the middle the lower, since the higher was contested."""
        return median_low(self.grades)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What several people judged alike, and what not."""

    agreed: tuple[Pair, ...]
    disagreed: tuple[Pair, ...]
    alone: int  # pairs with too few judgements to agree or disagree
    gone: int  # judgements of initiatives that are no longer in the catalogue


def agreement_of(given: Iterable[GivenJudgement], catalogue: Catalogue) -> Agreement:
    """Gather the judgements of each question and initiative, and see which agree."""
    together: dict[tuple[str, str], list[GivenJudgement]] = defaultdict(list)
    spellings: dict[str, list[GivenJudgement]] = defaultdict(list)
    gone = 0
    for one in given:
        if one.initiative not in catalogue.sheets:
            gone += 1
            continue
        question = same_question(one.query)
        spellings[question].append(one)
        together[question, _telling(one.initiative, catalogue)].append(one)
    pairs = [_pair(spellings[question], judgements) for (question, _), judgements in together.items()]
    several = [pair for pair in pairs if len(pair.grades) >= FEWEST]
    return Agreement(
        tuple(pair for pair in several if pair.grades[-1] - pair.grades[0] <= APART),
        tuple(pair for pair in several if pair.grades[-1] - pair.grades[0] > APART),
        len(pairs) - len(several),
        gone,
    )


def _telling(initiative: str, catalogue: Catalogue) -> str:
    """One id for all tellings of a real-world initiative."""
    return min((initiative, *catalogue.sheets[initiative].same_as))


def _pair(spellings: list[GivenJudgement], judgements: list[GivenJudgement]) -> Pair:
    return Pair(
        _most_frequent(one.query for one in spellings),
        _most_frequent(one.language for one in spellings),
        _most_frequent(one.initiative for one in judgements),
        tuple(sorted(one.grade for one in judgements)),
    )


def _most_frequent(values: Iterable[str]) -> str:
    return Counter(values).most_common(1)[0][0]
