"""Is it good, is it fast: above search, imported by the command line alone.

    collection, system = open_collection(folder), this_index(searcher, answers=answering_folder)
    proof = prove(system, collection, real_words=real_words, foreign=foreign, variants=True)
    show_proof(proof, console)
    check_gate(read_baseline(path), path, digest_of(folder), proof.held())

A collection is a folder of questions and relevance judgements, ours or one of TREC or BEIR. A system gives rankings for
questions, its run; ir-measures scores it, question by question. Real people's words, a foreign corpus and the
questions in other spellings are measured beside it, as fronts. Answers and the fields of sheets are judged beside it.
`compare_runs` tells by paired tests in what runs differ, an `Ablation` what a part of the search is worth, the gate
whether a change may pass, `write_report` all of it on one page. `run_bench` asks the questions with a stopwatch.
"""

from eval.ablation import Ablation, ablated
from eval.adaptation_weight import choose_adaptation_weight
from eval.answer_figures import figures_of_answers
from eval.answers import judge_answers, read_answer_questions
from eval.bench import require_txtai, run_bench, run_txtai, show_bench
from eval.charts import write_answer_charts
from eval.collection import Catalogue, Collection
from eval.compare import RunComparison, compare_runs
from eval.errors import BadBaseline, BadCollection, CannotMeasure, WorseThanBaseline
from eval.evaluation import EvaluationReport, evaluate
from eval.foreign import Foreign, open_foreign
from eval.formats import Format, digest_of, export, load_collection, open_collection, read_run
from eval.fronts import COLLECTION, FOREIGN, REAL_WORDS, Front, Proof, measure_front, prove
from eval.gate import (
    Held,
    Provenance,
    check_gate,
    moved,
    provenance_of,
    read_baseline,
    versions,
    write_baseline,
)
from eval.grading import grades_of, read_grades, write_texts
from eval.helped import helped_by_answers
from eval.judgements import Agreement, JudgedPair, agreement_of, write_collection
from eval.pooling import UnjudgedHit, unjudged_hits, with_judgements, with_kept_judgements
from eval.report import Measured, make_report, write_report
from eval.run import (
    Run,
    System,
    answer_of,
    catalogue_of,
    open_searcher,
    open_service,
    read_catalogue,
    this_index,
    var_of_encoder,
)
from eval.summary import summary_of, write_summary
from eval.tables import show_answers, show_comparison, show_grades, show_proof, show_report, show_wrong
from eval.tuning import Tuned, tune
from eval.weights import Chosen, QuestionScores, cross_validate

__all__ = [
    "COLLECTION",
    "FOREIGN",
    "REAL_WORDS",
    "Ablation",
    "Agreement",
    "BadBaseline",
    "BadCollection",
    "CannotMeasure",
    "Catalogue",
    "Chosen",
    "Collection",
    "EvaluationReport",
    "Foreign",
    "Format",
    "Front",
    "Held",
    "JudgedPair",
    "Measured",
    "Proof",
    "Provenance",
    "QuestionScores",
    "Run",
    "RunComparison",
    "System",
    "Tuned",
    "UnjudgedHit",
    "WorseThanBaseline",
    "ablated",
    "agreement_of",
    "answer_of",
    "catalogue_of",
    "check_gate",
    "choose_adaptation_weight",
    "compare_runs",
    "cross_validate",
    "digest_of",
    "evaluate",
    "export",
    "figures_of_answers",
    "grades_of",
    "helped_by_answers",
    "judge_answers",
    "load_collection",
    "make_report",
    "measure_front",
    "moved",
    "open_collection",
    "open_foreign",
    "open_searcher",
    "open_service",
    "prove",
    "provenance_of",
    "read_answer_questions",
    "read_baseline",
    "read_catalogue",
    "read_grades",
    "read_run",
    "require_txtai",
    "run_bench",
    "run_txtai",
    "show_answers",
    "show_bench",
    "show_comparison",
    "show_grades",
    "show_proof",
    "show_report",
    "show_wrong",
    "summary_of",
    "this_index",
    "tune",
    "unjudged_hits",
    "var_of_encoder",
    "versions",
    "with_judgements",
    "with_kept_judgements",
    "write_answer_charts",
    "write_baseline",
    "write_collection",
    "write_report",
    "write_summary",
    "write_texts",
]
