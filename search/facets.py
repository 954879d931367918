"""Facets: how many hits have each value of theme, kind, place, document, year, public and topic."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.editorial_layer import EditorialLayer
from corpus.editorial_record import Language
from corpus.initiative import Initiative
from corpus.places import Gazetteer, Region


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet and the number of hits that have it."""

    value: str  # what the filter takes
    label: str  # what people read
    count: int


def facets_of(
    found: Sequence[Initiative],
    titles: dict[str, str],
    gazetteer: Gazetteer,
    layer: EditorialLayer,
    language: Language,
) -> dict[str, tuple[FacetValue, ...]]:
    """Count the values of each facet over the initiatives found, the most frequent first; `titles` are documents'.

    Labels of publics and topics are in the language given, all others as the documents have them.
    """
    departements = [departement for initiative in found for departement in initiative.departements]
    regions = [region for initiative in found for region in _regions_of(initiative, gazetteer)]
    records = [record for one in found if (record := layer.of(one.id, one.same_as))]
    publics, topics = layer.vocabulary.publics, layer.vocabulary.topics
    years = [str(initiative.start_year) for initiative in found if initiative.start_year]
    return {
        "departement": _counted((departement.code, departement.name) for departement in departements),
        "region": _counted((region.code, region.name) for region in regions),
        "theme": _counted((initiative.theme, initiative.theme) for initiative in found if initiative.theme),
        "kind": _counted((initiative.kind.value, initiative.kind.value) for initiative in found),
        "document": _counted((i.source.document, titles[i.source.document]) for i in found),
        "year": _counted((year, year) for year in years),
        "public": _counted((key, publics[key].text_in(language)) for record in records for key in record.publics),
        "topic": _counted((key, topics[key].text_in(language)) for record in records for key in record.topics),
    }


def _regions_of(initiative: Initiative, gazetteer: Gazetteer) -> Iterable[Region]:
    """The regions in which an initiative takes place, each once."""
    regions = [gazetteer.region_of(departement) for departement in initiative.departements]
    return {region.code: region for region in regions}.values()


def _counted(values: Iterable[tuple[str, str]]) -> tuple[FacetValue, ...]:
    counts = Counter(values)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0][1]))
    return tuple(FacetValue(value, label, count) for (value, label), count in ordered)
