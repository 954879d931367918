"""What the search compares with the corpus of a question: its subject, without where it is asked for, in one form.

    searched_text("garde d'enfants en Ariège", places, (), analyser, thesaurus).text        -> "garde d'enfants"
    searched_text("the MNA", (), mentions, analyser, thesaurus).text                        -> "mineur non accompagné"

The name of a place decides by what the catalogue knows of places: as a word it would put every sheet that prints it on
the subject. And a question that is one concept of the thesaurus and no more is searched for by the standard term, so
that acronym, long form and English find the same.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus import Concept
from corpus.places import Place
from corpus.text import plain_words
from index import Acronym, Analyser
from search.concepts import ConceptMention

# What leads up to the name of a place, and goes with it: "dans le département de la", "near".
LEADS_TO_PLACE = re.compile(
    r"""
    (?: (?<!\w)(?: en|à|au|aux|dans|chez|sur|vers|près|autour|de|du|des|le|la|les|et|ou|département|région
        |and|or|in|near|around|at|of|the )\s+
    | (?<!\w)[dl]['’]\s* )+$
    """,
    re.IGNORECASE | re.VERBOSE,
)
POSSESSIVE = re.compile(r"['’]s(?!\w)")
# What a place leaves behind that stood between brackets, closed or not.
EMPTY_BRACKETS = re.compile(r"\([^\w()]*(?:\)|$)")

# Little words that no stop list of search has, or that French ones have, because they change what is asked for.
NEGATIONS = frozenset({"sans", "non", "pas", "ni", "without", "not", "no"})

# Folded words for whatever a sheet tells: beside the name of a place they ask for everything that is done there.
# fmt: off
WHATEVER_IS_DONE = frozenset({
    "initiative", "initiatives", "action", "actions", "projet", "projets", "dispositif", "dispositifs", "demarche",
    "demarches", "experience", "experiences", "experimentation", "experimentations", "exemple", "exemples", "idee",
    "idees", "solution", "solutions", "activite", "activites", "programme", "programmes", "chose", "choses", "fiche",
    "fiches", "fait", "font", "faire", "faites", "existe", "existent", "propose", "proposent", "passe", "mene", "menes",
    "menees", "trouver", "montre", "donne", "project", "projects", "scheme", "schemes", "program", "programs",
    "example", "examples", "idea", "ideas", "activity", "activities", "thing", "things", "sheet", "sheets", "done",
    "going", "happening", "exist", "exists", "find", "show", "list",
})
# fmt: on


@dataclass(frozen=True, slots=True)
class SearchedText:
    """A text that is searched for in place of a question, and the words of the question behind each character."""

    text: str
    starts: NDArray[np.int32]  # [len(text)], where the words behind a character begin in the question, 0-based
    ends: NDArray[np.int32]  # [len(text)], where they end, exclusive

    @classmethod
    def whole(cls, question: str) -> "SearchedText":
        """The question as it is."""
        at = np.arange(len(question), dtype=np.int32)
        return cls(question, at, at + 1)

    @classmethod
    def without(cls, question: str, left_out: Iterable[tuple[int, int]]) -> "SearchedText":
        """The question without some stretches of it, nor the brackets and spaces that they leave behind."""
        letters = list(question)
        for start, end in left_out:
            letters[start:end] = " " * (end - start)
        for empty in EMPTY_BRACKETS.finditer("".join(letters)):
            letters[slice(*empty.span())] = " " * len(empty[0])
        kept = [
            at
            for at, letter in enumerate(letters)
            if letter != " " or (at + 1 < len(letters) and letters[at + 1] not in " )")
        ]
        kept = kept[1:] if kept and letters[kept[0]] == " " else kept
        starts = np.array(kept, np.int32)
        return cls("".join(letters[at] for at in kept), starts, starts + 1)

    @classmethod
    def standing_for(cls, start: int, end: int, text: str) -> "SearchedText":
        """Another text for the words of the question from `start` to `end`."""
        return cls(text, np.full(len(text), start, np.int32), np.full(len(text), end, np.int32))

    def spans_in_question(self, spans: NDArray[np.int32]) -> NDArray[np.int32]:
        """Spans of this text, int32 [t, 2] → of the question, int32 [t, 2]."""
        last = max(len(self.text) - 1, 0)
        firsts, lasts = np.minimum(spans[:, 0], last), np.clip(spans[:, 1] - 1, 0, last)
        return np.stack([self.starts[firsts], self.ends[lasts]], axis=1) if len(self.text) else spans


def place_spans(question: str, places: Sequence[Place]) -> list[tuple[int, int]]:
    """Where the names of places stand in a question, each with what leads up to it, in its order."""
    spans = []
    for place in places:
        led = LEADS_TO_PLACE.search(question, 0, place.start)
        possessive = POSSESSIVE.match(question, place.end)
        spans.append((led.start() if led else place.start, possessive.end() if possessive else place.end))
    return spans


def without_places(question: str, places: Sequence[Place], analyser: Analyser) -> SearchedText:
    """The question without its places where it asks for something there, else the whole of it."""
    if places:
        rest = SearchedText.without(question, place_spans(question, places))
        if any(not analyser.is_stop_word(word) and word not in WHATEVER_IS_DONE for word in plain_words(rest.text)):
            return rest
    return SearchedText.whole(question)


def standard_forms(
    question: str,
    left_out: Sequence[tuple[int, int]],
    mentions: Sequence[ConceptMention],
    acronyms: Sequence[Acronym],
    thesaurus: Sequence[Concept],
    analyser: Analyser,
) -> tuple[SearchedText, tuple[str, ...]] | None:
    """The standard term of the one concept or explained acronym that a question is, and its forms, standard first.

    None for a question that says more, whatever stands in the stretches `left_out`. Stop words say nothing more.
    """
    said = SearchedText.without(question, left_out)
    if len(mentions) == 1 and len(mentions[0].rows) == 1:
        mention, concept = mentions[0], thesaurus[mentions[0].rows[0]]
        rest = SearchedText.without(question, [*left_out, (mention.start, mention.end)])
        if _says_nothing(rest.text, analyser):
            forms = (concept.official[0], *([concept.acronym] if concept.acronym else []))
            return SearchedText.standing_for(mention.start, mention.end, forms[0]), forms
    words = _telling(said.text, analyser)
    for acronym in acronyms:
        if not mentions and words in (_telling(acronym.short, analyser), _telling(acronym.long, analyser)):
            long, short = acronym.long, acronym.short
            return SearchedText.standing_for(int(said.starts[0]), int(said.ends[-1]), long), (long, short)
    return None


def _says_nothing(text: str, analyser: Analyser) -> bool:
    return all(analyser.is_stop_word(word) and word not in NEGATIONS for word in plain_words(text))


def _telling(text: str, analyser: Analyser) -> list[str]:
    words = plain_words(text)
    return [word for word in words if word in NEGATIONS or not analyser.is_stop_word(word)]
