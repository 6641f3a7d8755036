import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { recorded, sha256, trustedID, trustedUrl, url } from './server.mjs';

const query = gql`query Named($source: Source!, $value: String!) { customer(by: {sourceId: {source: $source, value: $value}}) { id name } }`;
const variables = { source: 'STN', value: '1' };

function client(link) {
  return new ApolloClient({ link, cache: new InMemoryCache() });
}

for (const useGETForQueries of [false, true]) {
  const method = useGETForQueries ? 'GET' : 'POST';

  test(`by ${method} a query is answered`, async () => {
    const { fetch, methods } = recorded();
    const { data } = await client(new HttpLink({ uri: url, fetch, useGETForQueries })).query({ query, variables });
    assert.equal(data.customer.name, 'Ada');
    assert.deepEqual(methods(), [method]);
  });

  test(`by ${method} an error of the document is a GraphQL error`, async () => {
    const { fetch } = recorded();
    await assert.rejects(
      client(new HttpLink({ uri: url, fetch, useGETForQueries })).query({ query: gql`{ nonsense }` }),
      (error) => CombinedGraphQLErrors.is(error) && error.errors[0].extensions.code === 'GRAPHQL_VALIDATION_FAILED',
    );
  });
}

for (const useGETForHashedQueries of [false, true]) {
  const method = useGETForHashedQueries ? 'GET' : 'POST';

  test(`the text of a persisted query is sent once, and its hash by ${method}`, async () => {
    const document = gql`query Apollo${method} { customers { totalCount } }`;
    const { fetch, methods, requests } = recorded();
    const link = ApolloLink.from([new PersistedQueryLink({ sha256, useGETForHashedQueries }), new HttpLink({ uri: url, fetch })]);
    for (let i = 0; i < 2; i++) {
      const { data } = await client(link).query({ query: document });
      assert.equal(data.customers.totalCount, 1);
    }
    assert.deepEqual(methods(), [method, 'POST', method]);
    assert.equal(requests.filter(({ url, body }) => /totalCount/.test(url + body)).length, 1);
  });
}

test('a trusted document is sent by its id', async () => {
  const { fetch, methods } = recorded();
  const link = ApolloLink.from([new PersistedQueryLink({ generateHash: () => trustedID }), new HttpLink({ uri: trustedUrl, fetch })]);
  const { data } = await client(link).query({ query: gql`query Trusted { customers { totalCount } }` });
  assert.equal(data.customers.totalCount, 1);
  assert.deepEqual(methods(), ['POST']);
});

test('an untrusted document is rejected, and is not sent again', async () => {
  const { fetch, methods } = recorded();
  const link = ApolloLink.from([new PersistedQueryLink({ sha256 }), new HttpLink({ uri: trustedUrl, fetch })]);
  await assert.rejects(
    client(link).query({ query }),
    (error) => CombinedGraphQLErrors.is(error) || (ServerError.is(error) && error.statusCode === 403),
  );
  assert.deepEqual(methods(), ['POST']);
});
