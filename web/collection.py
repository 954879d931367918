"""The routes about the collection as a whole: its documents, what there is to narrow by, initiatives side by side."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from web.collection_schemas import ComparisonReply, DocumentsReply, FacetsReply
from web.dependencies import OpenCatalogue
from web.errors import faults
from web.parameters import CompareParameters, FacetParameters, NothingAsked, check_address

router = APIRouter(dependencies=[Depends(check_address)])


@router.get("/documents", responses=faults(422, 503))
def list_documents(catalogue: OpenCatalogue, _: NothingAsked) -> DocumentsReply:
    """List the documents that are searched, and how many initiatives each tells of."""
    return DocumentsReply.of(catalogue)


@router.get("/facets", responses=faults(422, 503))
def list_facets(catalogue: OpenCatalogue, asked: Annotated[FacetParameters, Query()]) -> FacetsReply:
    """Count the values of every filter over the whole collection, or over what meets the conditions."""
    return FacetsReply.of(catalogue, asked.filters(catalogue.gazetteer), asked.lang or "fr")


@router.get("/comparison", responses=faults(404, 422, 503))
def compare_initiatives(catalogue: OpenCatalogue, asked: Annotated[CompareParameters, Query()]) -> ComparisonReply:
    """Set two to five initiatives side by side: problem, public, cost, results …, in the words of each sheet."""
    return ComparisonReply.of(catalogue, asked.id)
