"""Suggestions while somebody types: publics, topics, places, acronyms, themes, questions and titles.

Every word typed must begin a word of what is suggested, accents, capitals, apostrophes and hyphens aside; a word that
begins none may be misspelt by a letter. What readers of one language are suggested is found by its words in the other
too. All of it is folded once for as long as the index is open: a pause of the hand costs a few look-ups.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus import Initiative, Language
from corpus.text import ELIDED, edit_distance, fold, visible_form, words_of
from index import Acronym
from search import BadQuestion, Catalogue
from web.parameters import Parameter

LEAST_TYPED = 2  # characters before anything is suggested
LONGEST_TYPED = 100  # characters; page.js asks for no suggestion beyond them
LEAST_MISSPELT = 4  # letters of a word from which on one of them may be wrong
AFTER_LAST = "\U0010ffff"  # sorts behind every word that begins as one does

# In the order in which they are shown, and how many of each: few enough for all to be seen at once.
KINDS = {"public": 2, "topic": 2, "place": 2, "acronym": 2, "theme": 1, "question": 2, "title": 3}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to search for, and where that is: a path and its parameters."""

    kind: str  # one of KINDS, a key of the texts
    text: str
    path: str
    parameters: tuple[Parameter, ...] = ()
    also: tuple[str, ...] = ()  # other texts that it is found by


@dataclass(frozen=True, slots=True)
class Suggester:
    """All that may be suggested to the readers of one language."""

    suggestions: tuple[Suggestion, ...]
    folded: tuple[str, ...]  # texts of the suggestions
    words: tuple[str, ...]  # all words of the suggestions, folded, in the order of the alphabet
    having: Mapping[str, frozenset[int]]  # by word: positions of suggestions

    @classmethod
    def of(cls, catalogue: Catalogue, language: Language, acronyms: Iterable[Acronym] = ()) -> "Suggester":
        """Take what there is in a catalogue, and the acronyms that its sheets explain, each text once."""
        found: dict[tuple[str, str], Suggestion] = {}
        for one in (*_acronyms(acronyms), *_suggestions(catalogue, language)):
            found.setdefault((one.kind, one.text), one)
        suggestions = tuple(found.values())
        having: defaultdict[str, set[int]] = defaultdict(set)
        for at, one in enumerate(suggestions):
            for text in (one.text, *one.also):
                for word in _spaced(text).split():
                    having[word].add(at)
        return cls(
            suggestions,
            tuple(fold(one.text) for one in suggestions),
            tuple(sorted(having)),
            {word: frozenset(positions) for word, positions in having.items()},
        )

    def suggest(self, typed: str) -> Iterator[Suggestion]:
        """Each kind in its order; in each those first that begin with what was typed, then the shortest.

        Raises BadQuestion when more than LONGEST_TYPED characters are typed, unfolded as they are read.
        """
        shown = visible_form(typed)
        if max(len(typed), len(shown)) > LONGEST_TYPED:
            what = (
                f"{max(len(typed), len(shown))} characters are typed, for at most {LONGEST_TYPED} there are suggestions"
            )
            raise BadQuestion(what, "q", "Type less, or search for all of it.")
        words = set(_words_typed(shown))
        if len(shown) < LEAST_TYPED or not words:
            return
        start = fold(shown)
        positions = frozenset.intersection(*(self._having(word) for word in words))
        ranked = sorted(
            positions, key=lambda at: (not self.folded[at].startswith(start), len(self.folded[at]), self.folded[at])
        )
        for kind, most in KINDS.items():
            of_kind = (self.suggestions[at] for at in ranked if self.suggestions[at].kind == kind)
            yield from (one for _, one in zip(range(most), of_kind, strict=False))

    def _having(self, typed: str) -> frozenset[int]:
        """The positions of suggestions with a word that begins as typed, else as it would without a slip."""
        first, last = bisect_left(self.words, typed), bisect_left(self.words, typed + AFTER_LAST)
        begun: Sequence[str] = self.words[first:last]
        if not begun and len(typed) >= LEAST_MISSPELT:
            begun = [word for word in self.words if _is_slip(typed, word)]
        return frozenset[int]().union(*(self.having[word] for word in begun))


def _is_slip(typed: str, word: str) -> bool:
    """Whether a word begins as typed but for one letter, added, dropped, changed or swapped, and not the first."""
    if word[0] != typed[0] or len(word) < len(typed) - 1:
        return False
    return any(edit_distance(typed, word[: len(typed) + more], 1) <= 1 for more in (0, 1, -1))


def title_in(language: Language, initiative: Initiative, catalogue: Catalogue) -> str:
    """The title of an initiative in a language, where the project gives one there, else that of its document."""
    record = catalogue.record(initiative, language)
    return record.title if record else initiative.title


def _acronyms(acronyms: Iterable[Acronym]) -> Iterator[Suggestion]:
    for one in acronyms:
        yield Suggestion("acronym", f"{one.short} : {one.long}", "/", (("q", one.short),))


def _suggestions(catalogue: Catalogue, language: Language) -> Iterator[Suggestion]:
    for name in ("public", "topic", "departement", "region"):
        kind = name if name in KINDS else "place"
        for value, label in catalogue.facets[name].labels.items():
            if value in catalogue.facets[name].values:
                yield Suggestion(kind, label.text_in(language), "/browse", ((name, value),), (label.fr, label.en))
    for initiative in catalogue.initiatives:
        if initiative.theme:
            yield Suggestion("theme", initiative.theme, "/browse", (("theme", initiative.theme),))
        title = title_in(language, initiative, catalogue)
        yield Suggestion("title", title, f"/sheet/{initiative.id}", also=(initiative.title,))
    for record in catalogue.enrichment.records:
        asked = record.expansions.en if language == "en" else record.expansions.fr
        yield from (Suggestion("question", one, "/", (("q", one),)) for one in asked if _is_whole_question(one))


def _is_whole_question(text: str) -> bool:
    return text[:1].isupper() and text.endswith("?")


def _words_typed(text: str) -> Iterable[str]:
    """The folded words typed so far, those that an apostrophe cuts off left out: "l'éco-l" → ["eco", "l"]."""
    return (
        fold(text[w.start : w.end])
        for w in words_of(text)
        if not (text[w.end : w.end + 1] == "'" and w.folded in ELIDED)
    )


def _spaced(text: str) -> str:
    return "".join(c if c.isalnum() else " " for c in fold(text))
