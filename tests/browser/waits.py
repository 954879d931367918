"""How long people wait: from pressing the button to the results on the screen, in a real browser.

    make waits      # a service must be running: make serve

Not a test: times depend on the machine.
"""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

QUESTIONS = Path(__file__).parents[2] / "eval" / "collections" / "development" / "queries.jsonl"
ASKED = 60
PAUSE_MS = 300

# Milliseconds from the submission of the form to the frame after the results are in place.
WAIT = """() => new Promise((done) => {
  const began = performance.now();
  document.body.addEventListener("htmx:afterSettle", function settled(event) {
    if (event.target.id !== "found") return;
    document.body.removeEventListener("htmx:afterSettle", settled);
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
  });
  document.querySelector("form.box").requestSubmit();
})"""


def main(address: str) -> None:
    """Ask the first questions of the development collection, and say what the waits were."""
    questions = [json.loads(line)["query"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()[:ASKED]]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(locale="fr")
        page.goto(address)
        waits = []
        for question in questions:
            # People type, see suggestions come, and press the button; the last answer is there by then.
            with page.expect_response(lambda reply: "/suggest" in reply.url):
                page.fill("#q", question)
            page.wait_for_timeout(PAUSE_MS)
            waits.append(page.evaluate(WAIT))
        browser.close()
    median, high = np.percentile(waits, [50, 95])
    sys.stdout.write(f"{len(waits)} questions: median {median:.0f} ms, 95th percentile {high:.0f} ms\n")


if __name__ == "__main__":
    main(sys.argv[1])
