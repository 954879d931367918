"""The report: everything that was measured on one page of HTML that needs no network and no script.

write_report(make_report(measured, proof, runs), Path("report.html"))
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from eval import charts, tables
from eval.ablation import Ablation
from eval.answer_figures import shown_with_confidence
from eval.answers import JudgedAnswer, measured_part, what_went_wrong
from eval.compare import ALL, HardQuestion, RunComparison, compare_runs, hardest
from eval.errors import CannotMeasure
from eval.evaluation import EvaluationReport
from eval.fronts import Proof
from eval.gate import Provenance
from eval.grading import GradedText, grades_of
from eval.metrics import DEPTH
from eval.run import Run
from eval.significance import FEWEST, LEVEL
from eval.tables import KINDS, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Hard questions that are shown, with their rankings.
HARDEST = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was measured, when, and how to do it again."""

    on: date
    provenance: Provenance
    settings: Mapping[str, str]  # those that figures depend on; no path and no secret
    versions: Mapping[str, str]  # of libraries
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the page is made of."""

    measured: Measured
    proof: Proof  # of the system that the others are compared with
    comparison: RunComparison
    hardest: tuple[HardQuestion, ...]
    not_compared: Mapping[str, str] = field(default_factory=dict)  # system → why it is not among those compared
    graded: tuple[GradedText, ...] = ()  # answers that somebody read

    @property
    def full(self) -> EvaluationReport:
        """All that was measured on the collection."""
        return self.proof.collection.report


def make_report(
    measured: Measured,
    proof: Proof,
    runs: Sequence[Run],
    not_compared: Mapping[str, str] | None = None,
    graded: Sequence[GradedText] = (),
) -> Report:
    """Make a report of runs on the collection of a proof, the first of them of the system that was proved.

    Raises as `compare_runs` does.
    """
    collection = proof.collection.asked
    comparison = compare_runs(collection, runs)
    return Report(
        measured=measured,
        proof=proof,
        comparison=comparison,
        hardest=hardest(collection, runs[0], comparison, HARDEST),
        not_compared=not_compared or {},
        graded=tuple(graded),
    )


def write_report(report: Report, path: Path) -> None:
    """Write the page. Raises CannotMeasure when it cannot be written."""
    page = render(report)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        what = f"The report cannot be written: {error.strerror}"
        raise CannotMeasure(what, str(path), "Give a path that can be written: --to report.html.") from None


def template(name: str) -> Template:
    """The template of this name: it escapes whatever is put into it, and what it asks for must be given."""
    environment = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def render(report: Report) -> str:
    """The page as HTML. All words are escaped; the charts are drawn here and stand in it."""
    full, comparison = report.full, report.comparison
    systems = [one.system for one in comparison.evaluations]
    taken, recalls = _taken(full), full.evaluation.series["similar"]
    return template("report.html").render(
        report=report,
        measured=report.measured,
        full=full,
        evaluation=full.evaluation,
        comparison=comparison,
        systems=systems,
        outside=[system for system in systems if system not in list(Ablation)],
        similar_recall=fmean(recalls.values()) if recalls else None,
        times={what: (median(times), _p95(times)) for what, times in taken.items()},
        level=LEVEL,
        fewest=FEWEST,
        depth=DEPTH,
        kinds=KINDS,
        chance=tables.chance,
        figure=tables.figure,
        signed=tables.signed,
        around=tables.around,
        tables=_tables(report, taken),
        front_sentences=tables.front_sentences(report.proof),
        real=report.proof.real_words,
        sentences=tables.answer_sentences(full.answers) if full.answers else (),
        slices=_slice_charts(comparison),
        pairs=_pairs(comparison),
        wrong=_wrong(full.judged),
        **_charts(full.judged, taken),
    )


def _taken(full: EvaluationReport) -> dict[str, list[float]]:
    """Milliseconds of each reply, ascending, by what was asked."""
    taken = {"search": full.evaluation.took_ms.values(), "ask": [one.answer.took_ms for one in full.judged]}
    return {name: sorted(times) for name, times in taken.items() if times}


def _p95(ordered: Sequence[float]) -> float:
    return ordered[int(0.95 * (len(ordered) - 1))]


def _tables(report: Report, taken: Mapping[str, Sequence[float]]) -> dict[str, list[Table]]:
    """The tables of the page, by its parts."""
    full, comparison = report.full, report.comparison
    evaluation, first = full.evaluation, comparison.first
    overall = [one for one in comparison.differences if one.label == ALL]
    ndcg = [one for one in comparison.differences if one.series == "ndcg_10"]
    other = [one for one in overall if one.series != "ndcg_10"]
    other += [one for one in ndcg if one.label != ALL and one.significant]
    below = f"Of each system against {first}, all questions. Below zero: worse than {first}."
    further = f"All questions by the other measures, then the slices whose nDCG@10 differs, p < {LEVEL}."
    return {
        "fronts": _front_tables(report.proof),
        "systems": [tables.systems_table(comparison)],
        "differences": [
            tables.differences_table(first, [one for one in ndcg if one.label == ALL], "Differences", below)
        ],
        "more": [tables.differences_table(first, other, "More differences", further)],
        "slices": [tables.slices_table(comparison)],
        "answers": tables.answer_tables(full.answers) if full.answers else [],
        "graded": [tables.grades_table(grades_of(report.graded))] if report.graded else [],
        "similar": [tables.similar_table(evaluation.similar)] if evaluation.similar else [],
        "silence": [tables.no_answer_table(evaluation.silence)] if evaluation.silence else [],
        "parsing": [tables.fields_table(full.parsing)] if full.parsing else [],
        "time": [_times_table(taken)] if taken else [],
    }


def _front_tables(proof: Proof) -> list[Table]:
    """All fronts side by side, each but the collection on its own, and the variants."""
    others = [tables.front_table(front) for front in proof.fronts if front is not proof.collection]
    variants = [tables.variants_table(proof.variants)] if proof.variants else []
    return [tables.fronts_table(proof.fronts), *others, *variants]


def _times_table(taken: Mapping[str, Sequence[float]]) -> Table:
    rows = [
        (what, str(len(times)), *(tables.figure(ms, 1) for ms in (median(times), _p95(times), times[-1])))
        for what, times in taken.items()
    ]
    return Table(
        title="Milliseconds",
        caption="Milliseconds of one reply, asked once each. “recueil bench” measures speed with more care.",
        headings=("reply", "questions", "median", "95th percentile", "longest"),
        groups={"": rows},
    )


def _slice_charts(comparison: RunComparison) -> dict[str, Markup]:
    systems = ", ".join(one.system for one in comparison.evaluations)
    return {
        kind: _drawn(
            charts.slices_chart(comparison, kind),
            f"slices-{kind}",
            f"{KINDS[kind]}: bars of nDCG@10 with 95 % intervals for {systems}. The table of slices has the numbers.",
        )
        for kind in tables.large_slices(comparison.evaluations[0].retrieval)
    }


def _pairs(comparison: RunComparison) -> list[dict[str, Any]]:
    """The first system beside each other one, question by question."""
    first, *others = comparison.evaluations
    pairs = []
    for other in others:
        before, after = first.series["ndcg_10"], other.series["ndcg_10"]
        gains = sorted((before[question] - after[question] for question in before), reverse=True)
        better, worse = sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains)
        told = f"{first.system} against {other.system}: better on {better} questions, worse on {worse}."
        pairs.append(
            {
                "system": other.system,
                "better": better,
                "equal": len(gains) - better - worse,
                "worse": worse,
                "difference": comparison.on(other.system, "ndcg_10", ALL),
                "chart": _drawn(charts.deltas_chart(gains), f"deltas-{other.system}", told),
            }
        )
    return pairs


def _charts(judged: Sequence[JudgedAnswer], taken: Mapping[str, Sequence[float]]) -> dict[str, Markup | None]:
    discs = "Discs of how many answers of each confidence are right, along the diagonal where confidence is deserved."
    line = (
        "A line of the share of answers that are not right, over the share of the answers shown, most confident first."
    )
    halves = "; ".join(f"half of {name} within {median(times):.0f} ms" for name, times in taken.items())
    steps = f"Share of the questions by milliseconds: {halves}."
    sure = shown_with_confidence(measured_part(judged))
    return {
        "reliability": _drawn(charts.reliability_chart(judged), "reliability", discs) if sure else None,
        "risk": _drawn(charts.risk_coverage_chart(judged), "risk", line) if sure else None,
        "latency": _drawn(charts.latency_chart(taken), "latency", steps) if taken else None,
    }


def _wrong(judged: Sequence[JudgedAnswer]) -> dict[str, list[JudgedAnswer]]:
    """The replies that went wrong, by what went wrong."""
    wrong: dict[str, list[JudgedAnswer]] = {}
    for one in judged:
        if what := what_went_wrong(one):
            wrong.setdefault(what, []).append(one)
    return dict(sorted(wrong.items()))


def _drawn(figure: "Figure", name: str, alternative: str) -> Markup:
    # The drawing escapes the words that stand in it.
    return Markup(charts.svg_in_a_page(figure, name, alternative))
