"""The training set: which questions teach what, and which initiatives none of them is about."""

from dataclasses import replace
from hashlib import sha256

from corpus import Fact, Initiative, Language
from eval.training.examples import CONFIDENCE, READER, TrainingQuestion, read_training_questions
from eval.training.spoken import NEAR_MISSES, SPOKEN, question_for, read_near_misses, read_spoken
from search import Searcher

# One cluster of initiatives in so many is kept out of whatever is trained, so that answers can be measured on it.
KEPT_OUT = 4


def is_kept_out(initiative: Initiative) -> bool:
    """Whether an initiative is kept out of training, by the sha256 of its cluster."""
    return int(sha256(initiative.cluster.encode()).hexdigest(), 16) % KEPT_OUT == 0


def training_set(searcher: Searcher) -> tuple[tuple[TrainingQuestion, ...], tuple[TrainingQuestion, ...]]:
    """Questions for the ranker alone, and for ranker and confidence.

    The ranker alone is taught by the facts' own wordings, which are nearer to the sheets' words than people's are; both
    by what people would say: both files, the facts in everyday words, and near misses. Nothing is asked about
    initiatives that are kept out.
    """
    initiatives, facts = searcher.index.contents.initiatives, searcher.index.contents.enrichment.facts
    kept_out = {one.id for one in initiatives if is_kept_out(one)}
    spoken = (*read_spoken(SPOKEN, facts), *read_near_misses(NEAR_MISSES, {one.id for one in initiatives}))
    files = [one for path in (CONFIDENCE, READER) for one in read_training_questions(path)]
    asked = (one for one in (*files, *spoken) if not {one.initiative, one.near} & kept_out)
    return tuple(of_fact(one) for one in facts if one.initiative not in kept_out), tuple(asked)


def of_fact(fact: Fact) -> TrainingQuestion:
    """One wording of a fact's question, in the one language or the other."""
    lot = len(fact.answer.fr) + len(fact.answer.en)
    language: Language = "en" if lot % 2 else "fr"
    wordings = fact.questions.en if language == "en" else fact.questions.fr
    return replace(question_for(fact, wordings[lot // 2 % len(wordings)], language), fact=fact)
