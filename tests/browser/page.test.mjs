// Does the page of --report work in a browser, from disk, for everybody, and with 100,000 clusters?
//
// Needs the built program (`cargo build --example dedup`, or the release build), `npm ci` here, and Chromium.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { generate } from "./generate.mjs";

const ROOT = join(import.meta.dirname, "../..");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const CLUSTERS = 100_000;

/** Factor for the time limits, because a test machine may be busy with other work. */
const BUSY = 2;

const folder = mkdtempSync(join(tmpdir(), "reprint-browser-"));
let browser;

/** The program that was built last. */
function program() {
  const built = ["release", "debug"].map((profile) => join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), profile, "examples/dedup"));
  const [program] = built.filter(existsSync).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  assert.ok(program, `${built[1]} is missing: run \`cargo build --example dedup\` first`);
  return program;
}

/** Runs the program and returns the path of its page. */
function report(name, inputs) {
  const out = join(folder, name);
  const run = spawnSync(program(), ["--quiet", "--report", "--output", out, ...inputs], { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 28 });
  assert.equal(run.status, 0, run.stderr);
  return join(out, "report.html");
}

/** A page that records what must not occur: console messages, errors, network requests. */
async function open(path, { hash = "", width = 1280, height = 800, dark = false } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light", reducedMotion: "reduce" });
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => wrong.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => wrong.push(error.stack));
  page.on("request", (request) => request.url().startsWith("file://") || wrong.push(request.url()));
  await page.goto(`file://${path}${hash}`);
  return Object.assign(page, { wrong, done: async () => { assert.deepEqual(wrong, []); await context.close(); } });
}

/** The violations that axe-core finds. The test injects its script, which the page's own policy would not allow. */
async function violations(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join("; ")}`.slice(0, 600));
}

let articles;
let many;

before(async () => {
  // The Hong Kong edition is kept, so that the two sides have different scripts.
  articles = report("articles", ["--keep", "source=examples/articles/flood-hongkong.txt;intact", "examples/articles"]);
  await generate(join(folder, "many.jsonl"), CLUSTERS);
  many = report("many", ["--no-relations", join(folder, "many.jsonl")]);
  browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
}, { timeout: 300_000 });

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("the totals and both histograms stand in the first page", async () => {
  const page = await open(articles);
  await page.getByRole("heading", { name: "What was found" }).waitFor();
  assert.match(await page.locator(".lead").textContent(), /12 documents.*2 clusters.*4 documents to remove, 8 kept/);
  const bar = page.getByLabel("1 cluster of 4 documents");
  await bar.focus();
  assert.equal(await page.locator(".tip").first().textContent(), "1 cluster of 4 documents");
  await page.getByText("As a table").first().click();
  assert.equal(await page.locator("table").first().locator("tbody tr").nth(2).textContent(), "41");
  await bar.press("Enter");
  await page.getByText("1 of 2 clusters").waitFor();
  await page.getByRole("button", { name: "Show all" }).click();
  await page.getByText("2 clusters", { exact: true }).waitFor();
  await page.done();
});

test("a cluster is searched, picked and compared by the keyboard alone", async () => {
  const page = await open(articles, { hash: "#/clusters" });
  const list = page.getByRole("listbox", { name: "Clusters" });
  await page.keyboard.press("/");
  await page.keyboard.type("flood-WEB");
  await page.getByText("1 of 2 clusters").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  assert.equal(await list.evaluate((element) => element === document.activeElement), true);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "flood-hongkong.txt" }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "H2");
  await page.getByRole("link", { name: "flood-web.txt" }).press("Enter");
  await page.locator(".pair").waitFor();
  assert.deepEqual(await page.locator(".pair .conflict").allTextContents(), ["7月12日", "712日"]);
  const number = page.locator(".pair mark.k-number");
  assert.deepEqual(await number.allTextContents(), ["7月17日", "717日"]);
  await page.getByLabel("Hide harmless ones").uncheck();
  for (let pressed = 0; pressed < 400 && !(await number.first().evaluate((mark) => mark.classList.contains("here"))); pressed += 1) {
    await page.keyboard.press("n");
  }
  assert.deepEqual(await page.locator("mark.here").allTextContents(), ["7月17日", "717日"]);
  await page.waitForFunction(() => document.getElementById("said").textContent.includes("7月17日 against 717日"));
  const at = Number((await page.locator(".where").textContent()).split(" ")[0]);
  await page.keyboard.press("p");
  assert.match(await page.locator(".where").textContent(), new RegExp(`^${at - 1} of `));
  await page.done();
});

test("both texts stand side by side, whole, in their languages", async () => {
  const page = await open(articles, { hash: "#/clusters/1/3" });
  await page.locator(".pair").waitFor();
  const text = (side) => page.evaluate((side) => {
    const rows = [...document.querySelectorAll(`.row:not(.heads) > .${side}`)].map((row) => {
      const copy = row.cloneNode(true);
      copy.querySelectorAll(".k-layout").forEach((mark) => mark.remove());
      return copy.textContent;
    });
    return rows.join("").replace(/\s/g, "");
  }, side);
  const read = (name) => readFileSync(join(ROOT, "examples/articles", name), "utf8").replace(/\s/g, "");
  assert.equal(await text("a"), read("flood-hongkong.txt"));
  assert.equal(await text("b"), read("flood-web.txt"));
  const languages = await page.locator(".row:not(.heads) > .side").evaluateAll((sides) => [...new Set(sides.map((side) => side.lang))]);
  assert.deepEqual(languages, ["zh-Hant", "zh-Hans"]);
  await page.done();
});

test("harmless differences start hidden where they are the majority, and are not walked through then", async () => {
  const page = await open(articles, { hash: "#/clusters/1/3" });
  const where = page.locator(".where");
  await where.waitFor();
  assert.equal(await page.getByLabel("Hide harmless ones").isChecked(), true);
  const weighty = Number.parseInt(await where.textContent(), 10);
  await page.getByLabel("Hide harmless ones").uncheck();
  const all = Number.parseInt(await where.textContent(), 10);
  await page.getByLabel("Hide harmless ones").check();
  assert.ok(weighty > 3 && weighty < all / 4, `${weighty} of ${all}`);
  const script = page.locator("mark.k-script").nth(3);
  assert.equal(await script.evaluate((mark) => getComputedStyle(mark).textDecorationLine), "none");
  await page.getByLabel("Script, regional word").check();
  assert.equal(await script.evaluate((mark) => getComputedStyle(mark).textDecorationStyle), "wavy");
  await page.done();
});

test("a contained text is shown in its place in both documents", async () => {
  const page = await open(articles, { hash: "#/related/0" });
  await page.getByRole("heading", { name: /Passage 1/ }).waitFor();
  assert.match(await page.locator(".figures").textContent(), /compilation\.txt.* has 100 % of harvest\.txt/);
  assert.equal(await page.locator(".place-here").count(), 2);
  await page.done();
});

test("a common passage is shown once with its places", async () => {
  const page = await open(articles, { hash: "#/passages/0" });
  await page.getByRole("heading", { name: /characters in \d+ documents/ }).waitFor();
  assert.ok(await page.locator("table.members tbody tr").count() >= 2);
  await page.done();
});

test("decisions are stored, exported, and applied by the next run", async () => {
  const page = await open(articles, { hash: "#/clusters/1" });
  const picker = (name) => page.getByLabel(`Decision about examples/articles/${name}`);
  await picker("flood-web.txt").selectOption("not a copy");
  await picker("flood-taiwan.txt").selectOption("keep this one");
  await picker("flood-hongkong.txt").selectOption("seen");
  await picker("flood-hongkong.txt").selectOption("no decision");
  await page.getByText("4 documents, least similarity 79.3 %, 2 decisions").waitFor();
  // The decisions are still there when the page is loaded again.
  await page.reload();
  assert.equal(await picker("flood-web.txt").inputValue(), "not-a-copy");
  await page.getByRole("link", { name: "Decisions" }).click();
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export decisions.jsonl" }).click();
  const file = join(folder, "decisions.jsonl");
  await (await downloading).saveAs(file);
  const lines = readFileSync(file, "utf8").trim().split("\n").map(JSON.parse);
  const canonical = "examples/articles/flood-hongkong.txt";
  assert.deepEqual(lines, [
    { id: "examples/articles/flood-web.txt", canonical, decision: "not-a-copy" },
    { id: "examples/articles/flood-taiwan.txt", canonical, decision: "keep-this-one" },
  ]);
  await page.done();
  const next = await open(report("decided", ["--decisions", file, "examples/articles"]), { hash: "#/clusters/1" });
  await next.getByRole("heading", { name: "flood-taiwan.txt" }).waitFor();
  assert.equal(await next.locator(".members tbody tr").count(), 3);
  assert.equal(await next.getByLabel("Decision about examples/articles/flood-taiwan.txt").inputValue(), "keep-this-one");
  await next.done();
});

test("what is not there is told: an id, a number, a copy, a page", async () => {
  const told = { "#/clusters?id=nobody": "No cluster here has a document with the id", "#/clusters/99": "There is no cluster with this address", "#/clusters/1/9": "This cluster has 3 copies", "#/nonsense": "This report has no page with this address" };
  for (const [hash, says] of Object.entries(told)) {
    const page = await open(articles, { hash });
    await page.getByText(says).waitFor();
    await page.done();
  }
  const page = await open(articles, { hash: "#/clusters?id=examples/articles/flood-web.txt" });
  await page.getByRole("heading", { name: "flood-web.txt" }).waitFor();
  await page.done();
});

test("a bar of the histogram of similarities opens its clusters", async () => {
  const page = await open(articles);
  await page.getByLabel("1 cluster with a least similarity of 75 to 80 %").press("Enter");
  await page.getByText("1 of 2 clusters").waitFor();
  await page.getByRole("option", { name: "flood-hongkong.txt" }).waitFor();
  await page.done();
});

test("hostile ids and texts are text", async () => {
  const hostile = '</script><img src=x onerror="alert(1)"><!-- \u2028 "quotes" \\u003c';
  const texts = [`${hostile} and the old lock keeper wrote the height of the river in his book every morning.`, `${hostile} and the old lock keeper wrote the height of the river in his book every evening!`];
  const path = join(folder, "hostile.jsonl");
  writeFileSync(path, texts.map((text, i) => JSON.stringify({ id: `${hostile}${i}`, text, note: hostile }) + "\n").join(""));
  const page = await open(report("hostile", [path]), { hash: "#/clusters/0" });
  await page.locator(".members").waitFor();
  assert.ok((await page.locator(".reading").textContent()).includes(hostile));
  await page.evaluate(() => { location.hash = "#/clusters/0/1"; });
  await page.locator(".pair").waitFor();
  assert.equal(await page.locator("img").count(), 0);
  await page.done();
});

for (const dark of [false, true]) {
  test(`axe-core finds no fault, ${dark ? "dark" : "light"}`, async () => {
    const views = ["", "#/clusters", "#/clusters/1", "#/clusters/1/3", "#/clusters/0/1", "#/related/0", "#/passages/0", "#/refused", "#/rejected", "#/decisions"];
    for (const width of [1280, 360]) {
      for (const hash of views) {
        const page = await open(articles, { hash, width, dark });
        await page.locator("main > *:not(noscript)").first().waitFor();
        await page.locator("main h1, main h2").first().waitFor({ state: "attached" });
        assert.deepEqual(await violations(page), [], `${hash} at ${width} px`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `${hash} is ${wide} px wide at ${width} px`);
        await page.done();
      }
    }
  });
}

test("the colours are those that were picked", async () => {
  const page = await open(articles);
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.getByLabel("Colours").selectOption("dark");
  const dark = await ground();
  assert.notEqual(dark, light);
  await page.reload();
  assert.equal(await ground(), dark);
  await page.done();
});

test("a small result is in the page alone, a large one in files of some hundred kB beside it", () => {
  assert.equal(existsSync(join(articles, "../report")), false);
  const names = readdirSync(join(many, "../report"));
  assert.ok(names.length > 20 && names.every((name) => /^\d{3,}\.js$/.test(name)), names.join(" "));
  for (const name of names) {
    const size = readFileSync(join(many, "../report", name)).length;
    assert.ok(size < 800_000, `${name} has ${size} bytes`);
  }
  assert.ok(readFileSync(many).length < 300_000);
});

/** The best of three measurements: other load on the machine disturbs it less. */
async function best(measure) {
  const measured = [];
  for (let i = 0; i < 3; i += 1) measured.push(await measure());
  return Math.round(Math.min(...measured));
}

test(`${CLUSTERS} clusters open under 2 s, or ${2 * BUSY} s on a busy machine`, async () => {
  const opened = await best(async () => {
    const started = performance.now();
    const page = await open(many, { hash: "#/clusters" });
    await page.getByText("100,000 clusters").waitFor();
    await page.locator(".row-of").first().waitFor();
    const time = performance.now() - started;
    await page.done();
    return time;
  });
  console.log(`# opened in ${opened} ms`);
  assert.ok(opened < 2000 * BUSY, `${opened} ms`);
});

test(`a search over ${CLUSTERS} clusters answers under 100 ms, or ${100 * BUSY} ms on a busy machine`, async () => {
  const page = await open(many, { hash: "#/clusters" });
  await page.locator(".row-of").first().waitFor();
  // Wait until the searchable text is folded in the background.
  await page.waitForTimeout(3000);
  const answer = (query) => page.evaluate((query) => {
    const search = document.getElementById("search");
    search.value = query;
    const from = performance.now();
    search.dispatchEvent(new Event("input"));
    document.querySelector(".list").getBoundingClientRect();
    return performance.now() - from;
  }, query);
  for (const query of ["099999-b", "balujo", "春", "a", "ba de", "nothing is called so"]) {
    const time = await best(() => answer(query));
    console.log(`# ${query}: ${time} ms, ${await page.locator(".counted").textContent()}`);
    assert.ok(time < 100 * BUSY, `${query}: ${time} ms`);
  }
  await answer("099999-b");
  assert.equal(await page.locator(".counted").textContent(), "1 of 100,000 clusters");
  await page.done();
});

test("of 100,000 clusters only those that are seen are laid out, and the last is reached", async () => {
  const page = await open(many, { hash: "#/clusters" });
  const list = page.getByRole("listbox");
  await page.locator(".row-of").first().waitFor();
  assert.ok((await page.locator(".row-of").count()) < 40);
  await page.getByLabel("Order").selectOption("By id");
  await list.focus();
  await page.keyboard.press("End");
  await page.getByText("099999-a").waitFor();
  assert.equal(await page.locator(".row-of.active").getAttribute("aria-posinset"), "100000");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "099999-b" }).click();
  await page.locator(".pair mark.k-form").first().waitFor();
  await page.done();
});
