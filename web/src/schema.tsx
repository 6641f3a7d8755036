import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, type MouseEvent } from 'react';

/** The time after the last change of the headers, in milliseconds, until the schema is read with them. */
const typingTime = 500;

/** Links to the text of the schema, read with the headers of the tab, while GraphiQL has a schema. */
export function SchemaLink() {
  const { schema, headerEditor } = useGraphiQL(pick('schema', 'headerEditor'));
  if (!schema) return null;

  async function open(event: MouseEvent) {
    const headers = headerEditor?.getValue().trim();
    if (!headers) return;
    event.preventDefault();
    const response = await fetch('schema.graphql', { headers: JSON.parse(headers) });
    const text = new Blob([await response.text()], { type: 'text/plain;charset=utf-8' });
    window.open(URL.createObjectURL(text));
  }
  return (
    <a className="logo-link" href="schema.graphql" onClick={open}>
      schema
    </a>
  );
}

/** Says why there is no schema, and reads it again when the headers change. */
export function SchemaNotice() {
  const { schema, fetchError, headerEditor } = useGraphiQL(pick('schema', 'fetchError', 'headerEditor'));
  const { introspect } = useGraphiQLActions();
  useEffect(() => {
    if (schema || !headerEditor) return;
    let timer = 0;
    const listener = headerEditor.onDidChangeModelContent(() => {
      clearTimeout(timer);
      timer = window.setTimeout(introspect, typingTime);
    });
    return () => {
      clearTimeout(timer);
      listener.dispose();
    };
  }, [schema, headerEditor, introspect]);
  if (schema || !fetchError) return null;
  return (
    <p className="schema-notice" role="status">
      {fetchError.includes('INTROSPECTION_DISABLED')
        ? 'This server does not show its schema: start it with --introspection on.'
        : 'The schema needs the credentials of a client: put {"Authorization": "Bearer ..."} into the tab Headers.'}
    </p>
  );
}
