// The list that somebody puts together: ids and notes on this device, ticks and buttons that change them on every page,
// and the page of the list. Notes are never sent: they stand in the storage of the browser, and in the fragment of a link.
"use strict";

const listLink = document.getElementById("shortlist");
const MOST_LISTED = Number(listLink.dataset.most);
const STORED = `recueil.list ${new URL(listLink.href).pathname}`; // one for each collection of this site

const shortlist = {
  held: [], // by this page, where the browser keeps nothing
  // [{id, note}] in order
  all() {
    try {
      const kept = JSON.parse(localStorage.getItem(STORED) ?? "[]");
      return Array.isArray(kept) ? kept.filter((one) => typeof one?.id === "string") : [];
    } catch {
      return this.held;
    }
  },
  ids() {
    return this.all().map((one) => one.id);
  },
  keep(entries) {
    this.held = entries;
    try {
      localStorage.setItem(STORED, JSON.stringify(entries));
    } catch { /* held */ }
    showShortlist();
  },
  has(id) {
    return this.ids().includes(id);
  },
  set(id, isListed) {
    const others = this.all().filter((one) => one.id !== id);
    if (isListed && others.length >= MOST_LISTED) return alert(listLink.dataset.full);
    this.keep(isListed ? [...others, { id, note: "" }] : others);
  },
};

// The address of a list, in the language of the page.
function listAddress(ids, address = listLink.href) {
  const made = new URL(address, location.href);
  made.searchParams.delete("id");
  made.hash = "";
  const kept = made.searchParams.toString();
  made.search = [...ids.map((id) => `id=${encodeURIComponent(id)}`), ...(kept ? [kept] : [])].join("&");
  return made.href;
}

// --- on every page: how many are listed, and ticks and buttons that say whether one is ---

function showShortlist() {
  const ids = shortlist.ids();
  const tally = listLink.querySelector(".tally");
  tally.textContent = ids.length;
  tally.hidden = !ids.length;
  listLink.href = listAddress(ids);
  for (const box of document.querySelectorAll("input[type=checkbox][name=id]")) {
    if (isTick(box)) box.checked = ids.includes(box.value);
  }
  for (const button of document.querySelectorAll("button[data-list]")) {
    const isListed = ids.includes(button.dataset.list);
    button.textContent = isListed ? button.dataset.added : button.dataset.add;
  }
}

// A tick beside a hit is of the list; one in a choice to compare is not.
function isTick(box) {
  return Boolean(box.form?.querySelector("[data-shortlist]"));
}

document.addEventListener("change", ({ target }) => {
  if (target.matches("input[type=checkbox][name=id]") && isTick(target)) {
    shortlist.set(target.value, target.checked);
    showShortlist();
  }
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-list]");
  if (!button) return;
  event.preventDefault();
  shortlist.set(button.dataset.list, !shortlist.has(button.dataset.list));
});
document.addEventListener("htmx:afterSwap", showShortlist);
addEventListener("pageshow", showShortlist);
addEventListener("storage", ({ key }) => key === STORED && showShortlist());

// --- the page of the list ---

function listPage(list) {
  const entries = () => [...list.querySelectorAll(".entry")];
  const ids = () => entries().map((one) => one.dataset.id);
  const note = (entry) => entry.querySelector("textarea");
  const isMine = new URL(location.href).searchParams.getAll("id").join() === shortlist.ids().join();
  // Sheets of this device's list that are not here today stay on it, with their notes.
  const gone = isMine ? shortlist.all().filter(({ id }) => !ids().includes(id)) : [];
  const order = () => [...ids(), ...gone.map(({ id }) => id)];

  // Notes of the link first, then those of this device.
  const linked = new URLSearchParams(location.hash.slice(1));
  const kept = new Map(shortlist.all().map((one) => [one.id, one.note]));
  for (const entry of entries()) {
    entry.querySelector(".note").hidden = false;
    note(entry).value = linked.get(entry.dataset.id) || (isMine && kept.get(entry.dataset.id)) || "";
    printed(entry);
  }
  function printed(entry) {
    entry.querySelector(".written").textContent = note(entry).value;
  }
  const written = () => entries().map((one) => ({ id: one.dataset.id, note: note(one).value }));

  function keep() {
    if (isMine) shortlist.keep([...written(), ...gone]);
  }

  // Another window may have changed the list meanwhile.
  function renew() {
    if (isMine && order().join() !== shortlist.ids().join()) location.replace(listLink.href);
  }
  addEventListener("pageshow", renew);
  addEventListener("storage", renew);

  function changed() {
    const address = listAddress(ids());
    keep();
    history.replaceState(history.state, "", listAddress(order()));
    for (const one of document.querySelectorAll("[data-listed], #languages a")) one.href = listAddress(ids(), one.href);
    for (const mail of document.querySelectorAll("[data-mail]")) {
      const subject = new URLSearchParams(mail.href.split("?")[1]).get("subject");
      mail.href = `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(address)}`;
    }
    entries().forEach((entry, at, all) => {
      entry.querySelector("[data-move='-1']").hidden = at === 0;
      entry.querySelector("[data-move='1']").hidden = at === all.length - 1;
    });
  }
  const announce = (text, entry, place = "") => {
    const title = entry.querySelector("h2").textContent.trim();
    document.getElementById("list-said").textContent = text.replace("{title}", title).replace("{place}", place);
  };

  list.addEventListener("click", (event) => {
    const link = event.target.closest("[data-move]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const entry = link.closest(".entry");
    const steps = Number(link.dataset.move);
    const beside = steps < 0 ? entry.previousElementSibling : entry.nextElementSibling;
    if (steps) {
      entry[steps < 0 ? "after" : "before"](beside);
      changed();
      (link.hidden ? entry.querySelector("[data-move]:not([hidden])") : link).focus();
      announce(list.dataset.moved, entry, ids().indexOf(entry.dataset.id) + 1);
      return;
    }
    const next = beside ?? entry.previousElementSibling;
    entry.remove();
    changed();
    if (!next) return location.assign(listLink.href); // which says that it is empty
    next.querySelector("h2 a").focus();
    announce(list.dataset.removed, entry);
  });
  list.addEventListener("input", ({ target }) => {
    if (!target.matches("textarea")) return;
    printed(target.closest(".entry"));
    showNotes();
    keep();
  });

  // A link that somebody sent changes nobody's list until they say so.
  document.getElementById("foreign").hidden = isMine;
  document.getElementById("list-lead").hidden = !isMine;
  document.getElementById("mine").hidden = !shortlist.all().length;
  document.getElementById("mine").href = listLink.href;
  document.getElementById("keep").addEventListener("click", () => {
    const before = shortlist.all();
    const known = new Map(written().map((one) => [one.id, one.note]));
    const merged = before.map((one) => ({ ...one, note: one.note || known.get(one.id) || "" }));
    const added = written().filter((one) => !before.some(({ id }) => id === one.id));
    if (merged.length + added.length > MOST_LISTED) return alert(listLink.dataset.full);
    shortlist.keep([...merged, ...added]);
    location.assign(listLink.href);
  });

  const withNotes = document.getElementById("copy-notes");
  function showNotes() {
    withNotes.hidden = !navigator.clipboard || written().every((one) => !one.note);
  }
  copies(withNotes, () => {
    const notes = written().filter((one) => one.note).map((one) => [one.id, one.note]);
    return `${listAddress(ids())}#${new URLSearchParams(notes)}`;
  });
  copies(document.getElementById("copy-text"), () => entries().map((entry, at) => asText(entry, at + 1)).join("\n\n"));
  showNotes();

  const clear = document.getElementById("clear");
  clear.hidden = !isMine;
  clear.addEventListener("click", () => {
    if (!confirm(clear.dataset.sure)) return;
    shortlist.keep([]);
    location.assign(listLink.href);
  });
}

// An entry as people put it into a letter: title, facts, summary, their note, citation.
function asText(entry, number) {
  const words = (selector) => entry.querySelector(selector)?.textContent.replace(/\s+/g, " ").trim() ?? "";
  const facts = [...entry.querySelectorAll(".facts li")].map((one) => one.textContent.trim()).join(" · ");
  const note = entry.querySelector("textarea").value.trim();
  const summary = words(".told") && `${words(".told")} (${words(".mark")})`;
  return [`${number}. ${words("h2")}`, facts, summary, note, words(".citation")].filter(Boolean).join("\n");
}

showShortlist();
const entriesOfList = document.querySelector(".entries");
if (entriesOfList) listPage(entriesOfList);
else if (document.getElementById("list") && shortlist.all().length && !new URL(location.href).searchParams.has("id")) {
  location.replace(listLink.href); // the list of this device, where an address names none
}
