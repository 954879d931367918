"""Relevance: what each question should find, in the initiatives of one catalogue.

A real-world initiative counts once. Its tellings in several documents, the twins, are folded: they share one name, the
least of their ids, and the highest of their grades. Where a collection names no twins, the catalogue's own links count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from eval.catalogue import Catalogue
from eval.collection import Collection, map_units


@dataclass(frozen=True, slots=True)
class Relevance:
    """The judgements of a collection, folded."""

    grades: Mapping[str, Mapping[str, int]]  # question id → real-world initiative → grade, in the order of the file
    real_world: Mapping[str, str]  # id of an initiative with twins → the least id among them

    def name(self, initiative: str) -> str:
        """The id that stands for the real-world initiative."""
        return self.real_world.get(initiative, initiative)

    def grade(self, question: str, initiative: str) -> int | None:
        """How well an initiative answers a question; None when nobody judged it."""
        return self.grades.get(question, {}).get(self.name(initiative))

    def best(self, question: str) -> str:
        """The real-world initiative that answers a question best; of several, the first of the file."""
        of_question = self.grades[question]
        return max(of_question, key=lambda initiative: of_question[initiative])


def relevance_of(collection: Collection, catalogue: Catalogue) -> Relevance:
    """Find the units of a collection in a catalogue and fold their judgements.

    Raises BadCollection when a unit is not there, or is not one initiative alone.
    """
    initiatives = map_units(collection.units, catalogue)
    told_alike = (
        [[initiatives[unit] for unit in group] for group in collection.twins]
        if collection.twins
        else [[sheet.id, *sheet.same_as] for sheet in catalogue.sheets.values() if sheet.same_as]
    )
    real_world = _least_ids(told_alike)
    grades: dict[str, dict[str, int]] = {}
    for judgement in collection.judgements:
        initiative = initiatives[judgement.unit]
        name = real_world.get(initiative, initiative)
        of_question = grades.setdefault(judgement.question, {})
        of_question[name] = max(judgement.grade, of_question.get(name, 0))
    return Relevance(grades, real_world)


def _least_ids(groups: Iterable[list[str]]) -> dict[str, str]:
    return {one: min(group) for group in groups for one in group}
