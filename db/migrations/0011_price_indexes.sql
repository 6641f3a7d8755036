-- Filters on prices, and the order of records by price.
CREATE INDEX rated_usages_billed ON rated_usages (is_billed, customer_id, usage_id) WHERE is_billed IS NOT NULL;
CREATE INDEX rated_usages_price ON rated_usages (tax_excluded_amount, usage_id);
