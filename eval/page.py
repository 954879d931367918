"""The page of a report: HTML that needs no network and no script, with its pictures inside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean, median

from markupsafe import Markup
from matplotlib.figure import Figure

from eval.answer_pictures import reliability_of, risk_coverage_of
from eval.answers import Judged, what_went_wrong
from eval.comparison import Comparison
from eval.differences import ALL, Difference
from eval.fault import CannotMeasure
from eval.gate import LEVEL
from eval.latency_picture import latency_of
from eval.measures import DEPTH, HEADINGS, Figures
from eval.picture import svg_in_a_page
from eval.proof import Proof
from eval.ranking_pictures import deltas_of, gains_of, slice_bars_of, slices_by_kind
from eval.report import Report
from eval.slices import FEWEST
from eval.stages import Stage
from eval.template import template

TEMPLATE = "report.html"

# What series are called.
NAMES = HEADINGS | {"silence": "empty list when it should be", "similar": "similar, Recall@10"}

KINDS = {
    "type": "By type of question",
    "document": "By document",
    "language": "By language",
    "theme": "By theme",
    "length": "By length of the question",
}


@dataclass(frozen=True, slots=True)
class _Tile:
    """One figure at the head of the page."""

    what: str
    figure: str
    of: str


@dataclass(frozen=True, slots=True)
class _Pair:
    """One system beside the first, question by question."""

    system: str
    better: int
    equal: int
    worse: int
    difference: Difference
    picture: Markup


@dataclass(frozen=True, slots=True)
class _Timed:
    """How long something took."""

    what: str
    questions: int
    median: float  # milliseconds
    p95: float
    most: float


def write_page(report: Report, path: Path) -> None:
    """Write the page. Raises CannotMeasure when it cannot be written."""
    page = render(report)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        what = f"The report cannot be written: {error.strerror}"
        raise CannotMeasure(what, str(path), "Give a path that can be written: --to report.html.") from None


def render(report: Report) -> str:
    """The page as HTML. All words are escaped; the pictures are drawn here and stand in it."""
    comparison, judged = report.comparison, report.proof.judged
    systems = [one.system for one in comparison.evaluations]
    taken = _taken(report.proof)
    timed = [_timed(name, times) for name, times in taken.items()]
    return template(TEMPLATE).render(
        report=report,
        measured=report.measured,
        evaluation=report.proof.evaluation,
        proof=report.proof,
        comparison=comparison,
        outside=[system for system in systems if system not in list(Stage)],
        tiles=_tiles(report.proof, timed),
        headings=HEADINGS,
        names=NAMES,
        level=LEVEL,
        fewest=FEWEST,
        depth=DEPTH,
        starred=_starred(comparison.differences),
        overall=[one for one in comparison.differences if one.label == ALL],
        on_slices=_on_slices(comparison.differences),
        kinds=KINDS,
        slices=_slice_pictures(comparison),
        slice_tables=_slice_tables(comparison),
        pairs=_pairs(comparison),
        reliability=_reliability(judged),
        risk=_risk(judged),
        wrong=_wrong(judged),
        latency=_latency(taken),
        timed=timed,
    )


def _tiles(proof: Proof, timed: Sequence[_Timed]) -> list[_Tile]:
    """The figures at the head of the page that depend on what was measured."""
    tiles = []
    if proof.answers and (shares := proof.answers.answerable):
        tiles.append(_Tile("answers right", f"{shares.right:.0%}", f"of {shares.questions} questions"))
    if proof.answers and (refusals := proof.answers.unanswerable):
        of = f"of {refusals.questions} that no sheet answers"
        tiles.append(_Tile("rightly refused", f"{refusals.refused:.0%}", of))
    if proof.answers and proof.answers.quotes_exact is not None:
        tiles.append(_Tile("quotes exact", f"{proof.answers.quotes_exact:.0%}", f"of {proof.answers.quotes}"))
    if recalls := proof.evaluation.series.get("similar"):
        tiles.append(_Tile("similar initiatives found", f"{fmean(recalls.values()):.0%}", "among ten shown"))
    if proof.parsing:
        right = sum(one.right for one in proof.parsing.fields.values())
        judged = sum(one.sheets for one in proof.parsing.fields.values())
        tiles.append(_Tile("fields read rightly", f"{right / judged:.1%}", f"of {judged:,}"))
    for one in timed:
        tiles.append(_Tile(f"median time to {one.what}", f"{one.median:.0f} ms", f"95 % within {one.p95:.0f} ms"))
    return [replace(tile, figure=tile.figure.replace("%", "\u00a0%")) for tile in tiles]


def _starred(differences: Sequence[Difference]) -> set[tuple[str, str, str]]:
    """System, series and label of what differs from the first system by more than chance."""
    return {(one.system, one.series, one.label) for one in differences if one.corrected_p < LEVEL}


def _on_slices(differences: Sequence[Difference]) -> list[Difference]:
    """The slices on which nDCG@10 differs from the first system's by more than chance."""
    on_slices = [one for one in differences if one.label != ALL and one.series == "ndcg_10"]
    return [one for one in on_slices if one.corrected_p < LEVEL]


def _slice_pictures(comparison: Comparison) -> dict[str, Markup]:
    systems = ", ".join(one.system for one in comparison.evaluations)
    return {
        kind: _drawn(
            slice_bars_of(comparison, kind),
            f"slices-{kind}",
            f"{KINDS[kind]}: bars of nDCG@10 with 95 % intervals for {systems}. The table of slices has the numbers.",
        )
        for kind in slices_by_kind(comparison.evaluations[0].retrieval)
    }


def _slice_tables(comparison: Comparison) -> dict[str, dict[str, list[Figures]]]:
    """Kind → name of a slice → the figures of every system."""
    by_system = [slices_by_kind(one.retrieval) for one in comparison.evaluations]
    return {
        kind: {name: [slices[kind][name] for slices in by_system] for name in names}
        for kind, names in by_system[0].items()
    }


def _pairs(comparison: Comparison) -> list[_Pair]:
    first, *others = comparison.evaluations
    found = {one.system: one for one in comparison.differences if (one.series, one.label) == ("ndcg_10", ALL)}
    pairs = []
    for other in others:
        gains = gains_of(first.series["ndcg_10"], other.series["ndcg_10"])
        better, worse = sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains)
        told = f"{first.system} against {other.system}: better on {better} questions, worse on {worse}."
        picture = _drawn(deltas_of(gains), f"deltas-{other.system}", told)
        equal = len(gains) - better - worse
        pairs.append(_Pair(other.system, better, equal, worse, found[other.system], picture))
    return pairs


def _reliability(judged: Sequence[Judged]) -> Markup | None:
    told = "Discs of how many answers of each confidence are right, along the diagonal where confidence is deserved."
    return _drawn(reliability_of(judged), "reliability", told) if judged else None


def _risk(judged: Sequence[Judged]) -> Markup | None:
    told = "A line of the share of answers that are not right, over the share of questions, most confident first."
    return _drawn(risk_coverage_of(judged), "risk", told) if judged else None


def _wrong(judged: Sequence[Judged]) -> dict[str, list[Judged]]:
    """The replies that went wrong, by what went wrong."""
    wrong: dict[str, list[Judged]] = {}
    for one in judged:
        if what := what_went_wrong(one):
            wrong.setdefault(what, []).append(one)
    return dict(sorted(wrong.items()))


def _taken(proof: Proof) -> dict[str, list[float]]:
    """Milliseconds of each reply."""
    taken = {"search": list(proof.evaluation.took_ms.values())}
    taken["ask"] = [one.answer.took_ms for one in proof.judged]
    return {name: times for name, times in taken.items() if times}


def _latency(taken: Mapping[str, Sequence[float]]) -> Markup | None:
    told = "; ".join(f"half of {name} within {median(times):.0f} ms" for name, times in taken.items())
    return _drawn(latency_of(taken), "latency", f"Share of the questions by milliseconds: {told}.") if taken else None


def _timed(name: str, times: Sequence[float]) -> _Timed:
    ordered = sorted(times)
    return _Timed(name, len(ordered), median(ordered), ordered[int(0.95 * (len(ordered) - 1))], ordered[-1])


def _drawn(figure: Figure, name: str, alternative: str) -> Markup:
    # The drawing escapes the words that stand in it.
    return Markup(svg_in_a_page(figure, name, alternative))
