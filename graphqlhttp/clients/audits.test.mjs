import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditServer } from 'graphql-http';
import { url } from './server.mjs';

const results = await auditServer({ url });

test('the number of audits is unchanged', () => {
  assert.equal(results.length, 61);
});

for (const { id, name, status, reason } of results) {
  test(`${id}: ${name}`, () => {
    assert.equal(status, 'ok', reason);
  });
}
