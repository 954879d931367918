"""The catalogue: initiatives by id, their clusters, records and facets, and which of them meet conditions."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus import (
    Author,
    Bilingual,
    Document,
    EditorialRecord,
    Enrichment,
    Initiative,
    Language,
)
from corpus.places import Gazetteer, Place, PlaceKind
from index import Contents
from search.errors import UnknownFilter, UnknownInitiative


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Conditions that must all hold; one with several values holds where either is met, one without always does.

    Values are those that facets show.
    """

    departement: tuple[str, ...] = ()  # INSEE codes
    region: tuple[str, ...] = ()  # INSEE codes of current regions
    theme: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    document: tuple[str, ...] = ()
    public: tuple[str, ...] = ()  # keys of the vocabulary; an initiative without a record meets no such condition
    topic: tuple[str, ...] = ()  # likewise
    field: tuple[str, ...] = ()  # of a brought corpus: the name of a column, a colon, and one of its values
    year_from: int | None = None  # an initiative without a start year meets no condition on years
    year_to: int | None = None  # inclusive


NO_FILTERS = Filters()

# What the names of the facets of own columns begin with; the name of the column follows.
OWN = "field:"

# The filters that take values of the facet of the same name; those on years narrow by the facet "year".
BY_VALUE = ("departement", "region", "theme", "kind", "document", "public", "topic")


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet and the number of initiatives that have it."""

    value: str  # what the filter takes
    label: str  # what people read
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetColumn:
    """The values of one facet, and which initiatives have them: one entry for each value of each initiative."""

    values: tuple[str, ...]
    labels: Mapping[str, Bilingual]  # by value
    codes: NDArray[np.int64]  # [entries], positions in `values`
    rows: NDArray[np.int64]  # [entries], rows of initiatives, ascending
    initiatives: int  # how many there are

    @classmethod
    def of(cls, rows: Iterable[Sequence[str]], labels: Mapping[str, Bilingual]) -> "FacetColumn":
        """Gather the values of all initiatives, in the order of the corpus."""
        listed = list(rows)
        positions: dict[str, int] = {}
        codes = [positions.setdefault(value, len(positions)) for values in listed for value in values]
        return cls(
            values=tuple(positions),
            labels=labels,
            codes=np.array(codes, np.int64),
            rows=np.repeat(np.arange(len(listed)), [len(values) for values in listed]),
            initiatives=len(listed),
        )

    def having(self, value: str) -> NDArray[np.bool_]:
        """Which initiatives have a value, bool [initiatives]."""
        mask = np.zeros(self.initiatives, bool)
        if value in self.values:
            mask[self.rows[self.codes == self.values.index(value)]] = True
        return mask

    def count(
        self, initiatives: NDArray[np.bool_], clusters: NDArray[np.int64], language: Language
    ) -> tuple[FacetValue, ...]:
        """The values that these initiatives have, the most frequent first, then by label.

        `initiatives` is a mask, `clusters` [initiatives] their clusters. One that several sheets tell counts once for
        each value, and for a value that any of them has.
        """
        kept = initiatives[self.rows]
        # A pair of value and cluster as one number: pairs of numbers sort ten times slower.
        once = np.unique(self.codes[kept] * self.initiatives + clusters[self.rows[kept]])
        counts = np.bincount(once // max(self.initiatives, 1), minlength=len(self.values))
        found = [self._counted(int(at), int(counts[at]), language) for at in np.flatnonzero(counts)]
        return tuple(sorted(found, key=lambda one: (-one.count, one.label)))

    def _counted(self, at: int, count: int, language: Language) -> FacetValue:
        value = self.values[at]
        return FacetValue(value, self.labels[value].text_in(language), count)


@dataclass(frozen=True, slots=True)
class Label:
    """A public or a topic."""

    key: str  # what the filter takes
    label: str  # what people read


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """An editorial record in the reader's language: to choose by, never to quote."""

    language: Language
    title: str  # of the sheet itself for readers of French
    summary: str
    publics: tuple[Label, ...]
    topics: tuple[Label, ...]
    author: Author
    date: str  # ISO 8601

    @classmethod
    def of(
        cls, record: EditorialRecord, initiative: Initiative, enrichment: Enrichment, language: Language
    ) -> "RecordView":
        """The record of an initiative in one language."""
        publics, topics = enrichment.vocabulary.publics, enrichment.vocabulary.topics
        return cls(
            language=language,
            title=record.title_en if language == "en" else initiative.title,
            summary=record.summary.text_in(language),
            publics=tuple(Label(key, publics[key].text_in(language)) for key in record.publics),
            topics=tuple(Label(key, topics[key].text_in(language)) for key in record.topics),
            author=record.author,
            date=record.date,
        )


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Everything that can be looked up without a question. Made once from an index; nothing in it changes."""

    initiatives: tuple[Initiative, ...]  # in the order of the corpus
    documents: Mapping[str, Document]  # by id
    enrichment: Enrichment
    gazetteer: Gazetteer
    rows: Mapping[str, int]  # of initiatives, by id
    clusters: NDArray[np.int64]  # [initiatives], one number for each real-world initiative: the row of its first sheet
    printed_regions: Mapping[frozenset[str], NDArray[np.int64]]  # codes of a region → rows of initiatives that print it
    facets: Mapping[str, FacetColumn]  # "departement", "region", "theme", "kind", "document", "year", "public", "topic"
    years: NDArray[np.int64]  # [initiatives], of the start; 0 where none is known

    @classmethod
    def of(cls, contents: Contents, gazetteer: Gazetteer) -> "Catalogue":
        """Number the clusters and gather the facets of what an index holds."""
        initiatives = contents.initiatives
        rows = {initiative.id: row for row, initiative in enumerate(initiatives)}
        documents = {document.id: document for document in contents.documents}
        return cls(
            initiatives=initiatives,
            documents=documents,
            enrichment=contents.enrichment,
            gazetteer=gazetteer,
            rows=rows,
            clusters=np.array([_first_row(one, rows) for one in initiatives], np.int64),
            printed_regions=_rows_by_region(initiatives, gazetteer),
            facets=dict(_facet_columns(contents, documents, gazetteer)),
            years=np.array([initiative.start_year or 0 for initiative in initiatives], np.int64),
        )

    def initiative(self, id: str) -> Initiative:
        """One initiative. Raises UnknownInitiative."""
        return self.initiatives[self.row(id)]

    def row(self, id: str) -> int:
        """The row of an initiative. Raises UnknownInitiative."""
        if id not in self.rows:
            raise UnknownInitiative(f"There is no initiative '{id}'", "id", "Take an id from /search or /initiatives.")
        return self.rows[id]

    def document(self, initiative: Initiative) -> Document:
        """The document that an initiative stands in."""
        return self.documents[initiative.source.document]

    def per_document(self) -> list[tuple[Document, int]]:
        """Each document, in their order, and how many initiatives it tells of."""
        counts = Counter(one.source.document for one in self.initiatives)
        return [(document, counts[id]) for id, document in self.documents.items()]

    def record(self, initiative: Initiative, language: Language) -> RecordView | None:
        """What the editorial record of an initiative says to a reader, None where it has none."""
        record = self.enrichment.of(initiative.id, initiative.same_as)
        return None if record is None else RecordView.of(record, initiative, self.enrichment, language)

    def once_each(self, initiatives: Iterable[Initiative]) -> list[Initiative]:
        """The first of these sheets of each real-world initiative, in the order given."""
        first: dict[int, Initiative] = {}
        for one in initiatives:
            first.setdefault(int(self.clusters[self.rows[one.id]]), one)
        return list(first.values())

    def select(self, filters: Filters = NO_FILTERS) -> tuple[Initiative, ...]:
        """The initiatives that meet the filters, in the order of the corpus. Raises UnknownFilter."""
        return tuple(self.initiatives[row] for row in np.flatnonzero(self.allowed(filters)))

    def allowed(self, filters: Filters) -> NDArray[np.bool_]:
        """Which initiatives meet the filters, bool [initiatives].

        Raises UnknownFilter for a value that no place and no initiative has, or for years in the wrong order.
        """
        self._check(filters)
        return self._meeting(self._conditions(filters))

    def in_places(self, places: Iterable[Place]) -> NDArray[np.bool_]:
        """Which initiatives take place in one of the départements of these places, bool [initiatives].

        One that prints a region counts where the whole of it is asked for, though it names no département.
        """
        asked = {departement.code for place in places for departement in place.departements}
        mask = np.zeros(len(self.initiatives), bool)
        for region, rows in self.printed_regions.items():
            mask[rows] |= region <= asked
        for code in asked:
            mask |= self.facets["departement"].having(code)
        return mask

    def count_facets(
        self, found: NDArray[np.bool_], language: Language, filters: Filters = NO_FILTERS
    ) -> dict[str, tuple[FacetValue, ...]]:
        """Count the values of each facet over initiatives, with labels for readers of a language.

        `found`, a mask over the initiatives, is what was found before the filters. The number of a value is how many
        remain when its facet is set to that value alone and the other filters stay: so what filters its own facet does
        not narrow its numbers, and what several sheets tell counts once. Raises UnknownFilter.
        """
        self._check(filters)
        conditions = self._conditions(filters)
        return {
            name: column.count(
                found & self._meeting({other: mask for other, mask in conditions.items() if other != name}),
                self.clusters,
                language,
            )
            for name, column in self.facets.items()
        }

    def _conditions(self, filters: Filters) -> dict[str, NDArray[np.bool_]]:
        """Which initiatives meet the condition on each facet, bool [initiatives], for those that the filters set."""
        conditions = {
            name: np.any([self.facets[name].having(value) for value in values], axis=0)
            for name in BY_VALUE
            if (values := getattr(filters, name))
        }
        for name, column in self.facets.items():
            if name.startswith(OWN) and (values := own_values(filters.field, name)):
                conditions[name] = np.any([column.having(value) for value in values], axis=0)
        if filters.year_from is not None or filters.year_to is not None:
            first, last = filters.year_from or 1, filters.year_to or np.inf
            conditions["year"] = (self.years >= first) & (self.years <= last)
        return conditions

    def _meeting(self, conditions: Mapping[str, NDArray[np.bool_]]) -> NDArray[np.bool_]:
        """Which initiatives meet all conditions, bool [initiatives]."""
        return np.asarray(np.all([np.ones(len(self.initiatives), bool), *conditions.values()], axis=0), bool)

    def _check(self, filters: Filters) -> None:
        for code in filters.departement:
            departement = self.gazetteer.departement(code) if code else None
            if departement is None or departement.code != code:
                raise UnknownFilter(f"No département has the code '{code}'", "departement", "33 is an example.")
        for code in filters.region:
            region = self.gazetteer.region(code) if code else None
            if region is None or region.former or region.code != code:
                raise UnknownFilter(f"No region of today has the code '{code}'", "region", "75 is an example.")
        vocabulary = self.enrichment.vocabulary
        _check_known("theme", filters.theme, self.facets["theme"].values)
        _check_known("kind", filters.kind, self.facets["kind"].values)
        _check_known("document", filters.document, self.facets["document"].values)
        _check_known("public", filters.public, vocabulary.publics)
        _check_known("topic", filters.topic, vocabulary.topics)
        own = [value for name, column in self.facets.items() if name.startswith(OWN) for value in column.values]
        _check_known("field", filters.field, own)
        if filters.year_from is not None and filters.year_to is not None and filters.year_from > filters.year_to:
            raise UnknownFilter("The first year comes after the last", "year_from", "Give year_from ≤ year_to.")


def own_values(values: Iterable[str], facet: str) -> list[str]:
    """Those values of the filter `field` that are of one facet. Example: "level:easy" is of the facet "field:level"."""
    return [value for value in values if value.startswith(f"{facet.removeprefix(OWN)}:")]


def _own_columns(contents: Contents) -> tuple[str, ...]:
    """The own columns to filter by: those that the profile names, else all, in the order in which they are met."""
    met = dict.fromkeys(one.name for initiative in contents.initiatives for one in initiative.fields)
    return tuple(met if contents.profile.facets is None else (one for one in contents.profile.facets if one in met))


def _first_row(initiative: Initiative, rows: Mapping[str, int]) -> int:
    """The row of the first sheet of an initiative's cluster; sheets that are not in the index do not count."""
    return min(rows[id] for id in (initiative.id, *initiative.same_as) if id in rows)


def _check_known(name: str, values: Iterable[str], known: Iterable[str]) -> None:
    for value in sorted(set(values).difference(known)):
        raise UnknownFilter(
            f"No initiative has the {name} '{value}'",
            name,
            f"Choose one of: {'; '.join(sorted(known)) or 'none here'}.",
        )


def _facet_columns(
    contents: Contents, documents: Mapping[str, Document], gazetteer: Gazetteer
) -> Iterator[tuple[str, FacetColumn]]:
    """Each facet with its column; publics and topics have a label in each language, all others one for both."""
    initiatives, enrichment = contents.initiatives, contents.enrichment

    def column(rows: Iterable[Iterable[tuple[str, str]]]) -> FacetColumn:
        listed = [list(row) for row in rows]
        labels = {value: Bilingual(label, label) for row in listed for value, label in row}
        return FacetColumn.of(([value for value, _ in row] for row in listed), labels)

    records = [enrichment.of(one.id, one.same_as) for one in initiatives]
    yield "departement", column([(one.code, one.name) for one in i.departements] for i in initiatives)
    yield "region", column(_regions(initiative, gazetteer) for initiative in initiatives)
    yield "theme", column([(i.theme, i.theme)] if i.theme else [] for i in initiatives)
    yield "kind", column([(i.kind.value, i.kind.value)] for i in initiatives)
    yield "document", column([(i.source.document, documents[i.source.document].title)] for i in initiatives)
    yield "year", column([(str(i.start_year), str(i.start_year))] if i.start_year else [] for i in initiatives)
    yield "public", FacetColumn.of((one.publics if one else () for one in records), enrichment.vocabulary.publics)
    for name in _own_columns(contents):
        of_name = ([v for one in i.fields if one.name == name for v in one.values] for i in initiatives)
        yield f"{OWN}{name}", column([(f"{name}:{value}", value) for value in values] for values in of_name)
    yield "topic", FacetColumn.of((one.topics if one else () for one in records), enrichment.vocabulary.topics)


def _regions(initiative: Initiative, gazetteer: Gazetteer) -> list[tuple[str, str]]:
    """The regions in which an initiative takes place, each once: those of its départements, then those it prints."""
    printed = [d for place in _printed_regions(initiative, gazetteer) for d in place.departements]
    regions = (gazetteer.region_of(departement) for departement in (*initiative.departements, *printed))
    return list(dict.fromkeys((region.code, region.name) for region in regions))


def _rows_by_region(initiatives: Iterable[Initiative], gazetteer: Gazetteer) -> dict[frozenset[str], NDArray[np.int64]]:
    """The rows of the initiatives that print a region, by the codes of its départements."""
    rows: dict[frozenset[str], list[int]] = {}
    for row, one in enumerate(initiatives):
        for place in _printed_regions(one, gazetteer):
            rows.setdefault(frozenset(d.code for d in place.departements), []).append(row)
    return {region: np.array(found, np.int64) for region, found in rows.items()}


def _printed_regions(initiative: Initiative, gazetteer: Gazetteer) -> list[Place]:
    """The regions, of today or former, that the territory of an initiative names: "Île-de-France / Gironde"."""
    named = gazetteer.places_in(initiative.territory or "")
    return [place for place in named if place.kind in (PlaceKind.REGION, PlaceKind.FORMER_REGION)]
