// What is shown, passed on: copied, and printed with its address and all its sources.
"use strict";

const COPIED_S = 3; // how long a button says that it has copied

function copies(button, text) {
  const said = button.textContent;
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text());
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = said; }, COPIED_S * 1000);
  });
}

// The address of what is shown, without notes and marked lines.
function copyLinks() {
  for (const button of document.querySelectorAll("button[data-copy-link][hidden]")) {
    copies(button, () => document.querySelector("link[rel=canonical]")?.href ?? location.href.split("#")[0]);
  }
}

document.addEventListener("htmx:afterSwap", copyLinks);
copyLinks();

// --- on paper ---

for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// Results that came in place have another title and address than the page was made with, and sources may be folded away.
addEventListener("beforeprint", () => {
  document.getElementById("printed-title").textContent = document.title;
  document.getElementById("printed-address").textContent = location.href.split("#")[0];
  for (const folded of document.querySelectorAll("details.sources:not([open])")) {
    folded.open = folded.dataset.wasFolded = true;
  }
});
addEventListener("afterprint", () => {
  for (const opened of document.querySelectorAll("details[data-was-folded]")) {
    opened.open = false;
    delete opened.dataset.wasFolded;
  }
});
