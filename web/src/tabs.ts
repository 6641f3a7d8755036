import type { Example } from './examples';

interface Tab {
  id: string;
  title: string;
  query: string | null;
  variables: string | null;
  headers: string | null;
  operationName: string | null;
  response: string | null;
}

interface TabsState {
  activeTabIndex: number;
  tabs: Tab[];
}

type Content = Pick<Tab, 'query' | 'variables'>;

/**
 * Updates GraphiQL's stored tabs to the examples of this build. Call it before GraphiQL reads the storage. An example
 * that is new since the last visit gets a tab. An unchanged tab of an earlier example is updated, or removed if the
 * example no longer exists. Tabs that the user has changed are kept, and examples with a closed tab stay closed.
 */
export function placeExamples(storage: Storage, examples: Example[]): void {
  const shown = read<Example[]>(storage, 'examples') ?? [];
  const state = read<TabsState>(storage, 'tabState') ?? { activeTabIndex: 0, tabs: [] };

  const fresh = examples.filter((example) => !shown.some((old) => same(old, example)));
  const outdated = shown.filter((old) => !examples.some((example) => same(old, example)));
  const kept = state.tabs.flatMap((tab) =>
    outdated.some((old) => same(old, tab))
      ? fresh.filter((example) => example.name === tab.title).map((example) => toTab(example, tab.id))
      : [tab],
  );
  const added = fresh.filter((example) => !kept.some((tab) => tab.query === example.query));
  const tabs = [...kept, ...added.map((example) => toTab(example, newId()))];

  const activeId = state.tabs[state.activeTabIndex]?.id;
  const activeTabIndex = Math.max(0, tabs.findIndex((tab) => tab.id === activeId));
  write(storage, 'examples', examples);
  write(storage, 'tabState', { activeTabIndex, tabs });
  // GraphiQL opens another tab for a stored query that is in no tab.
  storage.setItem(key('query'), tabs[activeTabIndex]?.query ?? '');
  storage.setItem(key('variables'), tabs[activeTabIndex]?.variables ?? '');
}

function same(a: Content, b: Content): boolean {
  return a.query === b.query && (a.variables ?? '') === (b.variables ?? '');
}

function toTab({ name, query, variables }: Example, id: string): Tab {
  return { id, title: name, query, variables, headers: null, operationName: name, response: null };
}

/** Returns a random ID. crypto.randomUUID is not available on pages from another machine over plain HTTP. */
function newId(): string {
  return Math.random().toString(36).slice(2);
}

/** Returns a storage key with GraphiQL's prefix, so that its button "clear storage" also resets the examples. */
function key(name: string): string {
  return `graphiql:${name}`;
}

function read<T>(storage: Storage, name: string): T | null {
  return JSON.parse(storage.getItem(key(name)) ?? 'null') as T | null;
}

function write(storage: Storage, name: string, value: unknown): void {
  storage.setItem(key(name), JSON.stringify(value));
}
