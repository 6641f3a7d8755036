import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, fetchExchange } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { recorded, trustedID, trustedUrl, url } from './server.mjs';

const query = `query Named($source: Source!, $value: String!) { customer(by: {sourceId: {source: $source, value: $value}}) { id name } }`;
const variables = { source: 'STN', value: '1' };

function client(fetch, { at = url, exchanges = [], ...options } = {}) {
  return new Client({ url: at, fetch, exchanges: [...exchanges, fetchExchange], ...options });
}

for (const preferGetMethod of [undefined, false, 'force', 'within-url-limit']) {
  test(`with preferGetMethod ${preferGetMethod} a query is answered`, async () => {
    const { fetch, methods } = recorded();
    const { data, error } = await client(fetch, { preferGetMethod }).query(query, variables);
    assert.equal(error, undefined);
    assert.equal(data.customer.name, 'Ada');
    assert.deepEqual(methods(), [preferGetMethod === false ? 'POST' : 'GET']);
  });

  test(`with preferGetMethod ${preferGetMethod} an error of the document is a GraphQL error`, async () => {
    const { fetch } = recorded();
    const { error } = await client(fetch, { preferGetMethod }).query('{ nonsense }', {});
    assert.equal(error.graphQLErrors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
  });
}

for (const preferGetForPersistedQueries of [false, 'force', 'within-url-limit']) {
  test(`with preferGetForPersistedQueries ${preferGetForPersistedQueries} a query is sent once`, async () => {
    const name = `Urql${String(preferGetForPersistedQueries).replaceAll('-', '')}`;
    const { fetch, requests } = recorded();
    const exchanges = [persistedExchange({ preferGetForPersistedQueries })];
    for (let i = 0; i < 2; i++) {
      const { data, error } = await client(fetch, { exchanges }).query(`query ${name} { customers { totalCount } }`, {});
      assert.equal(error, undefined);
      assert.equal(data.customers.totalCount, 1);
    }
    assert.equal(requests.length, 3);
    assert.equal(requests.filter(({ url, body }) => /totalCount/.test(url + body)).length, 1);
  });
}

test('a trusted document is sent by its id', async () => {
  const { fetch, requests } = recorded();
  const exchanges = [persistedExchange({ enforcePersistedQueries: true, generateHash: async () => trustedID })];
  const { data, error } = await client(fetch, { at: trustedUrl, exchanges }).query('query Trusted { customers { totalCount } }', {});
  assert.equal(error, undefined);
  assert.equal(data.customers.totalCount, 1);
  assert.equal(requests.length, 1);
});

test('an untrusted document is rejected, and is not sent again', async () => {
  const { fetch, requests } = recorded();
  const { error } = await client(fetch, { at: trustedUrl, exchanges: [persistedExchange({})] }).query(query, variables);
  assert.ok(error);
  assert.deepEqual(requests.map(({ status }) => status), [403]);
});
