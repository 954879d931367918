"""Lessons: the texts that an encoder is adapted to a corpus with, each with the initiative that it is about."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from corpus import Asked, Corpus, Enrichment
from index.adaptation import fact_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """What is learned from."""

    initiatives: tuple[str, ...]  # ids, one of each real-world initiative; their order is that of the rows
    texts: tuple[str, ...]
    # [targets, initiatives], float32: how much of a text belongs to which; each row sums to 1. First one for each
    # initiative, that is all of it, then one for each need, that is shared by who helps.
    targets: NDArray[np.float32]
    labels: NDArray[np.int64]  # [texts], rows of `targets`, -1 for texts about something else
    facts: tuple[str, ...]  # keys of the facts, in the order of their rows
    asked: NDArray[np.int64]  # [texts], rows of `facts`, -1 for what is no wording of a fact's question
    questions: tuple[str, ...]  # all wordings of what facts answer and what sheets are silent about
    # [questions], which fact answers by its row, or len(facts) + the row of the initiative whose sheet does not.
    answers: NDArray[np.int64]

    @classmethod
    def of(cls, corpus: Corpus, enrichment: Enrichment, asked_of: Sequence[Asked] = ()) -> "Lessons":
        """All that was written for a corpus: records, questions of facts, situations, needs, and what is asked of it.

        Texts about something else are those of the enrichment. The sample questions are not learned from: thresholds
        are fitted to how they score.
        """
        rows: dict[str, int] = {}  # of each cluster, under the id of its first initiative
        texts, labels, asked = [], [], []
        for initiative, text, fact in _told(enrichment):
            texts.append(text)
            labels.append(rows.setdefault(corpus.by_id[initiative].cluster, len(rows)))
            asked.append(fact)
        helping = [
            {rows.setdefault(corpus.by_id[id].cluster, len(rows)): grade for id, grade in need.helped_by.items()}
            for need in enrichment.needs
        ]
        silences = [rows.setdefault(corpus.by_id[one.initiative].cluster, len(rows)) for one in asked_of]
        shared = np.zeros((len(helping), len(rows)), np.float32)
        for row, (need, grades) in enumerate(zip(enrichment.needs, helping, strict=True)):
            texts += need.texts
            labels += [len(rows) + row] * len(need.texts)
            asked += [-1] * len(need.texts)
            shared[row, list(grades)] = 2.0 ** np.array(list(grades.values())) - 1
        nothing = [-1] * len(enrichment.elsewhere)
        questions = [(text, row) for text, row in zip(texts, asked, strict=True) if row >= 0]
        facts = {one.name: row for row, one in enumerate(enrichment.facts)}
        for one, silence in zip(asked_of, silences, strict=True):
            for question, told in one.facts.items():
                questions += [(text, facts[one.initiative, question]) for text in (*told.fr, *told.en)]
            questions += [(text, len(facts) + silence) for text in (*one.unanswered.fr, *one.unanswered.en)]
        return cls(
            initiatives=tuple(rows),
            texts=(*texts, *enrichment.elsewhere),
            targets=np.vstack([np.eye(len(rows), dtype=np.float32), shared / shared.sum(axis=1, keepdims=True)]),
            labels=np.array(labels + nothing, np.int64),
            facts=tuple(fact_key(one) for one in enrichment.facts),
            asked=np.array(asked + nothing, np.int64),
            questions=tuple(text for text, _ in questions),
            answers=np.array([row for _, row in questions], np.int64),
        )

    def where(self, kept: NDArray[np.bool_]) -> "Lessons":
        """Those with some of the texts, by a mask [texts]; the rows stay the same."""
        chosen = tuple(text for text, keep in zip(self.texts, kept, strict=True) if keep)
        return replace(self, texts=chosen, labels=self.labels[kept], asked=self.asked[kept])

    @property
    def digest(self) -> str:
        """The sha256 of all of it."""
        return sha256(
            f"{self.digest_of_texts} {json.dumps([self.questions, self.answers.tolist()])}".encode()
        ).hexdigest()

    @property
    def digest_of_texts(self) -> str:
        """The sha256 of what the layers are trained on."""
        whole = [self.initiatives, self.texts, self.labels.tolist(), self.facts, self.asked.tolist()]
        return sha256(json.dumps(whole).encode() + self.targets.tobytes()).hexdigest()


def _told(enrichment: Enrichment) -> Iterator[tuple[str, str, int]]:
    """The id of an initiative, a text about it, and the row of the fact that it asks for or -1, for all of them."""
    for record in enrichment.records:
        for text in (record.title_en, record.summary.fr, record.summary.en):
            yield record.initiative, text, -1
        for text in (*record.expansions.fr, *record.expansions.en):
            yield record.initiative, text, -1
    for row, fact in enumerate(enrichment.facts):
        for text in (*fact.questions.fr, *fact.questions.en):
            yield fact.initiative, text, row
    for situations in enrichment.situations:
        for text in situations.texts:
            yield situations.initiative, text, -1
