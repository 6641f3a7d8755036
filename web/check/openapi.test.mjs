import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createConfig, lint } from '@redocly/openapi-core';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const path = new URL('../openapi.json', import.meta.url).pathname;
const text = readFileSync(path, 'utf8');
const document = JSON.parse(text);

const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true });
addFormats(ajv);
// The keywords of OpenAPI that are not in JSON Schema.
ajv.addVocabulary(Object.keys(document));
ajv.addSchema(document, 'openapi.json');

const pointer = (...keys) =>
  `openapi.json#/${keys.map((key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;

/** Yields the objects of the document for which the predicate is true, with their paths, except in examples. */
function* find(is, node = document, keys = []) {
  if (typeof node !== 'object' || node === null) return;
  if (is(node, keys)) yield [node, keys];
  for (const [key, child] of Object.entries(node)) {
    if (key !== 'example' && key !== 'examples' && key !== 'value') yield* find(is, child, [...keys, key]);
  }
}

/** Returns the examples of a media type, parameter, header or schema. */
function examplesOf({ example, examples = [], schema }) {
  const listed = Array.isArray(examples) ? examples : Object.values(examples).map(({ value }) => value);
  return [...(example === undefined ? [] : [example]), ...listed, ...(schema?.examples ?? [])];
}

test('the document passes the linter', async () => {
  const config = await createConfig({
    extends: ['recommended-strict'],
    rules: { 'info-license': 'off' }, // the repository has no license
  });
  const problems = await lint({ ref: path, config });
  assert.deepEqual(
    problems.map(({ message, location }) => `${location[0]?.pointer}: ${message}`),
    [],
  );
});

test('every schema is strict JSON Schema 2020-12', () => {
  for (const name of Object.keys(document.components.schemas)) {
    assert.ok(ajv.getSchema(pointer('components', 'schemas', name)), name);
  }
});

test('every component is used', () => {
  for (const [kind, components] of Object.entries(document.components)) {
    for (const name of Object.keys(components)) {
      const used = kind === 'securitySchemes' ? `"${name}": []` : `"#/components/${kind}/${name}"`;
      assert.ok(text.includes(used), `${kind} ${name}`);
    }
  }
});

test('every object schema has additionalProperties', () => {
  for (const [, keys] of find((node) => node.type === 'object' && node.additionalProperties === undefined)) {
    assert.equal(keys.at(-1), 'properties', keys.join('/')); // of the JSON Schema in an answer
  }
});

test('every parameter and body has valid examples', () => {
  let count = 0;
  for (const [node, keys] of find((node) => node.schema !== undefined)) {
    const examples = examplesOf(node);
    if (node.schema.$ref === '#/components/schemas/UsageDescription') continue; // its description has the reason
    assert.ok(examples.length > 0, `${keys.join('/')}: no example`);
    const validate = ajv.getSchema(pointer(...keys, 'schema'));
    for (const example of examples) {
      assert.ok(validate(example), `${keys.join('/')}: ${ajv.errorsText(validate.errors)}`);
      count++;
    }
  }
  assert.ok(count > 50, `${count} examples`);
});

const samples = {
  elevate: ['customer-usage-data', 'UsageDataPage'],
  brm: ['brm-usage', 'UsagePage'],
  stn: ['query-usage-subscription', 'UsageSubscriptions'],
  dxp: ['usage-consumption-prepaid', 'UsageConsumptionReports'],
};

function sampleOf(source) {
  const [file] = samples[source];
  return JSON.parse(readFileSync(new URL(`../../sources/${source}/sample/${file}.json`, import.meta.url), 'utf8'));
}

/** Returns a sample with the keys that this server adds: brm's documentation leaves out three keys of a price. */
function answerOf(source) {
  const sample = sampleOf(source);
  if (source !== 'brm') return sample;
  const first = sample[0].ratedProductUsage[0];
  const second = sample[1].ratedProductUsage[0];
  sample[1].ratedProductUsage[0] = { ...Object.fromEntries(Object.keys(first).map((key) => [key, null])), ...second };
  return sample;
}

/** Yields the members of a document as object and key. */
function* members(node) {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (!Array.isArray(node)) yield [node, key];
    yield* members(value);
  }
}

for (const [source, [file, schema]] of Object.entries(samples)) {
  const validate = ajv.getSchema(pointer('components', 'schemas', schema));

  test(`the sample of ${source} is an example in the document`, () => {
    const wanted = JSON.stringify(answerOf(source));
    const shown = [...find((node) => node.examples && node.schema)].flatMap(([node]) => examplesOf(node));
    assert.ok(shown.some((example) => JSON.stringify(example) === wanted), file);
  });

  test(`the schema of ${source} rejects wrong types`, () => {
    const sample = answerOf(source);
    assert.ok(validate(sample), ajv.errorsText(validate.errors));
    for (const [object, key] of members(sample)) {
      const value = object[key];
      object[key] = value === null ? 17 : typeof value === 'object' ? 'wrong' : { wrong: true };
      assert.ok(!validate(sample), `${key} accepts ${JSON.stringify(object[key])}`);
      object[key] = value;
    }
  });

  test(`the schema of ${source} without additional properties rejects misspelt keys`, () => {
    const closed = new Ajv2020({ strict: false, validateFormats: false });
    closed.addSchema(JSON.parse(text.replaceAll('"additionalProperties": true', '"additionalProperties": false')), 'openapi.json');
    const check = closed.getSchema(pointer('components', 'schemas', schema));
    const sample = answerOf(source);
    assert.ok(check(sample), closed.errorsText(check.errors));
    for (const [object, key] of [...members(sample)]) {
      const value = object[key];
      delete object[key];
      object[`${key}X`] = value;
      assert.ok(!check(sample), `${key}X is accepted`);
      delete object[`${key}X`];
      object[key] = value;
    }
  });
}
