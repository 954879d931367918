"""Query analysis: language, places, acronyms and concepts of a question, and its token embeddings with their idf."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from corpus import Language
from corpus.places import Gazetteer, Place
from corpus.text import in_lower_case, plain_words
from index import Acronym, Analyser, Encoded, Encoder, Index, LexicalIndex, QuestionCentre, States, query_token_mask
from search.concepts import AcronymMatcher, ConceptMatcher, ConceptMention, CorpusCasing
from search.normalise import validate_question
from search.searched import SearchedText, place_spans, standard_forms, without_places
from search.spelling import SpellingRestorer
from search.word_lists import WordLists


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
    # The text that is compared with the corpus: the question without its places, or the standard term of the concept
    # that it is. All below is of this text; their spans are of the question.
    searched: SearchedText = field(compare=False, repr=False)
    standard: tuple[str, ...] = ()  # forms of the concept that the question is, and no more; the first is searched for
    encoded: Encoded = field(compare=False, repr=False)  # all tokens, as the encoder gives them, spans of `searched`
    vector: NDArray[np.float32] = field(compare=False, repr=False)  # [d], centred on the sample questions, length 1
    tokens: QueryTokens = field(compare=False, repr=False)

    def without_places(self) -> str:
        """The question without the names of its places and what leads up to them.

        Example: "garde d'enfants en Ariège ?" → "garde d'enfants ?"
        """
        return SearchedText.without(self.text, place_spans(self.text, self.places)).text

    def synonyms(self) -> list[tuple[str, tuple[str, ...]]]:
        """Words of the question, and the preferred terms that they stand for in the thesaurus."""
        return [(self.text[one.start : one.end], one.synonyms) for one in self.concepts if one.synonyms]

    def expanded_text(self) -> str:
        """Query expansion: what is searched for with both forms of acronyms and the preferred terms of concepts."""
        if self.standard:
            return " ".join(self.standard)
        acronyms = (f"{acronym.short} {acronym.long}" for acronym in self.acronyms)
        return " ".join([self.searched.text, *acronyms, *(term for one in self.concepts for term in one.synonyms)])

    def terms(self, analyser: Analyser) -> list[str]:
        """The index terms of the expanded question; standard terms are French, whatever the question is in."""
        return analyser.question_terms(self.expanded_text(), "fr" if self.standard else self.language)

    def tokens_of(self, mention: ConceptMention) -> NDArray[np.int64]:
        """The positions in `tokens` of those that name a concept; none when they are all too common."""
        spans = self.tokens.spans
        return np.flatnonzero((spans[:, 0] < mention.end) & (spans[:, 1] > mention.start))


@dataclass(frozen=True)
class LanguageDetector:
    """Tells French from English: by stop words, else by the words of French sheets, else by the vector.

    What cannot be told about sheets in another language than French is read, and answered, in English.
    """

    french: frozenset[str]  # stop words that are none in English, folded
    english: frozenset[str]
    lexical: LexicalIndex
    centre: QuestionCentre

    @classmethod
    def of(cls, lexical: LexicalIndex, centre: QuestionCentre) -> "LanguageDetector":
        """Take the stop words from the analyser."""
        french, english = lexical.analyser.french, lexical.analyser.english
        third = frozenset[str]() if lexical.analyser.language in ("fr", "en") else lexical.analyser.own
        return cls(french - english - third, english - french, lexical, centre)

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
        if self.lexical.analyser.language != "fr":
            return "en"
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
        """Analyse a question.

        `ignored` names what shall not be recognised in it: official names of places, short forms of acronyms, and words
        of the question that stand for concepts; a set, for a single text would match by its parts. Raises BadQuestion
        for one that is blank, too long or without words.
        """
        question = self.gazetteer.with_names(self.spelling.restore(validate_question(text)))
        places = tuple(one for one in self.gazetteer.places_in_query(question) if one.name not in ignored)
        acronyms = tuple(one for one in self.acronyms.match(question) if one.short not in ignored)
        concepts = tuple(one for one in self.concepts.match(question) if question[one.start : one.end] not in ignored)
        contents, analyser = self.index.contents, self.index.lexical.analyser
        left_out = place_spans(question, places)
        standard = standard_forms(question, left_out, concepts, acronyms, contents.thesaurus, analyser)
        searched, forms = standard or (without_places(question, places, analyser), ())
        # The encoder would tell "Métiers" from "métiers"; every character stays where it is.
        encoded = self.encoder.questions([in_lower_case(searched.text)])[0]
        tokens = QueryTokens.of(self.index, encoded)
        in_english = bool(forms) and any(one.is_english for one in concepts)
        return Query(
            text=question,
            typed=text,
            language="en" if in_english else self.languages.detect(question, encoded.vector, places),
            places=places,
            acronyms=acronyms,
            concepts=concepts,
            searched=searched,
            standard=forms,
            encoded=encoded,
            vector=self.index.centre.vector(encoded.vector),
            tokens=replace(tokens, spans=searched.spans_in_question(tokens.spans)),
        )
