"""The training set: which questions teach what, and which initiatives none of them is about."""

from hashlib import sha256

from corpus import Fact, Initiative, Language
from eval.training.examples import CONFIDENCE, READER, TrainingQuestion, read_training_questions
from eval.training.spoken import NEAR_MISSES, SPOKEN, read_near_misses, read_spoken
from search import Searcher

# One cluster of initiatives in so many is kept out of whatever is trained, so that answers can be measured on it.
KEPT_OUT = 4


def is_kept_out(initiative: Initiative) -> bool:
    """Whether an initiative is kept out of training, by the sha256 of the first id of its cluster."""
    first = min(initiative.id, *initiative.same_as) if initiative.same_as else initiative.id
    return int(sha256(first.encode()).hexdigest(), 16) % KEPT_OUT == 0


def training_set(searcher: Searcher) -> tuple[tuple[TrainingQuestion, ...], tuple[TrainingQuestion, ...]]:
    """Questions for the ranker alone, and for ranker and confidence.

    The ranker alone is taught by the facts' own wordings, which are nearer to the sheets' words than people's are; both
    by what people would say: a file of questions, the facts in everyday words, and near misses. Nothing is asked about
    initiatives that are kept out, nor about those that the span reader learned from: it is surer of these.
    """
    initiatives, facts = searcher.index.contents.initiatives, searcher.index.contents.enrichment.facts
    read = _read_about(searcher)
    left_out = {one.id for one in initiatives if is_kept_out(one) or one.id in read}
    spoken = [one for of_fact in read_spoken(SPOKEN, facts).values() for one in of_fact]
    spoken += read_near_misses(NEAR_MISSES, {one.id for one in initiatives})
    asked = (
        one for one in (*read_training_questions(CONFIDENCE), *spoken) if not {one.initiative, one.near} & left_out
    )
    return tuple(of_fact(one) for one in facts if one.initiative not in left_out), tuple(asked)


def reader_set(
    searcher: Searcher,
) -> tuple[tuple[TrainingQuestion, ...], dict[Fact, tuple[TrainingQuestion, ...]]]:
    """What the span reader learns from: a file of questions, and facts about the same initiatives in all wordings."""
    initiatives, facts = searcher.index.contents.initiatives, searcher.index.contents.enrichment.facts
    kept_out = {one.id for one in initiatives if is_kept_out(one)}
    asked = tuple(one for one in read_training_questions(READER) if one.initiative not in kept_out)
    read, spoken = _read_about(searcher) - kept_out, read_spoken(SPOKEN, facts)
    return asked, {fact: spoken.get(fact, ()) for fact in facts if fact.initiative in read}


def _read_about(searcher: Searcher) -> set[str]:
    """The ids of the initiatives that the file of the span reader asks about, and of their other tellings."""
    asked = {one.initiative for one in read_training_questions(READER) if one.initiative}
    return asked | {id for one in asked for id in searcher.catalogue.initiative(one).same_as}


def of_fact(fact: Fact) -> TrainingQuestion:
    """One wording of a fact's question, in the one language or the other."""
    lot = len(fact.answer.fr) + len(fact.answer.en)
    language: Language = "en" if lot % 2 else "fr"
    wordings = fact.questions.en if language == "en" else fact.questions.fr
    return TrainingQuestion(
        text=wordings[lot // 2 % len(wordings)],
        language=language,
        kind=fact.kind.value,
        initiative=fact.initiative,
        answer=fact.short.fr,
        proofs=tuple(quote.text for quote in fact.quotes),
        fact=fact,
    )
