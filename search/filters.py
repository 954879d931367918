"""Filters: which initiatives a search may return."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.editorial_layer import EditorialLayer
from corpus.initiative import Initiative
from corpus.places import Gazetteer
from search.fault import UnknownFilter


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions that must all hold; None means no condition. Values are those that facets show."""

    departement: str | None = None  # INSEE code
    region: str | None = None  # INSEE code of a current region
    theme: str | None = None
    kind: str | None = None
    document: str | None = None
    public: str | None = (
        None  # a key of the editorial vocabulary; an initiative without a record meets no such condition
    )
    topic: str | None = None
    year_from: int | None = None  # an initiative without a start year meets no condition on years
    year_to: int | None = None  # inclusive

    def check(self, initiatives: Sequence[Initiative], gazetteer: Gazetteer, layer: EditorialLayer) -> None:
        """Raise UnknownFilter for a value that no place and no initiative has, or for years in the wrong order."""
        departement = gazetteer.departement(self.departement) if self.departement else None
        if self.departement is not None and (departement is None or departement.code != self.departement):
            raise UnknownFilter(f"No département has the code '{self.departement}'", "departement", "33 is an example.")
        region = gazetteer.region(self.region) if self.region else None
        if self.region is not None and (region is None or region.former or region.code != self.region):
            raise UnknownFilter(f"No region of today has the code '{self.region}'", "region", "75 is an example.")
        _check_known("theme", self.theme, {i.theme for i in initiatives if i.theme})
        _check_known("kind", self.kind, {i.kind.value for i in initiatives})
        _check_known("document", self.document, {i.source.document for i in initiatives})
        _check_known("public", self.public, set(layer.vocabulary.publics))
        _check_known("topic", self.topic, set(layer.vocabulary.topics))
        if self.year_from is not None and self.year_to is not None and self.year_from > self.year_to:
            raise UnknownFilter("The first year comes after the last", "year_from", "Give year_from ≤ year_to.")

    def allow(self, initiative: Initiative, gazetteer: Gazetteer, layer: EditorialLayer) -> bool:
        """Whether the initiative meets every condition."""
        codes = {departement.code for departement in initiative.departements}
        regions = {gazetteer.region_of(departement).code for departement in initiative.departements}
        record = layer.of(initiative.id, initiative.same_as)
        year = initiative.start_year
        return (
            (self.departement is None or self.departement in codes)
            and (self.region is None or self.region in regions)
            and (self.theme is None or self.theme == initiative.theme)
            and (self.kind is None or self.kind == initiative.kind)
            and (self.document is None or self.document == initiative.source.document)
            and (self.public is None or (record is not None and self.public in record.publics))
            and (self.topic is None or (record is not None and self.topic in record.topics))
            and (self.year_from is None or (year is not None and year >= self.year_from))
            and (self.year_to is None or (year is not None and year <= self.year_to))
        )


def _check_known(name: str, value: str | None, known: set[str]) -> None:
    if value is not None and value not in known:
        raise UnknownFilter(
            f"No initiative has the {name} '{value}'",
            name,
            f"Choose one of: {'; '.join(sorted(known)) or 'none here'}.",
        )
