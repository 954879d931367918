"""Evidence: what speaks for a finding, and for the question having an answer here at all.

Two short rows of figures, each named. `calibration` weighs them; nothing here decides.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import nan

import numpy as np
from numpy.typing import NDArray

from corpus.initiative import Initiative
from corpus.places import Gazetteer
from index.index import Index
from index.words import fold, plain_words
from search.answering.asked import Asked
from search.answering.finding import Finding, Origin
from search.answering.mentions import expected, mentions
from search.engine import Trail
from search.ranking import Weighed, word_around

# A token of the question counts as matched above this cosine: at 0.45 matched shares tell answerable questions from
# others best (the development questions; a plateau from 0.4 to 0.5).
MATCHED = 0.45

# Tokens at least this rare (in less than exp(-3.5) = 3 % of the passages) carry what a question is about.
RARE_WEIGHT = 3.5

# Questions for whoever runs an initiative: "qui porte …", "who offers …".
RUNS = re.compile(
    r"""\b(?: (?:qui|quel\w*\ \w+)\ (?:a\ |ont\ )?
          (?:fai[st]|mene|porte|propose|organise|gere|pilote|anime|lance|initie|s'occupe|cree)
        | (?:who|which\ \w+)\ (?:do|does|runs?|offers?|leads?|organi[sz]es?|provides?|manages?|carr(?:y|ies)|start) )
    """,
    re.VERBOSE,
)

FIELDS = frozenset({Origin.CARRIER, Origin.PARTNER, Origin.PLACE, Origin.START, Origin.CONTACT})

NOTABLE = re.compile(r"\b[A-ZÀ-Ý]\w+|\b\w*\d\w*")

FINDING = (
    "reader",
    "field",
    "fits",
    "misfits",
    "first",
    "closeness",
    "echo",
    "length",
    "carrier",
    "carrier asked",
    "partner",
    "place",
    "start",
    "status",
    "field echo",
    "contact",
    "contact asked",
)
QUESTION = (
    "choice",
    "reader",
    "closeness",
    "lead",
    "matched",
    "worst word",
    "known",
    "in place",
    "out of place",
    "named",
    "words first",
    "vectors first",
    "record",
    "phrasings",
    "ranked lead",
)

# The evidence for a question and all products of two of them: a reader that is sure of words in a sheet about something
# else is no evidence, and a near sheet without the words is none either.
PAIRS = tuple((one, other) for one in range(len(QUESTION)) for other in range(one, len(QUESTION)))
PRODUCTS = (*QUESTION, *(f"{QUESTION[one]} × {QUESTION[other]}" for one, other in PAIRS))

Row = NDArray[np.float32]


def with_products(standardised: Row) -> Row:
    """Evidence for a question, standardised, [len(QUESTION)] → with the products of each two, [len(PRODUCTS)]."""
    return np.concatenate([standardised, [standardised[one] * standardised[other] for one, other in PAIRS]])


@dataclass(frozen=True, slots=True)
class Asking:
    """A question with all that was found for it, as evidence is taken from it."""

    index: Index
    gazetteer: Gazetteer
    trail: Trail
    asked: Asked
    ranks: dict[int, int]  # of the best initiatives: row → rank from 1, that of the first of its tellings
    words: frozenset[str]  # of the question, folded
    passages: NDArray[np.int64]  # [m], those of these initiatives
    passage_ranks: NDArray[np.int64]  # [m], the rank of the initiative of each
    closeness: Row  # [m], their late-interaction scores
    nearest: dict[int, float]  # rank → the score of the nearest passage of that initiative, in any of its tellings
    cosines: Row  # [m, t], the best cosine of each token of the question in each

    def matched_of(self, rank: int) -> Row:
        """The best cosine of each token of the question anywhere in the initiative of this rank, float32 [t]."""
        return np.asarray(self.cosines[self.passage_ranks == rank].max(axis=0), np.float32)


def of_finding(asking: Asking, finding: Finding) -> Row:
    """What speaks for a finding, float32 [len(FINDING)]."""
    wanted, echo = expected(asking.asked), _echo(asking.words, finding.lead)
    # What a field holds is what its name says, whatever the words look like.
    fits = bool(wanted) and (finding.origin in FIELDS or bool(wanted & mentions(finding.lead, asking.gazetteer)))
    return np.array(
        [
            finding.score / 10,
            finding.origin is not Origin.SPAN,
            fits,
            bool(wanted) and not fits,
            1 / asking.ranks[finding.row],
            asking.nearest[asking.ranks[finding.row]],
            echo,
            np.log(len(finding.lead) + 1) / 5,
            finding.origin is Origin.CARRIER,
            finding.origin is Origin.CARRIER and bool(RUNS.search(fold(asking.trail.question.text))),
            finding.origin is Origin.PARTNER,
            finding.origin is Origin.PLACE,
            finding.origin is Origin.START,
            finding.origin is Origin.STATUS,
            echo if finding.origin is not Origin.SPAN else 0.0,
            finding.origin is Origin.CONTACT,
            finding.origin is Origin.CONTACT and asking.asked is Asked.CONTACT,
        ],
        np.float32,
    )


def of_question(asking: Asking, best: Finding, choice: float, reader: float) -> Row:
    """What speaks for the question having an answer here, float32 [len(QUESTION)]; nan for what cannot be known.

    `best` is the finding chosen, `choice` its log-odds, `reader` the best score of the span reader.
    """
    trail, initiative = asking.trail, asking.index.contents.initiatives[best.row]
    cosines = asking.matched_of(asking.ranks[best.row])
    weights = trail.question.weights
    hit = next((hit for hit in trail.results.hits if _tells_of(hit.initiative, initiative)), None)
    places = _place_evidence(asking, initiative)
    return np.array(
        [
            choice / 5,
            reader / 10,
            asking.nearest[asking.ranks[best.row]],
            max(asking.nearest.values()) - min(asking.nearest.values()),
            weights[cosines >= MATCHED].sum() / weights.sum(),
            _worst_word(trail.question, cosines),
            trail.candidates.known,
            *places,
            _named(trail.question.text, initiative),
            1 / hit.word_rank if hit and hit.word_rank else 0.0,
            1 / hit.vector_rank if hit and hit.vector_rank else 0.0,
            *_record_evidence(asking, asking.ranks[best.row]),
            trail.ranked[0].score - trail.ranked[len(set(asking.ranks.values())) - 1].score,
        ],
        np.float32,
    )


def _record_evidence(asking: Asking, rank: int) -> tuple[float, float]:
    """How well the editorial record of the initiative of this rank answers, and how near its phrasings are."""
    trail, passage = asking.trail, asking.trail.ranked[rank - 1].passage
    record = int(asking.index.records[passage])
    if record < 0:
        return nan, nan
    return float(trail.look.record[trail.look.position(passage)]), float(trail.candidates.nearness[record])


def _tells_of(one: Initiative, other: Initiative) -> bool:
    return other.id in (one.id, *one.same_as)


def _worst_word(question: Weighed, cosines: Row) -> float:
    """The best cosine of the rare word that is matched worst; a word is as good as the mean of its pieces."""
    pieces: dict[tuple[int, int], list[int]] = {}
    for token, (start, end) in enumerate(question.spans):
        pieces.setdefault(word_around(question.text, int(start), int(end)), []).append(token)
    rare = [tokens for tokens in pieces.values() if question.weights[tokens].max() >= RARE_WEIGHT]
    return float(min(cosines[tokens].mean() for tokens in rare or pieces.values()))


def _echo(asked: frozenset[str], lead: str) -> float:
    """The share of the words of a short answer that the question has already."""
    words = plain_words(lead)
    return sum(word in asked for word in words) / max(len(words), 1)


def _named(question: str, initiative: Initiative) -> float:
    """The share of the names and numbers of the question, its first word apart, that the sheet has too."""
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


def _place_evidence(asking: Asking, initiative: Initiative) -> Sequence[float]:
    """Whether the initiative lies where the question asks, and whether elsewhere: both 0 when it names no place."""
    asked = {one.code for place in asking.trail.results.query.places for one in place.departements}
    if not asked:
        return 0.0, 0.0
    inside = any(one.code in asked for one in (*initiative.departements, *initiative.cited_departements))
    return float(inside), float(not inside)
