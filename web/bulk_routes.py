"""The routes that give the whole collection, or what meets conditions, as files: for harvesters and for analysts."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from search import Catalogue
from web.address import origin, permalink, prefix
from web.bulk import Column, Exported, Row, columns, csv_lines, json_lines, parquet, row_of, service_of, table_schema
from web.dependencies import OpenCatalogue
from web.errors import Replies, faults
from web.parameters import FacetParameters, NothingAsked, check_address

SCHEMA = "/export.schema.json"
NDJSON, CSV, PARQUET = "application/x-ndjson", "text/csv", "application/vnd.apache.parquet"

Conditions = Annotated[FacetParameters, Query()]

router = APIRouter(dependencies=[Depends(check_address)])


def _file(media_type: str, example: object, schema: dict[str, Any] | None = None) -> Replies:
    content = {"schema": schema or {"type": "string"}, "example": example}
    return {200: {"description": "The file.", "content": {media_type: content}}} | faults(422, 503)


@router.get("/export.jsonl", response_class=Response, responses=_file(NDJSON, '{"id": "atlas-le-bus-01", "…": "…"}\n'))
def export_as_json_lines(request: Request, catalogue: OpenCatalogue, asked: Conditions) -> Response:
    """Give the sheets that meet the conditions, a JSON object on each line, its fields those of the Table Schema."""
    return _sent(request, "jsonl", json_lines(_rows(request, catalogue, asked, _columns(request))), NDJSON)


@router.get("/export.csv", response_class=Response, responses=_file(CSV, "id,title\r\natlas-le-bus-01,Le bus\r\n"))
def export_as_csv(request: Request, catalogue: OpenCatalogue, asked: Conditions) -> Response:
    """Give the sheets that meet the conditions as CSV, as the Table Schema has it: lists are JSON arrays."""
    told = _columns(request)
    return _sent(request, "csv", csv_lines(_rows(request, catalogue, asked, told), told), f"{CSV}; charset=utf-8")


@router.get(
    "/export.parquet",
    response_class=Response,
    responses=_file(PARQUET, "PAR1…", {"type": "string", "format": "binary"}),
)
def export_as_parquet(request: Request, catalogue: OpenCatalogue, asked: Conditions) -> Response:
    """Give the sheets that meet the conditions as Parquet, with the same columns."""
    told = _columns(request)
    return Response(
        parquet(list(_rows(request, catalogue, asked, told)), told),
        headers=_headers(request, "parquet"),
        media_type=PARQUET,
    )


@router.get(
    "/export.services.jsonl",
    response_class=Response,
    responses=_file(NDJSON, '{"source": "recueil", "id": "atlas-le-bus-01", "nom": "Le bus des villages"}\n'),
)
def export_as_services(request: Request, catalogue: OpenCatalogue, asked: Conditions) -> Response:
    """Give the sheets that meet the conditions in the fields of data·inclusion that they have a value for."""
    with_contacts = _with_contacts(request)
    told = (service_of(one, with_contacts) for one in _sheets(request, catalogue, asked))
    return _sent(request, "services.jsonl", json_lines(told), NDJSON)


@router.get(
    SCHEMA,
    response_class=JSONResponse,
    responses=_file("application/json", table_schema(columns(False)[:1], SCHEMA, "1"), {"type": "object"}),
)
def give_table_schema(request: Request, _: NothingAsked) -> JSONResponse:
    """Give the Table Schema of the exports: what each column means, its type, an example and constraints."""
    address = f"{origin(request)}{prefix(request)}{SCHEMA}"
    return JSONResponse(table_schema(_columns(request), address, request.app.version))


def _with_contacts(request: Request) -> bool:
    return bool(request.app.state.export_contacts)


def _columns(request: Request) -> tuple[Column, ...]:
    return columns(_with_contacts(request))


def _sheets(request: Request, catalogue: Catalogue, asked: FacetParameters) -> Iterator[Exported]:
    """What meets the conditions. Raises UnknownFilter, before the first of them."""
    selected = catalogue.select(asked.filters(catalogue.gazetteer))
    return (
        Exported(
            initiative=one,
            document=catalogue.document(one),
            record=catalogue.record(one, asked.lang or "fr"),
            gazetteer=catalogue.gazetteer,
            url=permalink(request, one.id),
        )
        for one in selected
    )


def _rows(request: Request, catalogue: Catalogue, asked: FacetParameters, told: tuple[Column, ...]) -> Iterator[Row]:
    return (row_of(one, told) for one in _sheets(request, catalogue, asked))


def _sent(request: Request, ending: str, pieces: Iterator[str], media_type: str) -> StreamingResponse:
    return StreamingResponse(pieces, headers=_headers(request, ending), media_type=media_type)


def _headers(request: Request, ending: str) -> dict[str, str]:
    described = "" if ending.startswith("services") else f'<{prefix(request)}{SCHEMA}>; rel="describedby"'
    disposition = {"Content-Disposition": f'attachment; filename="recueil.{ending}"', "Cache-Control": "no-cache"}
    return disposition | ({"Link": described} if described else {})
