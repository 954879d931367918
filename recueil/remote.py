"""A service elsewhere: the calls over HTTP, waited for or awaited."""

from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, ValidationError

from corpus import Fault
from recueil.calls import Call
from web import FaultReply

Reply = TypeVar("Reply", bound=BaseModel)


class BadService(Fault):
    """A service is not there, or what answers under its address is none of ours."""


class RefusedByService(Fault):
    """A service has refused a call, in its own words; `status` is that of HTTP."""

    def __init__(self, what: str, where: str, mend: str, status: int) -> None:
        super().__init__(what, where, mend)
        self.status = status


class Remote:
    """The calls to one service, each waited for. Threads may share it."""

    def __init__(self, url: str, timeout_s: float, transport: httpx.BaseTransport | None = None) -> None:
        """Take the address of a service, "https://host/prefix". Raises BadService for one that cannot be read."""
        self._client = httpx.Client(base_url=_address(url), timeout=timeout_s, transport=transport)

    def give(self, call: Call[Reply]) -> Reply:
        """Make a call. Raises BadService or RefusedByService."""
        try:
            return _read(call, self._client.send(_request(self._client, call)))
        except httpx.HTTPError as error:
            raise _unreachable(error, self._client.base_url) from error

    def close(self) -> None:
        """Close its connections."""
        self._client.close()


class AsyncRemote:
    """The same, awaited."""

    def __init__(self, url: str, timeout_s: float, transport: httpx.AsyncBaseTransport | None = None) -> None:
        """Take the address of a service. Raises BadService for one that cannot be read."""
        self._client = httpx.AsyncClient(base_url=_address(url), timeout=timeout_s, transport=transport)

    async def give(self, call: Call[Reply]) -> Reply:
        """Make a call. Raises BadService or RefusedByService."""
        try:
            return _read(call, await self._client.send(_request(self._client, call)))
        except httpx.HTTPError as error:
            raise _unreachable(error, self._client.base_url) from error

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise BadService("This is no address of a service", url, "Give one such as https://recueil.exemple.fr.")
    return url.rstrip("/")


def _request(client: httpx.Client | httpx.AsyncClient, call: Call[Reply]) -> httpx.Request:
    if call.in_body:
        return client.build_request("POST", call.path, json=call.body())
    return client.build_request("GET", call.path, params=call.query(), headers={"Accept": "application/json"})


def _read(call: Call[Reply], response: httpx.Response) -> Reply:
    """The reply to a call. Raises RefusedByService, or BadService for what is no reply of ours."""
    try:
        if response.status_code == HTTPStatus.OK:
            return call.reply.model_validate_json(response.content)
        fault = FaultReply.model_validate_json(response.content)
    except ValidationError:
        what = f"What answers there is no recueil of this version: status {response.status_code}"
        where = str(response.request.url.copy_with(query=None))
        raise BadService(what, where, "Give the address under which its page /docs is.") from None
    raise RefusedByService(fault.what, fault.where, fault.mend, response.status_code)


def _unreachable(error: httpx.HTTPError, url: httpx.URL) -> BadService:
    what = "The service took too long" if isinstance(error, httpx.TimeoutException) else "The service is not there"
    return BadService(what, str(url), "Look whether it runs, or give more seconds with timeout_s.")
