"""Tables: every table of an evaluation once, for the terminal and for the page of the report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table as TerminalTable

from eval.answer_figures import AnswerFigures, Shares
from eval.answers import CONTACT, JudgedAnswer, what_went_wrong
from eval.compare import ALL, Change, Difference, Line, RunComparison
from eval.evaluation import EvaluationReport, NoAnswerCounts, Retrieval, SimilarFigures
from eval.fields import FieldFigures
from eval.fronts import TITLES, Front, Proof
from eval.grading import Grades
from eval.metrics import HEADINGS, Figures
from eval.significance import FEWEST, LEVEL, Interval
from eval.variants import VariantReport

# What series are called.
NAMES = HEADINGS | {"silence": "empty list when it should be", "similar": "similar, Recall@10"}

KINDS = {
    "type": "By type of question",
    "document": "By document",
    "language": "By language",
    "theme": "By theme",
    "length": "By length of the question",
}

STAR = f"* differs from the first system, p < {LEVEL} (paired randomisation, Holm)"

# Changed questions of each system that a terminal shows, and lines of each ranking; --json has more.
CHANGES_SHOWN, LINES_SHOWN = 3, 5

# The first cell names the row. Small print, an interval for instance, follows a figure on a second line.
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a table says, however it is shown. Where the first group is one row, the others are parts of it or less."""

    title: str
    caption: str = ""
    headings: tuple[str, ...]
    groups: Mapping[str, Sequence[Row]]  # heading of a group, which the page shows → its rows
    words: int = 1  # so many of the first columns hold words, the others figures


def show_table(table: Table, console: Console, narrow: bool = False) -> None:
    """Print a table that needs as little room as can be: nine columns on 80 characters.

    `narrow` makes room for more of them: without small print, and with headings that may break.
    """
    shown = TerminalTable(
        title=table.title,
        title_justify="left",
        caption=table.caption,
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=0 if table.words == 1 else (0, 1),
        expand=table.words == len(table.headings),
    )
    for place, heading in enumerate(table.headings):
        figures = place >= table.words
        shown.add_column(
            heading,
            justify="right" if figures else "left",
            no_wrap=figures and not narrow,
            ratio=None if figures else 1,
        )
    for rows in table.groups.values():
        for row in rows:
            shown.add_row(*([cell.split("\n")[0] for cell in row] if narrow else row))
        shown.add_section()
    console.print(shown)


def show_proof(proof: Proof, console: Console) -> None:
    """Print the figures of all fronts, real people's words first, then all that was measured on the collection."""
    if len(proof.fronts) > 1:
        show_table(fronts_table(proof.fronts), console)
    for front in proof.fronts:
        if front is not proof.collection:
            show_table(front_table(front), console)
    for sentence in front_sentences(proof):
        console.print(sentence)
    if proof.variants:
        show_table(variants_table(proof.variants), console)
    show_report(proof.collection.report, console)


def show_report(report: EvaluationReport, console: Console) -> None:
    """Print all figures of one run, and what is left out."""
    evaluation = report.evaluation
    console.print(f"Collection '{evaluation.collection}', system '{evaluation.system}'")
    show_table(retrieval_table(evaluation.retrieval), console)
    if evaluation.silence:
        show_table(no_answer_table(evaluation.silence), console)
    if evaluation.similar:
        show_table(similar_table(evaluation.similar), console)
    if report.answers:
        show_answers(report.answers, console)
    if report.parsing:
        show_table(fields_table(report.parsing), console)
    for part, why in report.left_out.items():
        console.print(f"Left out: {part}, because {why}.")


def show_answers(figures: AnswerFigures, console: Console) -> None:
    """Print the figures of answers."""
    for table in answer_tables(figures):
        show_table(table, console)
    for sentence in answer_sentences(figures):
        console.print(sentence)


def show_wrong(judged: Iterable[JudgedAnswer], console: Console) -> None:
    """Print the questions that went wrong, each with its reply; without contacts, for figures end up in logs."""
    replies = [(one.question.text, _told(one)) for one in judged if what_went_wrong(one)]
    groups = {f"{place}": [reply] for place, reply in enumerate(replies)}
    show_table(Table(title="What went wrong", headings=("question", "reply"), groups=groups, words=2), console)


def _told(one: JudgedAnswer) -> str:
    text = "a contact" if one.question.type == CONTACT else one.answer.text
    return f"{one.answer.verdict.value} ({figure(one.answer.confidence, 2)}): {text}"


def show_comparison(comparison: RunComparison, console: Console) -> None:
    """Print means overall and by slice, then the questions that changed most, with both rankings."""
    console.print(f"Collection '{comparison.collection}', compared with '{comparison.first}'")
    show_table(systems_table(comparison), console)
    show_table(slices_table(comparison), console, narrow=True)
    shown: dict[str, int] = {}
    for change in comparison.changes:
        shown[change.system] = shown.get(change.system, 0) + 1
        if shown[change.system] <= CHANGES_SHOWN:
            show_table(_change_table(comparison.first, change), console)


def figure(value: float | None, digits: int = 3) -> str:
    """Example: None → "–"."""
    return "–" if value is None else f"{value:.{digits}f}"


def signed(value: float) -> str:
    """Example: -0.5 → "−0.500"."""
    return f"{value:+.3f}".replace("-", "−")


def chance(p: float) -> str:
    """Example: 0.00012 → "< .001"."""
    return "< .001" if p < 0.001 else f"{p:.3f}"


def around(interval: Interval | None) -> str:
    """Example: "0.78–0.87", or "−0.02 to 0.03". Nothing where there is none."""
    if not interval:
        return ""
    low, high = (f"{end:.2f}".replace("-", "−") for end in interval)
    return f"{low} to {high}" if "−" in low + high else f"{low}–{high}"


FRONT_HEADINGS = ("nDCG@10", "95 %", "MRR\n@10", "first\nright", "Success\n@3", "Recall\n@50")


def fronts_table(fronts: Iterable[Front]) -> Table:
    """The figures of each front, one a row, with the lists that are empty: of questions without an answer, with one."""
    rows = []
    for front in fronts:
        counts, overall = front.report.evaluation.silence, front.report.evaluation.retrieval.overall
        shares = (counts.unanswerable_share, counts.answerable_share) if counts else (None, None)
        rows.append((front.title, *_front_cells(overall), *(figure(share, 2) for share in shares)))
    headings = ("front", "number", *FRONT_HEADINGS, "rightly\nempty", "wrongly\nempty")
    caption = "Rightly empty: of the questions that nothing answers. Weights are chosen on the first two alone."
    return Table(title="How good the search is", caption=caption, headings=headings, groups={"": rows})


def _front_cells(figures: Figures) -> Row:
    measures = (figures.mrr_10, figures.success_1, figures.success_3, figures.recall_50)
    interval = around(figures.intervals.get("ndcg_10"))
    return (str(figures.questions), figure(figures.ndcg_10), interval, *map(figure, measures))


def front_table(front: Front) -> Table:
    """The figures of one front, overall and by type, language and length, however few questions these have."""
    retrieval = front.report.evaluation.retrieval
    groups = {"": [("all", *_front_cells(retrieval.overall))]}
    for kind in ("type", "language", "length"):
        rows = [(name, *_front_cells(figures)) for name, figures in retrieval.by_kind[kind].items()]
        # One slice alone says what all questions say.
        groups |= {KINDS[kind]: rows} if len(rows) > 1 else {}
    headings = ("questions", "number", *FRONT_HEADINGS)
    return Table(title=front.title.capitalize(), headings=headings, groups=groups)


def front_sentences(proof: Proof) -> tuple[str, ...]:
    """What nobody judged among the first ten of each front, and which fronts are not measured."""
    unjudged = ", ".join(f"{front.title} {front.unjudged} of {front.first_ten}" for front in proof.fronts)
    return (
        f"Unjudged among the first ten, and counted as 0: {unjudged}.",
        *(f"Not measured: {TITLES[front]}, because {why}." for front, why in proof.absent.items()),
    )


def variants_table(report: VariantReport) -> Table:
    """What each spelling makes of the questions, beside the questions as they are written."""
    rows = [
        (one.name, str(one.changed), figure(one.ndcg_10), str(one.emptied), figure(one.overlap, 2))
        for one in report.variants
    ]
    first = ("as written", "", figure(report.as_written), "", "")
    headings = ("spelling", "questions changed", "nDCG@10", "lists emptied", "first ten in common")
    caption = f"The same {report.questions} questions in other spellings: nothing should change."
    return Table(title="Surface variants", caption=caption, headings=headings, groups={"": [first], "Others": rows})


def retrieval_table(retrieval: Retrieval) -> Table:
    """The measures of one system, overall and by slice."""
    first, *others = (heading.replace("@", "\n@") for heading in HEADINGS.values())
    groups = {"": [_retrieval_row("all", retrieval.overall)]}
    for kind, of in large_slices(retrieval).items():
        groups[KINDS[kind]] = [_retrieval_row(name, figures) for name, figures in of.items()]
    caption = f"Slices of fewer than {FEWEST} questions are left out here; --json has them."
    headings = ("questions", "number", first, "95 %", *others)
    return Table(title="Retrieval", caption=caption, headings=headings, groups=groups)


def _retrieval_row(name: str, figures: Figures) -> Row:
    first, *others = (figure(getattr(figures, measure)) for measure in HEADINGS)
    return (name, str(figures.questions), first, around(figures.intervals.get("ndcg_10")), *others)


def large_slices(retrieval: Retrieval) -> dict[str, dict[str, Figures]]:
    """The slices that are large enough to be compared: kind → name → figures."""
    large = {
        kind: {name: figures for name, figures in of.items() if figures.questions >= FEWEST}
        for kind, of in retrieval.by_kind.items()
    }
    return {kind: of for kind, of in large.items() if of}


def no_answer_table(counts: NoAnswerCounts) -> Table:
    """How many questions get an empty list."""
    rows = [
        ("that no initiative answers", str(counts.unanswerable), str(counts.unanswerable_empty)),
        ("that some initiative answers", str(counts.answerable), str(counts.answerable_empty)),
    ]
    caption = "Questions that no initiative answers should get an empty list, the others should not."
    headings = ("questions", "number", "empty list")
    return Table(title="Nothing relevant", caption=caption, headings=headings, groups={"": rows})


def similar_table(similar: Mapping[str, SimilarFigures]) -> Table:
    """How well similar initiatives find each other."""
    rows = [(name, str(of.groups), str(of.members), figure(of.recall_10)) for name, of in similar.items()]
    caption = "Recall@10: the share of the others of a group that are shown for each member among ten."
    headings = ("strength", "groups", "members", "Recall@10")
    return Table(title="Similar initiatives", caption=caption, headings=headings, groups={"": rows})


def answer_tables(figures: AnswerFigures) -> list[Table]:
    """Of the questions that sheets answer, of those that none does, and of confidence, as far as there is any."""
    tables = []
    if figures.answerable:
        parts = {"": {"all": figures.answerable}, "By type": figures.by_type, "By language": figures.by_language}
        if len(figures.by_part) > 1:
            parts["By part of the collection"] = figures.by_part
        groups = {heading: [_shares_row(*one) for one in part.items()] for heading, part in parts.items()}
        headings = ("questions that sheets answer", "number", "right", "says it", "whole", "withheld")
        caption = (
            "Of the first statement alone. Right: it says the known words, from a right source, in whole sentences."
            " Says it: however it is shown. Whole: of the answers given."
        )
        tables.append(Table(title="Answers", caption=caption, headings=headings, groups=groups))
    refusals = {"near misses": figures.near_misses, "other subjects": figures.other_subjects}
    if rows := [(name, str(of.questions), figure(of.refused)) for name, of in refusals.items() if of]:
        refused = ("questions that no sheet answers", "number", "refused")
        tables.append(Table(title="Refusals", headings=refused, groups={"": rows}))
    if figures.reliability:
        tables.append(_reliability_table(figures))
    return tables


def _shares_row(name: str, shares: Shares) -> Row:
    shown = (shares.right, shares.holds, shares.whole, shares.withheld)
    return (name, str(shares.questions), *map(figure, shown))


def _reliability_table(figures: AnswerFigures) -> Table:
    rows = [
        (f"{one.least:.1f} and more", str(one.answers), figure(one.confidence), figure(one.right))
        for one in figures.reliability
    ]
    caption = f"Of the answers shown. Expected calibration error {figure(figures.calibration_error)}."
    headings = ("confidence", "answers", "mean", "right")
    return Table(title="Reliability", caption=caption, headings=headings, groups={"": rows})


def answer_sentences(figures: AnswerFigures) -> tuple[str, ...]:
    """The figures of answers that no table holds."""
    risk = (f"{share:.3f} at {of}" for of, share in figures.risk.items())
    flaws = (f"{what} {count}" for what, count in figures.flaws.items())
    median, longer = figure(figures.characters_median, 0), figure(figures.characters_90, 0)
    return (
        f"Marked sure {figures.sure.answers}, of which right {figure(figures.sure.right)}."
        if figures.sure
        else "Marked sure: none.",
        f"First statements that are not whole: {', '.join(flaws) or 'none'}.",
        f"Quotes {figures.quotes}, exact {figure(figures.quotes_exact)}.",
        f"Confidence: AUROC {figure(figures.auroc)}, expected calibration error {figure(figures.calibration_error)}."
        if figures.risk
        else "Confidence: none, for it was fitted on other texts.",
        f"Risk by coverage of the answers shown: {', '.join(risk) or figure(None)}.",
        f"Characters: median {median}, 90th percentile {longer}.",
        f"Milliseconds: median {figures.ms_median:.1f}, 95th percentile {figures.ms_95:.1f}.",
    )


def show_grades(grades: Grades, console: Console) -> None:
    """Print what readers gave."""
    show_table(grades_table(grades), console)


def grades_table(grades: Grades) -> Table:
    """What readers gave to the answers they read."""
    rows = [("all", str(grades.graded), figure(grades.mean, 2), figure(grades.best, 2))]
    groups = {"": rows, "By language": [(name, "", figure(mean, 2), "") for name, mean in grades.by_language.items()]}
    caption = "0 to 3; of 3 are those that can be pasted into a note as they stand."
    if grades.ungraded:
        caption += f" {grades.ungraded} are not graded yet."
    headings = ("answers that were read", "number", "mean", "share of 3")
    return Table(title="Grades", caption=caption, headings=headings, groups=groups)


def fields_table(fields: FieldFigures) -> Table:
    """How often each field of a sheet is right."""
    rows = [(name, str(of.sheets), str(of.right), figure(of.share)) for name, of in fields.fields.items()]
    headings = ("field", "sheets", "right", "share")
    return Table(title="Fields of the sheets", headings=headings, groups={"": rows})


def systems_table(comparison: RunComparison) -> Table:
    """The means of every system over all questions."""
    first, *others = (
        (one.system, *(_starred(comparison, one.system, name, ALL, one.retrieval.overall) for name in HEADINGS))
        for one in comparison.evaluations
    )
    title, headings = "All questions, means and 95 % intervals", ("system", *HEADINGS.values())
    return Table(title=title, caption=STAR, headings=headings, groups={"": [first], "Others": others})


def slices_table(comparison: RunComparison) -> Table:
    """nDCG@10 of every system on every slice."""
    by_system = {one.system: large_slices(one.retrieval) for one in comparison.evaluations}
    groups: dict[str, list[Row]] = {}
    for kind, slices in by_system[comparison.first].items():
        for name, figures in slices.items():
            cells = (
                _starred(comparison, system, "ndcg_10", f"{kind} {name}", of[kind][name])
                for system, of in by_system.items()
            )
            groups.setdefault(KINDS[kind], []).append((name, str(figures.questions), *cells))
    headings = ("questions", "number", *by_system)
    return Table(title="nDCG@10 by slice", caption=STAR, headings=headings, groups=groups)


def _starred(comparison: RunComparison, system: str, series: str, label: str, figures: Figures) -> str:
    """A mean, a star where it differs from the first system's, and its interval below."""
    interval = around(figures.intervals.get(series))
    return f"{figure(getattr(figures, series))}{_star(comparison.on(system, series, label))}\n{interval}"


def _star(difference: Difference | None) -> str:
    return "*" if difference and difference.significant else " "


def differences_table(first: str, differences: Iterable[Difference], title: str, caption: str) -> Table:
    """Differences to the first system, one a row."""
    headings = ("system", "measure", "questions", first, "system", "difference", "95 %", "p (Holm)")
    rows = [_difference_row(one) for one in differences]
    return Table(title=title, caption=caption, headings=headings, groups={"": rows}, words=3)


def _difference_row(one: Difference) -> Row:
    measure = NAMES.get(one.series, one.series)
    questions = "all questions" if one.label == ALL else one.label
    figures = (figure(one.before), figure(one.after), signed(one.gain), around(one.interval))
    return (one.system, measure, questions, *figures, f"{chance(one.corrected_p)}{_star(one)}")


def _change_table(first: str, change: Change) -> Table:
    return Table(
        title=f"{change.question} ({change.type}): {change.text}",
        headings=(f"{first}: {change.before:.3f}", f"{change.system}: {change.after:.3f}"),
        groups={"": [(_lines(change.ranking_before), _lines(change.ranking_after))]},
        words=2,
    )


def _lines(ranking: Iterable[Line]) -> str:
    """Lines of a ranking, each with its grade. Example: "3  Un bus pour les démarches"."""
    lines = [f"{'?' if line.grade is None else line.grade}  {line.title}" for line in ranking]
    return "\n".join(lines[:LINES_SHOWN]) or "nothing"
