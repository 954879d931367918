"""Remote: a running service as a system, asked over HTTP."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import httpx
from pydantic import TypeAdapter, ValidationError

from corpus.fault import Fault
from eval.catalogue import Catalogue, Sheet
from eval.fault import CannotMeasure
from eval.measures import DEPTH, Ranking
from eval.system import System
from search.answering.answer import Answer

TIMEOUT_S = 30.0
PAGE = 100  # sheets in one reply, the most a service gives

ANSWER = TypeAdapter(Answer)
ANSWER_FIELDS = tuple(field.name for field in fields(Answer))


@dataclass(frozen=True)
class Remote:
    """A recueil service at an address."""

    client: httpx.Client  # whose base_url is the address of the service

    def rank(self, text: str) -> Ranking:
        """Ask /search. Raises the Fault that the service tells, and CannotMeasure when it tells nothing."""
        reply = self._get("/search", {"q": text, "k": DEPTH})
        return [hit["initiative"]["id"] for hit in reply["hits"]]

    def similar(self, initiative: str) -> set[str]:
        """Ask for similar initiatives; their twins and its own come along. Raises as `rank` does."""
        hits = self._get(f"/initiatives/{initiative}/similar", {})["hits"]
        twins = self._get(f"/initiatives/{initiative}", {})["same_as"]
        return {id_ for hit in hits for id_ in (hit["initiative"]["id"], *hit["also_in"])} | set(twins)

    def answer(self, text: str) -> Answer:
        """Ask /ask; the hits are left out. Raises as `rank` does."""
        told = self._get("/ask", {"q": text})
        try:
            return ANSWER.validate_python({name: told.get(name) for name in ANSWER_FIELDS} | {"hits": ()})
        except ValidationError as error:
            raise CannotMeasure(
                f"The service gives no answer that can be judged: {error.errors()[0]['msg']}",
                f"{self.client.base_url.join('/ask')}",
                "Measure a service of this version.",
            ) from None

    def sheets(self) -> Iterator[Sheet]:
        """Read all initiatives, page by page. Raises as `rank` does."""
        asked: dict[str, Any] = {"limit": PAGE}
        while True:
            page = self._get("/initiatives", asked)
            for one in page["items"]:
                source, twins = one["source"], tuple(one["same_as"])
                yield Sheet(
                    one["id"], one["title"], source["document"], one["theme"], one["text"], source["start_line"], twins
                )
            if page["next"] is None:
                return
            asked = {"limit": PAGE, "cursor": page["next"]}

    def _get(self, path: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        where = f"{self.client.base_url.join(path)}"
        try:
            reply = self.client.get(path, params=dict(parameters))
            told = reply.json()
        except httpx.HTTPError as error:
            raise CannotMeasure(
                f"The service does not answer: {error or type(error).__name__}",
                where,
                "Start it with `recueil serve`, or give its address.",
            ) from None
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise CannotMeasure(
                f"What answers is no recueil service (status {reply.status_code}, no JSON object)",
                where,
                "Give the address of one, such as http://127.0.0.1:8000.",
            )
        if reply.is_error:
            raise _fault(told, reply.status_code, where)
        return told


def over_http(client: httpx.Client, original_names: Mapping[str, str]) -> System:
    """The service that a client is open to, as a system.

    `original_names` gives each document's id the name by which collections know it, which a service does not tell.
    Raises CannotMeasure when nothing answers there, and the Fault that the service tells.
    """
    remote = Remote(client)
    catalogue = Catalogue({sheet.id: sheet for sheet in remote.sheets()}, original_names)
    return System(str(client.base_url), remote.rank, catalogue, remote.similar, remote.answer)


def _fault(told: Mapping[str, Any], status: int, where: str) -> Fault:
    if {"what", "where", "mend"} <= told.keys():
        return Fault(f"{told['what']}", f"{told['where']} of {where}", f"{told['mend']}")
    return CannotMeasure(f"The service answers with status {status}", where, "See what the service itself reports.")
