// How do two texts stand side by side? In rows that begin where both begin a line, with every difference marked by its kind.

/**
 * @typedef {string | string[]} Side plain, or in parts of which every second is a number that conflicts
 * @typedef {string | [number, number] | [number, Side, Side]} Piece equal text; characters left out; a difference
 * @typedef {object} Pieces
 * @property {Piece[]} pieces
 * @property {number[]} counts differences by kind
 * @property {boolean} cut
 * @property {number} more
 * @property {boolean} too_long
 */

/** Kinds of differences: name, what a person calls it, and whether no word or number changes by it. */
const KINDS = {
  number: { name: "Number", harmless: false },
  date: { name: "Date", harmless: false },
  body: { name: "Words", harmless: false },
  head: { name: "Head", harmless: false },
  foot: { name: "Foot", harmless: false },
  punctuation: { name: "Punctuation", harmless: true },
  script: { name: "Script, regional word", harmless: true },
  form: { name: "Width, case, form", harmless: true },
  layout: { name: "Layout", harmless: true },
};

/** Kinds that are not shown as differences; at first those that would be everywhere. */
const hidden = new Set(["form", "layout"]);

/** Has the reader picked which kinds are shown? Then all pairs are shown so. */
let picked = false;

/** Hides harmless differences where they are the majority, so that the others are seen. */
function foldHarmless(counts) {
  if (picked) return;
  const sum = (kinds) => kinds.reduce((all, kind) => all + (counts[HEAD.kinds.indexOf(kind)] || 0), 0);
  const harmless = Object.keys(KINDS).filter((kind) => KINDS[kind].harmless);
  const majority = sum(harmless) > sum(Object.keys(KINDS).filter((kind) => !KINDS[kind].harmless));
  for (const kind of harmless) hidden[majority || kind === "form" || kind === "layout" ? "add" : "delete"](kind);
}

/** Rows of two texts on their way into a page. */
class Rows {
  constructor() {
    this.rows = [];
    this.number = 0;
    this.begin();
  }

  begin() {
    this.left = [];
    this.right = [];
    this.differs = false;
    this.blank = true;
    this.white = true;
  }

  /** Ends a row; what would be seen of neither side is no row. */
  end() {
    if (!this.blank) {
      const missing = (nodes) => nodes.every((node) => node.classList?.contains("gap"));
      const side = (nodes, which) => el("div", { class: `side ${which}${missing(nodes) ? " missing" : ""}` }, ...nodes);
      const kind = this.differs ? (this.white ? "row white" : "row") : "row equal";
      this.rows.push(el("div", { class: kind }, side(this.left, "a"), side(this.right, "b")));
    }
    this.begin();
  }

  /** @param {Piece} piece @param {Piece} [next] */
  push(piece, next) {
    if (typeof piece === "string") this.equal(piece);
    else if (typeof piece[1] === "number") this.out(piece);
    else this.differing(piece);
    // A line end beside text that only one side has belongs to that text.
    const breaks = isLayout(piece) && sidesOf(piece).some((text) => text.includes("\n"));
    if (breaks && (this.apart || isApart(next))) this.end();
    this.apart = isApart(piece);
  }

  equal(text) {
    const lines = text.split("\n");
    lines.forEach((line, i) => {
      if (line) {
        this.left.push(line);
        this.right.push(line);
        this.blank &&= !line.trim();
        this.white &&= !line.trim();
      }
      if (i + 1 < lines.length) this.end();
    });
  }

  out([left, right]) {
    this.end();
    const says = left === right ? `${count(left, "equal character")} not shown` : `${count(left, "character")} not shown here, ${whole.format(right)} there`;
    this.rows.push(el("p", { class: "out" }, says));
  }

  /** What breaks the line on both sides is set in several rows, under one number. */
  differing([kind, ...sides]) {
    const name = HEAD.kinds[kind];
    const end = (side) => (Array.isArray(side) ? 0 : side.indexOf("\n") + 1);
    while (name !== "layout" && sides.every((side) => end(side))) {
      this.mark(name, sides.map((side) => side.slice(0, end(side)).trimEnd()));
      this.end();
      sides = sides.map((side) => side.slice(end(side)).trimStart());
    }
    if (sides.some((side) => side.length)) this.mark(name, sides);
    this.number += 1;
  }

  mark(name, sides) {
    const parts = sides.map((side) => [side].flat());
    const plain = parts.map((side) => side.join(""));
    const before = lastOf(this.left) || lastOf(this.right);
    parts.forEach((side, i) => {
      const mark = markOf(name, side, plain[1 - i] === "", before, this.number);
      if (mark) (i ? this.right : this.left).push(mark);
    });
    this.differs = true;
    this.blank = false;
    this.white &&= name === "layout";
    // White space breaks the row where both break; words break it where nothing of a line is left after them.
    const breaks = (text) => (name === "layout" ? text.includes("\n") : !text || text.endsWith("\n"));
    if (plain.some(Boolean) && plain.every(breaks)) this.end();
  }
}

/** Both sides of a difference as plain text. */
function sidesOf([, left, right]) {
  return [left, right].map((side) => [side].flat().join(""));
}

function isLayout(piece) {
  return Array.isArray(piece) && HEAD.kinds[piece[0]] === "layout" && typeof piece[1] !== "number";
}

/** Is it head or foot, or text that only one side has? */
function isApart(piece) {
  if (!Array.isArray(piece) || typeof piece[1] === "number") return false;
  const name = HEAD.kinds[piece[0]];
  return name === "head" || name === "foot" || (name === "body" && sidesOf(piece).includes(""));
}

/** One side of a difference. Where it has nothing, a sign of what is missing, unless that is white space. */
function markOf(name, parts, alone, before, number) {
  const nothing = parts.join("") === "";
  if (nothing && name === "layout") return null;
  const mark = el("mark", { class: `d k-${name}${nothing ? " gap" : alone ? " alone" : ""}` });
  mark.dataset.number = number;
  if (name === "layout") mark.append(...layout(parts[0], before));
  else mark.append(...parts.map((part, i) => (i % 2 ? el("b", { class: "conflict" }, part) : part)));
  return mark;
}

const SIGNS = { "\n": "↵", "\r": "", "\t": "⇥", " ": "␣", "\u3000": "␣", "\u00a0": "⍽" };

/** White space as signs, and what stands for it where layout is not shown. */
function layout(text, before) {
  const signs = Array.from(text, (c) => SIGNS[c] ?? (/\p{Cf}|\p{Cc}/u.test(c) ? "◦" : c));
  const wraps = /[-\u2010\u00ad]\s*\n/.test(text);
  const spaced = /\s/.test(text) && !wraps && !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]$/u.test(before);
  return [el("span", { class: "sign" }, signs.join("")), el("span", { class: "plain" }, spaced ? " " : "\u200b")];
}

function lastOf(nodes) {
  const last = nodes[nodes.length - 1];
  return typeof last === "string" ? last : last?.textContent || "";
}

/** @param {Pieces} set */
function textsOf(set) {
  const side = (which) => {
    let text = "";
    for (const piece of set.pieces) {
      if (text.length > 4000) break;
      if (typeof piece === "string") text += piece;
      else if (typeof piece[1] !== "number") text += [piece[1 + which]].flat().join("");
    }
    return text;
  };
  return [side(0), side(1)];
}

/** Two texts with a heading for each. @param {Pieces} set */
function sideBySide(set, [a, b]) {
  const rows = new Rows();
  set.pieces.forEach((piece, i) => rows.push(piece, set.pieces[i + 1]));
  rows.end();
  const texts = textsOf(set);
  const head = (id, note, which) => el("div", { class: `side ${which}` }, el("span", { class: "note" }, note), idOf(id));
  const element = el("div", { class: "pair" },
    el("div", { class: "row heads" }, head(a.id, a.note, "a"), head(b.id, b.note, "b")),
    ...rows.rows);
  element.querySelectorAll(".row:not(.heads) > .side").forEach((side) => {
    side.lang = languageOf(texts[side.classList.contains("b") ? 1 : 0]);
    side.dir = "auto";
  });
  return element;
}

/** The legend, which is also what shows and hides each kind. */
function legend(counts, changed) {
  const present = HEAD.kinds.filter((_, i) => counts[i]);
  const boxes = new Map();
  const box = (kind) => {
    const input = el("input", { type: "checkbox", checked: !hidden.has(kind), onchange: () => set([kind], input.checked) });
    boxes.set(kind, input);
    const sample = el("mark", { class: `d k-${kind}`, "aria-hidden": "true" }, kind === "layout" ? "↵" : "Aa");
    return el("label", { class: "kind" }, input, sample, KINDS[kind].name, el("span", { class: "number" }, whole.format(counts[HEAD.kinds.indexOf(kind)])));
  };
  const set = (kinds, shown) => {
    picked = true;
    kinds.forEach((kind) => { hidden[shown ? "delete" : "add"](kind); if (boxes.has(kind)) boxes.get(kind).checked = shown; });
    all.checked = harmless.every((kind) => hidden.has(kind));
    changed();
  };
  const harmless = Object.keys(KINDS).filter((kind) => KINDS[kind].harmless);
  const all = el("input", { type: "checkbox", checked: harmless.every((kind) => hidden.has(kind)), onchange: () => set(harmless, !all.checked) });
  if (!present.length) return el("p", { class: "note" }, "No difference.");
  return el("fieldset", { class: "legend" },
    el("legend", {}, "Differences"),
    ...present.map(box),
    present.some((kind) => KINDS[kind].harmless) && el("label", { class: "kind all" }, all, "Hide harmless ones"));
}

/** Walks through the differences that are shown. */
class Walk {
  constructor(pair) {
    this.pair = pair;
    this.at = -1;
    this.where = el("span", { class: "where" });
    const button = (label, key, by) => el("button", { type: "button", onclick: () => this.step(by), "aria-keyshortcuts": key }, label, el("kbd", {}, key));
    this.element = el("div", { class: "walk", role: "group", "aria-label": "Go to a difference" }, button("Previous", "p", -1), button("Next", "n", 1), this.where);
    this.refresh();
  }

  /** After kinds were shown or hidden. */
  refresh() {
    for (const kind of Object.keys(KINDS)) this.pair.classList.toggle(`hide-${kind}`, hidden.has(kind));
    const numbers = new Map();
    for (const mark of this.pair.querySelectorAll("mark.d")) {
      const kind = kindOf(mark);
      if (hidden.has(kind)) continue;
      const key = `${mark.closest(".pair").dataset.pair || 0}-${mark.dataset.number}`;
      numbers.set(key, [...(numbers.get(key) || []), mark]);
    }
    this.stops = [...numbers.values()];
    this.leave();
    this.at = -1;
    this.tell();
  }

  leave() {
    this.pair.querySelectorAll("mark.here").forEach((mark) => mark.classList.remove("here"));
  }

  step(by) {
    if (!this.stops.length) return;
    this.leave();
    this.at = this.at < 0 && by < 0 ? this.stops.length - 1 : (this.at + by + this.stops.length) % this.stops.length;
    const marks = this.stops[this.at];
    marks.forEach((mark) => mark.classList.add("here"));
    const shown = marks.find((mark) => !mark.classList.contains("gap")) || marks[0];
    shown.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    this.tell();
    const says = marks.map((mark) => (mark.classList.contains("gap") ? "nothing" : mark.textContent.slice(0, 200)));
    say(`${this.where.textContent}: ${KINDS[kindOf(marks[0])].name}. ${says.join(" against ")}`);
  }

  tell() {
    const n = this.stops.length;
    this.where.textContent = this.at < 0 ? count(n, "difference") : `${whole.format(this.at + 1)} of ${whole.format(n)}`;
  }
}

function kindOf(mark) {
  return [...mark.classList].find((name) => name.startsWith("k-")).slice(2);
}

/** What the page does not show of two texts. @param {Pieces} set */
function left(set) {
  const notes = [];
  if (set.too_long) notes.push("The two texts are too long to be set side by side here (over 4 MB): dedup --explain A --explain B tells their differences.");
  if (set.cut) notes.push("Long texts: of what is equal, only the surroundings of differences are shown.");
  if (set.more) notes.push(`${count(set.more, "further difference")} not shown: dedup --explain A --explain B tells all.`);
  return notes.length ? el("p", { class: "notice" }, notes.join(" ")) : null;
}
