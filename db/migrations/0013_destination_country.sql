-- The country of a usage record's destination, an ISO 3166 code (db/phone_number_country.go).
ALTER TABLE usage_records ADD COLUMN destination_country {{text}};

-- One row: READY, or PENDING while records of an older version have no destination country.
CREATE TABLE country_state (
  state    {{text}} NOT NULL,
  source   {{text}} NOT NULL, -- of the last record with a country
  position BIGINT NOT NULL    -- the id of that record
);
INSERT INTO country_state SELECT CASE WHEN EXISTS (SELECT 1 FROM usage_records WHERE destination IS NOT NULL) THEN 'PENDING' ELSE 'READY' END, '', 0;
