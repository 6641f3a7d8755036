import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as apollo from '@apollo/composition';
import * as guild from '@theguild/federation-composition';
import { parse } from 'graphql';

const printed = readFileSync(new URL('../../schema.graphqls', import.meta.url), 'utf8');
const subgraph = parse(`${printed}\nextend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])`);

for (const [tool, { composeServices }] of Object.entries({ '@apollo/composition': apollo, '@theguild/federation-composition': guild })) {
  test(`${tool} composes the printed schema`, () => {
    const { errors, supergraphSdl } = composeServices([{ name: 'usagegraph', url: 'http://usagegraph/graphql', typeDefs: subgraph }]);
    assert.deepEqual(errors?.map((e) => e.message) ?? [], []);
    assert.match(supergraphSdl, /type ServiceSubscription/);
  });
}
