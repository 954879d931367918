"""Features: what speaks for a candidate, and for the question having an answer here at all.

Two short rows of named numbers, CANDIDATE_FEATURES and QUESTION_FEATURES. `confidence` weighs them. Their names stand
in calibration.json, so that they stay as they were when it was fitted: "carrier" is a lead organisation, "phrasings"
are the expansions of an editorial record.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from math import nan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus import Initiative
from corpus.text import fold, plain_words
from search import Query, ranks_of_clusters, word_around
from search.answer.answer_type import AnswerType, entities_in, expected_entities
from search.answer.candidates import AnswerCandidate, AnswerContext, Origin

# A token of the question counts as matched from this cosine on: at 0.45 matched shares tell answerable questions from
# others best (the development questions; a plateau from 0.4 to 0.5).
MATCHED = 0.45

# Tokens at least this rare (in less than exp(-3.5) = 3 % of the passages) carry what a question is about.
RARE_WEIGHT = 3.5

# Questions for whoever runs an initiative: "qui porte …", "who offers …"; or does what it is about, in a verb of its
# own: "qui héberge des femmes …", but not "qui finance les …", which asks for another part in it. Folded.
OTHER_PARTS = """
est sont etait peut peuvent doit doivent va vont finance paie evalue participe beneficie compose signe siege forme
travaille intervient recoit touche suit
"""
RUNS = re.compile(
    rf"""\b(?: (?:qui|quel\w*\ \w+)\ (?:a\ |ont\ )?
          (?:fai[st]|mene|porte|propose|organise|gere|pilote|anime|lance|initie|s'occupe|cree)
        | ^qui\ (?!(?:{"|".join(OTHER_PARTS.split())})\b)\w+(?:e|it|end)\ (?:des?|du|les?|la|l'\w+|une?|aux?)\b
        | (?:who|which\ \w+)\ (?:do|does|runs?|offers?|leads?|organi[sz]es?|provides?|manages?|carr(?:y|ies)|start) )
    """,
    re.VERBOSE,
)

# Fields that hold what their name says, whatever the words look like.
NAMED_FIELDS = frozenset({Origin.LEAD_ORGANISATION, Origin.PARTNER, Origin.PLACE, Origin.START, Origin.CONTACT})

# Log-probabilities of facts below this count as this: a sentence that proves no fact may be the answer all the same.
LEAST_ASKED = -4.0

# Words with a capital or a digit: names and numbers.
NOTABLE = re.compile(r"\b[A-ZÀ-Ý]\w+|\b\w*\d\w*")

Features = NDArray[np.float32]  # [n], aligned with the names


class CandidateFeatures(NamedTuple):
    """What speaks for a candidate being the answer. Flags are 0 or 1; "mostly" means nine times in ten."""

    reader: float  # the span reader's score / 10, mostly -2.2 to 0.4; 0 for a field
    field: float  # flag: a field of the sheet, not a span of the reader
    fits: float  # flag: it names an entity of a type that the answer type expects
    misfits: float  # flag: such a type is expected, and it names none
    first: float  # 1 / the rank of its initiative: 1, 0.5 … 0.2
    closeness: float  # MaxSim of the best passage of its initiative, -1 to 1, mostly 0.3 to 0.6
    echo: float  # the share of its words that the question says itself, 0 to 1
    length: float  # ln(characters + 1) / 5: 0.46 for 9 characters, 0.92 for 99
    carrier: float  # flag: a lead organisation
    carrier_asked: float  # flag: a lead organisation, and the question is for whoever runs it
    partner: float  # flag: a partner
    place: float  # flag: a département or the territory
    start: float  # flag: when the initiative started
    status: float  # flag: its status, with a digit in it
    field_echo: float  # `echo` of a field, 0 for a span
    contact: float  # flag: a contact's name and role
    contact_asked: float  # flag: a contact's name and role, and the question is for a contact


class QuestionFeatures(NamedTuple):
    """What speaks for the question having an answer here, seen from the best candidate and its initiative.

    Those of editorial records and of silence are nan where the initiative has none: they cannot be known.
    """

    choice: float  # the log-odds of the sentence chosen / 5, mostly -0.9 to 0.5
    ahead: float  # these less the log-odds of the best sentence of another initiative / 5; 0 or less is a doubt
    sentence: float  # MaxSim of the sentence chosen, 0 to 1
    in_sentence: float  # the share of the question's tokens, by idf, that it has with a cosine of MATCHED or more
    fits: float  # flag: it names an entity of a type that is expected
    counted: float  # flag: a number stands before a word of the question in it
    short: float  # flag: it has a short answer
    field: float  # flag: that short answer is a field of the sheet
    fact: float  # how near the nearest fact is whose quote stands in it, -1 without
    asked: float  # the log-probability of the fact asked for in it among those of the nearest sheets / 5
    asked_in_sheet: float  # and among those of its sheet / 5
    asked_logit: float  # its logit / 5
    silence: float  # how much liker it is to what its sheet leaves open than to any of its facts, logits / 5, or nan
    reader: float  # the best score of the span reader on any passage / 10, mostly -1.6 to 1.1; 0 without any
    closeness: float  # MaxSim of the best passage of the initiative, -1 to 1, mostly 0.3 to 0.6
    lead: float  # the best closeness of the first six initiatives less the lowest, mostly 0.1 to 0.3
    matched: float  # the share of the question's tokens, by idf, with a cosine of MATCHED or more there, 0 to 1
    worst_word: float  # the cosine of the question's rare word that is matched worst there, mostly 0.2 to 0.5
    known: float  # the share of the question's terms that the corpus holds, 0 to 1
    in_place: float  # flag: the initiative takes place where the question asks; 0 when it names no place
    out_of_place: float  # flag: the question names a place, and the initiative lies elsewhere
    named: float  # the share of the question's names and numbers that the sheet holds, 0 to 1; 1 without any
    words_first: float  # 1 / the rank of the initiative by BM25; 0 without one, or when it is none of the first 10 hits
    vectors_first: float  # the same for its rank by sentence vectors
    record: float  # MaxSim of its editorial record, mostly 0.3 to 0.7, or nan
    phrasings: float  # the mean cosine with the nearest expansions of that record, mostly 0.2 to 0.6, or nan
    ranked_lead: float  # the search score of the first initiative less that of the sixth, mostly 0 to 0.4


def _names(features: type[CandidateFeatures] | type[QuestionFeatures]) -> tuple[str, ...]:
    """The names as calibration.json has them: with spaces."""
    return tuple(name.replace("_", " ") for name in features._fields)


CANDIDATE_FEATURES = _names(CandidateFeatures)
QUESTION_FEATURES = _names(QuestionFeatures)

# The question's features and all products of two of them. Some count only together: a reader that is sure of words in a
# sheet about something else says nothing, and neither does a sheet that scores high without the question's words.
PAIRS = tuple((one, other) for one in range(len(QUESTION_FEATURES)) for other in range(one, len(QUESTION_FEATURES)))
PRODUCT_FEATURES = (
    *QUESTION_FEATURES,
    *(f"{QUESTION_FEATURES[one]} × {QUESTION_FEATURES[other]}" for one, other in PAIRS),
)


def with_products(standardised: Features) -> Features:
    """Question features, standardised, [n] → with the products of each two, [n (n + 3) / 2], named PRODUCT_FEATURES."""
    return np.concatenate([standardised, [standardised[one] * standardised[other] for one, other in PAIRS]])


def candidate_features(context: AnswerContext, candidate: AnswerCandidate) -> Features:
    """What speaks for a candidate, float32 [17], named CANDIDATE_FEATURES."""
    origin, rank = candidate.origin, context.ranks[candidate.row]
    expected, echo = expected_entities(context.answer_type), _echo(context.question_words, candidate.lead)
    fits = bool(expected) and (
        origin in NAMED_FIELDS or bool(expected & entities_in(candidate.lead, context.gazetteer))
    )
    return np.array(
        CandidateFeatures(
            reader=candidate.score / 10,
            field=origin is not Origin.SPAN,
            fits=fits,
            misfits=bool(expected) and not fits,
            first=1 / rank,
            closeness=context.best_scores[rank],
            echo=echo,
            length=np.log(len(candidate.lead) + 1) / 5,
            carrier=origin is Origin.LEAD_ORGANISATION,
            carrier_asked=origin is Origin.LEAD_ORGANISATION and bool(RUNS.search(fold(context.ranking.query.text))),
            partner=origin is Origin.PARTNER,
            place=origin is Origin.PLACE,
            start=origin is Origin.START,
            status=origin is Origin.STATUS,
            field_echo=echo if origin is not Origin.SPAN else 0.0,
            contact=origin is Origin.CONTACT,
            contact_asked=origin is Origin.CONTACT and context.answer_type is AnswerType.CONTACT,
        ),
        np.float32,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OfSentence:
    """What the ranker knows of the sentence chosen, as `QuestionFeatures` has it."""

    row: int  # of its initiative
    choice: float
    ahead: float
    sentence: float
    in_sentence: float
    fits: float
    counted: float
    short: float
    field: float
    fact: float
    asked: float
    asked_in_sheet: float
    asked_logit: float
    fact_logit: float  # of the fact of its initiative that is likeliest asked for, nan without one
    reader: float


def question_features(context: AnswerContext, best: OfSentence) -> Features:
    """What speaks for the question having an answer here, float32 [n], named QUESTION_FEATURES."""
    ranking, rank = context.ranking, context.ranks[best.row]
    initiative = context.index.contents.initiatives[best.row]
    cosines, weights = context.cosines_of(rank), ranking.query.tokens.weights
    cluster = int(context.clusters[ranking.nearest[rank - 1].passage])
    lexical_rank = ranks_of_clusters(ranking.candidates.lexical_ranks, context.clusters).get(cluster)
    dense_rank = ranks_of_clusters(ranking.candidates.dense_ranks, context.clusters).get(cluster)
    in_place, out_of_place = place_of(context, initiative)
    record, expansions = _record_scores(context, rank)
    return np.array(
        QuestionFeatures(
            choice=best.choice / 5,
            ahead=best.ahead / 5,
            sentence=best.sentence,
            in_sentence=best.in_sentence,
            fits=best.fits,
            counted=best.counted,
            short=best.short,
            field=best.field,
            fact=best.fact,
            asked=max(best.asked, LEAST_ASKED) / 5,
            asked_in_sheet=max(best.asked_in_sheet, LEAST_ASKED) / 5,
            asked_logit=best.asked_logit / 5,
            silence=(_silence_logit(context, rank) - best.fact_logit) / 5,
            reader=best.reader / 10,
            closeness=context.best_scores[rank],
            lead=max(context.best_scores.values()) - min(context.best_scores.values()),
            matched=weights[cosines >= MATCHED].sum() / weights.sum(),
            worst_word=_worst_word(ranking.query, cosines),
            known=ranking.candidates.term_coverage,
            in_place=in_place,
            out_of_place=out_of_place,
            named=_named(ranking.query.text, initiative),
            words_first=1 / lexical_rank if lexical_rank else 0.0,
            vectors_first=1 / dense_rank if dense_rank else 0.0,
            record=record,
            phrasings=expansions,
            ranked_lead=ranking.nearest[0].score - ranking.nearest[len(set(context.ranks.values())) - 1].score,
        ),
        np.float32,
    )


def _record_scores(context: AnswerContext, rank: int) -> tuple[float, float]:
    """MaxSim of the editorial record of the initiative of this rank, and how near its expansions are; nan without."""
    ranking, reranked = context.ranking, context.ranking.reranked
    passage = ranking.nearest[rank - 1].passage
    record = int(context.index.records[passage])
    if record < 0:
        return nan, nan
    score = reranked.record_scores[reranked.position(passage)]
    return float(score), float(ranking.candidates.expansion_similarity[record])


def _silence_logit(context: AnswerContext, rank: int) -> float:
    """How much the question is like those that the initiative of this rank does not answer, a logit; nan unknown."""
    index, reading = context.index, context.ranking.candidates.reading
    if index.adaptation is None or reading is None:
        return nan
    return index.adaptation.silence_logit(reading, int(index.adapted_rows[context.ranking.nearest[rank - 1].passage]))


def _worst_word(query: Query, cosines: Features) -> float:
    """The cosine of the rare word that is matched worst, the mean over its tokens; of any word when none is rare."""
    pieces: dict[tuple[int, int], list[int]] = {}
    for token, (start, end) in enumerate(query.tokens.spans):
        pieces.setdefault(word_around(query.text, int(start), int(end)), []).append(token)
    rare = [tokens for tokens in pieces.values() if query.tokens.weights[tokens].max() >= RARE_WEIGHT]
    return float(min(cosines[tokens].mean() for tokens in rare or pieces.values()))


def _echo(question_words: frozenset[str], lead: str) -> float:
    """The share of the words of a short answer that the question has already."""
    words = plain_words(lead)
    return sum(word in question_words for word in words) / max(len(words), 1)


def _named(question: str, initiative: Initiative) -> float:
    """The share of the names and numbers of the question, its first word apart, that the sheet has too.

    In a question written in capitals no word looks like a name.
    """
    question = question.lower() if question.isupper() else question
    named = [word for notable in NOTABLE.findall(question) for word in plain_words(notable)]
    first = plain_words(question)[:1]
    asked = [word for word in named if [word] != first]
    held = _words_of(initiative)
    return sum(word in held for word in asked) / len(asked) if asked else 1.0


@lru_cache(maxsize=1024)
def _words_of(initiative: Initiative) -> frozenset[str]:
    """The folded words of a sheet, its title and its places; kept, because folding a long sheet takes a millisecond."""
    places = " ".join(departement.name for departement in initiative.departements)
    return frozenset(plain_words(f"{initiative.title} {places} {initiative.text}"))


def place_of(context: AnswerContext, initiative: Initiative) -> tuple[float, float]:
    """Whether an initiative lies where the question asks, and whether elsewhere: both 0 when it names no place."""
    asked = {one.code for place in context.ranking.query.places for one in place.departements}
    if not asked:
        return 0.0, 0.0
    inside = any(one.code in asked for one in (*initiative.departements, *initiative.cited_departements))
    return float(inside), float(not inside)
