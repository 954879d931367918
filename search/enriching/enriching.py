"""Enriching: one initiative after the other is put to the model, and its record held to the sheets."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus import BadEditorial, Corpus, EditorialLayer, EditorialRecord, Fault, Initiative
from corpus.fidelity import Fidelity
from search.enriching.prompt import messages
from search.enriching.reply import record_in
from search.language_model.language_model import LanguageModel, Message, NoReply

# How often a record is asked for before its initiative is left out.
TRIES = 3

# Initiatives without any reply in a row, after which the endpoint is given up.
PATIENCE = 3

# Characters: a record has about 2,000, and models that explain themselves some more.
LONGEST_REPLY = 20_000

# Seconds before the second and the third try after no reply. With PATIENCE they outlast the minute by which endpoints
# count requests.
PAUSES_S = (2.0, 20.0)

# What an endpoint says that does not know how to hold a reply to JSON.
UNKNOWN_REQUEST = frozenset({400, 422})


class NoEndpoint(Fault):
    """The endpoint gives no replies; what was made so far is kept."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one initiative."""

    initiative: Initiative  # the fullest of its tellings
    record: EditorialRecord | None  # None when it was left out
    faults: tuple[str, ...]  # why


@dataclass
class Writing:
    """Who writes records, and what they are held to."""

    model: LanguageModel
    fidelity: Fidelity
    date: str  # ISO 8601, that records are given
    pause: Callable[[float], None]  # seconds
    json_only: bool = True  # until the endpoint refuses to be asked for JSON

    def record_of(self, tellings: Sequence[Initiative]) -> tuple[EditorialRecord | None, tuple[str, ...], bool]:
        """The record of an initiative, else what was wrong with the last one; and whether the model replied at all."""
        named: tuple[str, ...] = ()  # faults of the last reply
        silence: str | None = None  # why there was none, the last time
        for number in range(TRIES):
            asked = messages(tellings, self.fidelity.vocabulary, named)
            try:
                record = record_in(self._reply(asked), tellings[0].id, self.date)
            except NoReply as reason:
                silence = str(reason)
                if number < len(PAUSES_S):
                    self.pause(PAUSES_S[number])
            except BadEditorial as fault:
                named = (fault.what,)
            else:
                named = self.fidelity.faults(record, tellings)
                if not named:
                    return record, (), True
        return None, named or (silence or "",), bool(named)

    def _reply(self, asked: Sequence[Message]) -> str:
        model = replace(self.model, longest=LONGEST_REPLY, json_only=self.json_only)
        try:
            return "".join(model.reply(asked))
        except NoReply as reason:
            if not self.json_only or reason.status not in UNKNOWN_REQUEST:
                raise
        self.json_only = False
        return self._reply(asked)


def wanting(corpus: Corpus, layer: EditorialLayer) -> list[list[Initiative]]:
    """The real-world initiatives without a record, each with all its tellings, the fullest first."""
    found: dict[str, list[Initiative]] = {}
    for one in corpus.initiatives:
        if layer.of(one.id, one.same_as) is None:
            tellings = [corpus.by_id[id] for id in sorted({one.id, *one.same_as})]
            found.setdefault(tellings[0].id, sorted(tellings, key=lambda telling: -len(telling.text)))
    return list(found.values())


def enriched(initiatives: Sequence[Sequence[Initiative]], writing: Writing) -> Iterator[Outcome]:
    """Put initiatives to the model, each with its tellings. Raises NoEndpoint when there are no replies any more."""
    silent = 0
    for tellings in initiatives:
        record, faults, replied = writing.record_of(tellings)
        silent = 0 if replied else silent + 1
        yield Outcome(tellings[0], record, faults)
        if silent == min(PATIENCE, len(initiatives)):
            raise NoEndpoint(
                faults[0],
                "RECUEIL_LLM_URL",
                "Look at the endpoint, its key, its limits and RECUEIL_LLM_TIMEOUT_S; `recueil enrich` goes on where it"
                " ended.",
            )
