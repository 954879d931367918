"""Follow-up questions: what the last message of a conversation asks, told in one question that stands by itself.

    question_of(["mobilité des jeunes en Bretagne ?", "et dans le Nord ?"], gazetteer, analyser)
    → "mobilité des jeunes dans le Nord ?"

A message without content words of its own asks the question before it again: for another place, public or time, which
then stands in the place of the former ones, or for another aspect of the same subject ("combien ça coûte ?"). What has
a content word of its own is a new question. Only what people wrote counts, not what they were answered.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.places import Gazetteer
from corpus.text import fold, plain_words
from index import Analyser
from search.concepts import word_spans
from search.searched import WHATEVER_IS_DONE, SearchedText, place_spans

MOST_MESSAGES = 20  # the last ones that are looked at

WHAT_ABOUT = re.compile(r"(?:what|how)\s+about\s+", re.IGNORECASE)
WHERE = re.compile(r"(?<!\w)où(?!\w)", re.IGNORECASE)  # folded it would be "ou"

YEAR = re.compile(r"(?:19|20)\d\d")
LEADS_TO_PUBLIC = re.compile(
    r"(?:(?<!\w)(?:pour|destinées?|destinés?|aux?|à|chez|avec|de|du|des|les?|la|ces|for|of|to|with|the|among)\s+"
    r"|(?<!\w)[dl]['’]\s*)+$",
    re.IGNORECASE,
)
BETWEEN_PUBLICS = re.compile(
    r"\s*(?:(?:de|du|des|la|le|les|en|à|au|aux|sans|et|ou|in|of|on|with|without|from|the|and|or)\s+|[dl]['’]\s*)*",
    re.IGNORECASE,
)
LEADS_TO_DATE = re.compile(
    r"(?:(?<!\w)(?:en|depuis|avant|après|de|dans|les|in|since|before|after|from|l['’]année)\s+)+$", re.IGNORECASE
)
ENDS = " \t\n?!.…;:,"

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Folded words by what they say, as conversation.toml explains them."""

    publics: frozenset[str]
    qualifiers: frozenset[str]
    aspects: frozenset[str]
    going_on: frozenset[str]
    opening: frozenset[str]
    elsewhere: frozenset[str]
    everything: frozenset[str]
    dates: frozenset[str]
    surroundings: frozenset[str]

    @classmethod
    @cache
    def open(cls) -> "Vocabulary":
        """Read the words, once for a process."""
        tables = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
        return cls(**{name: frozenset(words) for name, words in tables.items()})

    @property
    def times(self) -> frozenset[str]:
        """A time, and surroundings as "en milieu rural": they narrow a question beside what narrows it already."""
        return self.dates | self.surroundings


@dataclass(frozen=True, slots=True)
class Turn:
    """One message, and where it speaks of places, publics, dates and aspects. Spans are of its text."""

    text: str
    places: tuple[Span, ...]  # with what leads up to them
    publics: tuple[Span, ...]
    dates: tuple[Span, ...]
    words: tuple[tuple[Span, str], ...]  # folded, those of places and publics left out
    analyser: Analyser
    vocabulary: Vocabulary

    @classmethod
    def of(cls, message: str, gazetteer: Gazetteer, analyser: Analyser) -> "Turn":
        """Read a message."""
        vocabulary = Vocabulary.open()
        text = gazetteer.with_names(" ".join(message.split()))
        places = place_spans(text, gazetteer.places_in_query(text))
        words = [(span, fold(text[slice(*span)])) for span in word_spans(text) if not _within(span, places)]
        elsewhere = [span for span, word in words if word in vocabulary.elsewhere]
        publics = tuple(_publics(text, words, vocabulary))
        return cls(
            text=text,
            places=(*places, *elsewhere),
            publics=publics,
            dates=tuple(_led(text, span, LEADS_TO_DATE) for span, word in words if YEAR.fullmatch(word)),
            words=tuple(one for one in words if not _within(one[0], publics)),
            analyser=analyser,
            vocabulary=vocabulary,
        )

    @property
    def has_subject(self) -> bool:
        """Whether it has a content word of its own."""
        return any(self._is_content(word) for _, word in self.words) or self._asks_everything

    @property
    def asks_aspect(self) -> bool:
        """Whether it asks something of an initiative that it does not name."""
        return any(word in self.vocabulary.aspects for _, word in self.words) or WHERE.search(self.text) is not None

    @property
    def goes_on(self) -> bool:
        """Whether there is anything in it that can be joined to a question before it."""
        said = {word for _, word in self.words}
        goes_on = said & (self.vocabulary.going_on - self.vocabulary.opening)
        return bool(self.places or self.asks_aspect or goes_on or self.narrows)

    @property
    def narrows(self) -> bool:
        """Whether it names a place, a public, a time or surroundings."""
        said = {word for _, word in self.words}
        return bool(
            set(self.places).difference(self.elsewhere) or self.publics or said & self.vocabulary.times or self.dates
        )

    @property
    def elsewhere(self) -> tuple[Span, ...]:
        """Where it asks for other places, whichever."""
        return tuple(span for span, word in self.words if word in self.vocabulary.elsewhere)

    def without(self, spans: Sequence[Span]) -> str:
        """The text without some stretches of it."""
        return SearchedText.without(self.text, spans).text.strip(ENDS) if spans else self.text.strip(ENDS)

    def without_opening(self) -> str:
        """The text without the first words that only open a message."""
        about = WHAT_ABOUT.match(self.text)
        start = about.end() if about else 0
        for (_, end), word in _every_word(self.text):
            if word not in self.vocabulary.opening:
                break
            start = end
        return self.text[start:].strip(ENDS)

    def subject(self) -> str:
        """The text from its first content word on, or from the people that it names."""
        named = [span for span, word in self.words if self._is_content(word)] or list(self.publics)
        return self.text[min(named, default=(0, 0))[0] :].strip(ENDS)

    def _is_content(self, word: str) -> bool:
        said = self.vocabulary
        little = WHATEVER_IS_DONE, said.aspects, said.going_on, said.times, said.elsewhere
        if word.isdigit() or any(word in words for words in little):
            return False
        return not all(map(self.analyser.is_stop_word, plain_words(word)))

    @property
    def _asks_everything(self) -> bool:
        return any(word in self.vocabulary.everything for _, word in self.words)


def question_of(messages: Sequence[str], gazetteer: Gazetteer, analyser: Analyser) -> str:
    """The question that the last of one or more messages asks; it as it is, where it stands by itself."""
    first, *others = messages[-MOST_MESSAGES:]
    standing = first
    for message in others:
        standing = _joined(standing, Turn.of(message, gazetteer, analyser), gazetteer) or message
    return standing


def _joined(before: str, turn: Turn, gazetteer: Gazetteer) -> str | None:
    """A message joined to the question before it; None for one that stands by itself."""
    if turn.has_subject or not turn.goes_on:
        return None
    former = Turn.of(before, gazetteer, turn.analyser)
    replaced = [
        *(former.places if turn.places else ()),
        *(former.publics if turn.publics else ()),
        *(former.dates if turn.dates else ()),
    ]
    kept = Turn.of(former.without(replaced), gazetteer, turn.analyser)
    if not (kept.has_subject or kept.publics or kept.asks_aspect):  # a lone place is no question to ask elsewhere
        return None
    said = Turn.of(turn.without(turn.elsewhere), gazetteer, turn.analyser).without_opening()
    if turn.asks_aspect:
        return f"{said} {kept.subject()} ?"
    return f"{kept.text.strip(ENDS)} {said} ?" if turn.narrows and said else f"{kept.text.strip(ENDS)} ?"


def _every_word(text: str) -> Iterator[tuple[Span, str]]:
    return ((span, fold(text[slice(*span)])) for span in word_spans(text))


def _within(span: Span, others: Sequence[Span]) -> bool:
    return any(start <= span[0] < end for start, end in others)


def _led(text: str, span: Span, leads: re.Pattern[str]) -> Span:
    led = leads.search(text, 0, span[0])
    return (led.start() if led else span[0], span[1])


def _publics(text: str, words: Sequence[tuple[Span, str]], vocabulary: Vocabulary) -> Iterator[Span]:
    """Where people are named, with what leads up to it and what says more of them: "pour les femmes à la rue"."""
    start = end = -1
    for span, word in words:
        follows = end >= 0 and BETWEEN_PUBLICS.fullmatch(text, end, span[0]) is not None
        if follows and (word in vocabulary.publics or word in vocabulary.qualifiers):
            end = span[1]
        elif word in vocabulary.publics:
            if end >= 0:
                yield start, end
            start, end = _led(text, span, LEADS_TO_PUBLIC)
    if end >= 0:
        yield start, end
