-- Imports by HTTP, and what they brought.
ALTER TABLE api_clients ADD COLUMN may_import BOOLEAN NOT NULL DEFAULT FALSE;

-- Records that only clients of some customers have imported: they are no evidence for holdings (docs/identity.md).
ALTER TABLE usage_records ADD COLUMN scoped BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE usage_summaries ADD COLUMN scoped BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX usage_records_scoped ON usage_records (customer_id, subscription_id) WHERE scoped;
CREATE INDEX usage_summaries_scoped ON usage_summaries (customer_id, subscription_id) WHERE scoped;

ALTER TABLE imports ADD COLUMN client_id {{text}} NOT NULL DEFAULT ''; -- the API client; '' for the command line and without authentication
ALTER TABLE imports ADD COLUMN idempotency_key {{text}};              -- of the request
ALTER TABLE imports ADD COLUMN failure {{text}};                      -- why a FAILED import ended
ALTER TABLE imports ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;     -- of the records after the last batch; 0 for an older version
ALTER TABLE imports ADD COLUMN rejects_stored BIGINT NOT NULL DEFAULT 0; -- the number of its import_rejects
CREATE UNIQUE INDEX imports_key ON imports (client_id, idempotency_key) WHERE state = 'DONE' AND idempotency_key IS NOT NULL;

-- The first rejects of an import; imports.rejected counts all.
CREATE TABLE import_rejects (
  import_id   BIGINT NOT NULL,
  position    INTEGER NOT NULL, -- among the rejects of the import, from 0 without gaps
  record      BIGINT NOT NULL, -- the number of the record in the document, from 1
  byte        BIGINT NOT NULL, -- its offset in the uncompressed document
  field       {{text}} NOT NULL, -- '' for the record as a whole
  reason      {{text}} NOT NULL,
  text        {{text}} NOT NULL,
  is_complete BOOLEAN NOT NULL, -- false if text is only the beginning of the record
  PRIMARY KEY (import_id, position)
);

-- The import that last changed a record; null for a record of an older version.
ALTER TABLE usage_records ADD COLUMN imported_by BIGINT;
ALTER TABLE usage_summaries ADD COLUMN imported_by BIGINT;
ALTER TABLE consumption_reports ADD COLUMN imported_by BIGINT;
