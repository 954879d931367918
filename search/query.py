"""Query analysis: language, places, acronyms and concepts of a question, and its token embeddings with their idf."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from corpus import Language
from corpus.places import Gazetteer, Place
from corpus.text import in_lower_case, plain_words
from index import Acronym, Encoded, Encoder, Index, LexicalIndex, QuestionCentre, States, query_token_mask
from search.concepts import AcronymMatcher, ConceptMatcher, ConceptMention, CorpusCasing
from search.normalise import validate_question
from search.spelling import SpellingRestorer
from search.word_lists import WordLists

# What leads up to the name of a place, and goes with it: "dans le département de la", "near".
LEADS_TO_PLACE = re.compile(
    r"""
    (?: (?<!\w)(?: en|à|au|aux|dans|chez|sur|vers|près|autour|de|du|des|le|la|les|et|ou|département|région
        |and|or|in|near|around|at|of|the )\s+
    | (?<!\w)[dl]['’]\s* )+$
    """,
    re.IGNORECASE | re.VERBOSE,
)
# What a place leaves behind that stood between brackets, closed or not.
EMPTY_BRACKETS = re.compile(r"\([^\w()]*(?:\)|$)")


@dataclass(frozen=True, slots=True)
class QueryTokens:
    """The informative tokens of a text, ready for MaxSim: those that are not in most passages."""

    embeddings: States  # float32 [t, d], centred on the mean of the sample questions, rows of length 1
    weights: NDArray[np.float32]  # [t], idf
    spans: NDArray[np.int32]  # [t, 2], characters of the text, 0-based, end exclusive

    @classmethod
    def of(cls, index: Index, encoded: Encoded) -> "QueryTokens":
        """Centre and weigh the tokens of a text that was encoded as a question."""
        weights = index.multivector.weights(encoded.tokens)
        kept = query_token_mask(weights)
        embeddings = index.centre.states(encoded.states)
        return cls(embeddings[kept], weights[kept], encoded.spans[kept])


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question, analysed once for everything that is done with it. Embeddings do not count for equality."""

    text: str  # in normal form, its spelling restored: what all spans and every part of the search refer to
    typed: str = field(compare=False)  # as somebody typed it, for showing
    language: Language
    places: tuple[Place, ...]  # where the initiatives asked for take place
    acronyms: tuple[Acronym, ...]  # those the corpus explains, met in either form
    concepts: tuple[ConceptMention, ...]  # of the thesaurus, named in whatever words
    encoded: Encoded = field(compare=False, repr=False)  # all tokens, as the encoder gives them
    vector: NDArray[np.float32] = field(compare=False, repr=False)  # [d], centred on the sample questions, length 1
    tokens: QueryTokens = field(compare=False, repr=False)

    def without(self, ignored: AbstractSet[str]) -> "Query":
        """The same question without some of what was recognised in it.

        `ignored` are official names of places, short forms of acronyms, and words of the question that stand for
        concepts: a set, for a single text would match by its parts.
        """
        return replace(
            self,
            places=tuple(place for place in self.places if place.name not in ignored),
            acronyms=tuple(acronym for acronym in self.acronyms if acronym.short not in ignored),
            concepts=tuple(one for one in self.concepts if self.text[one.start : one.end] not in ignored),
        )

    def without_places(self) -> str:
        """The question without the names of its places and what leads up to them.

        Example: "garde d'enfants en Ariège ?" → "garde d'enfants ?"
        """
        kept = self.text
        for place in sorted(self.places, key=lambda place: -place.start):
            kept = f"{LEADS_TO_PLACE.sub('', kept[: place.start])}{kept[place.end :]}"
        return " ".join(EMPTY_BRACKETS.sub("", kept).split()).replace(" )", ")")

    def synonyms(self) -> list[tuple[str, tuple[str, ...]]]:
        """Words of the question, and the preferred terms that they stand for in the thesaurus."""
        return [(self.text[one.start : one.end], one.synonyms) for one in self.concepts if one.synonyms]

    def expanded_text(self) -> str:
        """Query expansion: the question with both forms of its acronyms and the preferred terms of its concepts."""
        acronyms = (f"{acronym.short} {acronym.long}" for acronym in self.acronyms)
        return " ".join([self.text, *acronyms, *(term for one in self.concepts for term in one.synonyms)])

    def tokens_of(self, mention: ConceptMention) -> NDArray[np.int64]:
        """The positions in `tokens` of those that name a concept; none when they are all too common."""
        spans = self.tokens.spans
        return np.flatnonzero((spans[:, 0] < mention.end) & (spans[:, 1] > mention.start))


@dataclass(frozen=True)
class LanguageDetector:
    """Tells French from English: by stop words, else by the words of the corpus (French), else by the vector."""

    french: frozenset[str]  # stop words that are none in English, folded
    english: frozenset[str]
    lexical: LexicalIndex
    centre: QuestionCentre

    @classmethod
    def of(cls, lexical: LexicalIndex, centre: QuestionCentre) -> "LanguageDetector":
        """Take the stop words from the analyser."""
        french, english = lexical.analyser.french, lexical.analyser.english
        return cls(french - english, english - french, lexical, centre)

    def detect(self, text: str, vector: NDArray[np.float32], places: Sequence[Place] = ()) -> Language:
        """Give "fr" or "en" for a question, its sentence vector [d], not centred, and the places it names.

        Example: "insertion RSA" has no stop word, but the corpus knows both words; of "homeless women" it knows none,
        and the vector lies nearer to the English sample questions. Names and numbers tell nothing: "Gironde 2016" is
        French as long as no English word says otherwise.
        """
        for place in sorted(places, key=lambda place: -place.start):
            text = f"{text[: place.start]} {text[place.end :]}"
        words = plain_words(text)
        lead = sum(word in self.english for word in words) - sum(word in self.french for word in words)
        if lead:
            return "en" if lead > 0 else "fr"
        known = all(term in self.lexical.vocabulary for term in self.lexical.analyser.terms(text))
        said = any(word in WordLists.open().english for word in words)
        return "en" if said and not known and self.centre.english_logit(vector) > 0 else "fr"


@dataclass(frozen=True, kw_only=True)
class QueryAnalyser:
    """Analyses questions about what one index holds. Nothing in it changes, so threads may share it."""

    index: Index
    encoder: Encoder
    gazetteer: Gazetteer
    languages: LanguageDetector
    acronyms: AcronymMatcher
    concepts: ConceptMatcher
    spelling: SpellingRestorer

    @classmethod
    def of(cls, index: Index, encoder: Encoder, gazetteer: Gazetteer) -> "QueryAnalyser":
        """Prepare to analyse questions."""
        contents, analyser = index.contents, index.lexical.analyser
        casing = CorpusCasing.of(contents.passages)
        return cls(
            index=index,
            encoder=encoder,
            gazetteer=gazetteer,
            languages=LanguageDetector.of(index.lexical, index.centre),
            acronyms=AcronymMatcher.of(contents.acronyms, casing.lower_case),
            concepts=ConceptMatcher.of(contents.thesaurus, analyser, casing.always_capitals),
            spelling=SpellingRestorer.of(contents, analyser, gazetteer),
        )

    def analyse(self, text: str, ignored: AbstractSet[str] = frozenset()) -> Query:
        """Analyse a question; `ignored` names what shall not be recognised in it, as `Query.without` takes it.

        Raises BadQuestion for one that is blank, too long or without words.
        """
        question = self.gazetteer.with_names(self.spelling.restore(validate_question(text)))
        # The encoder would tell "Métiers" from "métiers"; every character stays where it is.
        encoded = self.encoder.questions([in_lower_case(question)])[0]
        places = self.gazetteer.places_in_query(question)
        return Query(
            text=question,
            typed=text,
            language=self.languages.detect(question, encoded.vector, places),
            places=places,
            acronyms=self.acronyms.match(question),
            concepts=self.concepts.match(question),
            encoded=encoded,
            vector=self.index.centre.vector(encoded.vector),
            tokens=QueryTokens.of(self.index, encoded),
        ).without(ignored)
