// The page: what is written becomes queries and problems.
"use strict";

const LANGUAGES = [["eql", "EQL"], ["spl", "SPL"], ["kql", "KQL"]];
/** How long to wait for the next letter, in milliseconds. */
const PAUSE = 120;

const part = (id) => document.getElementById(`pg-${id}`);
const editor = new Editor(part("text"), part("gutter"), part("marks"));
const compiler = new Compiler(RULECAST_COMPILER);
let shown = LANGUAGES[0][0];
let timer = 0;

/** An element with attributes and content; text stays text. */
function make(name, attributes = {}, ...content) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...content);
  return element;
}

function state() {
  return {
    text: editor.text,
    targets: LANGUAGES.map(([language]) => part(`target-${language}`).value),
    over: part("over").checked,
    under: part("under").checked,
  };
}

function restore({ text, targets, over, under }) {
  for (const target of targets) {
    const choice = part(`target-${target.split(".")[0]}`);
    if (choice && [...choice.options].some((option) => option.value === target)) choice.value = target;
  }
  part("over").checked = over;
  part("under").checked = under;
  editor.text = text;
  compile();
}

async function compile() {
  clearTimeout(timer);
  const { text, targets, over, under } = state();
  try {
    const answer = await compiler.ask({ text, targets, over, under });
    if (!answer) return;
    if (answer.error) throw new Error(answer.error);
    part("fault").hidden = true;
    // A mark on a text that has changed would be in the wrong place: the next answer is on its way.
    if (text === editor.text) showProblems(answer);
    showQueries(answer);
  } catch (error) {
    part("fault").textContent = `The compiler could not be asked: ${error.message}`;
    part("fault").hidden = false;
  }
  document.documentElement.dataset.answered = String(Number(document.documentElement.dataset.answered ?? 0) + 1);
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(compile, PAUSE);
}

function showProblems({ diagnostics, further, unknown_targets }) {
  editor.mark(diagnostics);
  const items = diagnostics.map((problem, at) => {
    const place = make("button", { type: "button", class: "pg-place" }, `${problem.line}:${problem.column}`);
    place.setAttribute("aria-label", `${problem.line}:${problem.column}, go to line ${problem.line}`);
    place.addEventListener("click", () => editor.show(editor.problems[at]));
    const head = make("p", { class: "pg-problem-head" },
      make("span", { class: `pg-word pg-${problem.severity}` }, problem.severity), " ",
      make("span", {}, problem.message), " ", make("code", {}, problem.name), " ", place);
    const caret = make("pre", { class: "pg-caret", tabindex: "0", "aria-label": "The lines that it is about" }, problem.text);
    return make("li", { class: `pg-problem pg-is-${problem.severity}` }, head, caret);
  });
  for (const message of unknown_targets) items.unshift(make("li", { class: "pg-problem pg-is-error" }, message));
  if (further > 0) items.push(make("li", {}, `… and ${further} further`));
  if (items.length === 0) items.push(make("li", { class: "pg-none" }, "None."));
  part("problems").replaceChildren(...items);
  part("count").textContent = diagnostics.length > 0 ? `(${diagnostics.length + further})` : "";
}

function showQueries({ targets, diagnostics, further }) {
  const words = [];
  for (const { target, language, rules } of targets) {
    const id = target.split(".")[0];
    const worst = rules.length === 0 ? "none" : summary(rules);
    const badge = part(`badge-${id}`);
    badge.textContent = worst;
    badge.className = `pg-badge pg-verdict-${worst.split(" ").at(-1)}`;
    words.push(`${language}: ${worst}`);
    const content = rules.map((rule) => ruleOnTarget(rule, rules.length > 1));
    if (content.length === 0) content.push(make("p", { class: "pg-none" }, "There is no rule to compile: see the problems."));
    part(`panel-${id}`).replaceChildren(make("p", { class: "pg-target" }, `${language} over `, make("code", {}, target)), ...content);
  }
  const problems = diagnostics.length + further;
  part("status").textContent = `${problems} ${problems === 1 ? "problem" : "problems"}. ${words.join(", ")}.`;
}

/** The worst of several verdicts. */
function summary(rules) {
  const order = ["exact", "declared", "over", "under", "both", "refused"];
  return order[Math.max(...rules.map(({ status }) => order.indexOf(status)))] ?? "unchecked";
}

function ruleOnTarget(rule, named) {
  const section = make("section", { class: "pg-rule" });
  if (named) section.append(make("h3", {}, rule.title, " ", verdict(rule.status)));
  if (rule.declared) section.append(make("p", { class: "pg-note" }, "The rule itself says that it is not for this target: ", rule.declared));
  if (rule.refusals.length > 0) {
    section.append(make("p", {}, "The target cannot say this rule:"), reasons(rule.refusals));
  }
  for (const query of rule.queries) section.append(...queryOf(query));
  return section;
}

function verdict(word) {
  return make("span", { class: `pg-badge pg-verdict-${word}` }, word);
}

function queryOf(query) {
  const code = make("code", {}, query.text);
  const copy = make("button", { type: "button", class: "pg-copy" }, "Copy");
  copy.addEventListener("click", () => copied(copy, query.text));
  const name = query.role === "rule" ? "The query" : `The query of ${query.role}`;
  const head = make("p", { class: "pg-query-head" }, make("span", {}, name), " ", verdict(query.fidelity), copy);
  const all = [head, make("pre", { class: "pg-query", tabindex: "0", "aria-label": name }, code)];
  if (query.assumptions.length > 0) {
    const items = query.assumptions.map((one) => make("li", {}, make("code", {}, one)));
    all.push(make("p", { class: "pg-note" }, "Holds where the events are so:"), make("ul", { class: "pg-assumptions" }, ...items));
  }
  if (query.left_out.length > 0) all.push(make("p", { class: "pg-note" }, "Leaves out:"), reasons(query.left_out));
  return all;
}

function reasons(refusals) {
  const item = ({ message, reason, line, column, help }) => {
    const place = make("button", { type: "button", class: "pg-place" }, `${line}:${column}`);
    place.setAttribute("aria-label", `${line}:${column}, go to line ${line}`);
    place.addEventListener("click", () => {
      const starts = lineStarts(editor.text);
      editor.show(editor.range(editor.text, starts, { line, column, end_line: line, end_column: column }));
    });
    return make("li", {}, message, " ", make("code", {}, reason), " ", place, ...(help ? [make("br"), help] : []));
  };
  return make("ul", { class: "pg-reasons" }, ...refusals.map(item));
}

async function copied(button, text) {
  const was = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
    part("status").textContent = "Copied.";
  } catch {
    button.textContent = "Cannot copy";
    part("status").textContent = "The browser does not allow it to copy.";
  }
  setTimeout(() => { button.textContent = was; }, 1500);
}

function select(language, focus) {
  shown = language;
  for (const [one] of LANGUAGES) {
    const [tab, panel] = [part(`tab-${one}`), part(`panel-${one}`)];
    tab.setAttribute("aria-selected", String(one === shown));
    tab.tabIndex = one === shown ? 0 : -1;
    panel.hidden = one !== shown;
  }
  if (focus) part(`tab-${shown}`).focus();
}

function tabs() {
  for (const [at, [language, title]] of LANGUAGES.entries()) {
    const known = RULECAST_TARGETS.filter((target) => target.startsWith(`${language}.`));
    const choice = make("select", { id: `pg-target-${language}` }, ...known.map((target) => make("option", { value: target }, target)));
    choice.addEventListener("change", compile);
    part("targets").append(make("label", {}, `${title} `, choice));

    const tab = make("button", {
      type: "button", role: "tab", id: `pg-tab-${language}`, "aria-controls": `pg-panel-${language}`,
    }, `${title} `, make("span", { id: `pg-badge-${language}`, class: "pg-badge" }, "…"));
    tab.addEventListener("click", () => select(language, false));
    tab.addEventListener("keydown", (event) => {
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: LANGUAGES.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      select(LANGUAGES[(to + LANGUAGES.length) % LANGUAGES.length][0], true);
    });
    part("tabs").append(tab);
    part("panels").append(make("div", {
      role: "tabpanel", id: `pg-panel-${language}`, class: "pg-panel", tabindex: "0", "aria-labelledby": `pg-tab-${language}`,
    }));
  }
  select(shown, false);
}

function examples() {
  const choice = part("example");
  for (const [at, { title }] of RULECAST_EXAMPLES.entries()) choice.append(make("option", { value: String(at) }, title));
  choice.addEventListener("change", () => {
    const example = RULECAST_EXAMPLES[Number(choice.value)];
    if (choice.value === "" || !example) return;
    editor.text = example.text;
    compile();
  });
}

async function fromAddress() {
  const shared = await Share.read(location.hash);
  if (shared) restore(shared);
  return shared !== null;
}

async function share() {
  const fragment = await Share.write(state());
  history.replaceState(null, "", fragment);
  await copied(part("share"), location.href);
}

tabs();
examples();
part("text").addEventListener("input", soon);
part("over").addEventListener("change", compile);
part("under").addEventListener("change", compile);
part("share").addEventListener("click", share);
addEventListener("hashchange", fromAddress);
fromAddress().then((shared) => {
  if (!shared) restore({ text: RULECAST_EXAMPLES[0].text, targets: [], over: false, under: false });
});
