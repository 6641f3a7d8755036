import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

/** The endpoint under test, and one that executes trusted documents only. */
export const url = process.env.GRAPHQL_URL;
export const trustedUrl = process.env.TRUSTED_URL;
assert.ok(url && trustedUrl, 'GRAPHQL_URL and TRUSTED_URL: want the URLs of the servers that go test starts');

/** The id of `query Trusted { customers { totalCount } }` in the manifest. */
export const trustedID = 'a-trusted-document';

export const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** Returns a fetch that records its requests. */
export function recorded() {
  const requests = [];
  const recording = async (input, init = {}) => {
    const response = await fetch(input, init);
    requests.push({ method: init.method ?? 'GET', url: String(input), body: init.body, status: response.status });
    return response;
  };
  return { requests, fetch: recording, methods: () => requests.map(({ method }) => method) };
}
