// Which 100,000 clusters? Pairs of short texts that share no words with any other pair. The seed makes every run the same.

import { createWriteStream } from "node:fs";
import { once } from "node:events";

/** SplitMix32 (after Steele, Lea, Flood 2014). */
function numbers(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x9e3779b9) | 0;
    let x = state;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return ((x ^ (x >>> 16)) >>> 0) % below;
  };
}

const SYLLABLES = ["ba", "den", "fo", "gri", "hal", "jo", "kem", "lu", "mar", "nis", "pol", "ra", "sten", "tu", "vor", "wei"];
const HAN = "江河湖海山川田村桥路灯火风雨雪云春夏秋冬东西南北人家书店医校工农商学兵老少男女早晚晨昏米面茶酒花草木石";

function word(number) {
  return SYLLABLES[number(16)] + SYLLABLES[number(16)] + SYLLABLES[number(16)];
}

function han(number, length) {
  return Array.from({ length }, () => HAN[number(HAN.length)]).join("");
}

/** A text and its copy; every third pair is Chinese. */
function pair(number, i) {
  if (i % 3 === 0) {
    const text = `${han(number, 14)}，${han(number, 16)}。`;
    return [text, text.replace("，", ",")];
  }
  const words = Array.from({ length: 12 }, () => word(number));
  return [`${words.join(" ")}.`, `${words.join(" ")}!`];
}

/** Writes the rows of `count` pairs, with their ids "000000-a" and "000000-b". */
export async function generate(path, count, seed = 7) {
  const number = numbers(seed);
  const out = createWriteStream(path);
  for (let i = 0; i < count; i += 1) {
    const id = String(i).padStart(6, "0");
    const rows = pair(number, i).map((text, k) => `${JSON.stringify({ id: `${id}-${"ab"[k]}`, text })}\n`);
    if (!out.write(rows.join(""))) await once(out, "drain");
  }
  out.end();
  await once(out, "finish");
}
