"""Replies about the collection as a whole: its documents, what there is to narrow by, initiatives side by side."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from corpus import Document, Language
from search import NO_FILTERS, Aspect, Catalogue, Cell, ComparedInitiative, Filters, compare
from web.examples import CARD, CITATION, FACET, Example
from web.schemas import CitationReply, FacetReply, InitiativeCard, example, facets_told

DOCUMENT: Example = {
    "id": "recueil-2018",
    "title": "Recueil des initiatives des départements",
    "publisher": "Odas",
    "date": "2018-10",
    "licence": "not stated",
    "initiatives": 117,
}
SAID: Example = {"text": "Le kit sera testé auprès de 250 foyers.", "citation": CITATION}
CELL: Example = {"aspect": "results", "hoped": True, "said": [SAID]}


class DocumentReply(BaseModel):
    """A document of the collection, and how many initiatives it tells of."""

    model_config = example(DOCUMENT)
    id: str = Field(description="What the filter `document` takes.")
    title: str = Field(description="As printed.")
    publisher: str = Field(description="Who published it.")
    date: str = Field(description="ISO 8601, as exact as it is known.")
    licence: str = Field(description="'not stated' where the document says nothing.")
    initiatives: int = Field(description="How many it tells of.")

    @classmethod
    def of(cls, document: Document, initiatives: int) -> "DocumentReply":
        """Give a document as JSON shows it."""
        return cls(
            id=document.id,
            title=document.title,
            publisher=document.publisher,
            date=document.date,
            licence=document.licence,
            initiatives=initiatives,
        )


class DocumentsReply(BaseModel):
    """The documents that are searched."""

    model_config = example({"items": [DOCUMENT]})
    items: list[DocumentReply] = Field(description="In the order of their ids.")

    @classmethod
    def of(cls, catalogue: Catalogue) -> "DocumentsReply":
        """Give the documents of a catalogue, in its order."""
        return cls(items=[DocumentReply.of(one, count) for one, count in catalogue.per_document()])


class FacetsReply(BaseModel):
    """What there is to narrow by. A facet's count is the `total` once that facet is set to the value alone."""

    model_config = example({"total": 1, "facets": {"departement": [FACET]}})
    total: int = Field(description="Real-world initiatives that meet the conditions.")
    facets: dict[str, list[FacetReply]] = Field(description="By the names of filters.")

    @classmethod
    def of(cls, catalogue: Catalogue, filters: Filters, language: Language) -> "FacetsReply":
        """Give the facets of a catalogue under some filters. Raises UnknownFilter."""
        facets = catalogue.count_facets(catalogue.allowed(NO_FILTERS), language, filters)
        return cls(
            total=len(catalogue.once_each(catalogue.select(filters))),
            facets=facets_told(facets),
        )


class SaidReply(BaseModel):
    """Words of a sheet, or a field of it."""

    model_config = example(SAID)
    text: str = Field(description="In the words of the sheet.")
    citation: CitationReply | None = Field(description="The exact words; null for a field not printed in these words.")


class CellReply(BaseModel):
    """What one sheet says of one aspect; empty where it says nothing."""

    model_config = example(CELL)
    aspect: Aspect = Field(description="What it is about.")
    hoped: bool = Field(description="It tells what is hoped for, or to be measured, not what was found.")
    said: list[SaidReply] = Field(description="One after another.")

    @classmethod
    def of(cls, cell: Cell) -> "CellReply":
        """Give a cell as JSON shows it."""
        return cls(aspect=cell.aspect, hoped=cell.hoped, said=[SaidReply.model_validate(one) for one in cell.said])


class ComparedReply(BaseModel):
    """One initiative of a comparison, a cell for each aspect."""

    model_config = example({"initiative": CARD, "cells": [CELL]})
    initiative: InitiativeCard = Field(description="Which one.")
    cells: list[CellReply] = Field(description="One for each aspect, in the same order for all.")

    @classmethod
    def of(cls, compared: ComparedInitiative) -> "ComparedReply":
        """Give one initiative of a comparison as JSON shows it."""
        return cls(
            initiative=InitiativeCard.of(compared.initiative), cells=[CellReply.of(cell) for cell in compared.cells]
        )


class ComparisonReply(BaseModel):
    """Two to five initiatives side by side, in the words of their sheets."""

    model_config = example({"items": [{"initiative": CARD, "cells": [CELL]}]})
    items: list[ComparedReply] = Field(description="In the order asked for.")

    @classmethod
    def of(cls, catalogue: Catalogue, ids: Sequence[str]) -> "ComparisonReply":
        """Give a comparison of some initiatives as JSON shows it. Raises UnknownInitiative or BadComparison."""
        compared = compare([catalogue.initiative(id) for id in ids])
        return cls(items=[ComparedReply.of(one) for one in compared])
