/** A query that works as it stands on the documented samples, and what its tab shows as variables. */
export interface Example {
  /** The name of its operation, and of its tab. */
  name: string;
  query: string;
  variables: string | null;
}

const queries = import.meta.glob<string>('./examples/*.graphql', { query: '?raw', import: 'default', eager: true });
const variables = import.meta.glob<string>('./examples/*.json', { query: '?raw', import: 'default', eager: true });

/** The examples, in the order of their tabs: that of the number that leads each file name. */
export const examples: Example[] = Object.entries(queries).map(([path, query]) => ({
  name: path.replace(/^.*-(\w+)\.graphql$/, '$1'),
  query,
  variables: variables[path.replace(/graphql$/, 'json')] ?? null,
}));
