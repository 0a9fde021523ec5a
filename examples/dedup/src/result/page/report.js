// Which page is shown? The one that the address names: "#/clusters/3/1" is the first copy of the fourth cluster.

/** Lists with an item beside them: what they are called, what a row says, how they can be sorted. */
const LISTS = {
  clusters: {
    title: "Clusters", noun: "cluster", lines: 3, detail: clusterView, part: copyView,
    search: ([id, , , opening, others]) => `${id} ${opening} ${others.join(" ")}`,
    row: ([id, size, alike, opening]) => row([idOf(id)], opening, `${count(size, "document")}, ${alike === 1 ? "equal" : `${percent(alike)} alike`}`),
    sorts: { "Largest first": ([, size]) => -size, "Least alike first": ([, , alike]) => alike, "Most alike first": ([, , alike]) => -alike, "By id": null },
  },
  related: {
    title: "Related", noun: "pair", lines: 4, detail: relatedView,
    search: ([a, b, , , , opening]) => `${a} ${b} ${opening}`,
    row: ([a, b, relation, share, characters, opening]) => relation === "contains"
      ? row([idOf(a), idOf(b)], opening, `the first contains ${percent(share)} of the second`)
      : row([idOf(a), idOf(b)], opening, `share ${count(characters, "character")}`),
    sorts: { "Contained first": null, "Longest passage first": ([, , , , characters]) => -characters, "Largest share first": ([, , , share]) => -share },
  },
  refused: {
    title: "Refused", noun: "pair", lines: 4, detail: refusedView,
    search: ([a, b, , opening]) => `${a} ${b} ${opening}`,
    row: ([a, b, alike, opening]) => row([idOf(a), idOf(b)], opening, `${percent(alike)} alike`),
    sorts: { "By id": null, "Most alike first": ([, , alike]) => -alike },
  },
};

/** What a row says: which documents, how the text begins, and the figures. */
function row(ids, opening, figures) {
  return [
    ...ids.map((id) => el("span", { class: "row-name" }, id)),
    textOf("span", opening, { class: "opening" }),
    el("span", { class: "figure" }, figures),
  ];
}

/** A list with its search, and beside it what was picked. */
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
    this.counted = el("p", { class: "counted", role: "status" });
    this.all = el("button", { type: "button", class: "more", hidden: true, onclick: () => { location.hash = `#/${name}`; } }, "Show all sizes");
    this.detail = el("div", { class: "detail", id: "detail" });
    this.element = el("div", { class: "browser" },
      el("section", { class: "finder", "aria-label": `List of ${this.kind.noun}s` },
        heading(1, this.kind.title, rows.length < HEAD.totals[name] && el("span", { class: "note" }, ` the first ${whole.format(rows.length)} of ${whole.format(HEAD.totals[name])}`)),
        el("div", { class: "tools" },
          el("label", { for: "search" }, el("span", { class: "unseen" }, "Search"), this.search),
          el("label", { for: "sort" }, el("span", { class: "unseen" }, "Order"), this.sort)),
        el("div", { class: "counts" }, this.counted, this.all),
        this.list.element, this.list.nothing),
      this.detail);
  }

  /** All items in the order that was picked. */
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
    const [from, to] = this.within || [0, Infinity];
    const items = this.order().filter((item) => found[item] && (!this.within || (this.rows[item][1] >= from && this.rows[item][1] <= to)));
    this.list.show(items);
    this.all.hidden = !this.within;
    this.counted.textContent = items.length === this.rows.length ? count(items.length, this.kind.noun) : `${whole.format(items.length)} of ${count(this.rows.length, this.kind.noun)}`;
  }

  /** Clusters of these sizes only: "2-5", "101-". */
  only(sizes) {
    const [from, to] = (sizes || "").split("-");
    const within = sizes ? [Number(from), to ? Number(to) : Infinity] : null;
    if (String(within) !== String(this.within) || !this.shown) {
      this.within = within;
      this.shown = true;
      this.refresh();
    }
  }

  async show(item, place) {
    this.element.classList.toggle("picked", item !== null);
    if (item === null) {
      this.detail.replaceChildren(el("p", { class: "nothing" }, `Pick a ${this.kind.noun} to see why it is one.`));
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
  return { name: name || "overview", item: number(item), place: number(place), sizes: new URLSearchParams(query).get("size") };
}

async function show(first) {
  visit += 1;
  const mine = visit;
  const { name, item, place, sizes } = addressed();
  walk = null;
  markCurrent(name);
  try {
    if (LISTS[name]) await showList(name, item, place, sizes, () => mine === visit);
    else main.replaceChildren(el("div", { class: "sheet" }, ...(name === "rejected" ? rejected() : overview()).filter(Boolean)));
  } catch (error) {
    main.replaceChildren(el("div", { class: "sheet" }, heading(1, "Something is missing"), el("p", { class: "notice" }, String(error.message))));
  }
  if (mine === visit && !first) focusHeading(item);
}

async function showList(name, item, place, sizes, current) {
  const shown = await browser(name);
  if (!current()) return;
  if (shown.element.parentNode !== main) main.replaceChildren(shown.element);
  shown.only(sizes ?? (item === null ? null : shown.within && `${shown.within[0]}-${shown.within[1] === Infinity ? "" : shown.within[1]}`));
  await shown.show(item !== null && item < shown.rows.length ? item : null, place);
}

/** Moves to what has changed: the detail, or the head of the page. */
function focusHeading(item) {
  const heads = main.querySelectorAll(item === null ? "h1.heading" : "#detail .heading, h1.heading");
  const inDetail = [...heads].find((head) => head.closest("#detail"));
  (inDetail || heads[0])?.focus({ preventScroll: false });
}

function markCurrent(name) {
  const names = { overview: "Overview", clusters: "Clusters", related: "Related", refused: "Refused", rejected: "Rejected" };
  const counts = { clusters: HEAD.totals.clusters, related: HEAD.totals.contains + HEAD.totals.shares, refused: HEAD.totals.refused, rejected: HEAD.totals.rejected };
  const items = Object.entries(names).map(([key, label]) => el("li", {},
    el("a", { href: key === "overview" ? "#/" : `#/${key}`, "aria-current": key === name ? "page" : undefined }, label, key in counts && el("span", { class: "number" }, compact.format(counts[key])))));
  document.getElementById("nav").replaceChildren(...items);
  document.querySelector("#nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  document.title = `${names[name] || "Overview"} - reprint`;
}

// Colours, keys, and the first page.

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

HEAD.totals.related = HEAD.totals.contains + HEAD.totals.shares;
theme();
document.getElementById("skip").addEventListener("click", (event) => { event.preventDefault(); main.focus(); });
document.addEventListener("keydown", keys);
window.addEventListener("hashchange", () => show(false));
show(true);
