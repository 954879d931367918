"""From what a search found to an answer that quotes its sources, or an abstention.

    answerer = Answerer.open(searcher, answering_folder(var, encoder))
    answer = answerer.answer(searcher.rank("Combien de foyers testent le kit chauffage au bois ?"))
    answer.text, answer.citations, answer.confidence

    Ranking ─→ AnswerContext (candidates): the question's answer type, the best initiatives, their passages compared
                └→ extract_candidates: spans (span_reader) and fields ─→ features ─→ rank_candidates, Calibration
                                                                                        │ (confidence)
               too little: abstain (assemble) ←─ confidence ─→ assemble: statements, citations (quotes)
                                                            └→ or sentences of a language model (generate), each
                                                               supported by what it cites (grounding)

The span reader and the calibration in `bundled/` were made by `eval.training`.
"""

from search.answer.answer import Answer, MadeBy, Statement, Verdict, text_of
from search.answer.answer_type import AnswerType, answer_type_of
from search.answer.answerer import BUNDLED, Answerer, answering_folder, own_folder
from search.answer.assemble import assemble
from search.answer.candidates import AnswerContext, ExtractedCandidates, extract_candidates
from search.answer.confidence import (
    BadCalibration,
    Calibration,
    ConfidenceLabel,
    ConfidenceModel,
    LogisticModel,
    RankedCandidates,
    confidence_label,
    rank_candidates,
)
from search.answer.features import (
    CANDIDATE_FEATURES,
    PRODUCT_FEATURES,
    QUESTION_FEATURES,
    Features,
    candidate_features,
    with_products,
)
from search.answer.span_reader import FACTS, NETWORK, BadReader, SpanReader

__all__ = [
    "BUNDLED",
    "CANDIDATE_FEATURES",
    "FACTS",
    "NETWORK",
    "PRODUCT_FEATURES",
    "QUESTION_FEATURES",
    "Answer",
    "AnswerContext",
    "AnswerType",
    "Answerer",
    "BadCalibration",
    "BadReader",
    "Calibration",
    "ConfidenceLabel",
    "ConfidenceModel",
    "ExtractedCandidates",
    "Features",
    "LogisticModel",
    "MadeBy",
    "RankedCandidates",
    "SpanReader",
    "Statement",
    "Verdict",
    "answer_type_of",
    "answering_folder",
    "assemble",
    "candidate_features",
    "confidence_label",
    "extract_candidates",
    "own_folder",
    "rank_candidates",
    "text_of",
    "with_products",
]
