"""Asking an app inside this process, and reading what the HTTP door replies."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from fastapi import FastAPI


def is_fault(reply: httpx.Response, status: int) -> bool:
    return (
        reply.status_code == status
        and reply.headers["content-type"] == "application/json"
        and reply.json().keys() == {"what", "where", "mend"}
        and all(isinstance(part, str) and part.strip() for part in reply.json().values())
    )


def run(app: FastAPI, client_does: Callable[[httpx.AsyncClient], Awaitable[Any]]) -> Any:
    """Start an app in this process, let a client do something with it, and end it."""

    async def running() -> Any:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://in-process")
        async with app.router.lifespan_context(app), client:
            return await client_does(client)

    return asyncio.run(running())


async def when_opened(client: httpx.AsyncClient, path: str, **more: Any) -> httpx.Response:
    """The reply of a route once everything it needs has been opened, or has failed to be."""
    while (reply := await client.get(path, **more)).headers.get("retry-after"):
        await asyncio.sleep(0.01)
    return reply


def events_of(text: str) -> list[tuple[str, Any]]:
    """The events of a stream: names and what their data say. Every event must be a name and one line of data."""
    blocks = text.split("\n\n")
    assert blocks.pop() == "", "a stream ends with a whole event"
    events = [block.split("\n") for block in blocks]
    assert all(len(lines) == 2 for lines in events)
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in events]


def contains(real: Any, told: Any) -> bool:
    """Whether every value told is in the real reply; a text that ends in "…" is the beginning of one."""
    if isinstance(told, dict):
        return isinstance(real, dict) and all(key in real and contains(real[key], told[key]) for key in told)
    if isinstance(told, list):
        return isinstance(real, list) and all(any(contains(one, value) for one in real) for value in told)
    if isinstance(told, float):
        return abs(real - told) <= 0.02
    if isinstance(told, str) and told.endswith("…"):
        return real.startswith(told[:-1].rstrip())
    return real == told
