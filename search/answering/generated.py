"""A generated answer: a language model's sentences, each shown only once its sources are found to support it."""

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum

from index.words import fold
from search.answering.prompt import MOST_SENTENCES, NO_ANSWER, NumberedPassage, messages
from search.answering.sentence import Sentence, read_sentences
from search.answering.supported import Closeness, Unsupported, why_unsupported
from search.language_model.language_model import LanguageModel, NoReply

# How models decline, in folded words at the beginning of a sentence.
REFUSAL = re.compile(
    rf"""
    \W*(?: {NO_ANSWER.lower()}\b
    | i(?:\ am|['’]m)?\ (?:sorry|afraid|unable|can(?:not|['’]t|\ not)|do\ not|don['’]t)\b
    | (?:sorry|unfortunately|as\ an\ ai)\b
    | (?:the|these)\ (?:\w+\ )?passages?\ (?:\w+\ )?(?:do|does|did)(?:\ not|n['’]t)\b
    | (?:no|none\ of\ the)\ passages?\b
    | je\ (?:ne\ |n['’])(?:peux|puis|suis|sais|dispose|trouve|ai)\b
    | (?:je\ suis\ )?(?:desolee?|navree?)\b
    | (?:malheureusement|en\ tant\ qu['’](?:ia|intelligence|assistante?))\b
    | (?:les|ces)\ passages?(?:\ \w+)?\ n(?:e\ |['’])
    | aucun(?:\ des)?\ passages?\b )
    """,
    re.VERBOSE,
)


class Fallback(StrEnum):
    """Why there is no generated answer: the reasons of NoReply, and what can be wrong with a reply."""

    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    HTTP_ERROR = "http_error"
    BROKEN_OFF = "broken_off"
    MALFORMED = "malformed"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    REFUSED = "refused"  # the model says that it has no answer
    NO_CITATION = "no_citation"  # in no sentence
    NOTHING_SUPPORTED = "nothing_supported"


class NotGenerated(Exception):
    """There is no generated answer. Sentences may have been yielded before: they are to be taken back."""

    def __init__(self, fallback: Fallback) -> None:
        super().__init__(f"There is no generated answer: {fallback}")
        self.fallback = fallback


@dataclass(frozen=True, slots=True)
class Removed:
    """The end of a generated answer."""

    sentences: int  # removed because their sources do not support them


def generate(
    model: LanguageModel, question: str, language: str, passages: Sequence[NumberedPassage], closeness: Closeness
) -> Iterator[Sentence | Removed]:
    """Yield each sentence as soon as it is whole and found supported, then how many were removed.

    After MOST_SENTENCES supported ones the model is hung up on. `closeness` takes a sentence and a passage's number.
    Raises NotGenerated when no sentence is supported, and when the reply breaks off, even after supported sentences:
    half an answer may lack the half that matters. The caller then replaces what was yielded by an answer of another
    making.
    """
    told = 0
    removed: list[Unsupported] = []
    with closing(model.reply(messages(question, language, passages))) as pieces:
        try:
            for sentence in read_sentences(pieces):
                if not told and REFUSAL.match(fold(sentence.text)):
                    raise NotGenerated(Fallback.REFUSED)
                wrong = why_unsupported(sentence, passages, closeness)
                if wrong is not None:
                    removed.append(wrong)
                    continue
                yield sentence
                told += 1
                if told == MOST_SENTENCES:
                    break
        except NoReply as fault:
            raise NotGenerated(Fallback(fault.reason)) from None
    if not told:
        uncited = all(wrong is Unsupported.NO_CITATION for wrong in removed)
        raise NotGenerated(Fallback.NO_CITATION if uncited else Fallback.NOTHING_SUPPORTED)
    yield Removed(len(removed))
