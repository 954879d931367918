"""The routes for programs that run the service: build anew, see how far that is, take along what people said."""

from fastapi import APIRouter, Depends, Request, Response

from feedback import export_lines
from web.address import prefix
from web.admin_schemas import BuildReply, RebuildReply, StatusReply
from web.caller import needs
from web.dependencies import RunningAdministration
from web.errors import Replies, faults
from web.keys import Scope
from web.parameters import NothingAsked, check_address

STATUS = "/admin/status"
NDJSON = "application/x-ndjson"
FEEDBACK_LINE = '{"id": 1, "at": "2026-11-29T14:02:33+00:00", "query": "garde d\'enfants la nuit", "language": "fr"}\n'
LINES: Replies = {
    200: {
        "description": "A judgement or a question that found nothing on each line, as `recueil feedback export`.",
        "content": {NDJSON: {"schema": {"type": "string"}, "example": FEEDBACK_LINE}},
    }
}

router = APIRouter(prefix="/admin", dependencies=[Depends(check_address)], responses=faults(401, 403, 422, 429, 503))


@router.post("/rebuild", status_code=202, dependencies=[Depends(needs(Scope.ADMIN))], responses=faults(409))
async def rebuild(
    request: Request, reply: Response, administration: RunningAdministration, _: NothingAsked
) -> RebuildReply:
    """Build what is out of date, in a process beside the service, which goes on with the new index when it is ready."""
    build = administration.rebuild()
    reply.headers["Location"] = follow = f"{prefix(request)}{STATUS}"
    return RebuildReply(build=BuildReply.of(build), follow=follow)


@router.get("/status", dependencies=[Depends(needs(Scope.STATISTICS))])
def status(administration: RunningAdministration, _: NothingAsked) -> StatusReply:
    """Say how far a build is, or how the last one ended, and which generations of the index are kept."""
    return StatusReply.of(administration)


@router.get("/feedback", dependencies=[Depends(needs(Scope.FEEDBACK))], response_class=Response, responses=LINES)
def export_feedback(administration: RunningAdministration, _: NothingAsked) -> Response:
    """Give everything that people said, one JSON object on each line."""
    lines = "".join(f"{line}\n" for line in export_lines(administration.store))
    headers = {"Content-Disposition": 'attachment; filename="feedback.jsonl"', "Cache-Control": "no-store"}
    return Response(lines, headers=headers, media_type=NDJSON)
