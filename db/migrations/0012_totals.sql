-- The stored totals: cells with everyone's usage by hour and by day in UTC, kept by the transactions that write the records
-- (db/stored_totals.go). Cells have no customer, so links and attribution do not change them.
CREATE TABLE usage_hours (
  hour              BIGINT NOT NULL,   -- since 1970-01-01T00:00Z
  source            {{text}} NOT NULL,
  usage_type        {{text}} NOT NULL,
  direction         {{text}} NOT NULL, -- '' for records without one
  status            {{text}} NOT NULL, -- '' for records without one
  records           BIGINT NOT NULL,
  data_count        BIGINT NOT NULL,   -- the number of records that have the quantity
  data_quantity     {{decimal}},       -- the sum, null without any
  duration_count    BIGINT NOT NULL,
  duration_quantity {{decimal}},
  one_off_count     BIGINT NOT NULL,
  one_off_quantity  {{decimal}},
  PRIMARY KEY (hour, source, usage_type, direction, status)
){{clustered}};
CREATE TABLE usage_days (
  day               BIGINT NOT NULL,   -- since 1970-01-01
  source            {{text}} NOT NULL,
  usage_type        {{text}} NOT NULL,
  direction         {{text}} NOT NULL,
  status            {{text}} NOT NULL,
  records           BIGINT NOT NULL,
  data_count        BIGINT NOT NULL,
  data_quantity     {{decimal}},
  duration_count    BIGINT NOT NULL,
  duration_quantity {{decimal}},
  one_off_count     BIGINT NOT NULL,
  one_off_quantity  {{decimal}},
  PRIMARY KEY (day, source, usage_type, direction, status)
){{clustered}};

-- The rated usages of the records, by the time of the record.
CREATE TABLE charge_hours (
  hour                  BIGINT NOT NULL,
  source                {{text}} NOT NULL,
  usage_type            {{text}} NOT NULL,
  direction             {{text}} NOT NULL,
  status                {{text}} NOT NULL,
  currency              {{text}} NOT NULL, -- '' for prices without one
  is_billed             INTEGER NOT NULL,  -- 1, 0, or -1 for null
  rated_usages          BIGINT NOT NULL,
  tax_excluded_count    BIGINT NOT NULL,   -- the number of rated usages that have the amount
  tax_excluded_amount   {{decimal}},       -- the sum, null without any
  tax_included_count    BIGINT NOT NULL,
  tax_included_amount   {{decimal}},
  pre_discounted_count  BIGINT NOT NULL,
  pre_discounted_amount {{decimal}},
  cost_count            BIGINT NOT NULL,
  cost_amount           {{decimal}},
  rated_cost_count      BIGINT NOT NULL,
  rated_cost_amount     {{decimal}},
  profit_count          BIGINT NOT NULL,
  profit_amount         {{decimal}},
  PRIMARY KEY (hour, source, usage_type, direction, status, currency, is_billed)
){{clustered}};
CREATE TABLE charge_days (
  day                   BIGINT NOT NULL,
  source                {{text}} NOT NULL,
  usage_type            {{text}} NOT NULL,
  direction             {{text}} NOT NULL,
  status                {{text}} NOT NULL,
  currency              {{text}} NOT NULL,
  is_billed             INTEGER NOT NULL,
  rated_usages          BIGINT NOT NULL,
  tax_excluded_count    BIGINT NOT NULL,
  tax_excluded_amount   {{decimal}},
  tax_included_count    BIGINT NOT NULL,
  tax_included_amount   {{decimal}},
  pre_discounted_count  BIGINT NOT NULL,
  pre_discounted_amount {{decimal}},
  cost_count            BIGINT NOT NULL,
  cost_amount           {{decimal}},
  rated_cost_count      BIGINT NOT NULL,
  rated_cost_amount     {{decimal}},
  profit_count          BIGINT NOT NULL,
  profit_amount         {{decimal}},
  PRIMARY KEY (day, source, usage_type, direction, status, currency, is_billed)
){{clustered}};

-- One row: READY, or BUILDING while there are cells only before the hour position.
CREATE TABLE totals_state (
  state    {{text}} NOT NULL,
  position BIGINT NOT NULL
);
INSERT INTO totals_state SELECT CASE WHEN EXISTS (SELECT 1 FROM usage_records) THEN 'BUILDING' ELSE 'READY' END, -17259888; -- the year 1
