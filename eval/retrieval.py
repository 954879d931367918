"""Retrieval: the questions of a collection put to a system, and figures of what comes back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from eval.collection import Collection, SimilarGroup, map_units
from eval.measures import MEASURES, Figures, Ranking, Series, figures_of, values_of
from eval.relevance import Relevance, relevance_of
from eval.slices import Slice, slices_of
from eval.system import Run, Similar, System, ask

# The series that say how good a system is; how much of it was judged is no merit.
MERITS = tuple(name for name in MEASURES if name != "judged_10")


@dataclass(frozen=True, slots=True)
class Retrieval:
    """How well rankings answer the questions of a collection: overall, and by the names of each kind of slice."""

    overall: Figures
    by_type: dict[str, Figures]
    by_language: dict[str, Figures]
    by_document: dict[str, Figures]  # of the initiative that answers a question best
    by_theme: dict[str, Figures]
    by_length: dict[str, Figures]


@dataclass(frozen=True, slots=True)
class Silence:
    """How many questions get an empty list: all the unanswerable ones should, none of the others."""

    unanswerable: int
    unanswerable_empty: int
    answerable: int
    answerable_empty: int


@dataclass(frozen=True, slots=True)
class Likeness:
    """How well the initiatives of similar groups find each other."""

    groups: int
    members: int  # a member of two groups counts twice
    recall_10: float  # mean over members: the share of the others of the group that are shown for it


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures of one run. `dataclasses.asdict` makes it ready for JSON."""

    collection: str
    system: str
    retrieval: Retrieval
    silence: Silence | None  # None when the unanswerable questions were not asked
    similar: dict[str, Likeness]  # by strength
    series: Series  # every value that a mean above is made of, and "silence" and "similar" beside them
    slices: tuple[Slice, ...]  # of the series' members
    took_ms: dict[str, float]  # question id → time of its search; empty for a run read from a file


def evaluate(system: System, collection: Collection) -> Evaluation:
    """Put every question of a collection to a system, and ask for what is similar to each member of its groups.

    Raises BadCollection when a unit cannot be found in the system's catalogue.
    """
    relevance = relevance_of(collection, system.catalogue)
    run = ask(system, (*collection.questions, *collection.unanswerable))
    return judge(run, collection, relevance, system.similar)


def judge(run: Run, collection: Collection, relevance: Relevance, similar: Similar | None = None) -> Evaluation:
    """Score what a system gave. Raises BadCollection when a member of a similar group cannot be found."""
    slices = slices_of(collection, relevance, run.catalogue)
    values = values_of(relevance, run.rankings)
    answerable = {question.id: run.rankings.get(question.id, ()) for question in collection.questions}
    # A run read from a file does not tell a question without hits from one that was not asked.
    asked = all(question.id in run.rankings for question in collection.unanswerable)
    unanswerable = {question.id: run.rankings[question.id] for question in collection.unanswerable if asked}
    recalls = _recalls(similar, collection.similar, run) if similar else {}
    return Evaluation(
        collection.name,
        run.system,
        _retrieval(values, slices),
        silence(answerable.values(), unanswerable.values()) if asked else None,
        likeness(recalls, collection.similar) if similar else {},
        values | {"silence": _silences(answerable, unanswerable), "similar": recalls},
        (*slices, *_strengths(collection.similar)),
        dict(run.took_ms),
    )


def merits(evaluation: Evaluation) -> Series:
    """The series that a gate may hold a system to: in all of them, more is better."""
    return {name: evaluation.series[name] for name in (*MERITS, "silence", "similar") if evaluation.series[name]}


def _retrieval(values: Series, slices: Iterable[Slice]) -> Retrieval:
    scored = values["ndcg_10"].keys()
    by: dict[str, dict[str, Figures]] = {}
    for one in slices:
        if questions := [question for question in one.members if question in scored]:
            by.setdefault(one.kind, {})[one.name] = figures_of(values, questions)
    return Retrieval(figures_of(values, scored), by["type"], by["language"], by["document"], by["theme"], by["length"])


def silence(answerable: Iterable[Ranking], unanswerable: Iterable[Ranking]) -> Silence:
    """Count the empty rankings."""
    wanted, unwanted = [not ranking for ranking in unanswerable], [not ranking for ranking in answerable]
    return Silence(len(wanted), sum(wanted), len(unwanted), sum(unwanted))


def _silences(answerable: Mapping[str, Ranking], unanswerable: Mapping[str, Ranking]) -> dict[str, float]:
    """For each question, 1 when its list is empty exactly if it should be."""
    rightly = {question: float(not ranking) for question, ranking in unanswerable.items()}
    return {question: float(bool(ranking)) for question, ranking in answerable.items()} | rightly


def likeness(recalls: Mapping[str, float], groups: Iterable[SimilarGroup]) -> dict[str, Likeness]:
    """Recall of the others of a group, for each strength in the order of the names, of the recalls of all members."""
    of_strength: dict[str, list[SimilarGroup]] = {}
    for group in groups:
        of_strength.setdefault(group.strength, []).append(group)
    return {
        strength: Likeness(len(alike), sum(map(len, found)), fmean(recall for one in found for recall in one))
        for strength, alike in sorted(of_strength.items())
        for found in [[[recalls[member] for member in members_of(group)] for group in alike]]
    }


def members_of(group: SimilarGroup) -> tuple[str, ...]:
    """The names that the members of a group have in a series. Example: "s1:g1"."""
    return tuple(f"{group.id}:{member.id}" for member in group.members)


def _recalls(similar: Similar, groups: Sequence[SimilarGroup], run: Run) -> dict[str, float]:
    initiatives = map_units((member for group in groups for member in group.members), run.catalogue)
    return {
        name: recall_of(similar, initiatives[member.id], [initiatives[each.id] for each in group.members])
        for group in groups
        for name, member in zip(members_of(group), group.members, strict=True)
    }


def recall_of(similar: Similar, one: str, members: Sequence[str]) -> float:
    """The share of the other members of a group that are shown as similar to one of them."""
    others = set(members) - {one}
    return len(others.intersection(similar(one))) / len(others)


def _strengths(groups: Iterable[SimilarGroup]) -> list[Slice]:
    members: dict[str, tuple[str, ...]] = {}
    for group in groups:
        members[group.strength] = members.get(group.strength, ()) + members_of(group)
    return [Slice("strength", strength, names) for strength, names in sorted(members.items())]
