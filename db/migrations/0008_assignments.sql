-- Decisions of operators: a number, a card or a system's own id belongs to a customer for a time.
CREATE TABLE assignments (
  kind            {{text}} NOT NULL, -- MSISDN, SIM or SOURCE_ID
  source          {{text}} NOT NULL, -- of an own id or a local number; '' for others
  value           {{text}} NOT NULL,
  valid_from      {{time}} NOT NULL, -- the year 1 for an own id without a beginning
  valid_to        {{time}} NOT NULL, -- exclusive; the end of the year 9999 for an own id without an end
  customer_source {{text}} NOT NULL,
  customer_value  {{text}} NOT NULL,
  assigned_at     {{time}} NOT NULL,
  assigned_by     {{text}} NOT NULL,
  PRIMARY KEY (kind, source, value, valid_from)
);
CREATE INDEX assignments_customer ON assignments (customer_source, customer_value);

ALTER TABLE subscription_identifiers ADD COLUMN assigned BOOLEAN NOT NULL DEFAULT FALSE; -- the time of an assignment
ALTER TABLE subscriptions ADD COLUMN customer_source {{text}}; -- the system of source_customer_id if it is not source
