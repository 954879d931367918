"""Hits: the real-world initiatives of a ranking as people see them, each with its best passage and its highlights."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus import Initiative, Language
from corpus.text import fold, plain_words, visible_form
from index import Analyser, Index, Passage
from search.catalogue import FacetValue, RecordView
from search.concepts import spellings_of, word_spans
from search.query import Query
from search.searched import NEGATIONS

# A word of a passage with another stem is highlighted when its cosine with a word of the question reaches this:
# translations lie above ("food", "alimentaire" 0.65), words of the same field and chance likeness below
# ("homeless", "sans" 0.585, "MNA", "ANAH" 0.52).
TRANSLATION_COSINE = 0.6
SAME_STEM_COSINE = 0.3  # of a word with its own inflections, in whatever sense

# Tokens below this idf, thus in a fifth of the passages or more (ln 5), carry no subject and highlight nothing.
HIGHLIGHT_IDF = 1.6

GAP = "…"


@dataclass(frozen=True, slots=True)
class Highlight:
    """A word or phrase of the passage and the words of the question it answers, in whatever language."""

    start: int  # characters of the passage's text, 0-based
    end: int  # exclusive
    question_word: str
    similarity: float  # cosine of the two words in their contexts, 0.3 to 1; 1 for a form of a concept
    names_concept: bool = False  # a whole form of a concept or acronym that the question names, in whatever form


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An initiative in one ranking."""

    rank: int  # from 1
    # Of a search: the weighted mean of the passage's MaxSim, its record's, and the cosine of its expansions (at most 1,
    # mostly 0.2 to 0.8), plus 0.2 where the place fits. Of similar initiatives: a cosine, -1 to 1. Scores can be
    # compared within one ranking only: they fall with the length of the question.
    score: float
    initiative: Initiative  # of the sheets in several documents, the one that matched best
    also_in: tuple[str, ...]  # ids of the same initiative in other documents
    passage: Passage
    highlights: tuple[Highlight, ...] = ()  # in the order of the text, without overlap
    lexical_rank: int | None = None  # the initiative's rank by BM25 alone, None when no term matched
    dense_rank: int | None = None  # its rank by sentence vectors alone
    record: RecordView | None  # what the project says of it, in the reader's language
    by_record: bool = False  # the editorial record answers the question's words better than the passage does


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What a search found. Hits, total and facets come from one ranking."""

    query: Query
    total: int  # initiatives on the subject: the hits of rank 1 to `total`
    further: int  # initiatives further from the subject, which follow them
    hits: tuple[Hit, ...]  # the first of both
    facets: dict[str, tuple[FacetValue, ...]]  # by the facet's name, of those on the subject
    language: Language  # of labels, summaries and hint: the reader's, else the question's
    hint: str | None  # what to try, when nothing relevant was found
    took_ms: float


@dataclass(frozen=True, slots=True)
class ConceptForms:
    """The forms of what a question names in one form: worked out once for all its hits. Values are its own words."""

    by_stems: Mapping[tuple[str, ...], str]  # phrases of two words or more
    by_acronym: Mapping[str, str]  # in capitals, as they are printed

    @classmethod
    def of(cls, index: Index, query: Query) -> "ConceptForms":
        """The forms of the concepts of the thesaurus, and of the acronyms that the corpus explains."""
        analyser = index.lexical.analyser
        by_stems: dict[tuple[str, ...], str] = {}
        by_acronym: dict[str, str] = {}
        asked = plain_words(query.text)
        for acronym in query.acronyms:
            named = acronym.short if fold(acronym.short) in asked else acronym.long
            by_acronym[acronym.short] = named
            by_stems |= dict.fromkeys(spellings_of(acronym.long, analyser), named)
        for mention in query.concepts:
            named = query.text[mention.start : mention.end]
            for concept in (index.contents.thesaurus[row] for row in mention.rows):
                if concept.acronym:
                    by_acronym[concept.acronym] = named
                for form in (*concept.official, *concept.lay, *concept.en):
                    by_stems |= dict.fromkeys(spellings_of(form, analyser), named)
        return cls({stems: named for stems, named in by_stems.items() if len(stems) > 1}, by_acronym)

    def found_in(self, text: str, analyser: Analyser) -> dict[tuple[int, int], str]:
        """Where a text says one of the forms, the longest of those that begin at a word → the question's words."""
        if not self.by_stems and not self.by_acronym:
            return {}
        words = list(word_spans(text))
        said = [analyser.term(fold(visible_form(text[start:end]))) for start, end in words]
        sizes = sorted({len(stems) for stems in self.by_stems}, reverse=True)
        found: dict[tuple[int, int], str] = {}
        reached = 0
        for at, (start, end) in enumerate(words):
            if at < reached:
                continue
            phrases = (tuple(said[at : at + size]) for size in sizes)
            phrase = next((stems for stems in phrases if stems in self.by_stems), None)
            if phrase:
                reached = at + len(phrase)
                found[start, words[reached - 1][1]] = self.by_stems[phrase]
            elif text[start:end] in self.by_acronym:
                found[start, end] = self.by_acronym[text[start:end]]
        return found


def highlights_of(
    index: Index, query: Query, forms: ConceptForms, passage: int, cosines: NDArray[np.float32]
) -> tuple[Highlight, ...]:
    """The words of a passage that answer a word of the question, in the order of the text, without overlap.

    They have its stem, or say a concept that it names, as a whole form, or translate it; stop words, names, acronyms
    and numbers answer themselves alone. `cosines` are those of the question's informative tokens with the passage's,
    float32 [t, n].
    """
    analyser = index.lexical.analyser
    cosines = np.where(query.tokens.weights[:, None] >= HIGHLIGHT_IDF, cosines, -1.0)
    text = index.contents.passages[passage].text
    spans = index.multivector.spans_of(passage)
    found: dict[tuple[int, int], Highlight] = {}
    for column in np.flatnonzero((cosines.max(axis=0, initial=-1.0) >= SAME_STEM_COSINE) & (spans[:, 0] >= 0)):
        row = int(cosines[:, column].argmax())
        start, end = word_around(text, *spans[column])
        similarity = round(float(cosines[row, column]), 3)
        question_word = query.text[slice(*word_around(query.text, *query.tokens.spans[row]))]
        if start == end or not _answers(analyser, text[start:end], question_word, similarity):
            continue
        if found.get((start, end)) is None or found[start, end].similarity < similarity:
            found[start, end] = Highlight(start, end, question_word, similarity)
    phrases = forms.found_in(text, analyser)
    apart = [one for one in found.values() if not any(one.start < end and start < one.end for start, end in phrases)]
    marks = [Highlight(*span, question_words, 1.0, names_concept=True) for span, question_words in phrases.items()]
    return tuple(sorted([*apart, *marks], key=lambda one: one.start))


def _answers(analyser: Analyser, word: str, question_word: str, similarity: float) -> bool:
    """Whether a word of a passage answers a word of the question with this cosine."""
    said = analyser.term(fold(visible_form(word)))
    # The words of the question for a concept, searched for by its standard term, may be several.
    same = [asked for asked in fold(question_word).split() if analyser.term(asked) == said]
    if same:
        return not any(analyser.is_stop_word(asked) or asked in NEGATIONS for asked in same)
    translates = similarity >= TRANSLATION_COSINE
    return translates and not any(_stands_for_itself(analyser, one) for one in (word, question_word))


def _stands_for_itself(analyser: Analyser, word: str) -> bool:
    """A stop word, a number, an acronym or a name: nothing else means it because it is like it."""
    folded = fold(word)
    is_little = analyser.is_stop_word(folded) or folded in NEGATIONS
    return is_little or any(c.isdigit() for c in word) or word[:1].isupper()


def word_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The whole word that a part of a word belongs to, apostrophes apart; an empty span where there is none.

    Accents that stand apart from their letter and characters that cannot be seen belong to the word around them.

    Example: word_around("l'hébergement citoyen", 4, 7) → (2, 13)
    """
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    if start == end:
        return start, end
    while start > 0 and _continues(text[start - 1]):
        start -= 1
    while end < len(text) and _continues(text[end]):
        end += 1
    while not text[start].isalnum():
        start += 1
    while not (text[end - 1].isalnum() or unicodedata.combining(text[end - 1])):
        end -= 1
    return start, end


def _continues(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of a snippet, on one line and without marks of emphasis."""

    text: str
    question_word: str | None = None  # the word of the question that it answers, if it does


def snippet(text: str, highlights: Sequence[Highlight], width: int) -> tuple[Piece, ...]:
    """At most `width` characters of a passage, around its matches; cuts fall between words and are shown by dots."""
    start, end = _window(text, highlights, width)
    pieces, at = [Piece(f"{GAP} ")] if start else [], start
    for highlight in highlights:
        if start <= highlight.start and highlight.end <= end:
            pieces.append(Piece(_one_line(text[at : highlight.start])))
            pieces.append(Piece(_one_line(text[highlight.start : highlight.end]), highlight.question_word))
            at = highlight.end
    pieces.append(Piece(_one_line(text[at:end])))
    if end < len(text):
        pieces.append(Piece(f" {GAP}"))
    return tuple(piece for piece in pieces if piece.text)


def _window(text: str, highlights: Sequence[Highlight], width: int) -> tuple[int, int]:
    """The stretch of a text that holds most of the similarity of its highlights, its ends between words."""
    if len(text) <= width:
        return 0, len(text)

    def weight(start: int) -> float:
        return sum(one.similarity for one in highlights if start <= one.start and one.end <= start + width)

    # A third of the width stands before the first match, so that one reads what it follows.
    starts = [0, *(min(max(0, one.start - width // 3), len(text) - width) for one in highlights)]
    start = max(starts, key=weight)
    end = start + width
    if start:
        start = text.find(" ", start, start + width // 3) + 1 or start
    last_space = text.rfind(" ", start + 1, end)
    return start, last_space if end < len(text) and last_space > 0 else end


def _one_line(text: str) -> str:
    """Leave out line breaks and marks of emphasis. Example: "un **bus**" → "un bus"."""
    return re.sub(r"\s+", " ", text.replace("*", ""))
