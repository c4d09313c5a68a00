// The page of a rule: tabs, copying, and addresses of its parts.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";

/** The rule of the seeds that every target can say. */
export const RULE = "correlation_installer_package_activity/index.html";

const shown = (page) => page.$$eval(".panel", (panels) =>
  panels.filter((panel) => panel.checkVisibility()).map((panel) => panel.id));
const targets = (page) => page.$$eval("[data-tabs] a", (links) => links.map((link) => link.getAttribute("href").slice(1)));

export const tests = [
  {
    name: "tabs show one target at a time, by mouse and by arrow keys",
    async run({ page, file }) {
      await page.goto(file + RULE);
      const all = await targets(page);
      assert.ok(all.length >= 3, all.join());
      assert.deepEqual(await shown(page), [all[0]]);
      await page.click(`[data-tabs] a:nth-of-type(2)`);
      assert.deepEqual(await shown(page), [all[1]]);
      await page.keyboard.press("ArrowRight");
      assert.deepEqual(await shown(page), [all[2]]);
      await page.keyboard.press("Home");
      assert.deepEqual(await shown(page), [all[0]]);
      await page.keyboard.press("ArrowLeft");
      assert.deepEqual(await shown(page), [all.at(-1)]);
      assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-selected")), "true");
    },
  },
  {
    name: "without script the tabs are links, and the address says which target is shown",
    async run({ page, file }) {
      await page.setJavaScriptEnabled(false);
      await page.goto(file + RULE);
      const all = await targets(page);
      assert.deepEqual(await shown(page), [all[0]]);
      assert.equal((await page.$$(".copy")).length, 0);
      await page.click("[data-tabs] a:nth-of-type(3)");
      assert.ok(page.url().endsWith(`#${all[2]}`));
      assert.deepEqual(await shown(page), [all[2]]);
    },
  },
  {
    name: "an address with a target opens its tab, one with a line shows the line",
    async run({ page, file }) {
      await page.goto(file + RULE);
      const all = await targets(page);
      await page.goto("about:blank");
      await page.goto(`${file}${RULE}#${all[2]}`);
      assert.deepEqual(await shown(page), [all[2]]);
      await page.goto("about:blank");
      await page.goto(`${file}${RULE}#L10`);
      const top = await page.$eval("#L10", (line) => line.getBoundingClientRect().top);
      assert.ok(top >= 0 && top < 900, `line 10 is at ${top}`);
    },
  },
  ...["file", "served"].map((way) => ({
    name: `the copy button copies the whole query (${way === "file" ? "from a file" : "from the server"})`,
    needs: (context) => Boolean(context[way]),
    lacks: "no server",
    async run({ page, browserContext, ...context }) {
      const base = context[way];
      if (way === "served") {
        const { origin } = new URL(base);
        await browserContext.overridePermissions(origin, ["clipboard-read", "clipboard-write", "clipboard-sanitized-write"]);
      }
      await page.goto(base + RULE);
      const query = await page.$eval(".panel.on pre[data-copy]", (block) => block.textContent);
      await page.click(".panel.on .copy");
      await page.waitForFunction(() => document.querySelector(".panel.on .copy").textContent === "Copied");
      // What is pasted is what was copied.
      await page.evaluate(() => {
        const area = document.createElement("textarea");
        area.id = "pasted";
        area.setAttribute("aria-label", "pasted");
        document.body.prepend(area);
        area.focus();
      });
      await page.keyboard.down("Control");
      await page.keyboard.press("v");
      await page.keyboard.up("Control");
      const pasted = await page.$eval("#pasted", (area) => area.value);
      if (pasted === "" && way === "served") {
        assert.equal(await page.evaluate(() => navigator.clipboard.readText()), query);
      } else {
        assert.equal(pasted, query);
      }
      return `${query.length} characters`;
    },
  })),
  {
    name: "every page of a rule opens without a fault",
    async run({ page, file, directory }) {
      const rules = readdirSync(directory, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && !["attack", "targets", "models", "playground"].includes(entry.name));
      for (const { name } of rules.slice(0, 40)) {
        await page.goto(`${file}${name}/index.html`);
        assert.ok(await page.$("h1"), name);
      }
      return `${Math.min(rules.length, 40)} pages`;
    },
  },
  {
    name: "on a small screen no page scrolls sideways",
    async run({ page, file, has }) {
      await page.setViewport({ width: 360, height: 740 });
      for (const path of ["index.html", RULE, "attack/index.html", "playground/index.html"].filter(has)) {
        await page.goto(file + path);
        const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
        assert.ok(wide <= room, `${path}: ${wide} in ${room}`);
      }
    },
  },
];
