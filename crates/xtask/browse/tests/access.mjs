// Whether people with a screen reader or without a mouse can use the pages: axe's rules, in both colours.
import assert from "node:assert/strict";
import { RULE } from "./rule.mjs";
import { start } from "./playground.mjs";

const PAGES = [
  ["the index", "index.html"],
  ["a rule", RULE],
  ["the matrix", "attack/index.html"],
  ["a target", "targets/index.html"],
  ["the plain list", "all.html"],
  ["fidelity", "fidelity.html"],
  ["the playground", "playground/index.html"],
];

export const tests = PAGES.flatMap(([name, path]) => ["light", "dark"].map((colours) => ({
  name: `axe: ${name}, ${colours}`,
  needs: ({ has }) => has(path),
  lacks: `the site has no ${path}`,
  async run({ page, file, axe }) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: colours }]);
    if (path.startsWith("playground")) {
      await start(page, file + path);
      const last = await page.$$eval("#pg-example option", (list) => list.length - 2);
      await page.select("#pg-example", String(last));
      await page.waitForSelector(".pg-caret");
    } else {
      await page.goto(file + path);
    }
    await page.evaluate(axe);
    const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"], preload: false }));
    const told = violations.map(({ id, impact, help, nodes }) =>
      `${impact} ${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
    const grave = told.filter((line) => /^(serious|critical)/.test(line));
    assert.deepEqual(grave, []);
    return `${passes.length} rules pass${told.length > 0 ? `; lesser findings: ${told.join("; ")}` : ""}`;
  },
})));
