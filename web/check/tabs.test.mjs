import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runnerImport } from 'vite';

const { module } = await runnerImport(new URL('../src/tabs.ts', import.meta.url).pathname);

const subscription = { name: 'Subscription', query: 'query Subscription { a }', variables: null };
const node = { name: 'Node', query: 'query Node { b }', variables: '{"id": "1"}' };

/** Simulates a browser's storage: visits of the page with examples, and changes of the tabs by the user. */
function browser() {
  const items = new Map();
  const storage = { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => items.set(key, value) };
  const state = () => JSON.parse(items.get('graphiql:tabState'));
  return {
    visit: (...examples) => module.placeExamples(storage, examples),
    change(edit) {
      const changed = state();
      edit(changed);
      items.set('graphiql:tabState', JSON.stringify(changed));
    },
    clear: () => items.clear(),
    tabs: () => state().tabs.map(({ title, query, variables }) => [title, query, variables]),
    active: () => state().tabs[state().activeTabIndex].query,
    openQuery: () => items.get('graphiql:query'),
  };
}

const shown = ({ name, query, variables }) => [name, query, variables];

test('the first visit shows every example, the first one open', () => {
  const b = browser();
  b.visit(subscription, node);
  assert.deepEqual(b.tabs(), [subscription, node].map(shown));
  assert.equal(b.active(), subscription.query);
  assert.equal(b.openQuery(), subscription.query);
});

test('a second visit changes nothing', () => {
  const b = browser();
  b.visit(subscription, node);
  b.change((state) => (state.activeTabIndex = 1));
  b.visit(subscription, node);
  assert.deepEqual(b.tabs(), [subscription, node].map(shown));
  assert.equal(b.active(), node.query);
  assert.equal(b.openQuery(), node.query);
});

test('an unchanged tab is updated to the new text of its example', () => {
  const b = browser();
  b.visit(subscription, node);
  const better = { ...subscription, query: 'query Subscription { better }' };
  b.visit(better, node);
  assert.deepEqual(b.tabs(), [better, node].map(shown));
  assert.equal(b.openQuery(), better.query);
});

test('an unchanged tab is removed with its example', () => {
  const b = browser();
  b.visit(subscription, node);
  b.visit(node);
  assert.deepEqual(b.tabs(), [node].map(shown));
});

test('a changed tab is kept, and the new text of its example gets another tab', () => {
  const b = browser();
  b.visit(subscription);
  b.change((state) => (state.tabs[0].query = 'query Subscription { mine }'));
  const better = { ...subscription, query: 'query Subscription { better }' };
  b.visit(better);
  assert.deepEqual(b.tabs(), [['Subscription', 'query Subscription { mine }', null], shown(better)]);
  assert.equal(b.active(), 'query Subscription { mine }');
});

test('changed variables are kept without a second tab', () => {
  const b = browser();
  b.visit(node);
  b.change((state) => (state.tabs[0].variables = '{"id": "mine"}'));
  b.visit({ ...node, variables: '{"id": "2"}' });
  assert.deepEqual(b.tabs(), [['Node', node.query, '{"id": "mine"}']]);
});

test('unchanged variables are updated to those of their example', () => {
  const b = browser();
  b.visit(node);
  b.visit({ ...node, variables: '{"id": "2"}' });
  assert.deepEqual(b.tabs(), [['Node', node.query, '{"id": "2"}']]);
});

test('a closed tab stays closed', () => {
  const b = browser();
  b.visit(subscription, node);
  b.change((state) => state.tabs.shift());
  b.visit(subscription, node);
  assert.deepEqual(b.tabs(), [node].map(shown));
});

test('every example is shown again after the storage is cleared', () => {
  const b = browser();
  b.visit(subscription, node);
  b.change((state) => state.tabs.shift());
  b.clear();
  b.visit(subscription, node);
  assert.deepEqual(b.tabs(), [subscription, node].map(shown));
});
