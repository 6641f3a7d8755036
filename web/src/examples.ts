/** A query with a tab in the playground: a question for the demo data, or an example for the documented samples. */
export interface Example {
  /** The name of the operation and of the tab. */
  name: string;
  query: string;
  /** The text of the variables, a JSON object; null if the operation has none. */
  variables: string | null;
}

const questions = import.meta.glob<string>('./questions/*.graphql', { query: '?raw', import: 'default', eager: true });
const queries = import.meta.glob<string>('./examples/*.graphql', { query: '?raw', import: 'default', eager: true });
const variables = import.meta.glob<string>('./examples/*.json', { query: '?raw', import: 'default', eager: true });

/** The questions and the examples in the order of their tabs, which is that of the numbers in their file names. */
export const examples: Example[] = Object.entries({ ...questions, ...queries }).map(([path, query]) => ({
  name: path.replace(/^.*-(\w+)\.graphql$/, '$1'),
  query,
  variables: variables[path.replace(/graphql$/, 'json')] ?? null,
}));
