"""Retrieval: the questions of a collection put to the search, and figures of what comes back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from rich.console import Console
from rich.table import Table

from eval.collection import Collection, Question, SimilarGroup, Unit, map_units
from eval.measures import DEPTH, Figures, Ranking, Retrieval, score
from index.index import Contents
from search import Engine

# A question → initiative ids, best first; empty when nothing relevant was found.
Rank = Callable[[str], Ranking]

# An initiative's id → the ids of what is shown as similar to it.
Similar = Callable[[str], Iterable[str]]


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
    retrieval: Retrieval
    silence: Silence
    similar: dict[str, Likeness]  # by strength


def evaluate(engine: Engine, collection: Collection) -> Evaluation:
    """Put every question of the collection to the search, and ask for what is similar to each member of its groups.

    Raises BadCollection when a unit cannot be found in the index.
    """
    contents = engine.index.contents
    rank = ranking_of(engine)
    rankings = rank_all(rank, collection.questions)
    members = (member for group in collection.similar for member in group.members)
    return Evaluation(
        collection.name,
        score(collection, initiatives_of(collection.units, contents), rankings),
        silence(rankings.values(), rank_all(rank, collection.unanswerable).values()),
        likeness(similar_of(engine), collection.similar, initiatives_of(members, contents)),
    )


def ranking_of(engine: Engine) -> Rank:
    """The first ten hits of the full search."""
    return lambda text: [hit.initiative.id for hit in engine.search(text, k=DEPTH).hits]


def similar_of(engine: Engine) -> Similar:
    """The first ten similar initiatives and their twins; and the twins of the initiative itself, shown beside it."""
    by_id = {initiative.id: initiative for initiative in engine.index.contents.initiatives}

    def similar(initiative: str) -> set[str]:
        hits = engine.similar(initiative, k=DEPTH)
        return {id_ for hit in hits for id_ in (hit.initiative.id, *hit.also_in)} | set(by_id[initiative].same_as)

    return similar


def initiatives_of(units: Iterable[Unit], contents: Contents) -> dict[str, str]:
    """Find units in an index: unit id → initiative id. Raises BadCollection as `map_units` does."""
    return map_units(units, contents.initiatives, {each.id: each.original_name for each in contents.documents})


def rank_all(rank: Rank, questions: Iterable[Question]) -> dict[str, Ranking]:
    """Put each question to a system: question id → ranking."""
    return {question.id: rank(question.text) for question in questions}


def silence(answerable: Iterable[Ranking], unanswerable: Iterable[Ranking]) -> Silence:
    """Count the empty rankings."""
    wanted, unwanted = [not ranking for ranking in unanswerable], [not ranking for ranking in answerable]
    return Silence(len(wanted), sum(wanted), len(unwanted), sum(unwanted))


def likeness(similar: Similar, groups: Iterable[SimilarGroup], initiatives: Mapping[str, str]) -> dict[str, Likeness]:
    """Recall of the others of a group, for each strength in the order of the names.

    `initiatives` gives each member's id its initiative's.
    """
    of_strength: dict[str, list[list[float]]] = {}
    for group in groups:
        members = [initiatives[member.id] for member in group.members]
        of_strength.setdefault(group.strength, []).append([_recall(similar, one, members) for one in members])
    return {
        strength: Likeness(len(recalls), sum(map(len, recalls)), fmean(one for each in recalls for one in each))
        for strength, recalls in sorted(of_strength.items())
    }


def _recall(similar: Similar, one: str, members: Sequence[str]) -> float:
    others = set(members) - {one}
    return len(others.intersection(similar(one))) / len(others)


def show(evaluation: Evaluation, console: Console) -> None:
    """Print the figures as tables."""
    console.print(f"Collection '{evaluation.collection}'")
    console.print(_retrieval_table(evaluation.retrieval))
    console.print(_silence_table(evaluation.silence))
    if evaluation.similar:
        console.print(_similar_table(evaluation.similar))


def _retrieval_table(retrieval: Retrieval) -> Table:
    table = Table("questions", title="Retrieval", title_justify="left")
    for heading in ("number", "nDCG@10", "Recall@10", "MRR@10", "Success@1"):
        table.add_column(heading, justify="right")
    for part in ({"all": retrieval.overall}, retrieval.by_type, retrieval.by_language):
        for name, figures in part.items():
            table.add_row(name, *_cells(figures))
        table.add_section()
    return table


def _cells(figures: Figures) -> list[str]:
    means = (figures.ndcg_10, figures.recall_10, figures.mrr_10, figures.success_1)
    return [str(figures.questions), *(f"{mean:.3f}" for mean in means)]


def _silence_table(counts: Silence) -> Table:
    table = Table("questions", title="Nothing relevant", title_justify="left")
    for heading in ("number", "empty list"):
        table.add_column(heading, justify="right")
    table.add_row("that no initiative answers", str(counts.unanswerable), str(counts.unanswerable_empty))
    table.add_row("that some initiative answers", str(counts.answerable), str(counts.answerable_empty))
    return table


def _similar_table(similar: Mapping[str, Likeness]) -> Table:
    table = Table("strength", title="Similar initiatives", title_justify="left")
    for heading in ("groups", "members", "Recall@10"):
        table.add_column(heading, justify="right")
    for strength, figures in similar.items():
        table.add_row(strength, str(figures.groups), str(figures.members), f"{figures.recall_10:.3f}")
    return table
