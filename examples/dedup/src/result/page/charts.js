// How are sizes and similarities distributed? Shown as columns, each with a label, and as a table.

const HIGH = 150;

/**
 * @typedef {object} Column
 * @property {string} name text under the column
 * @property {string} says what the column shows, with its value
 * @property {number} value
 * @property {string} [long] name in the table, if it differs
 * @property {string} [short] name on narrow screens
 * @property {string} [href] address that the column links to
 */

/** Columns under a heading, and the same values as a table. @param {Column[]} columns */
function histogram(heading, note, [first, second], columns) {
  const tip = el("p", { class: "tip", "aria-hidden": "true" }, "\u00a0");
  return el("section", { class: "card" },
    el("h2", {}, heading),
    el("p", { class: "note" }, note),
    drawing(heading, columns, tip),
    tip,
    el("details", { class: "table" },
      el("summary", {}, "As a table"),
      el("table", {},
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, first), el("th", { scope: "col" }, second))),
        el("tbody", {}, ...columns.map((column) =>
          el("tr", {}, el("th", { scope: "row" }, column.long || column.name), el("td", {}, whole.format(column.value))))))));
}

/** @param {Column[]} columns */
function drawing(heading, columns, tip) {
  const wide = 600 / columns.length;
  const most = Math.max(1, ...columns.map((column) => column.value));
  const bars = columns.map((column, i) => bar(column, i * wide, wide, heightOf(column, most), tip));
  const names = columns.flatMap((column, i) => namesOf(column, (i + 0.5) * wide, heightOf(column, most), columns.length > 12 && i % 4));
  const base = svg("line", { class: "base", x1: 0, x2: 600, y1: HIGH + 20, y2: HIGH + 20 });
  return svg("svg", { viewBox: `0 0 600 ${HIGH + 44}`, role: "group", "aria-label": heading }, ...bars, ...names, base);
}

function heightOf(column, most) {
  return column.value ? Math.max(2, (column.value / most) * HIGH) : 0;
}

/** The texts at a column. They are hidden from screen readers, because the column has a label with the same content. */
function namesOf(column, x, high, unnamed) {
  const text = (y, says, name) => svg("text", { x, y, class: name, "aria-hidden": "true" }, says);
  return [
    column.value && text(HIGH + 14 - high, compact.format(column.value), "value"),
    !unnamed && text(HIGH + 40, column.name, column.short ? "long" : "name"),
    column.short && text(HIGH + 40, column.short, "short"),
  ].filter(Boolean);
}

function bar(column, x, wide, high, tip) {
  const gap = Math.min(8, wide / 6);
  const parts = [
    svg("rect", { class: "ground", x, y: 0, width: wide, height: HIGH + 20 }),
    svg("rect", { class: "fill", x: x + gap / 2, y: HIGH + 20 - high, width: wide - gap, height: high, rx: 2 }),
  ];
  const link = column.href && column.value > 0;
  const group = svg(link ? "a" : "g", { class: "column", tabindex: 0, "aria-label": column.says, ...(link ? { href: column.href } : { role: "img" }) }, ...parts);
  const show = () => { tip.textContent = column.says; };
  const hide = () => { tip.textContent = "\u00a0"; };
  group.addEventListener("mouseenter", show);
  group.addEventListener("focus", show);
  group.addEventListener("mouseleave", hide);
  group.addEventListener("blur", hide);
  return group;
}

/** A share as a bar and as a number. */
function shareBar(share) {
  const fill = el("span", { class: "share-fill" });
  fill.style.inlineSize = `${100 * share}%`;
  return el("span", { class: "share" }, el("span", { class: "share-bar", "aria-hidden": "true" }, fill), percent(share));
}
