-- Rewrites usage_records, usage_summaries, consumption_reports: attributes each record again to a customer and a subscription
-- Identity with time (docs/identity.md). A record stores the names in its document, so that it can be attributed again when
-- other records are added or removed.

-- One row: READY, or PENDING while the records of an older version wait to be attributed by these rules.
CREATE TABLE identity_state (
  state    {{text}} NOT NULL,
  source   {{text}} NOT NULL, -- the system whose records are being attributed; '' before the first
  position BIGINT NOT NULL    -- the id of the last attributed record
);
INSERT INTO identity_state
  SELECT CASE WHEN EXISTS (SELECT 1 FROM usage_records) OR EXISTS (SELECT 1 FROM usage_summaries)
    OR EXISTS (SELECT 1 FROM consumption_reports) THEN 'PENDING' ELSE 'READY' END, '', 0;

ALTER TABLE usage_records ADD COLUMN source_subscription_id {{text}}; -- the subscription's own id in the source
ALTER TABLE usage_records ADD COLUMN line_name {{text}};              -- the phone number or SIM card of the subscription
ALTER TABLE usage_records ADD COLUMN line_text {{text}};              -- the text of it in the document, unless service_id has it
ALTER TABLE usage_records ADD COLUMN customer_name {{text}};
ALTER TABLE usage_records ADD COLUMN last_update {{time}};            -- of the document, if it has one
ALTER TABLE usage_records ADD COLUMN contested_customers {{text}};    -- the ids of several customers of the same rank
ALTER TABLE usage_records ADD COLUMN attribution {{text}};            -- HELD, WINDOW or ASSIGNED, where the document names no customer
ALTER TABLE usage_records ADD COLUMN unattributed {{text}};           -- the reason why it has no customer
CREATE INDEX usage_records_unowned ON usage_records (line_name, event_time) WHERE source_customer_id IS NULL AND line_name IS NOT NULL;
CREATE INDEX usage_records_names ON usage_records (customer_id, event_time) WHERE customer_name IS NOT NULL;

ALTER TABLE usage_summaries ADD COLUMN sim_card_number {{text}};
ALTER TABLE usage_summaries ADD COLUMN own_id {{text}}; -- source_subscription_id, where it is neither a number nor a card
ALTER TABLE usage_summaries ADD COLUMN number_name {{text}};
ALTER TABLE usage_summaries ADD COLUMN card_name {{text}};
ALTER TABLE usage_summaries ADD COLUMN month_start {{time}}; -- the month in the source's time zone
ALTER TABLE usage_summaries ADD COLUMN month_end {{time}};
CREATE INDEX usage_summaries_sim ON usage_summaries (sim_card_number);

ALTER TABLE consumption_reports ADD COLUMN source_subscription_id {{text}};
ALTER TABLE consumption_reports ADD COLUMN line_name {{text}};
ALTER TABLE consumption_reports ADD COLUMN line_text {{text}};
ALTER TABLE consumption_reports ADD COLUMN business_id {{text}};
ALTER TABLE consumption_reports ADD COLUMN attribution {{text}};
ALTER TABLE consumption_reports ADD COLUMN unattributed {{text}};
CREATE INDEX consumption_reports_line_name ON consumption_reports (line_name, effective_at);
CREATE INDEX consumption_reports_own_id ON consumption_reports (source_subscription_id, effective_at);

-- Facts that an older version stored only with subscriptions: the card of the latest summary, and the market of reports.
UPDATE usage_summaries SET sim_card_number = (SELECT o.sim_card_number FROM subscriptions o WHERE o.customer_id = usage_summaries.customer_id AND o.id = usage_summaries.subscription_id)
  WHERE NOT EXISTS (SELECT 1 FROM usage_summaries x WHERE x.customer_id = usage_summaries.customer_id AND x.subscription_id = usage_summaries.subscription_id
    AND (x.year_month > usage_summaries.year_month OR x.year_month = usage_summaries.year_month AND x.id > usage_summaries.id));
UPDATE consumption_reports SET business_id = (SELECT o.business_id FROM subscriptions o WHERE o.customer_id = consumption_reports.customer_id AND o.id = consumption_reports.subscription_id);
DROP TABLE subscription_identifiers;
DROP TABLE subscriptions;

CREATE TABLE subscriptions (
  customer_id     BIGINT NOT NULL, -- 0 for a subscription of unattributed documents
  id              BIGINT NOT NULL,
  source          {{text}} NOT NULL,
  source_id       {{text}} NOT NULL,
  line_name       {{text}}, -- the phone number or SIM card of a subscription without an own id
  phone_number    {{text}},
  sim_card_number {{text}},
  provider_group  {{text}},
  is_group_sim    BOOLEAN,
  business_id     {{text}},
  PRIMARY KEY (customer_id, id)
);
CREATE INDEX subscriptions_id ON subscriptions (id);
CREATE INDEX subscriptions_phone ON subscriptions (phone_number);
CREATE INDEX subscriptions_source ON subscriptions (source, source_id);
CREATE INDEX subscriptions_sim ON subscriptions (sim_card_number);

-- The names of a subscription. A number or card has a row for each time in which the subscription held or disputed it.
CREATE TABLE subscription_identifiers (
  kind            {{text}} NOT NULL,
  source          {{text}} NOT NULL, -- '' for possible phone numbers and for cards, which systems share
  value           {{text}} NOT NULL,
  customer_id     BIGINT NOT NULL,
  subscription_id BIGINT NOT NULL,
  position        INTEGER NOT NULL, -- in time, among the rows of one number or card
  valid_from      {{time}},         -- start of the first evidence; null for a subscription of unattributed documents
  first_end       {{time}},         -- the earliest end of the evidence
  last_start      {{time}},         -- the latest start of the evidence
  valid_to        {{time}},         -- end of the last evidence; the end of a month is exclusive
  disputed        BOOLEAN NOT NULL, -- records of several subscriptions have the name in this time: it has no holder
  PRIMARY KEY (kind, source, value, customer_id, subscription_id, position)
);
CREATE INDEX subscription_identifiers_subscription ON subscription_identifiers (customer_id, subscription_id);

ALTER TABLE imports ADD COLUMN older BIGINT NOT NULL DEFAULT 0; -- records that are older than the stored ones
