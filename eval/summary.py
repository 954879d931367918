"""Summary: what the page about quality tells people who are no engineers, as one small file without any question.

    write_summary(summary_of(proof, made=date.today(), version="0.2.0", corpus=manifest.corpus), Path("quality.json"))

`web/quality.py` reads it. Every figure on that page, and those of the README, come from here.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from eval.answer_figures import AnswerFigures, Shares
from eval.errors import CannotMeasure
from eval.fields import FieldFigures
from eval.fronts import Front, Proof
from eval.metrics import Figures
from eval.variants import VariantReport

SCHEMA = 1
DIGITS = 6  # behind the point: more would tell processors apart


def summary_of(proof: Proof, *, made: date, version: str, corpus: str | None) -> dict[str, Any]:
    """The summary, ready for JSON; `corpus` is the digest of the sheets that were searched. None for what is not there.

    Example: {"schema": 1, "made": "2026-11-29", …, "fronts": {"real_words": {"questions": 50, "success_3": 0.84, …}}}
    """
    report = proof.collection.report
    told = {
        "schema": SCHEMA,
        "made": made.isoformat(),
        "version": version,
        "corpus": corpus,
        "fronts": {one.name: _front(one) for one in proof.fronts},
        "helped": asdict(proof.helped) if proof.helped else None,
        "answers": _answers(report.answers) if report.answers else None,
        "fields": _fields(report.parsing) if report.parsing else None,
        "spellings": _spellings(proof.variants) if proof.variants else None,
    }
    rounded: dict[str, Any] = _rounded(told)
    return rounded


def write_summary(summary: Mapping[str, Any], path: Path) -> None:
    """Write it, so that version control shows what changed. Raises CannotMeasure when it cannot be written."""
    try:
        path.write_text(json.dumps(summary, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        what = f"The summary cannot be written: {error.strerror}"
        raise CannotMeasure(what, str(path), "Give a path that can be written: --to quality.json.") from None


def _front(front: Front) -> dict[str, Any]:
    evaluation = front.report.evaluation
    return {
        **_figures(evaluation.retrieval.overall),
        "by_type": {name: _figures(one) for name, one in evaluation.retrieval.by_type.items()},
        "empty": asdict(evaluation.silence) if evaluation.silence else None,
        "first_ten": front.first_ten,
        "unjudged": front.unjudged,
    }


def _figures(figures: Figures) -> dict[str, Any]:
    names = ("questions", "ndcg_10", "mrr_10", "success_1", "success_3", "recall_50")
    intervals = {name: figures.intervals[name] for name in ("ndcg_10", "success_3") if name in figures.intervals}
    return {**{name: getattr(figures, name) for name in names}, "intervals": intervals}


def _answers(figures: AnswerFigures) -> dict[str, Any]:
    def shares(one: Shares) -> dict[str, Any]:
        return {"questions": one.questions, "right": one.right, "withheld": one.withheld, "whole": one.whole}

    return {
        "all": shares(figures.answerable) if figures.answerable else None,
        "by_language": {name: shares(one) for name, one in figures.by_language.items()},
        "by_type": {name: shares(one) for name, one in figures.by_type.items()},
        "near_misses": asdict(figures.near_misses) if figures.near_misses else None,
        "other_subjects": asdict(figures.other_subjects) if figures.other_subjects else None,
        "sure": asdict(figures.sure) if figures.sure else None,
        "quotes": figures.quotes,
        "quotes_exact": figures.quotes_exact,
        "calibration_error": figures.calibration_error,
    }


def _fields(figures: FieldFigures) -> dict[str, Any]:
    return {name: asdict(one) for name, one in figures.fields.items()}


def _spellings(report: VariantReport) -> dict[str, Any]:
    return {
        "spellings": len(report.variants),
        "as_written": report.as_written,
        "worst": report.worst.ndcg_10,
        "emptied": sum(one.emptied for one in report.variants),
        "overlap": min(one.overlap for one in report.variants),
    }


def _rounded(value: Any) -> Any:  # noqa: ANN401
    """The same with every fraction rounded. Tuples become lists, as JSON has them."""
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return round(value, DIGITS) if isinstance(value, float) else value
