-- Rewrites consumption_reports, buckets, subscriptions, customer_identifiers: derives lasting ids of records
-- The names from which ids are derived (db/global_id.go), unless other columns have them. Ids show a hash instead of some
-- names: of all reports and buckets, and of few other records.

-- One row: READY, or PENDING while rows of an older version have no names.
CREATE TABLE id_state (
  state    {{text}} NOT NULL,
  step     INTEGER NOT NULL, -- the number of the current step (db/pending_ids.go)
  position BIGINT NOT NULL   -- the id of the last row with a name
);
INSERT INTO id_state SELECT CASE WHEN EXISTS (SELECT 1 FROM customers) OR EXISTS (SELECT 1 FROM consumption_reports)
  OR EXISTS (SELECT 1 FROM usage_records) THEN 'PENDING' ELSE 'READY' END, 0, 0;

ALTER TABLE usage_records ADD COLUMN id_hash {{text}};
ALTER TABLE usage_summaries ADD COLUMN id_hash {{text}};
ALTER TABLE consumption_reports ADD COLUMN id_hash {{text}} NOT NULL DEFAULT '';
ALTER TABLE buckets ADD COLUMN id_hash {{text}} NOT NULL DEFAULT '';
ALTER TABLE customer_identifiers ADD COLUMN id_hash {{text}};
ALTER TABLE subscriptions ADD COLUMN id_hash {{text}};            -- of a subscription of unattributed documents
ALTER TABLE subscriptions ADD COLUMN source_customer_id {{text}}; -- the first id of its customer in source
CREATE INDEX usage_records_id_hash ON usage_records (id_hash) WHERE id_hash IS NOT NULL;
CREATE INDEX usage_summaries_id_hash ON usage_summaries (id_hash) WHERE id_hash IS NOT NULL;
CREATE INDEX consumption_reports_id_hash ON consumption_reports (id_hash);
CREATE INDEX buckets_id_hash ON buckets (id_hash);
CREATE INDEX customer_identifiers_id_hash ON customer_identifiers (id_hash) WHERE id_hash IS NOT NULL;
CREATE INDEX subscriptions_id_hash ON subscriptions (id_hash) WHERE id_hash IS NOT NULL;
