// How are elements made? From text only: nothing from a document is ever parsed as markup.

/**
 * An element. A property that starts with "on" is a listener; "class" and names with a hyphen are attributes.
 * @param {string} tag
 * @param {Object<string, any>} [props]
 * @param {...(Node|string|number|null|undefined|false)} children
 */
function el(tag, props, ...children) {
  const element = document.createElement(tag);
  give(element, props);
  element.append(...children.filter((child) => child || child === 0));
  return element;
}

/** An element of an SVG drawing, made as by `el`. */
function svg(tag, props, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(props || {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function give(element, props) {
  for (const [name, value] of Object.entries(props || {})) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class" || name === "for" || name === "role" || name.includes("-")) element.setAttribute(name, value);
    else element[name] = value;
  }
}

const whole = new Intl.NumberFormat("en");
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** "1 copy", "3 copies". */
function count(n, noun) {
  const plural = noun.endsWith("y") ? noun.slice(0, -1) + "ies" : noun + "s";
  return `${whole.format(n)} ${n === 1 ? noun : plural}`;
}

/** A share in percent. A share below 1 is shown as at most 99.9 %. */
function percent(share) {
  const rounded = share < 1 ? Math.min(share * 100, 99.9) : 100;
  return `${rounded.toFixed(rounded === 100 ? 0 : 1)} %`;
}

function bytes(n) {
  if (n < 10_000) return `${n} bytes`;
  return n < 10_000_000 ? `${(n / 1e3).toFixed(1)} kB` : `${(n / 1e6).toFixed(1)} MB`;
}

/** An id, which may contain any characters. The name of a file is placed before its folder; an address is shown from its start. */
function idOf(id) {
  const name = id.includes("://") ? 0 : id.lastIndexOf("/", id.length - 2) + 1;
  const folder = name > 0 && el("span", { class: "folder" }, seen(id.slice(0, name)));
  return el("bdi", { class: "id", title: seen(id) }, el("span", {}, seen(id.slice(name))), folder && " ", folder);
}

/** Replaces characters that are invisible, or that change the direction of the line, by their code points. */
function seen(text) {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (c) =>
    `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

// Frequent characters that only one of the two Chinese scripts has.
const SIMPLIFIED = new Set("们这国来时说对会个为发经过还进现开关头后里车马门见长东书学实业产从话间队员无单护应两边习与专区");
const TRADITIONAL = new Set("們這國來時說對會個為發經過還進現開關頭後裡車馬門見長東書學實業產從話間隊員無單護應兩邊習與專區");

/** The language that decides the font, guessed from the script: "ja", "ko", "zh-Hans", "zh-Hant", or "" for all others. */
function languageOf(text) {
  const start = text.slice(0, 4000);
  const counted = (script) => (start.match(script) || []).length;
  const han = counted(/\p{Script=Han}/gu);
  const kana = counted(/[\p{Script=Hiragana}\p{Script=Katakana}]/gu);
  const hangul = counted(/\p{Script=Hangul}/gu);
  if (hangul > han && hangul > 3) return "ko";
  if (kana > 3 && kana * 8 > han) return "ja";
  if (han < 2) return "";
  let traditional = 0;
  for (const c of start) traditional += TRADITIONAL.has(c) - SIMPLIFIED.has(c);
  return traditional > 0 ? "zh-Hant" : "zh-Hans";
}

/** An element with text of a document, with the direction and language of the text. */
function textOf(tag, text, props) {
  const language = languageOf(text);
  return el(tag, { dir: "auto", lang: language || undefined, ...props }, text);
}

/** Announces a text to screen readers. A repeated text is announced again. */
function say(text) {
  const said = document.getElementById("said");
  said.textContent = "";
  requestAnimationFrame(() => { said.textContent = text; });
}
