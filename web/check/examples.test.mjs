import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildSchema, getOperationAST, getVariableValues, parse, validate, validateSchema } from 'graphql';
import { runnerImport } from 'vite';

const schema = buildSchema(readFileSync(new URL('../../schema.graphqls', import.meta.url), 'utf8'));
const { module } = await runnerImport(new URL('../src/examples.ts', import.meta.url).pathname);

test('the schema is valid', () => {
  assert.deepEqual(validateSchema(schema), []);
});

test('the examples are in the order of their tabs', () => {
  assert.deepEqual(
    module.examples.map(({ name }) => name),
    [
      'DataPerCustomer', 'Overage', 'NearlyUsedUp', 'LineByDay', 'MarginByProduct', 'BillingCycle', 'CallsByCountry', 'Duplicates', 'NoUsage',
      'HigherBill', 'Unbilled', 'DataAsOf', 'Imports', 'Search', 'FilterValues', 'Subscription', 'Balances', 'Records', 'Node', 'Customers', 'Totals', 'ByPhone', 'BySourceId',
    ],
  );
});

for (const { name, query, variables } of module.examples) {
  test(`${name} and its variables are valid`, () => {
    const document = parse(query);
    assert.deepEqual(validate(schema, document), []);

    const operation = getOperationAST(document);
    assert.equal(operation?.name?.value, name);
    const { errors } = getVariableValues(schema, operation.variableDefinitions, JSON.parse(variables ?? '{}'));
    assert.equal(errors, undefined);
  });
}
