// How is a list of 100,000 items shown? Only the visible rows are laid out.

/** Maximum height of the list's content in pixels, because browsers cannot lay out taller elements. */
const TALLEST = 8_000_000;

class List {
  /**
   * @param {object} of
   * @param {string} of.label name of the list
   * @param {number} of.lines lines of text in a row
   * @param {(item: number) => Node[]} of.draw makes the content of a row
   * @param {(item: number) => void} of.open called when a row is picked
   */
  constructor({ label, lines, draw, open }) {
    Object.assign(this, { lines, draw, open, items: [], active: 0, chosen: -1 });
    this.space = el("div", { class: "space", role: "presentation" });
    this.element = el("div", {
      class: "list", role: "listbox", tabIndex: 0, "aria-label": label,
      onscroll: () => this.later(), onkeydown: (event) => this.key(event), onclick: (event) => this.click(event),
    }, this.space);
    this.nothing = el("p", { class: "nothing", hidden: true }, "No id or opening in this list has all these words.");
    new ResizeObserver(() => this.paint(true)).observe(this.element);
  }

  /** Shows these items, in this order. */
  show(items) {
    this.items = items;
    this.active = Math.max(0, items.indexOf(this.chosen));
    this.nothing.hidden = items.length > 0;
    this.element.hidden = items.length === 0;
    this.element.scrollTop = 0;
    this.measure();
    this.reveal();
    this.paint(true);
  }

  /** Marks the item whose detail is open. */
  choose(item) {
    this.chosen = item;
    const at = this.items.indexOf(item);
    if (at >= 0) this.active = at;
    this.measure();
    this.reveal();
    this.paint(true);
  }

  measure() {
    this.row = (1.3 * this.lines + 1.6) * parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.tall = Math.min(TALLEST, this.items.length * this.row);
    this.space.style.height = `${this.tall}px`;
  }

  /** Number of pixels that the rows move for each pixel of scrolling. It is over 1 only in lists that exceed TALLEST. */
  get ratio() {
    const seen = this.element.clientHeight;
    return this.tall > seen ? (this.items.length * this.row - seen) / (this.tall - seen) : 1;
  }

  later() {
    this.waiting ??= requestAnimationFrame(() => { this.waiting = undefined; this.paint(false); });
  }

  paint(again) {
    if (!this.row || !this.element.clientHeight) return;
    const top = this.element.scrollTop * this.ratio;
    const from = Math.max(0, Math.floor(top / this.row) - 4);
    const to = Math.min(this.items.length, Math.ceil((top + this.element.clientHeight) / this.row) + 4);
    if (!again && this.ratio === 1 && from === this.from && to === this.to) return;
    [this.from, this.to] = [from, to];
    const rows = [];
    for (let at = from; at < to; at += 1) rows.push(this.option(at, at * this.row - top + this.element.scrollTop));
    this.space.replaceChildren(...rows);
    const active = this.active >= from && this.active < to && this.items.length;
    give(this.element, { "aria-activedescendant": active ? `row-${this.active}` : "" });
  }

  option(at, top) {
    const item = this.items[at];
    const row = el("div", {
      class: at === this.active ? "row-of active" : "row-of", role: "option", id: `row-${at}`,
      "aria-selected": String(item === this.chosen), "aria-setsize": this.items.length, "aria-posinset": at + 1,
    }, ...this.draw(item));
    row.style.top = `${top}px`;
    row.style.height = `${this.row}px`;
    row.dataset.at = at;
    return row;
  }

  click(event) {
    const row = event.target.closest("[data-at]");
    if (!row) return;
    this.active = Number(row.dataset.at);
    this.open(this.items[this.active]);
  }

  key(event) {
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.row) - 1);
    const last = this.items.length - 1;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -last, End: last };
    if (event.key === "Enter" || event.key === " ") this.open(this.items[this.active]);
    else if (event.key in steps) this.active = Math.min(last, Math.max(0, this.active + steps[event.key]));
    else return;
    event.preventDefault();
    this.reveal();
    this.paint(true);
  }

  /** Scrolls no further than is needed to show the active row. */
  reveal() {
    const ratio = this.ratio;
    const seen = this.element.clientHeight;
    const top = this.element.scrollTop * ratio;
    const from = this.active * this.row;
    if (from < top) this.element.scrollTop = from / ratio;
    else if (from + this.row > top + seen) this.element.scrollTop = (from + this.row - seen) / ratio;
  }
}
