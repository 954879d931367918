"""What people say of what they found, and what they did not find: kept only where a service is told to.

    writer = Writer(Store(feedback_file(var), days=365), per_day=100)
    writer.write(judged(searcher, "garde d'enfants la nuit", initiative_id, grade=3), giver="192.0.2.7").result()
    page, table = write_report(folder, find_unmet_needs(searcher, writer.store.misses()))

Personal data is taken out of every text before it is kept (`redaction`), of the time only the date is, and what is
older than `days` is deleted, once it is sure what day it is (`calendar`, docs/feedback.md). Copies are made and taken
back while a service writes (`backup`). Questions that found nothing are clustered into the needs that the catalogue
does not meet; judgements on which people agree are a collection for the evaluation (`eval.judgements`).
"""

from feedback.backup import back_up, check, restore
from feedback.database import BadFeedback, BusyFeedback
from feedback.export import as_line, export_lines
from feedback.quota import TooMuchFeedback, household
from feedback.redaction import redact
from feedback.store import (
    FeedbackOff,
    Judgement,
    Kept,
    Miss,
    MissKind,
    Store,
    feedback_file,
    judged,
    missed_by_answer,
    missed_by_search,
    question_key,
    reported,
)
from feedback.unmet_needs import Need, UnmetNeeds, find_unmet_needs, write_report
from feedback.writer import Writer

__all__ = [
    "BadFeedback",
    "BusyFeedback",
    "FeedbackOff",
    "Judgement",
    "Kept",
    "Miss",
    "MissKind",
    "Need",
    "Store",
    "TooMuchFeedback",
    "UnmetNeeds",
    "Writer",
    "as_line",
    "back_up",
    "check",
    "export_lines",
    "feedback_file",
    "find_unmet_needs",
    "household",
    "judged",
    "missed_by_answer",
    "missed_by_search",
    "question_key",
    "redact",
    "reported",
    "restore",
    "write_report",
]
