"""A whole service over a small index, on a real socket: for clients that speak HTTP by themselves."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest

import api
from search import Searcher
from settings import Settings
from tests.web.conftest import QuotingAnswerer
from tests.web.live_server import served, until


@contextmanager
def live_service(searcher: Searcher, answerer_of: Callable[[Searcher], object] = QuotingAnswerer) -> Iterator[str]:
    """The address of a service that searches this index and answers, unless told otherwise with the first hit."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(api, "open_answerer", lambda settings, searcher: answerer_of(searcher))
        with served(api.create_app(Settings(), searcher)) as server:
            address = f"http://127.0.0.1:{server.port}"
            until(lambda: httpx.get(f"{address}/ready").status_code == 200)
            yield address
