"""Fronts: what one search is measured on, so that no figure is only that of the questions it was made for.

    proof = prove(system, collection, real_words=real_words, foreign=foreign, variants=True)
    proof.fronts[0].report.evaluation.retrieval.overall.ndcg_10       # of real people's words, where they are there

Three fronts: questions that real people wrote, the development collection, and a foreign corpus on which nothing was
chosen; beside them the development questions in other spellings. The first and the third lie outside the project, whose
questions they are not: where their folders are missing, they are left out and that is told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from eval.collection import Collection, Qrels
from eval.evaluation import EvaluationReport, evaluate
from eval.foreign import Foreign
from eval.gate import Held
from eval.helped import Helped, helped_by_answers
from eval.metrics import Series, Slice
from eval.pooling import JUDGED_DEPTH, unjudged_hits
from eval.run import Run, System, this_index
from eval.variants import VariantReport, measure_variants

REAL_WORDS, COLLECTION, FOREIGN, VARIANTS = "real_words", "collection", "foreign", "variants"

# What tables call the fronts, in the order in which they are told.
TITLES = {
    REAL_WORDS: "real people",
    COLLECTION: "collection",
    FOREIGN: "foreign corpus",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The figures of one system on one front."""

    name: str  # one of TITLES
    asked: Collection
    report: EvaluationReport
    first_ten: int  # hits among the first ten of all questions that initiatives answer
    unjudged: int  # those of them that nobody judged: they count as 0

    @property
    def title(self) -> str:
        """What tables call it."""
        return TITLES[self.name]

    def summary(self) -> dict[str, Any]:
        """The figures to look at first, ready for JSON. Shares of empty lists are None where nobody asked."""
        overall, counts = self.report.evaluation.retrieval.overall, self.report.evaluation.silence
        return {
            "front": self.name,
            "questions": overall.questions,
            "ndcg_10": overall.ndcg_10,
            "interval": overall.intervals.get("ndcg_10"),
            "mrr_10": overall.mrr_10,
            "success_1": overall.success_1,
            "success_3": overall.success_3,
            "recall_50": overall.recall_50,
            "unanswerable_empty": counts.unanswerable_share if counts else None,
            "answerable_empty": counts.answerable_share if counts else None,
            "unjudged": self.unjudged,
            "first_ten": self.first_ten,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """All that was measured of a search."""

    collection: Front
    real_words: Front | None = None
    foreign: Front | None = None
    variants: VariantReport | None = None
    helped: Helped | None = None  # of real people's words, where answers are measured
    absent: Mapping[str, str] = field(default_factory=dict)  # name of a front → why it is not measured

    @property
    def fronts(self) -> tuple[Front, ...]:
        """Those that are measured, real people's words first."""
        return tuple(one for one in (self.real_words, self.collection, self.foreign) if one)

    def as_json(self) -> dict[str, Any]:
        """Summaries first, then all figures of the collection on one level, then those of the others; no question."""
        others = {one.name: one.report.as_json() for one in self.fronts if one is not self.collection}
        return {
            "fronts": [one.summary() for one in self.fronts],
            "not_measured": dict(self.absent),
            **self.collection.report.as_json(),
            **others,
            VARIANTS: asdict(self.variants) if self.variants else None,
            "helped": asdict(self.helped) if self.helped else None,
        }

    def held(self) -> Held:
        """What a gate holds the search to. The names of a front's series begin with its own, members as well."""
        floored: Series = dict(self.collection.report.floored)
        slices = list(self.collection.report.slices)
        for name, series, its_slices in self._others():
            floored |= {
                f"{name}.{one}": {f"{name}:{member}": value for member, value in of.items()}
                for one, of in series.items()
            }
            slices += [Slice(one.kind, one.name, tuple(f"{name}:{each}" for each in one.members)) for one in its_slices]
        return Held(paired=self.collection.report.gated, floored=floored, slices=_merged(slices))

    def _others(self) -> Iterator[tuple[str, Series, Sequence[Slice]]]:
        """What is held to floors alone: its name, its series, and their slices."""
        for front in (self.real_words, self.foreign):
            if front:
                yield front.name, front.report.gated, front.report.slices
        if self.variants:
            yield VARIANTS, self.variants.series, self.variants.slices


def _merged(slices: Sequence[Slice]) -> tuple[Slice, ...]:
    """One slice for each label, with the members of all that share it: no two fronts have a member in common."""
    members: dict[tuple[str, str], tuple[str, ...]] = {}
    for one in slices:
        members[one.kind, one.name] = members.get((one.kind, one.name), ()) + one.members
    return tuple(Slice(kind, name, of) for (kind, name), of in members.items())


def prove(
    system: System,
    collection: Collection,
    *,
    real_words: Collection | None = None,
    foreign: Foreign | None = None,
    variants: bool = False,
    absent: Mapping[str, str] | None = None,
) -> Proof:
    """Measure a system on a collection and on real people's words, its search on a foreign corpus, and variants.

    Raises BadCollection as `evaluate` does.
    """
    run = system.run(collection.all_questions)
    spelt = None
    if variants:
        spelt = measure_variants(system.rank, collection, Qrels.of(collection, run.catalogue), run.rankings)
    return Proof(
        collection=measure_front(COLLECTION, collection, run, system),
        real_words=_asked(REAL_WORDS, real_words, system) if real_words else None,
        foreign=_asked(FOREIGN, foreign.collection, this_index(foreign.searcher)) if foreign else None,
        variants=spelt,
        helped=helped_by_answers(real_words, system.catalogue, system.answer) if real_words and system.answer else None,
        absent=absent or {},
    )


def measure_front(name: str, collection: Collection, run: Run, system: System | None = None) -> Front:
    """Score a run, and whatever else can be measured of its system. Raises BadCollection as `evaluate` does."""
    unjudged = unjudged_hits(run, collection)
    first_ten = sum(len(run.rankings.get(question.id, ())[:JUDGED_DEPTH]) for question in collection.questions)
    report = evaluate(run, collection, system)
    return Front(name=name, asked=collection, report=report, first_ten=first_ten, unjudged=len(unjudged))


def _asked(name: str, collection: Collection, system: System) -> Front:
    return measure_front(name, collection, system.run(collection.all_questions), system)
