-- What is used of a bucket, in percent, and beyond it.
ALTER TABLE buckets ADD COLUMN used_percent {{decimal}};
ALTER TABLE buckets ADD COLUMN overage {{decimal}}; -- in unit
UPDATE buckets SET used_percent = {{used_percent}}, overage = {{overage}} WHERE NOT unlimited AND total IS NOT NULL AND used IS NOT NULL;
-- The identity of a bucket of several subscriptions. Of those with the same id in one record, all but the first have their
-- ordinal in it.
ALTER TABLE buckets ADD COLUMN shared_id {{text}};
UPDATE buckets SET shared_id = {{shared_id}} WHERE is_shared;
UPDATE buckets SET shared_id = s.shared_id FROM (
  SELECT customer_id, id, shared_id || '.' || (row_number() OVER (PARTITION BY customer_id, report_id, summary_id, shared_id ORDER BY id) - 1) AS shared_id
  FROM buckets WHERE shared_id IS NOT NULL) s
  WHERE s.customer_id = buckets.customer_id AND s.id = buckets.id AND s.shared_id NOT LIKE '%.0';
CREATE INDEX buckets_shared ON buckets (customer_id, shared_id) WHERE shared_id IS NOT NULL;
