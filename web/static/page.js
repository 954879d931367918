// What HTML cannot do alone: suggestions by keyboard, results while somebody types, filters that act when they are ticked,
// recent questions on this device, and changes in place that are announced, keep the focus and never fail in silence.
"use strict";

const RECENT = "recueil.recent";
const MOST_RECENT = 5;
const LONGEST_TYPED = 100; // beyond it nothing is suggested (web/suggestions.py)
const PAUSE_MS = 450; // of the hand that types, before results come
const LEAST_LIVE = 3; // characters
const LIVE = "X-Live"; // says so to the service (web/views/search.py)

const recent = {
  all() {
    try {
      const kept = JSON.parse(localStorage.getItem(RECENT) ?? "[]");
      return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
    } catch {
      return []; // a browser that keeps nothing
    }
  },
  keep(question) {
    const kept = [question, ...this.all().filter((one) => one !== question)].slice(0, MOST_RECENT);
    try {
      localStorage.setItem(RECENT, JSON.stringify(kept));
    } catch { /* a browser that keeps nothing */ }
  },
  forget() {
    try {
      localStorage.removeItem(RECENT);
    } catch { /* a browser that keeps nothing */ }
  },
};

function showRecent() {
  const list = document.getElementById("recent");
  if (!list) return;
  const address = new URL(location.href);
  list.replaceChildren(...recent.all().map((question) => {
    address.searchParams.set("q", question);
    const link = Object.assign(document.createElement("a"), { href: address.search, textContent: question });
    const item = document.createElement("li");
    item.append(link);
    return item;
  }));
  list.parentElement.hidden = list.children.length === 0;
}

function keepQuestion() {
  const question = new URL(location.href).searchParams.get("q")?.trim();
  if (question) recent.keep(question);
}

// --- the list of suggestions: a combobox with a listbox, as the ARIA practices describe it ---

function combobox(input) {
  const list = document.getElementById(input.getAttribute("aria-controls"));
  let isAsked = false; // what is in the box; suggestions that come late would lie over what was found
  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");

  const open = (isOpen) => {
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) choose(null);
  };
  const choose = (option) => {
    for (const one of options()) one.setAttribute("aria-selected", String(one === option));
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };
  const move = (step) => {
    const all = options();
    if (!all.length) return;
    open(true);
    const at = all.indexOf(chosen());
    choose(all[(at + step + all.length + (at < 0 && step < 0 ? 1 : 0)) % all.length]);
  };

  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      open(false);
    } else if (event.key === "Enter" && !list.hidden && chosen()) {
      event.preventDefault();
      location.assign(chosen().dataset.address);
    }
  });
  input.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target === input && (isAsked || input.value.length > LONGEST_TYPED)) {
      event.preventDefault();
      open(false);
    }
  });
  input.addEventListener("blur", () => setTimeout(() => open(false), 150));
  // The box keeps the focus while a suggestion is pressed; one follows it by letting go, and not by leaving it before.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.address);
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== list) return;
    open(!isAsked && document.activeElement === input && options().length > 0);
    if (!list.hidden) announce(options()[0].dataset.said);
  });
  input.addEventListener("input", () => { isAsked = false; });
  input.form.addEventListener("submit", () => {
    isAsked = true;
    open(false);
  });
}

// --- copying a citation ---

function copyButtons() {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy).textContent.trim();
      await navigator.clipboard.writeText(text);
      button.textContent = button.dataset.copied;
    });
  }
}

// --- changes in place ---

// Adds to what is announced: a region that was there before, since new ones are often not read out.
function announce(text) {
  const said = Object.assign(document.createElement("p"), { textContent: text });
  document.getElementById("announced")?.append(said);
}

function changed(found, isLive) {
  document.getElementById("announced")?.replaceChildren();
  announce(found.querySelector(".count").textContent);
  if (!isLive && found.getBoundingClientRect().top < 0) found.scrollIntoView();
}

function answered(panel) {
  announce(panel.querySelector("h2").textContent);
  announce(panel.querySelector(".statement").textContent);
}

document.addEventListener("htmx:afterSwap", ({ target, detail }) => {
  if (target.id === "found") {
    unfold();
    changed(target, isLive(detail));
    if (!isLive(detail)) keepQuestion();
  }
  if (target.id === "answer") answered(target);
});

// --- results while somebody types: after a pause of the hand, without an answer and without a place in the history ---

const isLive = (detail) => detail.requestConfig?.triggeringEvent?.type === "live";
let liveEntry = false; // whether this place in the history shows what was typed so far

function live(input) {
  let pause;
  const given = () => input.value.trim();
  let asked = given();
  input.addEventListener("input", () => {
    // What was not to be recognised in another question may be meant in this one.
    for (const one of document.querySelectorAll("input[name=ignore]")) one.remove();
    clearTimeout(pause);
    pause = setTimeout(() => {
      if (given().length < LEAST_LIVE || given() === asked || !/[\p{L}\p{N}]/u.test(given())) return;
      asked = given();
      htmx.trigger(input.form, "live");
    }, PAUSE_MS);
  });
  input.form.addEventListener("submit", () => {
    clearTimeout(pause);
    asked = given();
  });
}

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (isLive({ requestConfig: detail })) detail.headers[LIVE] = "1";
  for (const [name, value] of [...detail.formData]) if (value === "") detail.formData.delete(name);
});

document.addEventListener("htmx:beforeHistoryUpdate", ({ detail }) => {
  const here = new URL(location.href), there = new URL(detail.history.path, here);
  const isNext = liveEntry && there.searchParams.get("q") !== here.searchParams.get("q");
  if (isNext || there.href === here.href) detail.history.type = "replace";
  liveEntry = isLive(detail);
});

// --- filters: what is ticked or chosen acts at once, wherever it stands ---

document.addEventListener("change", ({ target }) => {
  if (target.form?.id === "asked" && target.matches("[type=checkbox], [type=number]")) target.form.requestSubmit();
});

// Typing in a long list of values leaves those that have what is typed.
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

document.addEventListener("input", ({ target }) => {
  if (!target.matches(".among")) return;
  const facet = target.closest(".facet");
  for (const item of facet.querySelectorAll("li")) item.hidden = !folded(item.textContent).includes(folded(target.value));
  facet.querySelector(".more").open = target.value !== "";
});

// What was unfolded stays so when the filters are exchanged.
let unfolded = [];
document.addEventListener("htmx:oobBeforeSwap", ({ target }) => {
  if (target.id === "side") unfolded = [...target.querySelectorAll("details[open][id]")].map((one) => one.id);
});

function unfold() {
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
  withScript(document.getElementById("side"));
}

function withScript(part) {
  for (const one of part.querySelectorAll(".among, .pointed")) one.hidden = false;
}

// The map says under the pointer, the finger and the focus what an area holds.
for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, ({ target }) => {
    const area = target.closest?.(".map svg a");
    if (area) area.closest(".map").querySelector(".pointed").textContent = area.getAttribute("aria-label");
  });
}

// A link that was followed and is gone leaves the focus to what came in its place.
document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.id === "found" && document.activeElement === document.body) target.focus({ preventScroll: true });
});

// What went wrong is told by a page of its own.
for (const failed of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failed, ({ detail }) => {
    if (detail.target.id === "found" && !isLive(detail)) location.assign(detail.pathInfo.finalRequestPath);
  });
}

// A stream that breaks off is not taken up again: its statements would be said twice.
document.addEventListener("htmx:sseError", ({ target, detail }) => {
  detail.source.close();
  const panel = target.cloneNode(false);
  for (const name of panel.getAttributeNames()) if (/^(hx|sse)-|^aria-busy$/.test(name)) panel.removeAttribute(name);
  const told = Object.assign(document.createElement("p"), { className: "statement", textContent: panel.dataset.broken });
  panel.append(target.querySelector("h2"), told);
  target.replaceWith(panel);
  answered(panel);
});

document.addEventListener("DOMContentLoaded", () => {
  for (const input of document.querySelectorAll("[role=combobox]")) {
    combobox(input);
    live(input);
  }
  withScript(document);
  document.getElementById("forget")?.addEventListener("click", () => {
    recent.forget();
    showRecent();
  });
  keepQuestion();
  showRecent();
  copyButtons();
});
