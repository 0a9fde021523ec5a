// What does each view of the page show?

const RELATIONS = { canonical: "kept", exact: "exact", "same-text": "same text", reprint: "reprint", contains: "contains" };
const GROUNDS = { shingles: "", body: "without head and foot", grams: "by character n-grams", drift: "as a version", letters: "letter by letter", notes: "without the notes" };
const OBJECTIONS = {
  numbers: "Against it: their numbers and dates conflict, as those of two items of one form.",
  subject: "Against it: what the head is about is called something else throughout.",
  common: "Against it: what they have in common, many documents have.",
};

/** @param {string} relation */
function badge(relation) {
  return el("span", { class: `badge r-${relation}` }, RELATIONS[relation] || relation);
}

function heading(level, ...children) {
  return el(`h${level}`, { tabIndex: -1, class: "heading" }, ...children);
}

// The overview with the totals.

function overview() {
  const { totals } = HEAD;
  return [
    heading(1, "What was found"),
    el("p", { class: "lead" },
      `${count(totals.documents, "document")} (${bytes(totals.bytes)} of text); ${whole.format(totals.clustered)} of them are in ${count(totals.clusters, "cluster")}. `,
      el("strong", {}, `${count(totals.removed, "document")} to remove, ${whole.format(totals.kept)} kept.`)),
    doubtful(totals),
    balance(totals),
    tiles(totals),
    el("div", { class: "cards" }, sizes(), similarities()),
    settings(),
  ];
}

/** A link to the most doubtful clusters. */
function doubtful({ clusters }) {
  if (!clusters) return null;
  return el("p", {}, el("a", { class: "button", href: "#/clusters" }, "Check the most doubtful clusters first"));
}

/** The numbers of kept and removed documents, as one bar. */
function balance({ kept, removed }) {
  const part = (n, name) => {
    const piece = el("span", { class: `part ${name}` });
    piece.style.flexGrow = n;
    return piece;
  };
  return el("div", { class: "balance", "aria-hidden": "true" }, part(kept, "stay"), part(removed, "go"));
}

function tiles(totals) {
  const tile = (n, name, href) => el("li", {}, el(href && n ? "a" : "div", { class: "tile", href: href && n ? href : undefined }, el("strong", {}, whole.format(n)), el("span", {}, name)));
  return el("ul", { class: "tiles" },
    tile(totals.clusters, "clusters", "#/clusters"),
    tile(totals.exact, "copies with the same characters"),
    tile(totals.same_text, "equal but for layout, marks, script"),
    tile(totals.reprint, "reprints with changes"),
    tile(totals.contains, "contained in another", "#/related"),
    tile(totals.passages, "passages in several documents", "#/passages"),
    tile(totals.refused, "similar pairs, kept apart", "#/refused"),
    tile(totals.rejected, "rejected inputs", "#/rejected"));
}

function sizes() {
  const columns = HEAD.sizes.map(([from, to, value]) => {
    const name = to === null ? `${from}+` : from === to ? `${from}` : `${from}–${to}`;
    return { name, short: `${from}`, value, says: `${count(value, "cluster")} of ${name} documents`, href: `#/clusters?size=${from}-${to ?? ""}` };
  });
  return histogram("Sizes of clusters", "Documents in a cluster, the canonical copy included.", ["Documents", "Clusters"], columns);
}

function similarities() {
  const columns = HEAD.least.map((value, i) => {
    const [from, to] = [i * 5, i * 5 + 5];
    return { name: `${from} %`, long: `${from} to ${to} %`, value, says: `${count(value, "cluster")} with a least similarity of ${from} to ${to} %`, href: `#/clusters?least=${from}-${to}` };
  });
  const equal = HEAD.equal ? ` ${count(HEAD.equal, "cluster")} of equal texts not counted.` : "";
  return histogram("Least similarity in a cluster", `Similarity of the copy that is least similar to the canonical copy, by the figure that decided.${equal}`, ["Least similarity", "Clusters"], columns);
}

function settings() {
  const rows = Object.entries(HEAD.settings).map(([name, value]) => {
    const plain = value !== null && typeof value === "object" ? Object.entries(value).map(([key, held]) => `${key} ${held}`).join(", ") : value ?? "off";
    return [el("dt", {}, name.replaceAll("_", " ")), el("dd", {}, String(plain))];
  });
  return el("details", { class: "settings" }, el("summary", {}, "Settings"), el("dl", {}, ...rows.flat()));
}

// A cluster, and its canonical copy compared with another copy.

async function clusterView(rows, item) {
  const [id, size, , , , , form] = rows[item];
  const entry = await entryOf("clusters", item, 0);
  const lasts = entry.members.length - 1;
  return [
    heading(2, idOf(id)),
    form && el("p", { class: "notice warning" }, `This cluster ${form}. Compare some of its copies before you trust it.`),
    el("p", { class: "reason" }, badge("canonical"), " ", seen(entry.reason)),
    metadata(entry.metadata),
    el("h3", {}, count(size, "document")),
    members(item, entry, size),
    lasts + 1 < size && el("p", { class: "notice" }, `${whole.format(size - lasts - 1)} more are in clusters.jsonl only.`),
    lasts > HEAD.limits.set && el("p", { class: "notice" }, `The first ${whole.format(HEAD.limits.set)} copies can be set beside the canonical copy.`),
    el("h3", {}, "Canonical copy"),
    reading(entry),
  ];
}

/** The beginning of the canonical copy. */
function reading(entry) {
  const shown = Array.from(entry.text).length;
  return el("div", {},
    textOf("div", entry.text, { class: "reading" }),
    shown < entry.characters && el("p", { class: "notice" }, `The first ${whole.format(shown)} of ${whole.format(entry.characters)} characters.`));
}

function metadata(all) {
  const rows = Object.entries(all).flatMap(([name, values]) => [el("dt", {}, seen(name)), el("dd", {}, ...values.slice(0, 12).flatMap((value, i) => [i ? ", " : "", el("bdi", {}, seen(value.slice(0, 400)))]))]);
  return rows.length ? el("dl", { class: "metadata" }, ...rows) : null;
}

/** Number of members that are added to the table at once. */
const PAGE = 100;

function members(item, entry, size) {
  const body = el("tbody");
  const more = el("button", { type: "button", class: "more", onclick: () => add() });
  const add = () => {
    const from = body.children.length;
    const to = Math.min(entry.members.length, from + PAGE);
    for (let i = from; i < to; i += 1) body.append(memberRow(item, i, entry));
    more.hidden = to >= entry.members.length;
    more.textContent = `Show more (${whole.format(to)} of ${whole.format(size)})`;
  };
  add();
  const columns = ["Document", "Relation", "Decision", "Similarity", "Of it, in the canonical copy", "Of the canonical copy, in it", "Damage"];
  return el("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": "Documents of the cluster" },
    el("table", { class: "members" }, el("thead", {}, el("tr", {}, ...columns.map((name) => el("th", { scope: "col" }, name)))), body), more);
}

function memberRow(item, i, entry) {
  const member = entry.members[i];
  const opens = i > 0 && i <= HEAD.limits.set;
  const ground = GROUNDS[member.ground];
  const differs = member.relation === "reprint";
  const share = (of) => el("td", {}, differs && percent(of));
  return el("tr", {},
    el("th", { scope: "row" }, opens ? el("a", { href: `#/clusters/${item}/${i}` }, idOf(member.id)) : idOf(member.id)),
    el("td", {}, badge(member.relation)),
    el("td", {}, verdictPicker(member.id, entry.members[0].id)),
    el("td", {}, differs && shareBar(entry.alike[i]), ground && el("span", { class: "note" }, ground)),
    share(member.in_canonical), share(member.of_canonical),
    el("td", {}, damage(member)));
}

/** The damage of a copy, figure by figure: "letters lost: 34, quotation marks lost: 28". */
function damage(member) {
  const figures = Object.entries(member.damage).map(([name, count]) => `${name.replaceAll("_", " ")}: ${whole.format(count)}`);
  return figures.length ? figures.join(", ") : "none";
}

async function copyView(rows, item, place) {
  const [entry, set] = await Promise.all([entryOf("clusters", item, 0), entryOf("clusters", item, place)]);
  const member = entry.members[place];
  if (!member) return [heading(2, "No such copy"), el("p", { class: "notice" }, `This cluster has ${count(rows[item][1] - 1, "copy")} beside the canonical one. The link may be from another result.`), el("a", { href: `#/clusters/${item}` }, "To the cluster")];
  const canonical = entry.members[0];
  const lasts = Math.min(entry.members.length - 1, HEAD.limits.set);
  const to = (other, label) => other >= 1 && other <= lasts && el("a", { class: "button", href: `#/clusters/${item}/${other}` }, label);
  const head = [
    el("nav", { class: "crumbs", "aria-label": "Within the cluster" },
      el("a", { href: `#/clusters/${item}` }, "Cluster"), el("span", {}, `copy ${whole.format(place)} of ${whole.format(rows[item][1] - 1)}`), to(place - 1, "Previous copy"), to(place + 1, "Next copy")),
    heading(2, idOf(member.id), " ", badge(member.relation)),
    el("p", { class: "figures" }, figures(entry, place)),
    el("p", {}, "Decision: ", verdictPicker(member.id, canonical.id)),
    el("p", { class: "figures" }, `Damage of the canonical copy: ${damage(canonical)}. Of this one: ${damage(member)}.`),
  ];
  if (!set) return [...head, el("p", { class: "notice" }, "The same characters as the canonical copy, which is:"), reading(entry)];
  return [...head, ...compared(set, [{ id: canonical.id, note: "Canonical copy, kept" }, { id: member.id, note: RELATIONS[member.relation] }])];
}

function figures(entry, place) {
  const member = entry.members[place];
  if (member.relation === "exact" || member.relation === "same-text") return "Equal when folded: no word or number differs.";
  const ground = GROUNDS[member.ground];
  return `Similarity ${percent(entry.alike[place])}${ground ? ` ${ground}` : ""}. ${percent(member.in_canonical)} of this copy is in the canonical copy; ${percent(member.of_canonical)} of the canonical copy is in this one.`;
}

/** Two texts side by side, with their legend. */
function compared(set, documents) {
  foldHarmless(set.counts);
  const pair = sideBySide(set, documents);
  return [left(set), !set.too_long && controls(pair, set.counts), !set.too_long && pair];
}

/** The walk that the keys n and p control. */
let walk = null;

function controls(pair, counts) {
  walk = new Walk(pair);
  return el("div", { class: "controls" }, legend(counts, () => walk.refresh()), walk.element);
}

// Documents that contain one another; common passages; refused pairs; rejected inputs.

async function relatedView(rows, item) {
  const [a, b] = rows[item];
  const entry = await entryOf("related", item, 0);
  const all = el("div", { class: "pairs" });
  entry.passages.forEach((passage, i) => all.append(...passageOf(passage, i, entry, a, b)));
  const counts = HEAD.kinds.map((_, kind) => entry.passages.reduce((sum, passage) => sum + passage.set.counts[kind], 0));
  return [
    heading(2, idOf(a), " ", badge("contains"), " ", idOf(b)),
    el("p", { class: "figures" }, idOf(a), ` has ${percent(entry.b_in_a)} of `, idOf(b), "."),
    entry.more > 0 && el("p", { class: "notice" }, `The first ${whole.format(entry.passages.length)} passages; all are in relations.jsonl.`),
    entry.passages.length > 0 && (foldHarmless(counts), controls(all, counts)),
    all,
  ];
}

function passageOf(passage, i, entry, a, b) {
  const phrase = passage.common_phrase ? ", a common phrase" : "";
  const documents = [a, b].map((id, side) => {
    const { from, to } = side ? passage.b : passage.a;
    return { id, note: `Characters ${whole.format(from)} to ${whole.format(to)} of ${whole.format(entry.characters[side])}` };
  });
  const pair = sideBySide(passage.set, documents);
  pair.dataset.pair = i;
  const around = (which) => {
    const lines = (text) => text.trim().replace(/\s*\n\s*/g, "\n");
    const cut = (text) => (which === "before" ? `… ${lines(text)}` : `${lines(text)} …`);
    const side = (text, name) => textOf("div", text.trim() ? cut(text) : "", { class: `side ${name}` });
    return passage.a[which].trim() || passage.b[which].trim() ? el("div", { class: `row around ${which}` }, side(passage.a[which], "a"), side(passage.b[which], "b")) : "";
  };
  pair.firstChild.after(places(passage, entry.characters), around("before"));
  pair.append(around("after"));
  const parts = [el("h3", {}, `Passage ${i + 1}: ${count(passage.common, "character")} in common, in ${count(passage.documents, "document")}${phrase}`), left(passage.set), pair];
  return parts.filter(Boolean);
}

/** The position of a passage in each of the two texts. */
function places(passage, characters) {
  const side = ({ from, to }, all, name) => {
    const here = el("span", { class: "place-here" });
    here.style.insetInlineStart = `${(100 * from) / all}%`;
    here.style.inlineSize = `${Math.max(0.6, (100 * (to - from)) / all)}%`;
    return el("div", { class: `side ${name}` }, el("span", { class: "place", "aria-hidden": "true" }, here));
  };
  return el("div", { class: "row places" }, side(passage.a, characters[0], "a"), side(passage.b, characters[1], "b"));
}

async function passageView(rows, item) {
  const [, documents, characters, , phrase] = rows[item];
  const entry = await entryOf("passages", item, 0);
  const listed = entry.places.length + entry.others.length;
  return [
    heading(2, `${count(characters, "character")} in ${count(documents, "document")}`),
    phrase && el("p", { class: "notice" }, "A common phrase: many documents have it, so it says nothing about two of them."),
    reading(entry),
    el("h3", {}, "Where it stands"),
    el("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": "Places of the passage" },
      el("table", { class: "members" },
        el("thead", {}, el("tr", {}, ...["Document", "Characters", "Text around it"].map((name) => el("th", { scope: "col" }, name)))),
        el("tbody", {},
          ...entry.places.map(([id, place]) => placeRow(id, place.from, place.to, [place.before, place.after])),
          ...entry.others.map(([id, from, to]) => placeRow(id, from, to, null))))),
    entry.more > 0 && el("p", { class: "notice" }, `The first ${count(listed, "place")}; more are in passages.jsonl.`),
  ];
}

function placeRow(id, from, to, around) {
  const side = (text) => text.trim().replace(/\s+/g, " ");
  return el("tr", {},
    el("th", { scope: "row" }, idOf(id)),
    el("td", {}, `${whole.format(from)} to ${whole.format(to)}`),
    el("td", {}, around && textOf("span", `${side(around[0])} […] ${side(around[1])}`)));
}

async function refusedView(rows, item) {
  const [a, b, alike] = rows[item];
  const entry = await entryOf("refused", item, 0);
  return [
    heading(2, idOf(a), " and ", idOf(b)),
    el("p", { class: "figures" }, `Similarity ${percent(alike)}, but in different clusters: one of them is not a copy of the other's canonical copy. `, OBJECTIONS[entry.objection] || ""),
    ...compared(entry.set, [{ id: a, note: "One" }, { id: b, note: "The other" }]),
  ];
}

function rejected() {
  const total = HEAD.totals.rejected;
  const row = ([file, line, error]) => el("tr", {}, el("th", { scope: "row" }, idOf(line ? `${file}:${line}` : file)), el("td", {}, seen(error)));
  return [
    heading(1, "Rejected"),
    el("p", { class: "lead" }, total ? "What could not be read, and what to do about it. Everything else was processed." : "Everything could be read."),
    total > HEAD.rejected.length && el("p", { class: "notice" }, `The first ${whole.format(HEAD.rejected.length)} of ${whole.format(total)}; all are in rejected.jsonl.`),
    total > 0 && el("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": "Rejected inputs" },
      el("table", { class: "rejected" }, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Place"), el("th", { scope: "col" }, "Reason and remedy"))), el("tbody", {}, ...HEAD.rejected.map(row)))),
  ];
}
