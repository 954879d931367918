"""What a question may name in other words than the sheets: explained acronyms, and concepts of the thesaurus."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus import Concept
from corpus.text import ELIDED, fold, plain_words
from index import Acronym, Analyser, Passage

WORD = re.compile(
    r"[^\W_](?:[^\W_]|[\u0300-\u036f\u00ad\u200b-\u200d\u2060])*"
)  # before folding, so that its place in the question is known
CAPITALS = re.compile(r"\b[A-ZÀ-Ý]{2,}\b")
LOWER_CASE_WORD = re.compile(r"\b[a-zà-öø-ÿœ]+\b")

Stems = tuple[str, ...]
Rows = frozenset[int]


@dataclass(frozen=True, slots=True)
class CorpusCasing:
    """How the passages of a corpus write their words, all folded."""

    lower_case: frozenset[str]  # words that stand in lower case somewhere
    always_capitals: frozenset[str]  # words that stand in capitals, and nowhere in lower case

    @classmethod
    def of(cls, passages: Sequence[Passage]) -> "CorpusCasing":
        """Read every passage once."""
        lower_case = frozenset(fold(word) for passage in passages for word in LOWER_CASE_WORD.findall(passage.text))
        capitals = frozenset(fold(word) for passage in passages for word in CAPITALS.findall(passage.text))
        return cls(lower_case, capitals - lower_case)


@dataclass(frozen=True)
class AcronymMatcher:
    """Finds the acronyms that the corpus explains, in either of their forms."""

    by_long: Mapping[tuple[str, ...], Acronym]  # by the folded words of the long form
    by_short: Mapping[str, Acronym]  # by the folded short form
    ordinary_words: frozenset[str]  # folded short forms that are words too ("cas"), and count in capitals only

    @classmethod
    def of(cls, acronyms: Sequence[Acronym], lower_case: frozenset[str]) -> "AcronymMatcher":
        """Take the acronyms that a corpus explains, and the words that it writes in lower case."""
        by_short = {fold(acronym.short): acronym for acronym in acronyms}
        by_long = {tuple(plain_words(acronym.long)): acronym for acronym in acronyms}
        return cls(by_long, by_short, lower_case.intersection(by_short))

    def match(self, text: str) -> tuple[Acronym, ...]:
        """The acronyms that a question names, in the order of the alphabet.

        In lower case a short form counts unless the corpus writes it as a word: "rsa" does, "dans ce cas" does not
        name the CAS.
        """
        words = plain_words(text)
        capitals = {fold(word) for word in re.findall(r"\w+", text) if word.isupper()}
        named = (word for word in words if word in self.by_short)
        found = {self.by_short[word] for word in named if word in capitals or word not in self.ordinary_words}
        for length in {len(form) for form in self.by_long}:
            stretches = (tuple(words[i : i + length]) for i in range(len(words) - length + 1))
            found |= {self.by_long[stretch] for stretch in stretches if stretch in self.by_long}
        return tuple(sorted(found, key=lambda acronym: acronym.short))


@dataclass(frozen=True, slots=True)
class ConceptMention:
    """Some words of a question that stand for concepts of the thesaurus."""

    start: int  # characters of the question, 0-based
    end: int  # exclusive
    rows: tuple[int, ...]  # of the concepts in the thesaurus
    synonyms: tuple[str, ...]  # their preferred terms, where the question uses other words
    is_english: bool = False  # the words are no French form of any concept


@dataclass(frozen=True, kw_only=True)
class ConceptMatcher:
    """Finds concepts of the thesaurus by any of their forms, in any inflection."""

    concepts: Sequence[Concept]
    analyser: Analyser
    rows_by_form: Mapping[Stems, Rows]  # rows of concepts by the stems of a form
    rows_by_acronym: Mapping[str, Rows]  # rows of concepts by the folded acronym
    french_forms: frozenset[Stems]
    acronyms_in_any_case: frozenset[str]  # folded acronyms that count in lower case too: "rsa", but not "cap"
    longest_form: int  # words

    @classmethod
    def of(cls, concepts: Sequence[Concept], analyser: Analyser, always_capitals: frozenset[str]) -> "ConceptMatcher":
        """Prepare to find concepts; `always_capitals` are the words that the corpus writes in capitals only."""
        stop_words = analyser.french | analyser.english
        forms: defaultdict[Stems, set[int]] = defaultdict(set)
        acronyms: defaultdict[str, set[int]] = defaultdict(set)
        french: set[Stems] = set()
        for row, concept in enumerate(concepts):
            for form in (*concept.official, *concept.lay, *concept.en):
                # Without its accents a form may be a mere stop word: "mémé" is "même".
                if not stop_words.issuperset(plain_words(form)):
                    for stems in spellings_of(form, analyser):
                        forms[stems].add(row)
            french.update(stems for form in (*concept.official, *concept.lay) for stems in spellings_of(form, analyser))
            if concept.acronym:
                acronyms[fold(concept.acronym)].add(row)
        return cls(
            concepts=concepts,
            analyser=analyser,
            rows_by_form={form: frozenset(rows) for form, rows in forms.items()},
            rows_by_acronym={acronym: frozenset(rows) for acronym, rows in acronyms.items()},
            french_forms=frozenset(french),
            acronyms_in_any_case=always_capitals.intersection(acronyms) - stop_words,
            longest_form=max(map(len, forms), default=1),
        )

    def match(self, question: str) -> tuple[ConceptMention, ...]:
        """The concepts of a question, in its order; where forms overlap, the longest counts."""
        words = list(word_spans(question))
        stems = tuple(self.analyser.term(fold(question[start:end])) for start, end in words)
        mentions, at = [], 0
        while at < len(words):
            size, rows = self._longest(question, words, stems, at)
            if rows:
                start, end = words[at][0], words[at + size - 1][1]
                synonyms = self._synonyms(rows, question[start:end])
                said = stems[at : at + size]
                is_english = said in self.rows_by_form and said not in self.french_forms
                mentions.append(ConceptMention(start, end, tuple(sorted(rows)), synonyms, is_english))
            at += size
        return tuple(mentions)

    def _longest(self, question: str, words: Sequence[tuple[int, int]], stems: Stems, at: int) -> tuple[int, Rows]:
        """The number of words of the longest form that begins there, and its concepts; one word and none otherwise."""
        for size in range(min(self.longest_form, len(words) - at), 1, -1):
            if rows := self.rows_by_form.get(stems[at : at + size]):
                return size, rows
        word = question[slice(*words[at])]
        if fold(word) in self.rows_by_acronym and (word.isupper() or fold(word) in self.acronyms_in_any_case):
            return 1, self.rows_by_acronym[fold(word)]
        return 1, self.rows_by_form.get(stems[at : at + 1], frozenset())

    def _synonyms(self, rows: Rows, words: str) -> tuple[str, ...]:
        """The preferred terms of concepts, without those that are the words of the question themselves."""
        own = [self.analyser.term(word) for word in plain_words(words)]
        preferred = [self.concepts[row].official[0] for row in sorted(rows)]
        return tuple(term for term in preferred if [self.analyser.term(word) for word in plain_words(term)] != own)


def spellings_of(form: str, analyser: Analyser) -> set[Stems]:
    """The stems of a form's words, with its apostrophes and without: "children's home", "childrens home"."""
    with_apostrophes = tuple(analyser.term(fold(form[start:end])) for start, end in word_spans(form))
    return {with_apostrophes, tuple(map(analyser.term, plain_words(form)))}


def word_spans(question: str) -> Iterator[tuple[int, int]]:
    """Where the words of a text stand; what an apostrophe cuts off is none."""
    for match in WORD.finditer(question):
        if not (question[match.end() : match.end() + 1] in ("'", "’") and fold(match[0]) in ELIDED):
            yield match.span()
