// The playground: rules become queries as one types, what is wrong is shown, and an address brings all of it back.
import assert from "node:assert/strict";

const PAGE = "playground/index.html";
const needs = ({ has }) => has(PAGE);
const lacks = "the site has no playground";

/** Waits for the answer that follows what `act` does. */
export async function answered(page, act) {
  const before = await page.evaluate(() => Number(document.documentElement.dataset.answered ?? 0));
  await act();
  await page.waitForFunction((count) => Number(document.documentElement.dataset.answered ?? 0) > count, { timeout: 20000 }, before);
}

export async function start(page, address) {
  await page.goto(address);
  await page.waitForFunction(() => Number(document.documentElement.dataset.answered ?? 0) > 0, { timeout: 20000 });
}

async function write(page, text) {
  await answered(page, () => page.$eval("#pg-text", (area, value) => {
    area.value = value;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }, text));
}

const queries = (page) => page.$$eval(".pg-panel", (panels) =>
  panels.map((panel) => [...panel.querySelectorAll(".pg-query")].map((query) => query.textContent)));
const verdicts = (page) => page.$$eval("#pg-tabs .pg-badge", (badges) => badges.map((badge) => badge.textContent));
const example = (page, at) => answered(page, () => page.select("#pg-example", String(at)));

const SMALL = String.raw`title: Whoami
id: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11
logsource: {category: process_creation, product: windows}
detection:
  sel: {CommandLine|contains: whoami}
  condition: sel
`;

const TESTS = [
  {
    name: "each rule of the examples has its queries on the three languages",
    async run({ page, file }) {
      await start(page, file + PAGE);
      const examples = await page.$$eval("#pg-example option", (list) => list.map((one) => one.textContent));
      const said = [];
      // The last one is the broken rule.
      for (let at = 0; at < examples.length - 2; at += 1) {
        await example(page, at);
        const all = await queries(page);
        const words = await verdicts(page);
        assert.equal(all.length, 3);
        for (const [on, texts] of all.entries()) {
          assert.ok(texts.length > 0 || ["refused", "declared"].includes(words[on]), `${examples[at + 1]}: ${words}`);
        }
        said.push(words.join(" "));
      }
      assert.ok(said.some((words) => words === "exact exact exact"), said.join("; "));
      return said.join("; ");
    },
  },
  {
    name: "the queries are those that the page of the rule shows",
    async run({ page, file }) {
      const address = `${file}correlation_macos_pkg_script_then_network/index.html`;
      await page.goto(address);
      const expected = await page.$$eval(".panel", (panels) => panels.map((panel) =>
        [...panel.querySelectorAll("pre.query")].map((query) => query.textContent)));
      await start(page, file + PAGE);
      await example(page, 0);
      const own = await queries(page);
      assert.deepEqual(own.slice(0, expected.length), expected);
    },
  },
  {
    name: "a broken rule shows carets, marks, and the way from one problem to the next",
    async run({ page, file }) {
      await start(page, file + PAGE);
      const last = await page.$$eval("#pg-example option", (list) => list.length - 2);
      await example(page, last);
      const carets = await page.$$eval(".pg-caret", (blocks) => blocks.map((block) => block.textContent));
      assert.ok(carets.some((text) => /Image\|endswtih[^]*\^{8} not a modifier/.test(text) && text.includes("did you mean `endswith`?")), carets.join("\n"));
      assert.deepEqual(await page.$$eval(".pg-marks mark", (marks) => marks.map((mark) => mark.textContent)), ["tset", "endswtih", "fliter"]);
      await page.focus("#pg-text");
      await page.$eval("#pg-text", (area) => area.setSelectionRange(0, 0));
      const selected = () => page.$eval("#pg-text", (area) => area.value.slice(area.selectionStart, area.selectionEnd));
      const steps = [];
      for (let press = 0; press < 4; press += 1) {
        await page.keyboard.press("F8");
        steps.push(await selected());
      }
      assert.deepEqual(steps, ["tset", "endswtih", "fliter", "tset"]);
      await page.click(".pg-problem:nth-of-type(2) .pg-place");
      assert.equal(await selected(), "endswtih");
      assert.match(await page.$eval("#pg-status", (one) => one.textContent), /^3 problems/);
    },
  },
  {
    name: "typing compiles: a mistake is reported, and its repair brings the query back",
    async run({ page, file }) {
      await start(page, file + PAGE);
      await write(page, SMALL);
      const [before] = await queries(page);
      assert.match(before[0], /whoami/);
      await page.focus("#pg-text");
      await page.$eval("#pg-text", (area) => {
        const at = area.value.indexOf("condition: sel") + "condition: sel".length;
        area.setSelectionRange(at, at);
      });
      await answered(page, () => page.keyboard.type("x"));
      await page.waitForFunction(() => /undefined selection/.test(document.querySelector("#pg-problems").textContent));
      assert.deepEqual(await queries(page), [[], [], []]);
      await answered(page, () => page.keyboard.press("Backspace"));
      await page.waitForFunction(() => document.querySelector(".pg-query"));
      assert.deepEqual((await queries(page))[0], before);
    },
  },
  {
    name: "what a target cannot say is refused with a reason, and accepting less gives a query that says so",
    async run({ page, file }) {
      await start(page, file + PAGE);
      await write(page, SMALL.replace("condition: sel", "other: {Utterance: x}\n  condition: sel and other"));
      const words = await verdicts(page);
      assert.ok(words.includes("refused"), words.join());
      assert.match(await page.$eval("#pg-panel-spl", (panel) => panel.textContent), /no column for `Utterance`/);
      await answered(page, () => page.click("#pg-over"));
      assert.match(await page.$eval("#pg-panel-spl", (panel) => panel.textContent), /Leaves out/);
      await answered(page, () => page.select("#pg-target-spl", "spl.none"));
      assert.equal((await verdicts(page))[1], "exact");
    },
  },
  {
    name: "an address brings back text, targets and choices",
    async run({ page, file }) {
      await start(page, file + PAGE);
      const text = SMALL.replace("Whoami", "Whoami 😀 Ünïcode");
      await write(page, text);
      await answered(page, () => page.select("#pg-target-kql", "kql.asim"));
      await answered(page, () => page.click("#pg-under"));
      await page.click("#pg-share");
      await page.waitForFunction(() => location.hash.startsWith("#d="));
      const address = page.url();
      await page.goto("about:blank");
      await start(page, address);
      assert.equal(await page.$eval("#pg-text", (area) => area.value), text);
      assert.equal(await page.$eval("#pg-target-kql", (select) => select.value), "kql.asim");
      assert.ok(await page.$eval("#pg-under", (box) => box.checked));
      // Without the way to pack, an address is longer, and is read as well.
      const plain = await page.evaluate(async () => {
        const { CompressionStream } = globalThis;
        delete globalThis.CompressionStream;
        const fragment = await Share.write(state());
        globalThis.CompressionStream = CompressionStream;
        return [fragment, (await Share.read(fragment)).text];
      });
      assert.ok(plain[0].startsWith("#p="));
      assert.equal(plain[1], text);
      for (const strange of ["#d=AAAA", "#p=!", "#x", "#d=", "#p=bnVsbA"]) {
        assert.equal(await page.evaluate((fragment) => Share.read(fragment), strange), null, strange);
      }
      return `${address.length - file.length} characters for ${text.length}`;
    },
  },
  {
    name: "text of a rule stays text",
    async run({ page, file }) {
      await start(page, file + PAGE);
      const script = "<img src=x onerror=alert(1)><script>alert(1)</script>";
      await write(page, SMALL.replace("whoami", `'${script}'`).replace("title: Whoami", `title: ${script}`).replace("condition: sel", `condition: ${script}`));
      await write(page, SMALL.replace("whoami", `'${script}'`));
      assert.equal((await page.$$("#pg-panels img, #pg-panels script, #pg-problems img, .pg-marks img")).length, 0);
      assert.ok((await queries(page))[0][0].includes("onerror"));
    },
  },
  {
    name: "tabs of the queries go by arrow keys",
    async run({ page, file }) {
      await start(page, file + PAGE);
      await page.focus("#pg-tab-eql");
      await page.keyboard.press("ArrowRight");
      const shown = () => page.$$eval(".pg-panel", (panels) => panels.filter((panel) => panel.checkVisibility()).map((panel) => panel.id));
      assert.deepEqual(await shown(), ["pg-panel-spl"]);
      await page.keyboard.press("End");
      assert.deepEqual(await shown(), ["pg-panel-kql"]);
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate(() => document.activeElement.id), "pg-panel-kql");
    },
  },
  {
    name: "where the browser has no workers the page compiles itself",
    async run({ page, file }) {
      await page.evaluateOnNewDocument(() => { globalThis.Worker = undefined; });
      await start(page, file + PAGE);
      await write(page, SMALL);
      assert.match((await queries(page))[0][0], /whoami/);
      assert.ok(await page.$eval("#pg-fault", (fault) => fault.hidden));
    },
  },
  {
    name: "large and strange texts end in an answer",
    async run({ page, file }) {
      await start(page, file + PAGE);
      const nested = (open, close, count) => SMALL.replace("condition: sel", `condition: ${open.repeat(count)}sel${close.repeat(count)}`);
      const values = Array.from({ length: 4000 }, (_, at) => `      - value-${at}`).join("\n");
      const texts = {
        "64 parentheses": nested("(", ")", 64),
        "30,000 parentheses": nested("(", ")", 30000),
        "100,000 brackets": `a: ${"[".repeat(100000)}`,
        "4,000 values": SMALL.replace("{CommandLine|contains: whoami}", `\n    CommandLine|contains:\n${values}`),
        "a nested regex": SMALL.replace("CommandLine|contains: whoami", `CommandLine|re: '${"(a".repeat(99)}${")".repeat(99)}'`),
        nothing: "",
        "no YAML": "\u0000\u{10ffff}: {",
      };
      const took = [];
      for (const [name, text] of Object.entries(texts)) {
        const from = performance.now();
        await write(page, text);
        assert.ok(await page.$eval("#pg-fault", (fault) => fault.hidden), name);
        took.push(`${name} ${Math.round(performance.now() - from)} ms`);
      }
      await write(page, SMALL);
      assert.match((await queries(page))[0][0], /whoami/);
      return took.join(", ");
    },
  },
  {
    name: "the server gives the same playground",
    needs: ({ has, served }) => has(PAGE) && Boolean(served),
    lacks: "no server, or no playground",
    async run({ page, served }) {
      await start(page, served + PAGE);
      await write(page, SMALL);
      assert.match((await queries(page))[0][0], /whoami/);
    },
  },
];

export const tests = TESTS.map((test) => ({ needs, lacks, ...test, name: `playground: ${test.name}` }));
