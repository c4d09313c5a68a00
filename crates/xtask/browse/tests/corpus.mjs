// The index of a large site: in under a second, and a megabyte.
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const FILES = ["index.html", "rules.js", "site.css", "site.js"];

export const tests = [{
  name: "the index of a corpus loads in under 1 s and 1 MB",
  needs: ({ corpus }) => corpus !== null,
  lacks: "no --corpus-site",
  async run({ page, corpus }) {
    const bytes = FILES.map((name) => statSync(join(corpus, name)).size).reduce((one, other) => one + other);
    await page.goto("about:blank");
    const times = [];
    for (let round = 0; round < 3; round += 1) {
      await page.goto(`${pathToFileURL(corpus)}/index.html`, { waitUntil: "load" });
      await page.waitForSelector("#rows tr");
      times.push(await page.evaluate(() => performance.getEntriesByType("navigation")[0].loadEventEnd));
    }
    const rules = await page.evaluate(() => window.RULES.rules.length);
    const slowest = await page.evaluate(() => {
      const input = document.getElementById("q");
      return Math.max(...["p", "po", "powershell", "", "zz"].map((text) => {
        const from = performance.now();
        input.value = text;
        input.dispatchEvent(new Event("input", { bubbles: true }));
        void document.body.offsetHeight;
        return performance.now() - from;
      }));
    });
    const worst = Math.max(...times);
    assert.ok(bytes < 1_000_000, `${bytes} bytes`);
    assert.ok(worst < 1000, `${worst} ms`);
    return `${rules} rules, ${Math.round(bytes / 1000)} kB, loaded in ${Math.round(worst)} ms at worst of 3; a search ${Math.round(slowest)} ms`;
  },
}];
