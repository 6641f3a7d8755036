import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildClientSchema, getIntrospectionQuery, validateSchema } from 'graphql';
import { url } from './server.mjs';

const allOptions = {
  descriptions: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  oneOf: true,
};

const tools = {
  'graphql-js by itself': {},
  GraphiQL: { schemaDescription: true, inputValueDeprecation: true },
  'graphql-codegen': { descriptions: true, schemaDescription: true, specifiedByUrl: true, directiveIsRepeatable: true, inputValueDeprecation: true },
  'a tool with all options': allOptions,
  'a tool with no options': Object.fromEntries(Object.keys(allOptions).map((name) => [name, false])),
};

for (const [tool, options] of Object.entries(tools)) {
  test(`the introspection query of ${tool} is within the limits`, async () => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: getIntrospectionQuery(options), operationName: 'IntrospectionQuery' }),
    });
    const { data, errors } = await response.json();
    assert.equal(errors, undefined);
    const schema = buildClientSchema(data);
    assert.deepEqual(validateSchema(schema), []);
    assert.ok(schema.getType('ServiceSubscription'));
  });
}
