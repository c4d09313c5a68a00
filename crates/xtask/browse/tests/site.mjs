// The index: search, filters, addresses of what was found, colours, and the keyboard.
import assert from "node:assert/strict";

const found = (page) => page.$eval("#found", (one) => one.textContent);
const slugs = (page) => page.$$eval("#rows a", (links) => links.map((link) => link.getAttribute("href").split("/")[0]));
const total = (page) => page.evaluate(() => window.RULES.rules.length);

export const tests = [
  {
    name: "search narrows the list, and clearing it shows all",
    async run({ page, file }) {
      await page.goto(`${file}index.html`);
      const all = await total(page);
      assert.ok(all > 0);
      await page.type("#q", "msiexec url");
      const some = await slugs(page);
      assert.ok(some.length > 0 && some.length < all, `${some.length} of ${all}`);
      assert.ok((await found(page)).startsWith(`${some.length} of ${all}`));
      await page.click("#filters button[type=reset]");
      await page.waitForFunction((count) => document.querySelectorAll("#rows tr").length === Math.min(count, 100), {}, all);
      await page.type("#q", "no rule is called so");
      assert.equal((await slugs(page)).length, 0);
      assert.match(await found(page), /No rule/);
    },
  },
  ...["tactic", "technique", "platform", "source", "level", "target", "fidelity"].map((name) => ({
    name: `each choice of the filter by ${name} gives the rules that are so`,
    async run({ page, file }) {
      await page.goto(`${file}index.html`);
      const all = await total(page);
      const options = await page.$$eval(`#${name} option`, (list) => list.map((one) => one.value).filter(Boolean));
      assert.ok(options.length > 0, "no choices");
      const seen = new Set();
      for (const option of options) {
        await page.select(`#${name}`, option);
        // What the data says, by another way than the script of the page.
        const expected = await page.evaluate(([filter, value]) => {
          const data = window.RULES;
          const of = {
            tactic: (rule) => rule[3].map((at) => data.tactics[at][0]),
            technique: (rule) => rule[4].flatMap((at) => [data.techniques[at][0], data.techniques[at][0].split(".")[0]]),
            platform: (rule) => rule[5].map((at) => data.products[at]),
            source: (rule) => rule[6].map((at) => data.sources[at]),
            level: (rule) => [data.levels[rule[2]]],
            target: (rule) => data.targets.filter((_, at) => !["refused", "declared"].includes(data.statuses[rule[7][at]])),
            fidelity: (rule) => [...rule[7]].map((digit) => data.statuses[digit]),
          }[filter];
          return data.rules.filter((rule) => of(rule).includes(value)).map((rule) => rule[0]);
        }, [name, option]);
        assert.deepEqual(await slugs(page), expected.slice(0, 100), `${name}=${option}`);
        expected.forEach((slug) => seen.add(slug));
      }
      return `${options.length} choices, ${seen.size} of ${all} rules`;
    },
  })),
  {
    name: "what was searched for is in the address, and comes back by it",
    async run({ page, file }) {
      await page.goto(`${file}index.html`);
      await page.type("#q", "installer");
      const level = await page.$eval("#level", (select) => select.options[1].value);
      await page.select("#level", level);
      const [before, address] = [await slugs(page), page.url()];
      assert.match(address, /#.*q=installer/);
      await page.goto("about:blank");
      await page.goto(address);
      assert.deepEqual(await slugs(page), before);
      assert.equal(await page.$eval("#q", (input) => input.value), "installer");
    },
  },
  {
    name: "a link of the list leads to the page of the rule, and back to what was searched for",
    async run({ page, file }) {
      await page.goto(`${file}index.html`);
      await page.type("#q", "macos");
      const [first] = await slugs(page);
      const title = await page.$eval("#rows a", (link) => link.textContent);
      await Promise.all([page.waitForNavigation(), page.click("#rows a")]);
      assert.ok(page.url().includes(`/${first}/index.html`));
      assert.equal(await page.$eval("h1", (head) => head.textContent), title);
      await page.goBack();
      assert.equal(await page.$eval("#q", (input) => input.value), "macos");
    },
  },
  {
    name: "without script there is a plain list of all rules",
    async run({ page, file }) {
      await page.setJavaScriptEnabled(false);
      await page.goto(`${file}index.html`);
      assert.match(await page.$eval("noscript", (one) => one.textContent), /all\.html|plain list/);
      await page.goto(`${file}all.html`);
      assert.ok((await page.$$("main a[href$='/index.html']")).length > 10);
    },
  },
  {
    name: "colours follow the system, and a choice of others stays",
    async run({ page, file }) {
      const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
      await page.goto(`${file}index.html`);
      const light = await back();
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
      const dark = await back();
      assert.notEqual(light, dark);
      await page.click("#theme");
      assert.equal(await back(), light);
      await page.reload();
      assert.equal(await back(), light);
      await page.click("#theme");
      assert.equal(await back(), dark);
    },
  },
  {
    name: "the keyboard reaches the content, the search and a rule",
    async run({ page, file }) {
      await page.goto(`${file}index.html`);
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
      const shown = await page.evaluate(() => document.activeElement.getBoundingClientRect().left >= 0);
      assert.ok(shown, "the link that skips is not shown");
      await page.keyboard.press("Enter");
      assert.equal(await page.evaluate(() => document.activeElement.id), "main");
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate(() => document.activeElement.id), "q");
      await page.keyboard.type("msiexec");
      for (let presses = 0; presses < 20; presses += 1) {
        await page.keyboard.press("Tab");
        if (await page.evaluate(() => document.activeElement.matches("#rows a"))) break;
      }
      assert.ok(await page.evaluate(() => document.activeElement.matches("#rows a")), "no rule is reached");
      const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
      assert.notEqual(outline, "none");
      await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
      assert.match(page.url(), /\/index\.html$/);
    },
  },
  {
    name: "every link within the site leads to a page that is there, and to a place on it",
    async run({ page, file }) {
      const ids = new Map();
      const todo = [`${file}index.html`, `${file}all.html`];
      const broken = [];
      const wanted = [];
      while (todo.length > 0) {
        const at = todo.pop();
        if (ids.has(at)) continue;
        const answer = await page.goto(at).catch(() => null);
        if (!answer) {
          broken.push(at);
          ids.set(at, new Set());
          continue;
        }
        const [own, links] = await page.evaluate(() => [
          [...document.querySelectorAll("[id]")].map((one) => one.id),
          [...document.querySelectorAll("a[href]:not([download])")].map((one) => one.href),
        ]);
        ids.set(at, new Set(own));
        for (const link of links.filter((one) => one.startsWith(file))) {
          const [path, fragment] = link.split("#");
          if (!path.endsWith(".html")) continue;
          if (fragment && !fragment.includes("=")) wanted.push([at, path, decodeURIComponent(fragment)]);
          if (!ids.has(path)) todo.push(path);
        }
      }
      for (const [at, path, id] of wanted) {
        if (!ids.get(path)?.has(id)) broken.push(`${at} -> ${path}#${id}`);
      }
      assert.deepEqual(broken.map((one) => one.replaceAll(file, "")), []);
      return `${ids.size} pages, ${wanted.length} places`;
    },
  },
  {
    name: "the site is served as it is opened",
    needs: ({ served }) => Boolean(served),
    lacks: "no server",
    async run({ page, served }) {
      await page.goto(`${served}index.html`);
      await page.type("#q", "macos");
      assert.ok((await slugs(page)).length > 0);
      const answer = await page.goto(served);
      assert.equal(answer.headers()["content-type"], "text/html; charset=utf-8");
    },
  },
];
