import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runnerImport } from 'vite';

const { module } = await runnerImport(new URL('../src/tabs.ts', import.meta.url).pathname);

const line = { name: 'Line', query: 'query Line { a }', variables: null };
const again = { name: 'Again', query: 'query Again { b }', variables: '{"id": "1"}' };

/** What the browser keeps: a visit with these examples, then what the user does to the tabs, if anything. */
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
  b.visit(line, again);
  assert.deepEqual(b.tabs(), [line, again].map(shown));
  assert.equal(b.active(), line.query);
  assert.equal(b.openQuery(), line.query);
});

test('a second visit changes nothing', () => {
  const b = browser();
  b.visit(line, again);
  b.change((state) => (state.activeTabIndex = 1));
  b.visit(line, again);
  assert.deepEqual(b.tabs(), [line, again].map(shown));
  assert.equal(b.active(), again.query);
  assert.equal(b.openQuery(), again.query);
});

test('an untouched tab follows its example, in its place', () => {
  const b = browser();
  b.visit(line, again);
  const better = { ...line, query: 'query Line { better }' };
  b.visit(better, again);
  assert.deepEqual(b.tabs(), [better, again].map(shown));
  assert.equal(b.openQuery(), better.query);
});

test('an untouched tab goes with its example', () => {
  const b = browser();
  b.visit(line, again);
  b.visit(again);
  assert.deepEqual(b.tabs(), [again].map(shown));
});

test('a tab that the user wrote in stays, beside the new text of its example', () => {
  const b = browser();
  b.visit(line);
  b.change((state) => (state.tabs[0].query = 'query Line { mine }'));
  const better = { ...line, query: 'query Line { better }' };
  b.visit(better);
  assert.deepEqual(b.tabs(), [['Line', 'query Line { mine }', null], shown(better)]);
  assert.equal(b.active(), 'query Line { mine }');
});

test('variables that the user wrote stay, and bring no second tab', () => {
  const b = browser();
  b.visit(again);
  b.change((state) => (state.tabs[0].variables = '{"id": "mine"}'));
  b.visit({ ...again, variables: '{"id": "2"}' });
  assert.deepEqual(b.tabs(), [['Again', again.query, '{"id": "mine"}']]);
});

test('variables that nobody touched follow their example', () => {
  const b = browser();
  b.visit(again);
  b.visit({ ...again, variables: '{"id": "2"}' });
  assert.deepEqual(b.tabs(), [['Again', again.query, '{"id": "2"}']]);
});

test('a closed tab stays closed', () => {
  const b = browser();
  b.visit(line, again);
  b.change((state) => state.tabs.shift());
  b.visit(line, again);
  assert.deepEqual(b.tabs(), [again].map(shown));
});

test('cleared storage brings back every example', () => {
  const b = browser();
  b.visit(line, again);
  b.change((state) => state.tabs.shift());
  b.clear();
  b.visit(line, again);
  assert.deepEqual(b.tabs(), [line, again].map(shown));
});
