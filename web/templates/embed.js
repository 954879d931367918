// A search box for pages of other sites: <recueil-search></recueil-search>. What it takes is said in docs/reuse.md.
// It writes texts and never HTML, keeps nothing, and lies in a shadow tree, so that neither page changes the other's look.
(() => {
  "use strict";
  const HOME = {{ home|tojson }};
  const SHEETS_IN = {{ sheets_in|tojson }};
  const TEXTS = {{ texts|tojson }};
  const MOST = 20;
  const LONGEST_PASSAGE = 220;

  const LOOK = new CSSStyleSheet();
  LOOK.replaceSync(`
    :host {
      --accent: var(--recueil-accent, light-dark(#1f5f5b, #7fc8c0));
      --on-accent: var(--recueil-on-accent, light-dark(#fff, #0d1f1d));
      --border: var(--recueil-border, currentColor);
      --radius: var(--recueil-radius, 4px);
      display: block;
      background: var(--recueil-background, transparent);
      color: var(--recueil-text, inherit);
      font-family: var(--recueil-font, inherit);
      line-height: 1.5;
    }
    :host([hidden]), [hidden] { display: none; }
    label { display: block; margin-block-end: 0.3rem; font-weight: 600; }
    .row { display: flex; flex-wrap: wrap; gap: 0.5rem; }
    input, button { box-sizing: border-box; min-height: 2.75rem; padding: 0 0.8rem; font: inherit; border-radius: var(--radius); }
    input { flex: 1 1 16rem; min-width: 0; color: inherit; background: transparent; border: 1px solid var(--border); }
    button { border: 1px solid transparent; background: var(--accent); color: var(--on-accent); font-weight: 600; cursor: pointer; }
    a { color: var(--accent); }
    :is(input, button, a):focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    p { margin: 0; }
    .status:not(:empty), .more { margin-block-start: 0.8rem; }
    ol { margin: 0.6rem 0 0; padding: 0; list-style: none; }
    li { padding-block: 0.7rem; border-block-start: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
    li a { font-weight: 600; }
    .facts, .passage { max-inline-size: 75ch; font-size: 0.9em; overflow-wrap: anywhere; }
    .facts { color: color-mix(in srgb, currentColor 75%, transparent); }
    .passage { margin-block-start: 0.25rem; }
  `);

  // An element with attributes, texts and other elements. A property that is missing is left out.
  const made = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value != null) element.setAttribute(key, value);
    element.append(...children.filter((child) => child != null));
    return element;
  };

  const beginning = (text) => {
    const words = text.replace(/\s+/g, " ").trim();
    if (words.length <= LONGEST_PASSAGE) return words;
    const cut = words.slice(0, LONGEST_PASSAGE);
    return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), 0)) || cut} …`;
  };

  class RecueilSearch extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      const told = this.closest("[lang]")?.lang || document.documentElement.lang || navigator.language;
      this.language = told.slice(0, 2).toLowerCase() === "en" ? "en" : "fr";
      this.texts = TEXTS[this.language];
      const inside = this.attachShadow({ mode: "open", delegatesFocus: true });
      inside.adoptedStyleSheets = [LOOK];
      this.field = made("input", { id: "q", type: "search", name: "q", required: "", maxlength: 1000, autocomplete: "off" });
      this.form = made(
        "form",
        { role: "search", action: `${HOME}/`, method: "get" },
        made("label", { for: "q" }, this.getAttribute("label") || this.texts.label),
        made("div", { class: "row" }, this.field, made("button", { type: "submit" }, this.texts.button)),
      );
      this.status = made("p", { class: "status", role: "status" });
      this.hits = made("ol", { "aria-label": this.texts.hits, hidden: "" });
      this.more = made("p", { class: "more", hidden: "" });
      inside.append(made("div", { lang: this.language }, this.form, this.status, this.hits, this.more));
      this.form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.search(this.field.value.trim());
      });
    }

    // The parameters of what is asked, with the conditions that the page around sets.
    asked(question) {
      const asked = new URLSearchParams(this.getAttribute("conditions") || "");
      asked.set("q", question);
      asked.set("lang", this.language);
      return asked;
    }

    async search(question) {
      if (!question) return;
      this.asking?.abort();
      const asking = (this.asking = new AbortController());
      const asked = this.asked(question);
      const page = `${HOME}/?${asked}`;
      const most = Math.min(Math.max(Number.parseInt(this.getAttribute("hits"), 10) || 5, 1), MOST);
      asked.set("k", most);
      this.status.textContent = this.texts.searching;
      try {
        const reply = await fetch(`${HOME}/search?${asked}`, { signal: asking.signal, credentials: "omit" });
        if (!reply.ok) throw new Error(String(reply.status));
        this.show(await reply.json(), page);
      } catch (error) {
        if (asking.signal.aborted) return;
        this.show(null, page);
      }
    }

    // What was found, or null where nothing was heard: then there is a way to the page itself.
    show(found, page) {
      const total = found?.total ?? 0;
      const form = new Intl.PluralRules(this.language).select(total) === "one" ? "one" : "other";
      const said = total ? this.texts[`found.${form}`].replace("{count}", total) : this.texts.none;
      this.status.textContent = found ? said : this.texts.failed;
      this.hits.replaceChildren(...(found?.hits ?? []).slice(0, total).map((hit) => this.hit(hit)));
      this.hits.hidden = !this.hits.childElementCount;
      this.more.replaceChildren(made("a", { href: page }, found ? this.texts.all : this.texts.there));
      this.more.hidden = false;
    }

    hit({ initiative, passage, editorial }) {
      const places = initiative.departements.map((one) => one.name).join(", ");
      const facts = [places, initiative.carriers[0], initiative.start_year].filter(Boolean).join(" – ");
      const address = new URLSearchParams({ from: passage.start_line, to: passage.end_line, lang: this.language });
      const own = this.language !== SHEETS_IN && editorial ? editorial.title : null;
      const link = { href: `${HOME}/sheet/${encodeURIComponent(initiative.id)}?${address}#cited`, lang: own ? null : SHEETS_IN };
      return made(
        "li",
        {},
        made("a", link, own ?? initiative.title),
        facts ? made("p", { class: "facts", lang: SHEETS_IN }, facts) : null,
        made("p", { class: "passage", lang: SHEETS_IN }, beginning(passage.text)),
      );
    }
  }

  if (!customElements.get("recueil-search")) customElements.define("recueil-search", RecueilSearch);
})();
