"""How long people wait: from the last key, or from pressing Enter, to the results on the screen, in a real browser.

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

# Milliseconds from what is done in the box to the frame after the results are in place.
WAIT = """(done_in_box) => new Promise((done) => {
  const began = performance.now();
  document.body.addEventListener("htmx:afterSettle", function settled(event) {
    if (event.target.id !== "found") return;
    document.body.removeEventListener("htmx:afterSettle", settled);
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
  });
  %s
})"""
TYPED = (
    WAIT
    % """
  const box = document.querySelector("#q");
  box.focus();
  box.value = done_in_box;
  box.dispatchEvent(new InputEvent("input", {bubbles: true}));
"""
)
ENTERED = WAIT % 'document.querySelector("form.box").requestSubmit();'


def main(address: str) -> None:
    """Ask the first questions of the development collection, and say what the waits were."""
    questions = [json.loads(line)["query"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()[:ASKED]]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(locale="fr")
        page.goto(address)
        waits = [(page.evaluate(TYPED, question), page.evaluate(ENTERED)) for question in questions]
        browser.close()
    for name, times in zip(
        ("the last key, the pause of the hand included", "Enter"), zip(*waits, strict=True), strict=True
    ):
        median, high = np.percentile(times, [50, 95])
        sys.stdout.write(
            f"{len(times)} questions, from {name}: median {median:.0f} ms, 95th percentile {high:.0f} ms\n"
        )


if __name__ == "__main__":
    main(sys.argv[1])
