"""Highlights: the words of a passage that answer a word of the question.

    highlighter = Highlighter.of(passage_words, query)      # once for a question
    highlighter.highlights(passage, cosines)                # for each passage that is shown

The words of a passage are read once and kept (`PassageWords`): to split, fold and stem them again for every question
took a quarter of the time of a search.
"""

import sys
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corpus.text import fold, plain_words, visible_form
from index import Analyser, Index
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

# Passages whose words are kept, those shown last: some 8 KB each.
KEPT_PASSAGES = 4096


@dataclass(frozen=True, slots=True)
class Highlight:
    """A word or phrase of the passage and the words of the question it answers, in whatever language."""

    start: int  # characters of the passage's text, 0-based
    end: int  # exclusive
    question_word: str
    similarity: float  # cosine of the two words in their contexts, 0.3 to 1; 1 for a form of a concept
    names_concept: bool = False  # a whole form of a concept or acronym that the question names, in whatever form


# --- the words of passages, whatever is asked ---


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsOfPassage:
    """The w words of a passage, and those that its n tokens which are compared with questions belong to."""

    text: str
    spans: NDArray[np.int32]  # [w, 2], characters of the text, 0-based, end exclusive
    terms: tuple[str, ...]  # [w]
    around: NDArray[np.int32]  # [n, 2], the word around each token; (0, 0) for one of the context
    around_terms: tuple[str, ...]  # [n], "" for one of the context
    alone: NDArray[np.bool_]  # [n], whether that word stands for itself alone

    @classmethod
    def of(cls, index: Index, passage: int) -> "WordsOfPassage":
        """Read the words of a passage, by its row of the index."""
        analyser, text = index.lexical.analyser, index.contents.passages[passage].text
        words = list(word_spans(text))
        tokens = index.multivector.spans_of(passage).tolist()
        around = [word_around(text, start, end) if start >= 0 else (0, 0) for start, end in tokens]
        said = [text[start:end] for start, end in around]
        return cls(
            text=text,
            spans=np.array(words, np.int32).reshape(-1, 2),
            terms=tuple(_printed_term(analyser, text[start:end]) for start, end in words),
            around=np.array(around, np.int32).reshape(-1, 2),
            around_terms=tuple(_printed_term(analyser, word) for word in said),
            alone=np.array([_stands_for_itself(analyser, word) for word in said], bool),
        )


@dataclass(frozen=True, slots=True)
class PassageWords:
    """The words of the passages of an index, each read when it is first shown. Threads may share it."""

    index: Index
    read: Callable[[int], WordsOfPassage]  # by the passage's row; keeps what it read last

    @classmethod
    def of(cls, index: Index) -> "PassageWords":
        """Read nothing yet."""
        return cls(index, lru_cache(KEPT_PASSAGES)(lambda passage: WordsOfPassage.of(index, passage)))


def _printed_term(analyser: Analyser, word: str) -> str:
    """The term of a word as it is printed; of all passages each once in memory."""
    return sys.intern(analyser.term(fold(visible_form(word))))


# --- the words of a question, whatever they meet ---


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

    def found_in(self, words: WordsOfPassage) -> dict[tuple[int, int], str]:
        """Where a text says one of the forms, the longest of those that begin at a word → the question's words."""
        said_acronyms = {acronym for acronym in self.by_acronym if acronym in words.text}
        firsts = {stems[0] for stems in self.by_stems}
        if not said_acronyms and firsts.isdisjoint(words.terms):
            return {}
        sizes = sorted({len(stems) for stems in self.by_stems}, reverse=True)
        spans: list[tuple[int, int]] = [(start, end) for start, end in words.spans.tolist()]
        found: dict[tuple[int, int], str] = {}
        reached = 0
        for at, (start, end) in enumerate(spans):
            if at < reached:
                continue
            phrase = None
            if words.terms[at] in firsts:
                phrases = (words.terms[at : at + size] for size in sizes)
                phrase = next((stems for stems in phrases if stems in self.by_stems), None)
            if phrase:
                reached = at + len(phrase)
                found[start, spans[reached - 1][1]] = self.by_stems[phrase]
            elif said_acronyms and (word := words.text[start:end]) in said_acronyms:
                found[start, end] = self.by_acronym[word]
        return found


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A word of a question, or the words of it that stand for one of the text that is searched for."""

    text: str
    by_term: Mapping[str, bool]  # terms of its words → whether a passage's word of that term answers it
    is_alone: bool  # stands for itself alone

    @classmethod
    def of(cls, analyser: Analyser, text: str) -> "AskedWord":
        """Take a word as it stands in the question."""
        by_term: dict[str, bool] = {}
        # The words of the question for a concept, searched for by its standard term, may be several.
        for word in fold(text).split():
            term = analyser.term(word)
            by_term[term] = by_term.get(term, True) and not (analyser.is_stop_word(word) or word in NEGATIONS)
        return cls(text, by_term, _stands_for_itself(analyser, text))

    def is_answered(self, term: str, is_alone: bool, similarity: float) -> bool:
        """Whether a word of a passage, its term and whether it stands for itself, answers it with this cosine."""
        if term in self.by_term:
            return self.by_term[term]
        return similarity >= TRANSLATION_COSINE and not is_alone and not self.is_alone


@dataclass(frozen=True, slots=True)
class Highlighter:
    """Finds what answers one question."""

    words: PassageWords
    asked: tuple[AskedWord, ...]  # of each informative token of the question, [t]
    tells: NDArray[np.bool_]  # [t], whether the token carries a subject
    forms: ConceptForms

    @classmethod
    def of(cls, words: PassageWords, query: Query) -> "Highlighter":
        """Work out what is the same for all passages."""
        index = words.index
        spans = [word_around(query.text, start, end) for start, end in query.tokens.spans.tolist()]
        asked = {span: AskedWord.of(index.lexical.analyser, query.text[slice(*span)]) for span in set(spans)}
        tells = query.tokens.weights >= HIGHLIGHT_IDF
        return cls(words, tuple(asked[span] for span in spans), tells, ConceptForms.of(index, query))

    def highlights(self, passage: int, cosines: NDArray[np.float32]) -> tuple[Highlight, ...]:
        """The words of a passage that answer a word of the question, in the order of the text, without overlap.

        They have its stem, or say a concept that it names, as a whole form, or translate it; stop words, names,
        acronyms and numbers answer themselves alone. `cosines` are those of the question's informative tokens with the
        passage's, float32 [t, n].
        """
        words = self.words.read(passage)
        cosines = np.where(self.tells[:, None], cosines, np.float32(-1))
        is_near = cosines.max(axis=0, initial=-1.0) >= SAME_STEM_COSINE
        columns = np.flatnonzero(is_near & (words.around[:, 1] > words.around[:, 0]))
        rows = cosines[:, columns].argmax(axis=0) if len(columns) else columns
        found: dict[tuple[int, int], Highlight] = {}
        for column, row, cosine in zip(
            columns.tolist(), rows.tolist(), cosines[rows, columns].astype(float).tolist(), strict=True
        ):
            similarity, asked = round(cosine, 3), self.asked[row]
            if not asked.is_answered(words.around_terms[column], bool(words.alone[column]), similarity):
                continue
            start, end = words.around[column].tolist()
            if found.get((start, end)) is None or found[start, end].similarity < similarity:
                found[start, end] = Highlight(start, end, asked.text, similarity)
        phrases = self.forms.found_in(words)
        apart = [
            one for one in found.values() if not any(one.start < end and start < one.end for start, end in phrases)
        ]
        marks = [Highlight(*span, question_words, 1.0, names_concept=True) for span, question_words in phrases.items()]
        return tuple(sorted([*apart, *marks], key=lambda one: one.start))


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
