"""Helped: of what real people wrote, how much gets an answer, or a list, with a sheet that helps them.

    helped = helped_by_answers(collection, catalogue, answer_of(answerer))
    helped.share, helped.refused

People do not ask for words of a sheet as collections do: they tell their need. What comes back helps when one of the
sheets that it cites, in any of its lines, was judged to answer the need, wholly or in part.
"""

from dataclasses import dataclass

from eval.collection import Catalogue, Collection, Qrels
from eval.run import Ask

HELPS = 2  # grade from which a sheet helps whoever asked


@dataclass(frozen=True, slots=True)
class Helped:
    """Of some phrases that sheets are relevant to."""

    phrases: int
    share: float  # that are helped
    refused: float


def helped_by_answers(collection: Collection, catalogue: Catalogue, ask: Ask) -> Helped:
    """Ask every phrase of a collection, and look whether a sheet that is cited helps."""
    qrels, helped, refused = Qrels.of(collection, catalogue), 0, 0
    for question in collection.questions:
        answer = ask(question.text)
        cited = {one.initiative for one in answer.citations}
        helped += any((qrels.grade(question.id, id) or 0) >= HELPS for id in cited)
        refused += answer.abstained
    count = len(collection.questions)
    return Helped(phrases=count, share=helped / count, refused=refused / count)
