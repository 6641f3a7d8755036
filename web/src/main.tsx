import 'graphiql/setup-workers/vite';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import '@graphiql/plugin-explorer/style.css';
import 'graphiql/graphiql.css';
import './style.css';

import { explorerPlugin } from '@graphiql/plugin-explorer';
import { pick, useGraphiQL } from '@graphiql/react';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { examples } from './examples';
import { loadFonts } from './fonts';
import { SchemaLink, SchemaNotice } from './schema';
import { placeExamples } from './tabs';

const url = 'graphql';
const fetcher = createGraphiQLFetcher({ url });
const explorer = explorerPlugin({ showAttribution: false });
const plugins = [explorer, HISTORY_PLUGIN];

/** Returns the ID of a customer for the example Node, or an empty string if there is none or the query fails. */
async function customerId(): Promise<string> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ customers(first: 1) { nodes { id } } }' }),
      signal: AbortSignal.timeout(1000),
    });
    const { data } = await response.json();
    return data.customers.nodes[0].id;
  } catch {
    return '';
  }
}

/** Wraps long lines, scrolls to the active tab, and focuses its query instead of the explorer. */
function QueryEditing() {
  const { queryEditor, activeTabIndex } = useGraphiQL(pick('queryEditor', 'activeTabIndex'));
  useEffect(() => queryEditor?.updateOptions({ wordWrap: 'on' }), [queryEditor]);
  useEffect(() => {
    document.getElementById(`graphiql-session-tab-${activeTabIndex}`)?.scrollIntoView();
    queryEditor?.focus();
  }, [queryEditor, activeTabIndex]);
  return null;
}

const firstVisit = localStorage.getItem('graphiql:tabState') === null;
if (firstVisit) {
  // Narrower than GraphiQL's default, to leave space for the tabs.
  localStorage.setItem('graphiql:docExplorerFlex', '0.3');
}
const [id] = await Promise.all([customerId(), loadFonts()]);
placeExamples(
  localStorage,
  examples.map((example) => ({ ...example, variables: example.variables?.replace('"id": ""', `"id": "${id}"`) ?? null })),
);

createRoot(document.getElementById('root')!).render(
  <GraphiQL
    fetcher={fetcher}
    plugins={plugins}
    visiblePlugin={firstVisit ? explorer : undefined}
    defaultEditorToolsVisibility
  >
    <GraphiQL.Logo>
      usagegraph
      <SchemaLink />
      <a className="logo-link" href="docs">REST</a>
    </GraphiQL.Logo>
    <SchemaNotice />
    <QueryEditing />
  </GraphiQL>,
);
