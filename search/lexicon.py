"""The lexicon at work: the notions that a question names, in whatever words."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.lexicon_entry import LexiconEntry
from index.words import ELIDED, Analyser, fold, plain_words

WORD = re.compile(r"[^\W_]+")  # before folding, so that its place in the question is known

Stems = tuple[str, ...]
Rows = frozenset[int]


@dataclass(frozen=True, slots=True)
class Notion:
    """Some words of a question that stand for entries of the lexicon."""

    start: int  # characters of the question, 0-based
    end: int  # exclusive
    entries: tuple[int, ...]  # rows of the lexicon
    also: tuple[str, ...]  # their standard terms, where the question uses other words


@dataclass(frozen=True)
class Lexicon:
    """The entries by the forms under which a question may name them."""

    entries: Sequence[LexiconEntry]
    analyser: Analyser
    forms: Mapping[Stems, Rows]  # rows of entries by the stems of a form
    acronyms: Mapping[str, Rows]  # rows of entries by the folded acronym
    in_any_letters: frozenset[str]  # folded acronyms that count in small letters too: "rsa", but not "cap"
    most_words: int  # of a form

    @classmethod
    def of(cls, entries: Sequence[LexiconEntry], analyser: Analyser, acronyms_alone: frozenset[str]) -> "Lexicon":
        """Prepare to meet entries in questions; `acronyms_alone` are words that the corpus writes in capitals only."""
        little_words = analyser.french | analyser.english
        forms: defaultdict[Stems, set[int]] = defaultdict(set)
        acronyms: defaultdict[str, set[int]] = defaultdict(set)
        for row, entry in enumerate(entries):
            for form in (*entry.official, *entry.lay, *entry.en):
                words = plain_words(form)
                # Without its accents a form may be a mere little word: "mémé" is "même".
                if not little_words.issuperset(words):
                    forms[tuple(map(analyser.term, words))].add(row)
            if entry.acronym:
                acronyms[fold(entry.acronym)].add(row)
        return cls(
            entries,
            analyser,
            {form: frozenset(rows) for form, rows in forms.items()},
            {acronym: frozenset(rows) for acronym, rows in acronyms.items()},
            (acronyms_alone & acronyms.keys()) - little_words,
            max(map(len, forms), default=1),
        )

    def named_in(self, question: str) -> tuple[Notion, ...]:
        """The notions of a question, in its order, in any inflection; where forms overlap the longest counts."""
        words = list(_words(question))
        stems = tuple(self.analyser.term(fold(question[start:end])) for start, end in words)
        notions, at = [], 0
        while at < len(words):
            size, rows = self._longest(question, words, stems, at)
            if rows:
                start, end = words[at][0], words[at + size - 1][1]
                notions.append(Notion(start, end, tuple(sorted(rows)), self._also(rows, question[start:end])))
            at += size
        return tuple(notions)

    def _longest(self, question: str, words: Sequence[tuple[int, int]], stems: Stems, at: int) -> tuple[int, Rows]:
        """The number of words of the longest form that begins there, and its entries; one word and none otherwise."""
        for size in range(min(self.most_words, len(words) - at), 1, -1):
            if rows := self.forms.get(stems[at : at + size]):
                return size, rows
        word = question[slice(*words[at])]
        if fold(word) in self.acronyms and (word.isupper() or fold(word) in self.in_any_letters):
            return 1, self.acronyms[fold(word)]
        return 1, self.forms.get(stems[at : at + 1], frozenset())

    def _also(self, rows: Rows, words: str) -> tuple[str, ...]:
        """The standard terms of entries, those left out that are the words of the question themselves."""
        said = [self.analyser.term(word) for word in plain_words(words)]
        standard = [self.entries[row].official[0] for row in sorted(rows)]
        return tuple(term for term in standard if [self.analyser.term(word) for word in plain_words(term)] != said)


def _words(question: str) -> Iterator[tuple[int, int]]:
    """Where the words of a question stand; what an apostrophe cuts off is none."""
    for match in WORD.finditer(question):
        if not (question[match.end() : match.end() + 1] in ("'", "’") and fold(match[0]) in ELIDED):
            yield match.span()
