// How are two texts shown side by side? In rows that begin where both texts begin a line. Every difference is marked with its kind.

/**
 * @typedef {string | string[]} Side plain text, or parts: those at odd positions are conflicting numbers
 * @typedef {string | [number, number] | [number, Side, Side]} Piece equal text; numbers of characters left out; kind and sides of a difference
 * @typedef {object} Pieces
 * @property {Piece[]} pieces
 * @property {number[]} counts number of differences of each kind
 * @property {boolean} cut
 * @property {number} more
 * @property {boolean} too_long
 */

/** Kinds of differences: the name for readers, and whether all words and numbers stay the same. */
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

/** Kinds that are not shown as differences. At first these are the kinds that would be everywhere. */
const hidden = new Set(["form", "layout"]);

/** Has the reader chosen which kinds are shown? If so, the choice applies to all pairs. */
let picked = false;

/** Hides the harmless differences if they are the majority, so that the others are visible. */
function foldHarmless(counts) {
  if (picked) return;
  const sum = (kinds) => kinds.reduce((all, kind) => all + (counts[HEAD.kinds.indexOf(kind)] || 0), 0);
  const harmless = Object.keys(KINDS).filter((kind) => KINDS[kind].harmless);
  const majority = sum(harmless) > sum(Object.keys(KINDS).filter((kind) => !KINDS[kind].harmless));
  for (const kind of harmless) hidden[majority || kind === "form" || kind === "layout" ? "add" : "delete"](kind);
}

/** Builds the rows that show two texts side by side. */
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

  /** Ends a row. A row that is blank on both sides is dropped. */
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
    // A line break next to text that only one side has belongs to that text, so the row ends there.
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

  /** Adds a difference. If both sides have line breaks, it is shown in several rows with the same number. */
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
    // White space ends a row if both sides have a line break. Words end it if each side is empty or ends with a line break.
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

/** Is it a difference in the head or foot, or text that only one side has? */
function isApart(piece) {
  if (!Array.isArray(piece) || typeof piece[1] === "number") return false;
  const name = HEAD.kinds[piece[0]];
  return name === "head" || name === "foot" || (name === "body" && sidesOf(piece).includes(""));
}

/** The mark for one side of a difference. An empty side gets a sign for the missing text, unless the difference is layout. */
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

/** White space as visible signs, and the plain text that is shown instead if layout is hidden. */
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

/** The legend. Its checkboxes show and hide the kinds. */
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

/** Moves from one visible difference to the next. */
class Walk {
  constructor(pair) {
    this.pair = pair;
    this.at = -1;
    this.where = el("span", { class: "where" });
    const button = (label, key, by) => el("button", { type: "button", onclick: () => this.step(by), "aria-keyshortcuts": key }, label, el("kbd", {}, key));
    this.element = el("div", { class: "walk", role: "group", "aria-label": "Go to a difference" }, button("Previous", "p", -1), button("Next", "n", 1), this.where);
    this.refresh();
  }

  /** Collects the visible differences again after kinds were shown or hidden. */
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

/** A notice about the parts of two texts that the page does not show. @param {Pieces} set */
function left(set) {
  const notes = [];
  if (set.too_long) notes.push("The two texts are too long to be set side by side here (over 4 MB): dedup --explain A --explain B lists their differences.");
  if (set.cut) notes.push("The texts are long: of their equal parts, only the text around differences is shown.");
  if (set.more) notes.push(`${count(set.more, "further difference")} not shown: dedup --explain A --explain B lists all.`);
  return notes.length ? el("p", { class: "notice" }, notes.join(" ")) : null;
}
