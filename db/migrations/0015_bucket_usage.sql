-- What is used of a bucket, in percent, and beyond it.
ALTER TABLE buckets ADD COLUMN used_percent {{decimal}};
ALTER TABLE buckets ADD COLUMN overage {{decimal}}; -- in unit
UPDATE buckets SET used_percent = {{used_percent}}, overage = {{overage}} WHERE NOT unlimited AND total IS NOT NULL AND used IS NOT NULL;
