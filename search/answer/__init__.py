"""From what a search found to an answer that quotes its sources, or an abstention.

    answerer = Answerer.open(searcher, answering_folder(var, encoder))
    answer = answerer.answer(searcher.rank("Combien de foyers testent le kit chauffage au bois ?"))
    answer.text, answer.citations, answer.confidence

    Ranking ─→ AnswerContext (candidates): the question's answer type, the best initiatives, their passages compared
                ├→ words and wishes: a list of what is on the subject (assemble)
                └→ questions: every sentence of the nearest sheets (sentences, sentence_table) ─→ features, the span
                   reader's among them (sentence_ranker) ─→ the best one, one that completes it, a lead (choice, leads)
                                                             │ Calibration (confidence)
               too little: abstain (assemble) ←─ confidence ─→ assemble: statements, citations (quotes)
                                                            └→ or sentences of a language model (generate), each
                                                               supported by what it cites (grounding)

The span reader, the sentence ranker and the calibration in `bundled/` were made by `eval.training`.
"""

from search.answer.answer import Answer, MadeBy, Statement, Verdict, text_of
from search.answer.answer_type import AnswerType, answer_type_of
from search.answer.answerer import BUNDLED, Answerer, answering_folder, own_folder
from search.answer.assemble import assemble
from search.answer.candidates import AnswerCandidate, AnswerContext, Origin
from search.answer.choice import Chosen, ExtractedCandidates, choose, extract_candidates
from search.answer.confidence import (
    BadCalibration,
    Calibration,
    ConfidenceLabel,
    ConfidenceModel,
    LogisticModel,
    confidence_label,
)
from search.answer.features import (
    CANDIDATE_FEATURES,
    PRODUCT_FEATURES,
    QUESTION_FEATURES,
    Features,
    candidate_features,
    with_products,
)
from search.answer.leads import lead_candidates
from search.answer.needs import NEEDS, Needs
from search.answer.sentence_ranker import FEATURES, RANKER, BadRanker, SentenceCandidate, SentenceRanker
from search.answer.sentence_table import SentenceTable
from search.answer.sentences import readable
from search.answer.span_reader import FACTS, NETWORK, BadReader, SpanReader

__all__ = [
    "BUNDLED",
    "CANDIDATE_FEATURES",
    "FACTS",
    "FEATURES",
    "NEEDS",
    "NETWORK",
    "PRODUCT_FEATURES",
    "QUESTION_FEATURES",
    "RANKER",
    "Answer",
    "AnswerCandidate",
    "AnswerContext",
    "AnswerType",
    "Answerer",
    "BadCalibration",
    "BadRanker",
    "BadReader",
    "Calibration",
    "Chosen",
    "ConfidenceLabel",
    "ConfidenceModel",
    "ExtractedCandidates",
    "Features",
    "LogisticModel",
    "MadeBy",
    "Needs",
    "Origin",
    "SentenceCandidate",
    "SentenceRanker",
    "SentenceTable",
    "SpanReader",
    "Statement",
    "Verdict",
    "answer_type_of",
    "answering_folder",
    "assemble",
    "candidate_features",
    "choose",
    "confidence_label",
    "extract_candidates",
    "lead_candidates",
    "own_folder",
    "readable",
    "text_of",
    "with_products",
]
