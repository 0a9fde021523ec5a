// Where is the data that the page shows? In numbered chunks: in the page itself, or in files next to it that are loaded when needed.

const HEAD = JSON.parse(document.getElementById("head").textContent);

/** Requested chunks by number, and the callbacks of the chunks that are still loading. */
const asked = new Map();
const arriving = new Map();

/** Maximum number of chunks in memory. The chunks that were not used for the longest time are loaded again when needed. */
const KEPT = 40;

/** Called by the chunk files next to the page. */
function reprintChunk(number, entries) {
  arriving.get(number)?.(entries);
}

/** @returns {Promise<any[]>} */
function chunk(number) {
  const known = asked.get(number);
  if (known) {
    asked.delete(number);
    asked.set(number, known);
    return known;
  }
  const loading = load(number);
  asked.set(number, loading);
  loading.catch(() => asked.delete(number));
  for (const old of asked.keys()) {
    if (asked.size <= KEPT) break;
    asked.delete(old);
  }
  return loading;
}

function load(number) {
  const inPage = document.getElementById(`chunk-${number}`);
  if (inPage) return Promise.resolve(JSON.parse(inPage.textContent));
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    const done = () => { arriving.delete(number); script.remove(); };
    arriving.set(number, (entries) => { done(); resolve(entries); });
    script.onerror = () => { done(); reject(new Error(`${file(number)} is missing: keep the folder report beside report.html`)); };
    script.nonce = document.querySelector("script[nonce]").nonce;
    script.src = file(number);
    document.head.append(script);
  });
}

function file(number) {
  return `report/${String(number).padStart(3, "0")}.js`;
}

/** All rows of a list ("clusters", "related", "passages", "refused"). */
async function rowsOf(name) {
  const [from, to] = HEAD[name].list;
  const chunks = [];
  for (let number = from; number < to; number += 1) chunks.push(load(number));
  return (await Promise.all(chunks)).flat();
}

/** One entry: place 0 is the item of a list, other places are further data of it, such as the copies of a cluster. */
async function entryOf(name, item, place) {
  const { starts, first } = HEAD[name];
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const [at, on] = starts[middle];
    if (at < item || (at === item && on <= place)) low = middle + 1;
    else high = middle;
  }
  const entries = low > 0 ? await chunk(first + low - 1) : [];
  return entries.find(([at, on]) => at === item && on === place)?.[2];
}

/** The searchable texts as one long string, so that a search is one scan. */
class Haystack {
  /** @param {string[]} texts */
  constructor(texts) {
    this.texts = texts;
    this.folded = [];
    this.idle();
  }

  /** Folds 4,000 texts at a time, in the background. */
  idle() {
    if (this.whole !== undefined) return;
    this.fold(4000);
    if (this.folded.length < this.texts.length) setTimeout(() => this.idle());
    else this.join();
  }

  fold(some) {
    const end = Math.min(this.texts.length, this.folded.length + some);
    for (let i = this.folded.length; i < end; i += 1) this.folded.push(fold(this.texts[i]));
  }

  join() {
    this.fold(Infinity);
    this.starts = new Uint32Array(this.folded.length + 1);
    this.folded.forEach((text, i) => { this.starts[i + 1] = this.starts[i] + text.length + 1; });
    this.whole = this.folded.join("\n");
    this.folded = this.texts = [];
  }

  /** Which texts contain all words of a query? 1 for each text that does, 0 for the others. */
  find(query) {
    if (this.whole === undefined) this.join();
    const words = fold(query).split(" ").filter(Boolean).sort((a, b) => b.length - a.length);
    const found = new Uint8Array(this.starts.length - 1);
    if (!words.length) return found.fill(1);
    const [longest, ...others] = words;
    let row = 0;
    for (let at = this.whole.indexOf(longest); at >= 0; at = this.whole.indexOf(longest, this.starts[row + 1])) {
      while (this.starts[row + 1] <= at) row += 1;
      const text = others.length ? this.whole.slice(this.starts[row], this.starts[row + 1]) : "";
      found[row] = others.every((word) => text.includes(word)) ? 1 : 0;
      if (row + 2 >= this.starts.length) break;
    }
    return found;
  }
}

/** Folds a text for the search: differences in width, case and white space are ignored. */
function fold(text) {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ");
}
