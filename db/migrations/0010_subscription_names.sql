-- A phone line is a subscription in the schema, in Go and in SQL.
ALTER TABLE usage_records RENAME COLUMN line_name TO subscription_name;
ALTER TABLE usage_records RENAME COLUMN line_text TO subscription_text;
ALTER TABLE consumption_reports RENAME COLUMN line_name TO subscription_name;
ALTER TABLE consumption_reports RENAME COLUMN line_text TO subscription_text;
ALTER TABLE subscriptions RENAME COLUMN line_name TO subscription_name;
DROP INDEX consumption_reports_line_name;
CREATE INDEX consumption_reports_subscription_name ON consumption_reports (subscription_name, effective_at);
