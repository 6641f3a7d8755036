-- The relations between the tables as smart tags, which PostGraphile reads in place of foreign keys. The table
-- subscriptions gets another name, because Subscription is the name of GraphQL's root type.
COMMENT ON TABLE subscriptions IS E'@name service_subscriptions\n@foreignKey (customer_id) references customers (customer_id)|@foreignFieldName subscriptions';
COMMENT ON TABLE usage_records IS E'@foreignKey (customer_id) references customers (customer_id)|@foreignFieldName usageRecords\n@foreignKey (customer_id, subscription_id) references subscriptions (customer_id, id)|@foreignFieldName usageRecords';
COMMENT ON TABLE rated_usages IS E'@foreignKey (customer_id, usage_id) references usage_records (customer_id, id)|@foreignFieldName ratedUsages';
COMMENT ON TABLE buckets IS E'@foreignKey (customer_id, subscription_id) references subscriptions (customer_id, id)|@foreignFieldName buckets';
COMMENT ON TABLE bucket_balances IS E'@foreignKey (customer_id, bucket_id) references buckets (customer_id, id)|@foreignFieldName balances';
-- Without a tag, only columns with an index can be ordered and grouped by.
COMMENT ON COLUMN usage_records.usage_type IS E'@behavior +orderBy +groupBy';
