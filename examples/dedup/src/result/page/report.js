// Which view is shown? The one that the address names: "#/clusters/3/1" is the first copy of the fourth cluster.

/** The lists with a detail view next to them: their titles, the content of their rows, and their sort orders. */
const LISTS = {
  clusters: {
    title: "Clusters", noun: "cluster", lines: 3, detail: clusterView, part: copyView,
    search: ([id, , , opening, others]) => `${id} ${opening} ${others.join(" ")}`,
    row: ([id, size, alike, opening, , , form]) => row([idOf(id)], opening, `${form ? "⚠ may be a form, " : ""}${count(size, "document")}, ${alike === 1 ? "equal" : `least similarity ${percent(alike)}`}${decided(id)}`),
    sorts: { "Most doubtful first": ([, , , , , doubt]) => doubt, "Undecided first": ([id, , , , , doubt]) => (decisions.about(id) ? 1e9 : 0) + doubt, "Largest first": ([, size]) => -size, "Least similar first": ([, , alike]) => alike, "Most similar first": ([, , alike]) => -alike, "By id": null },
  },
  related: {
    title: "Contained in another document", noun: "pair", lines: 4, detail: relatedView,
    search: ([a, b, , , opening]) => `${a} ${b} ${opening}`,
    row: ([a, b, share, , opening]) => row([idOf(a), idOf(b)], opening, `the first contains ${percent(share)} of the second`),
    sorts: { "By id of the container": null, "Longest passage first": ([, , , characters]) => -characters, "Largest share first": ([, , share]) => -share },
  },
  passages: {
    title: "Common passages", noun: "passage", lines: 3, detail: passageView,
    search: ([ids, , , opening]) => `${opening} ${ids.join(" ")}`,
    row: ([[first], documents, characters, opening]) => row([idOf(first)], opening, `${count(characters, "character")} in ${count(documents, "document")}`),
    sorts: { "Most documents first": null, "Longest first": ([, , characters]) => -characters },
    folded: { is: ([, , , , phrase]) => phrase, label: "common phrases" },
  },
  refused: {
    title: "Similar, kept apart", noun: "pair", lines: 4, detail: refusedView,
    search: ([a, b, , opening]) => `${a} ${b} ${opening}`,
    row: ([a, b, alike, opening]) => row([idOf(a), idOf(b)], opening, `similarity ${percent(alike)}`),
    sorts: { "Most similar first": ([, , alike]) => -alike, "By id": null },
  },
};

/** The content of a row: ids of documents, the beginning of the text, and the figures. */
function row(ids, opening, figures) {
  return [
    ...ids.map((id) => el("span", { class: "row-name" }, id)),
    textOf("span", opening, { class: "opening" }),
    el("span", { class: "figure" }, figures),
  ];
}

/** A list with its search, and the detail of the picked item next to it. */
class Browser {
  constructor(name, rows) {
    Object.assign(this, { name, rows, kind: LISTS[name], orders: new Map(), within: null });
    this.haystack = new Haystack(rows.map(this.kind.search));
    this.list = new List({
      label: this.kind.title, lines: this.kind.lines, draw: (item) => this.kind.row(rows[item]),
      open: (item) => { this.wanted = true; location.hash = `#/${name}/${item}`; },
    });
    this.search = el("input", { type: "search", id: "search", placeholder: "Ids and openings", autocomplete: "off", spellcheck: false, oninput: () => this.refresh() });
    this.sort = el("select", { id: "sort", onchange: () => this.refresh() }, ...Object.keys(this.kind.sorts).map((sort) => el("option", {}, sort)));
    const folded = this.kind.folded ? rows.filter(this.kind.folded.is).length : 0;
    this.unfolded = el("input", { type: "checkbox", checked: folded === rows.length, onchange: () => this.refresh() });
    this.counted = el("p", { class: "counted", role: "status" });
    this.all = el("button", { type: "button", class: "more", hidden: true, onclick: () => { location.hash = `#/${name}`; } }, "Show all");
    // Rows show decisions, so they are drawn again. The order changes only when the list is shown again.
    decisions.listeners.add(() => { this.orders.delete("Undecided first"); this.list.paint(true); });
    this.detail = el("div", { class: "detail", id: "detail" });
    this.element = el("div", { class: "browser" },
      el("section", { class: "finder", "aria-label": `List of ${this.kind.noun}s` },
        heading(1, this.kind.title, rows.length < HEAD.totals[name] && el("span", { class: "note" }, ` the first ${whole.format(rows.length)} of ${whole.format(HEAD.totals[name])}`)),
        el("div", { class: "tools" },
          el("label", { for: "search" }, el("span", { class: "unseen" }, "Search"), this.search),
          el("label", { for: "sort" }, el("span", { class: "unseen" }, "Order"), this.sort)),
        el("div", { class: "counts" }, this.counted, this.all),
        folded > 0 && el("label", { class: "kind" }, this.unfolded, `Show ${this.kind.folded.label}`, el("span", { class: "number" }, whole.format(folded))),
        this.list.element, this.list.nothing),
      this.detail);
  }

  /** All items in the chosen order. */
  order() {
    const sort = this.sort.value;
    if (!this.orders.has(sort)) {
      const items = Uint32Array.from(this.rows.keys());
      const key = this.kind.sorts[sort];
      const keys = key && Float64Array.from(this.rows, key);
      this.orders.set(sort, keys ? items.sort((a, b) => keys[a] - keys[b] || a - b) : items);
    }
    return this.orders.get(sort);
  }

  refresh() {
    const found = this.haystack.find(this.search.value);
    const { field, from, to } = this.within || {};
    const inside = (value) => value >= from && value <= to;
    const isFolded = (item) => this.kind.folded && !this.unfolded.checked && this.kind.folded.is(this.rows[item]);
    const items = this.order().filter((item) => found[item] && !isFolded(item) && (!this.within || inside(this.rows[item][field])));
    this.list.show(items);
    this.all.hidden = !this.within;
    this.counted.textContent = items.length === this.rows.length ? count(items.length, this.kind.noun) : `${whole.format(items.length)} of ${count(this.rows.length, this.kind.noun)}`;
  }

  /** Shows only clusters within a range: {size: "2-5"}, {size: "101-"}, {least: "60-65"} (percent). @param {Limit | null} limit */
  only(limit) {
    const [name, range] = Object.entries(limit || {})[0] || [];
    const [from, to] = (range || "").split("-").map((end) => (end ? Number(end) : Infinity));
    // The upper end of a range of similarities belongs to the next range.
    const within = name === "size" ? { field: 1, from, to } : name === "least" ? { field: 2, from: from / 100, to: to / 100 - 1e-9 } : null;
    if (JSON.stringify(within) !== JSON.stringify(this.within) || !this.shown) {
      this.within = within;
      this.shown = true;
      this.refresh();
    }
  }

  /** Shows the item with this id, or says that there is none. */
  async find(id) {
    const item = this.rows.findIndex((row) => row[0] === id || row[4]?.includes?.(id));
    if (item >= 0) {
      const place = this.name === "clusters" ? this.rows[item][4].indexOf(id) + 1 : 0;
      location.replace(`#/${this.name}/${item}${place > 0 ? `/${place}` : ""}`);
      return;
    }
    this.element.classList.add("picked");
    this.detail.replaceChildren(el("a", { class: "back", href: `#/${this.name}` }, "All of the list"),
      el("p", { class: "nothing", role: "status" }, `No ${this.kind.noun} here has a document with the id “${seen(id)}”. A document without copies is in no cluster; dedup --explain ID describes any document.`));
  }

  async show(item, place) {
    const exists = item !== null && item < this.rows.length;
    this.element.classList.toggle("picked", item !== null);
    if (!exists) {
      const says = item === null ? `Pick a ${this.kind.noun} to see why it is one.` : `There is no ${this.kind.noun} with this address: the list has ${whole.format(this.rows.length)}. The link may be from another result.`;
      this.detail.replaceChildren(el("a", { class: "back", href: `#/${this.name}` }, "All of the list"), el("p", { class: "nothing", role: "status" }, says));
      return;
    }
    const view = place === null || !this.kind.part ? this.kind.detail(this.rows, item) : this.kind.part(this.rows, item, place);
    const back = el("a", { class: "back", href: `#/${this.name}` }, "All of the list");
    const children = await view;
    this.detail.replaceChildren(back, ...children.filter(Boolean));
    this.detail.scrollTop = 0;
    this.list.choose(item);
  }
}

const main = document.getElementById("main");
const browsers = new Map();
let visit = 0;

async function browser(name) {
  if (!browsers.has(name)) browsers.set(name, rowsOf(name).then((rows) => new Browser(name, rows)));
  return browsers.get(name);
}

function addressed() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const [name, item, place] = path.split("/");
  const number = (text) => (/^\d+$/.test(text || "") ? Number(text) : null);
  const limits = [...new URLSearchParams(query)].filter(([key]) => key === "size" || key === "least");
  const id = new URLSearchParams(query).get("id");
  return { name: name || "overview", item: number(item), place: number(place), id, limit: limits.length ? Object.fromEntries(limits.slice(0, 1)) : null };
}

async function show(first) {
  visit += 1;
  const mine = visit;
  const { name, item, place, id, limit } = addressed();
  walk = null;
  markCurrent(name);
  try {
    if (LISTS[name]) await showList(name, item, place, limit, id, () => mine === visit);
    else main.replaceChildren(el("div", { class: "sheet" }, ...(SHEETS[name] || nowhere)().filter(Boolean)));
  } catch (error) {
    main.replaceChildren(el("div", { class: "sheet" }, heading(1, "Something is missing"), el("p", { class: "notice" }, String(error.message))));
  }
  if (mine === visit && !first) focusHeading(item);
}

/** Views without a list. */
const SHEETS = { overview, rejected, decisions: decisionsView };

function nowhere() {
  return [heading(1, "Nothing is here"), el("p", { class: "lead" }, "This report has no page with this address. "), el("p", {}, el("a", { href: "#/" }, "To the overview"))];
}

async function showList(name, item, place, limit, id, current) {
  const shown = await browser(name);
  if (!current()) return;
  if (shown.element.parentNode !== main) main.replaceChildren(shown.element);
  // A limit stays in force while items of the list are opened.
  if (limit || item === null) shown.only(limit);
  else if (!shown.shown) shown.only(null);
  if (id !== null) return shown.find(id);
  await shown.show(item, place);
}

/** Moves the focus to what has changed: the heading of the detail, or of the page. */
function focusHeading(item) {
  const heads = main.querySelectorAll(item === null ? "h1.heading" : "#detail .heading, h1.heading");
  const inDetail = [...heads].find((head) => head.closest("#detail"));
  (inDetail || heads[0])?.focus({ preventScroll: false });
}

function markCurrent(name) {
  const names = { overview: "Overview", clusters: "Clusters", related: "Contained", passages: "Passages", refused: "Kept apart", rejected: "Rejected", decisions: "Decisions" };
  const counts = { clusters: HEAD.totals.clusters, related: HEAD.totals.contains, passages: HEAD.totals.passages, refused: HEAD.totals.refused, rejected: HEAD.totals.rejected, decisions: decisions.lines.length };
  const items = Object.entries(names).map(([key, label]) => el("li", {},
    el("a", { href: key === "overview" ? "#/" : `#/${key}`, "aria-current": key === name ? "page" : undefined }, label, key in counts && el("span", { class: "number" }, compact.format(counts[key])))));
  document.getElementById("nav").replaceChildren(...items);
  document.querySelector("#nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  document.title = `${names[name] || "Overview"} - reprint`;
}

// Colours, keys, and the first view.

function theme() {
  const picker = document.getElementById("theme");
  const stored = () => { try { return localStorage.getItem("reprint-theme"); } catch { return null; } };
  const apply = (value) => { document.documentElement.dataset.theme = value; picker.value = value; };
  apply(["light", "dark"].includes(stored()) ? stored() : "auto");
  picker.addEventListener("change", () => {
    apply(picker.value);
    try { localStorage.setItem("reprint-theme", picker.value); } catch { /* a page from disk may have no store */ }
  });
}

function keys(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea") && event.target.type !== "checkbox") return;
  const search = document.getElementById("search");
  if (event.key === "n") walk?.step(1);
  else if (event.key === "p") walk?.step(-1);
  else if (event.key === "/" && search) { event.preventDefault(); search.focus(); }
}

HEAD.totals.related = HEAD.totals.contains;
theme();
document.getElementById("skip").addEventListener("click", (event) => { event.preventDefault(); main.focus(); });
document.addEventListener("keydown", keys);
decisions.listeners.add(() => {
  const counted = document.querySelector('#nav [href="#/decisions"] .number');
  if (counted) counted.textContent = compact.format(decisions.lines.length);
});
window.addEventListener("hashchange", () => show(false));
show(true);
