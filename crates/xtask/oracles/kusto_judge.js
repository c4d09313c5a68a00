// Judges KQL queries with Microsoft's own parser and binder, which the vendor's query editors run.
//
//     node kusto_judge.js MODULES [SCHEMA]
//
// MODULES is the folder node_modules that has the package; SCHEMA is a file with a JSON object of tables, each an
// object of columns and types. Without it, each query is judged against a table `Events` with the columns that the
// query itself uses, typed by what they are compared with, so that a column used as text and as a number is an error.
//
// Standard input has a query a line, {"id": 0, "query": "..."}, perhaps with columns that its result must have,
// {"needs": ["..."]}. Standard output gets a line for each that is not accepted, {"id": 0, "message": "..."}, and at the end
// {"judged": 1}.
'use strict';
const fs = require('fs');
const path = require('path');
const readline = require('readline');

const [modules, schemaFile] = process.argv.slice(2);
require(path.join(modules, '@kusto', 'language-service-next', 'bridge.min.js'));
require(path.join(modules, '@kusto', 'language-service-next', 'Kusto.Language.Bridge.min.js'));
const { KustoCode, GlobalState, Symbols } = Kusto.Language;

const UNKNOWN_NAME = 'KS142';
const FAILS = ['Error', 'Warning'];
const TIME = { Timestamp: 'datetime' };
const TYPES = ['long', 'int', 'real', 'decimal', 'bool', 'datetime', 'timespan', 'string', 'dynamic', 'guid'];

const quoted = name => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `['${name.replace(/[\\']/g, '\\$&')}']`);

function globalsOf(tables) {
  const symbols = Object.entries(tables).map(([table, columns]) => {
    const list = Object.entries(columns).map(([name, type]) => `${quoted(name)}: ${type}`);
    // The seventh constructor takes a name, the columns as text, and a description.
    return new Symbols.TableSymbol.$ctor7(table, `(${list.join(', ')})`, null);
  });
  return GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('Default', symbols));
}

function analyse(query, globals) {
  const code = KustoCode.ParseAndAnalyze(query, globals);
  const found = code.GetDiagnostics();
  return { code, diagnostics: Array.from({ length: found.Count }, (_, index) => found.getItem(index)) };
}

const children = node => Array.from({ length: node.ChildCount }, (_, index) => node.GetChild(index)).filter(Boolean);

function typeOf(node) {
  const type = node.ResultType ? node.ResultType.Name : null;
  return TYPES.includes(type) ? type : null;
}

// The types of what a name is compared with: the other side of an operator, or the elements of a list.
function typesBeside(name) {
  const beside = [];
  const collect = node => {
    const type = node.ChildCount ? typeOf(node) : null;
    if (type) beside.push(type);
    else children(node).forEach(collect);
  };
  children(name.Parent).filter(node => node !== name).forEach(collect);
  return beside;
}

const COMPARED = /(Binary|In|Between|HasAny|HasAll)Expression$/;

function columnsByUse(query) {
  const { code, diagnostics } = analyse(query, TIME_ONLY);
  const columns = { ...TIME };
  for (const { Code, Start } of diagnostics) {
    if (Code !== UNKNOWN_NAME) continue;
    let node = code.Syntax.GetTokenAt(Start);
    while (node && !/\.NameReference$/.test(Bridge.getTypeName(node))) node = node.Parent;
    if (!node) continue;
    const name = node.SimpleName;
    const [type] = COMPARED.test(Bridge.getTypeName(node.Parent)) ? typesBeside(node) : [];
    if (type && (columns[name] === undefined || columns[name] === null)) columns[name] = type;
    else if (columns[name] === undefined) columns[name] = null;
  }
  // What is compared with nothing is text, as it is in a table of events that nobody has typed.
  return Object.fromEntries(Object.entries(columns).map(([name, type]) => [name, type || 'string']));
}

function place(query, start) {
  const before = query.slice(0, start).split('\n');
  return `line ${before.length}, column ${before[before.length - 1].length + 1}`;
}

const TIME_ONLY = globalsOf({ Events: TIME });
const fixed = schemaFile ? globalsOf(JSON.parse(fs.readFileSync(schemaFile, 'utf8'))) : null;

function columnsOf(code) {
  const columns = code.ResultType && code.ResultType.Columns;
  return columns ? Array.from({ length: columns.Count }, (_, index) => columns.getItem(index).Name) : [];
}

function judge(query, needs) {
  const globals = fixed || globalsOf({ Events: columnsByUse(query) });
  const { code, diagnostics } = analyse(query, globals);
  // Suggestions are of style and speed; a warning says that the query does not mean what it seems to.
  const problems = diagnostics.filter(({ Severity }) => FAILS.includes(Severity));
  if (!problems.length) {
    const columns = needs.length ? columnsOf(code) : [];
    const missing = needs.filter(name => !columns.includes(name));
    return missing.length ? `no ${missing.join(', ')} among its columns ${columns.join(', ')}` : null;
  }
  return problems
    .map(({ Code, Start, Length, Message }) =>
      `${Code}: ${Message} ${place(query, Start)}: ${query.slice(Start, Start + Math.max(Length, 1)).slice(0, 120)}`)
    .join('\n');
}

let judged = 0;
readline
  .createInterface({ input: process.stdin, crlfDelay: Infinity })
  .on('line', line => {
    const { id, query, needs } = JSON.parse(line);
    const message = judge(query, needs || []);
    if (message) console.log(JSON.stringify({ id, message }));
    judged += 1;
  })
  .on('close', () => console.log(JSON.stringify({ judged })));
