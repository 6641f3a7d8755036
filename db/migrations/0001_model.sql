-- The model. Every table that belongs to a customer has customer_id first in its primary key and in every unique key
-- and join, so that it can be distributed by customer. The exception is the unique key by source id, where customer_id is
-- last: a record is found by its id in its system before its customer is known.
-- There are no foreign keys: a record and its parts are written in one transaction.

-- One row. A transaction that writes records adds 1 first: writers are serialized, and a response has a version.
CREATE TABLE revision (
  number BIGINT NOT NULL
);
INSERT INTO revision VALUES (0);

CREATE TABLE customers (
  customer_id BIGINT NOT NULL PRIMARY KEY,
  source      {{text}} NOT NULL,
  source_id   {{text}} NOT NULL,
  name        {{text}}
);

CREATE TABLE customer_identifiers (
  source      {{text}} NOT NULL,
  value       {{text}} NOT NULL,
  customer_id BIGINT NOT NULL,
  PRIMARY KEY (source, value)
);
CREATE INDEX customer_identifiers_customer ON customer_identifiers (customer_id);

CREATE TABLE subscriptions (
  customer_id     BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  source          {{text}} NOT NULL,
  source_id       {{text}} NOT NULL,
  phone_number    {{text}},
  sim_card_number {{text}},
  provider_group  {{text}},
  is_group_sim    BOOLEAN,
  business_id     {{text}},
  PRIMARY KEY (customer_id, id)
);
CREATE INDEX subscriptions_id ON subscriptions (id);

CREATE TABLE subscription_identifiers (
  kind            {{text}} NOT NULL,
  source          {{text}} NOT NULL, -- '' for kind MSISDN: a phone number belongs to no system
  value           {{text}} NOT NULL,
  customer_id     BIGINT NOT NULL,
  subscription_id BIGINT NOT NULL,
  PRIMARY KEY (kind, source, value, customer_id)
);
CREATE INDEX subscription_identifiers_subscription ON subscription_identifiers (customer_id, subscription_id);

CREATE TABLE usage_records (
  customer_id                BIGINT NOT NULL,
  id                         BIGINT NOT NULL,
  subscription_id            BIGINT,
  source                     {{text}} NOT NULL,
  source_id                  {{text}} NOT NULL,
  source_customer_id         {{text}}, -- the customer's id in the source; links do not change it
  event_time                 {{time}} NOT NULL,
  utc_offset_minutes         INTEGER NOT NULL,
  usage_type                 {{text}} NOT NULL,
  usage_type_name            {{text}},
  status                     {{text}},
  description                {{text}},
  direction                  {{text}},
  service_id                 {{text}},
  destination                {{text}},
  product_reference          {{text}},
  one_off_quantity           {{decimal}}, -- items
  data_quantity              {{decimal}}, -- megabytes
  duration_quantity          {{decimal}}, -- seconds
  call_class                 {{text}},
  charge_group_id            BIGINT,
  time_band                  {{text}},
  site_id                    BIGINT,
  bill_run_id                BIGINT,
  usage_product_id           BIGINT,
  isdn                       BOOLEAN,
  additional_info_general    {{text}},
  additional_info_electronic {{text}},
  supplier_account_id        BIGINT,
  file_name                  {{text}},
  loaded_date                {{text}},    -- 2006-01-02
  parser_name                {{text}},
  file_type                  {{text}},
  specification              {{json}},
  characteristics            {{json}},
  related_parties            {{json}},
  extension                  {{json}},
  digest                     {{text}} NOT NULL,
  PRIMARY KEY (customer_id, id)
);
CREATE UNIQUE INDEX usage_records_source ON usage_records (source, source_id, customer_id);
CREATE INDEX usage_records_customer ON usage_records (customer_id, event_time, id);
CREATE INDEX usage_records_subscription ON usage_records (customer_id, subscription_id, event_time, id);
CREATE INDEX usage_records_time ON usage_records (event_time, id);
CREATE INDEX usage_records_source_time ON usage_records (source, event_time, id);
CREATE INDEX usage_records_created ON usage_records (source, id, customer_id);

CREATE TABLE rated_usages (
  customer_id            BIGINT NOT NULL,
  usage_id               BIGINT NOT NULL,
  position               INTEGER NOT NULL,
  rated_at               {{time}},
  utc_offset_minutes     INTEGER,
  tag                    {{text}},
  is_billed              BOOLEAN,
  is_tax_exempt          BOOLEAN,
  rating_amount_type     {{text}},
  tax_excluded_amount    {{decimal}}, -- money, in currency, as are all amounts of this table but the percentages
  tax_included_amount    {{decimal}},
  currency               {{text}},
  tax_rate               {{decimal}}, -- percent
  offer_tariff_type      {{text}},
  bucket_value_converted {{json}},
  product                {{json}},
  pre_discounted_amount  {{decimal}},
  cost_amount            {{decimal}},
  rated_cost_amount      {{decimal}},
  profit_amount          {{decimal}},
  profit_percentage      {{decimal}},
  margin_percentage      {{decimal}},
  extension              {{json}},
  PRIMARY KEY (customer_id, usage_id, position)
);

CREATE TABLE usage_summaries (
  customer_id          BIGINT NOT NULL,
  id                   BIGINT NOT NULL,
  subscription_id      BIGINT,
  source               {{text}} NOT NULL,
  source_id            {{text}} NOT NULL,
  source_customer_id     {{text}},        -- the ids of customer and subscription in the source; links do not change them
  source_subscription_id {{text}},
  year_month           {{text}} NOT NULL, -- 2006-01
  phone_number         {{text}},
  provider_group       {{text}},
  is_group_sim         BOOLEAN,
  premium_amount       {{decimal}},       -- money, in currency
  total_amount         {{decimal}},
  international_amount {{decimal}},
  currency             {{text}},
  extension            {{json}},
  digest               {{text}} NOT NULL,
  PRIMARY KEY (customer_id, id)
);
CREATE UNIQUE INDEX usage_summaries_source ON usage_summaries (source, source_id, customer_id);
CREATE INDEX usage_summaries_customer ON usage_summaries (customer_id, year_month, id);
CREATE INDEX usage_summaries_subscription ON usage_summaries (customer_id, subscription_id, year_month, id);
CREATE INDEX usage_summaries_month ON usage_summaries (year_month, id);
CREATE INDEX usage_summaries_created ON usage_summaries (source, id, customer_id);
-- Look-ups ignore separators between the digits of a number.
CREATE INDEX usage_summaries_phone ON usage_summaries (REPLACE(REPLACE(phone_number, '-', ''), ' ', ''));

CREATE TABLE usage_summary_lines (
  customer_id   BIGINT NOT NULL,
  summary_id    BIGINT NOT NULL,
  position      INTEGER NOT NULL,
  type          {{text}},
  code          {{text}},
  description   {{text}},
  sort_order    INTEGER,
  quantity      {{decimal}},
  volume        {{decimal}}, -- in volume_unit
  volume_unit   {{text}},
  volume_text   {{text}},
  amount        {{decimal}}, -- money, in currency
  currency      {{text}},
  ref_id        BIGINT,
  rate_class_id {{text}},
  extension     {{json}},
  PRIMARY KEY (customer_id, summary_id, position)
);

CREATE TABLE consumption_reports (
  customer_id        BIGINT NOT NULL,
  id                 BIGINT NOT NULL,
  subscription_id    BIGINT,
  source             {{text}} NOT NULL,
  source_id          {{text}} NOT NULL,
  effective_at       {{time}} NOT NULL,
  description        {{text}},
  characteristics    {{json}},
  cycle_id           {{text}},
  cycle_interval_id  {{text}},
  cycle_start        {{time}},
  cycle_end          {{time}},
  cycle_days         INTEGER,
  cycle_offset_days  INTEGER,
  extension          {{json}},
  digest             {{text}} NOT NULL,
  PRIMARY KEY (customer_id, id)
);
CREATE UNIQUE INDEX consumption_reports_source ON consumption_reports (source, source_id, customer_id);
CREATE INDEX consumption_reports_customer ON consumption_reports (customer_id, effective_at, id);
CREATE INDEX consumption_reports_subscription ON consumption_reports (customer_id, subscription_id, effective_at, id);
CREATE INDEX consumption_reports_time ON consumption_reports (effective_at, id);

CREATE TABLE buckets (
  customer_id     BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  subscription_id BIGINT,
  report_id       BIGINT, -- of its consumption report (dxp), or
  summary_id      BIGINT, -- of its usage summary (stn)
  source          {{text}} NOT NULL,
  source_id       {{text}} NOT NULL,
  effective_at    {{time}} NOT NULL,
  name            {{text}},
  usage_type      {{text}} NOT NULL,
  usage_type_name {{text}},
  unit            {{text}},
  currency        {{text}},
  unlimited       BOOLEAN NOT NULL,
  total           {{decimal}}, -- in unit, as are the next four
  used            {{decimal}},
  remaining       {{decimal}},
  available       {{decimal}},
  reserved        {{decimal}},
  charged_amount  {{decimal}}, -- money, in currency
  is_shared       BOOLEAN,
  is_prepaid      BOOLEAN,
  valid_from      {{time}},
  valid_to        {{time}},
  characteristics {{json}},
  products        {{json}},
  extension       {{json}},
  PRIMARY KEY (customer_id, id)
);
CREATE INDEX buckets_customer ON buckets (customer_id, effective_at DESC, id);
CREATE INDEX buckets_subscription ON buckets (customer_id, subscription_id, effective_at DESC, id);
CREATE INDEX buckets_report ON buckets (customer_id, report_id, id);
CREATE INDEX buckets_summary ON buckets (customer_id, summary_id, id);
CREATE INDEX buckets_time ON buckets (effective_at DESC, id);

CREATE TABLE bucket_balances (
  customer_id     BIGINT NOT NULL,
  bucket_id       BIGINT NOT NULL,
  position        INTEGER NOT NULL,
  remaining       {{decimal}}, -- in unit; null where unlimited has no number
  unit            {{text}},
  unit_name       {{text}},
  unlimited       BOOLEAN NOT NULL,
  remaining_text  {{text}},
  valid_from      {{time}},
  valid_to        {{time}},
  is_current      BOOLEAN,
  characteristics {{json}},
  extension       {{json}},
  PRIMARY KEY (customer_id, bucket_id, position)
);

CREATE TABLE bucket_counters (
  customer_id BIGINT NOT NULL,
  bucket_id   BIGINT NOT NULL,
  position    INTEGER NOT NULL,
  type        {{text}},
  level       {{text}},
  threshold   {{decimal}}, -- in unit; null where unlimited has no number
  unit        {{text}},
  unit_name   {{text}},
  unlimited   BOOLEAN NOT NULL,
  name        {{text}},
  extension   {{json}},
  PRIMARY KEY (customer_id, bucket_id, position)
);

CREATE TABLE imports (
  id          BIGINT NOT NULL PRIMARY KEY,
  source      {{text}} NOT NULL,
  file        {{text}} NOT NULL,
  digest      {{text}}, -- SHA-256 of the document; null until all of it was read
  state       {{text}} NOT NULL, -- RUNNING, DONE, STOPPED or FAILED
  started_at  {{time}} NOT NULL,
  ended_at    {{time}},
  read        BIGINT NOT NULL,
  new         BIGINT NOT NULL,
  changed     BIGINT NOT NULL,
  unchanged   BIGINT NOT NULL,
  rejected    BIGINT NOT NULL
);
