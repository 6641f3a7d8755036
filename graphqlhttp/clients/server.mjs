import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

/** The endpoint under test, and one that answers the document below by its id alone. */
export const url = process.env.GRAPHQL_URL;
export const trustedUrl = process.env.TRUSTED_URL;
assert.ok(url && trustedUrl, 'go test starts the servers and says where they are');

/** The id of `query Trusted { customers { totalCount } }` in the manifest. */
export const trustedID = 'a-trusted-document';

export const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** A fetch that remembers what was asked. */
export function recorded() {
  const requests = [];
  const recording = async (input, init = {}) => {
    const response = await fetch(input, init);
    requests.push({ method: init.method ?? 'GET', url: String(input), body: init.body, status: response.status });
    return response;
  };
  return { requests, fetch: recording, methods: () => requests.map(({ method }) => method) };
}
