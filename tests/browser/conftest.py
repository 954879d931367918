"""A real browser before the running service: Debian's Chromium, driven by Playwright, which downloads nothing."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

INSTALL = "Chromium is missing: install it with `apt-get install chromium` to run the tests of the page."
# What cannot be found or asked, and what htmx says of a request that a later one outran.
EXPECTED = re.compile("404|422|htmx:(afterRequest|sendAbort)")
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; where it is missing the tests are left out, but never in CI.

    Closed after each module: while it is open Playwright runs an event loop, beside which no other test could run one.
    """
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        assert not os.environ.get("CI"), INSTALL
        pytest.skip(INSTALL)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield launched
        launched.close()


@dataclass
class Visit:
    """A page of ours in a window of its own, and everything that it asked for or complained of."""

    page: Page
    origin: str
    addresses: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, address: str) -> Page:
        """Open an address of the service, and wait until nothing is loading."""
        self.page.goto(self.origin + address)
        self.page.wait_for_load_state("networkidle")
        return self.page


@pytest.fixture
def visit(browser: Browser, service: httpx.Client) -> Iterator[Any]:
    """Open windows: `visit(lang="fr", width=…, javascript=False)`. At the end nothing may have left the origin."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def open_window(
        lang: str = "fr", size: dict[str, int] = WIDE, javascript: bool = True, scheme: str = "light"
    ) -> Visit:
        context = browser.new_context(
            locale=lang, viewport=size, java_script_enabled=javascript, color_scheme=scheme, accept_downloads=True
        )
        contexts.append(context)
        one = Visit(context.new_page(), str(service.base_url).rstrip("/"))
        one.page.set_default_timeout(15_000)
        one.page.on("request", lambda request: one.addresses.append(request.url))
        one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
        one.page.on("console", lambda said: one.complaints.append(said.text) if said.type == "error" else None)
        visits.append(one)
        return one

    yield open_window
    for context in contexts:
        context.close()
    for one in visits:
        strangers = [address for address in one.addresses if not address.startswith((one.origin, "data:", "blob:"))]
        assert strangers == []
        assert [said for said in one.complaints if not EXPECTED.search(said)] == []
