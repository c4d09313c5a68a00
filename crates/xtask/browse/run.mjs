// Drives the site in a real browser: `node run.mjs MODULES SITE [--served URL] [--corpus-site DIR] [--shots DIR] [--only WORD]`.
//
// Each file of `tests/` holds a list of `{name, run}`. A test gets a page of its own, and fails also if the page says an
// error on its console, throws, asks for anything that is neither a file nor of the server on this machine, or lacks it.
import { createRequire } from "node:module";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { tests as site } from "./tests/site.mjs";
import { tests as rule } from "./tests/rule.mjs";
import { tests as playground } from "./tests/playground.mjs";
import { tests as access } from "./tests/access.mjs";
import { tests as corpus } from "./tests/corpus.mjs";
import { tests as shots } from "./tests/shots.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    served: { type: "string" },
    "corpus-site": { type: "string" },
    shots: { type: "string" },
    only: { type: "string" },
  },
});
const [modules, directory] = positionals.map((path) => resolve(path));
const { require, puppeteer } = await packages();

async function packages() {
  const require = createRequire(join(modules, "package.json"));
  const module = await import(pathToFileURL(require.resolve("puppeteer-core")));
  return { require, puppeteer: module.default?.launch ? module.default : module };
}

const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
if (!chromium) throw new Error("there is no chromium: apt-get install chromium");
const browser = await puppeteer.launch({
  executablePath: chromium,
  headless: true,
  // Root has no sandbox in a container, and a container little shared memory.
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb"],
});
console.log(`browser: ${await browser.version()}; axe-core ${require("axe-core/package.json").version}; ` +
  `puppeteer-core ${require("puppeteer-core/package.json").version}`);

const base = (path) => `${pathToFileURL(path)}/`;
const context = {
  axe: readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"),
  directory,
  file: base(directory),
  served: values.served,
  corpus: values["corpus-site"] ? resolve(values["corpus-site"]) : null,
  shots: values.shots ? resolve(values.shots) : null,
  has: (path) => existsSync(join(directory, path)),
};

/** A page that keeps what it did wrong. */
async function opened() {
  const own = await browser.createBrowserContext();
  const page = await own.newPage();
  const wrong = [];
  page.on("console", (message) => {
    if (["error", "warn"].includes(message.type())) wrong.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`thrown: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    const ours = ["file:", "data:", "blob:"].includes(new URL(url).protocol)
      || (context.served && url.startsWith(context.served));
    if (!ours) wrong.push(`request off the page: ${url}`);
  });
  page.on("requestfailed", (request) => {
    if (request.failure()?.errorText !== "net::ERR_ABORTED") wrong.push(`request failed: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) wrong.push(`${response.status()}: ${response.url()}`);
  });
  await page.setViewport({ width: 1280, height: 900 });
  return { page, wrong, browserContext: own, close: () => own.close() };
}

let failed = 0;
let ran = 0;
for (const test of [...site, ...rule, ...playground, ...access, ...corpus, ...shots]) {
  if (values.only && !test.name.includes(values.only)) continue;
  if (test.needs && !test.needs(context)) {
    console.log(`  skipped  ${test.name}: ${test.lacks}`);
    continue;
  }
  ran += 1;
  const start = performance.now();
  const { page, wrong, browserContext, close } = await opened();
  try {
    const said = await test.run({ ...context, page, browserContext });
    if (wrong.length > 0) throw new Error(wrong.join("\n"));
    console.log(`  ok ${String(Math.round(performance.now() - start)).padStart(6)} ms  ${test.name}${said ? `: ${said}` : ""}`);
  } catch (error) {
    failed += 1;
    console.log(`  FAILED  ${test.name}\n    ${String(error.stack ?? error).replaceAll("\n", "\n    ")}${wrong.map((one) => `\n    ${one}`).join("")}`);
  } finally {
    await close();
  }
}
await browser.close();
console.log(failed === 0 ? `${ran} tests passed` : `${failed} of ${ran} tests failed`);
process.exitCode = failed === 0 && ran > 0 ? 0 : 1;
