// What does a reader decide? Decisions are kept in the browser's store if it has one, and are exported as the file for --decisions.

/** The possible decisions about a document, with their names; "" means no decision. */
const VERDICTS = { "": "no decision", "not-a-copy": "not a copy", "keep-this-one": "keep this one", seen: "seen" };

/** Name of the exported file. */
const EXPORTED = "decisions.jsonl";

/**
 * @typedef {object} Decision
 * @property {string} id of the document
 * @property {string} canonical id of the canonical copy of its cluster
 * @property {string} decision a key of VERDICTS
 */

/** All decisions, by the id of the document: decisions that this run applied, and decisions that the reader made since. */
class Decisions {
  constructor(applied, run) {
    this.key = `reprint-decisions-${run}`;
    /** @type {Map<string, Decision>} */
    this.byId = new Map(applied.map((one) => [one.id, one]));
    /** Number of decisions about each cluster, by the id of its canonical copy. */
    this.counts = new Map();
    this.listeners = new Set();
    for (const one of this.stored()) this.byId.set(one.id, one);
    for (const one of this.byId.values()) this.count(one, 1);
    this.saved = true;
  }

  /** The stored decisions. A page that is opened from disk may have no store; then decisions last only while the page is open. */
  stored() {
    try {
      const stored = JSON.parse(localStorage.getItem(this.key) || "[]");
      return Array.isArray(stored) ? stored.filter((one) => one && typeof one.id === "string" && one.decision in VERDICTS) : [];
    } catch { return []; }
  }

  count(one, by) {
    if (one.decision) this.counts.set(one.canonical, (this.counts.get(one.canonical) || 0) + by);
  }

  /** The decision about a document: a key of VERDICTS. */
  get(id) {
    return this.byId.get(id)?.decision || "";
  }

  /** Number of decisions about a cluster. */
  about(canonical) {
    return this.counts.get(canonical) || 0;
  }

  set(id, canonical, decision) {
    const earlier = this.byId.get(id);
    if (earlier) this.count(earlier, -1);
    // "No decision" is stored too, because it cancels a decision that this run applied.
    const one = { id, canonical, decision };
    this.byId.set(id, one);
    this.count(one, 1);
    try {
      localStorage.setItem(this.key, JSON.stringify([...this.byId.values()]));
    } catch { this.saved = false; }
    this.listeners.forEach((listener) => listener());
  }

  get lines() {
    const decided = [...this.byId.values()].filter((one) => one.decision);
    return decided.map(({ id, canonical, decision }) => `${JSON.stringify({ id, canonical, decision })}\n`);
  }
}

const decisions = new Decisions(HEAD.decisions, HEAD.run);

/** Warns a reader who leaves the page while decisions are not stored. */
window.addEventListener("beforeunload", (event) => { if (!decisions.saved) event.preventDefault(); });

/** The menu for the decision about one document. */
function verdictPicker(id, canonical) {
  const options = Object.entries(VERDICTS).map(([value, name]) => el("option", { value }, name));
  const select = el("select", { class: "verdict", "aria-label": `Decision about ${seen(id)}`, onchange: () => {
    decisions.set(id, canonical, select.value);
    say(`${VERDICTS[select.value]}: ${seen(id)}`);
  } }, ...options);
  select.value = decisions.get(id);
  return select;
}

/** The note about decisions in a row of a list. */
function decided(canonical) {
  const n = decisions.about(canonical);
  if (!n) return "";
  return decisions.get(canonical) === "seen" && n === 1 ? ", seen" : `, ${count(n, "decision")}`;
}

/** The page with all decisions and the file to export. */
function decisionsView() {
  const lines = decisions.lines;
  const text = lines.join("");
  const row = ([id, { canonical, decision }]) => el("tr", {}, el("th", { scope: "row" }, idOf(id)), el("td", {}, VERDICTS[decision]), el("td", {}, idOf(canonical)));
  const rows = [...decisions.byId].filter(([, one]) => one.decision).slice(0, HEAD.limits.few);
  return [
    heading(1, "Decisions"),
    el("p", { class: "lead" }, lines.length
      ? `${count(lines.length, "decision")} of yours. Export them, and apply them in the next run with --decisions ${EXPORTED}.`
      : "You have not decided anything yet. Open a cluster: each document has a menu with “not a copy”, “keep this one” and “seen”."),
    !decisions.saved && el("p", { class: "notice" }, "This browser does not store anything for this page: export your decisions before you close it."),
    lines.length > 0 && el("p", {}, el("button", { type: "button", class: "button", onclick: () => download(decisions.lines.join("")) }, `Export ${EXPORTED}`)),
    lines.length > 0 && el("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": "Decisions" },
      el("table", { class: "decisions" }, el("thead", {}, el("tr", {}, ...["Document", "Decision", "Cluster of"].map((name) => el("th", { scope: "col" }, name)))), el("tbody", {}, ...rows.map(row)))),
    lines.length > 0 && el("details", {}, el("summary", {}, "The file as text, to be copied"), el("textarea", { class: "file", readOnly: true, rows: 10, "aria-label": "The file of decisions", value: text })),
  ];
}

function download(text) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/jsonl" }));
  const link = el("a", { href: address, download: EXPORTED });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  say(`Exported ${EXPORTED}`);
}
