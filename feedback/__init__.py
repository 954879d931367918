"""What people say of what they found, and what they did not find: kept only where a service is told to.

    writer = Writer(Store(feedback_file(var), days=365))
    writer.write(judged(searcher, "garde d'enfants la nuit", initiative_id, grade=3)).result()
    page, table = write_report(folder, find_unmet_needs(searcher, writer.store.misses()))

Personal data is taken out of every text before it is kept (`redaction`), of the time only the date is, and what is
older than `days` is deleted (docs/feedback.md). Questions that found nothing are clustered into the needs that the
catalogue does not meet; judgements on which people agree are a collection for the evaluation (`eval.judgements`).
"""

from feedback.redaction import redact
from feedback.store import (
    BadFeedback,
    BusyFeedback,
    FeedbackOff,
    Judgement,
    Kept,
    Miss,
    MissKind,
    Store,
    Writer,
    feedback_file,
    judged,
    missed_by_answer,
    missed_by_search,
    question_key,
    reported,
)
from feedback.unmet_needs import UnmetNeeds, find_unmet_needs, write_report

__all__ = [
    "BadFeedback",
    "BusyFeedback",
    "FeedbackOff",
    "Judgement",
    "Kept",
    "Miss",
    "MissKind",
    "Store",
    "UnmetNeeds",
    "Writer",
    "feedback_file",
    "find_unmet_needs",
    "judged",
    "missed_by_answer",
    "missed_by_search",
    "question_key",
    "redact",
    "reported",
    "write_report",
]
