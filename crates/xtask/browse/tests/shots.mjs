// Pictures of the pages for the docs, in both colours.
import assert from "node:assert/strict";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { RULE } from "./rule.mjs";
import { start } from "./playground.mjs";

/** The largest picture, in bytes. */
const MOST = 200_000;

const PAGES = { index: "index.html", rule: RULE, matrix: "attack/index.html", playground: "playground/index.html" };

export const tests = Object.entries(PAGES).flatMap(([name, path]) => ["light", "dark"].map((colours) => ({
  name: `picture: ${name}, ${colours}`,
  needs: ({ shots, has }) => shots !== null && has(path),
  lacks: "no --shots, or no such page",
  async run({ page, file, shots }) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: colours }]);
    await page.setViewport({ width: 1280, height: 860 });
    if (name === "playground") await start(page, file + path);
    else await page.goto(file + path);
    mkdirSync(shots, { recursive: true });
    const to = join(shots, `${name}-${colours}.png`);
    await page.screenshot({ path: to, optimizeForSpeed: false });
    const { size } = statSync(to);
    assert.ok(size <= MOST, `${size} bytes`);
    return `${Math.round(size / 1000)} kB`;
  },
})));
