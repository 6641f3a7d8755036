-- The settings with which documents are read: time zones, currencies, regions and others.
CREATE TABLE settings (
  name     {{text}} NOT NULL,
  scope    {{text}} NOT NULL, -- the market of dxp, or '' for the whole data set
  value    {{text}} NOT NULL,
  since    {{time}} NOT NULL,
  pending  {{text}},          -- the new value while stored records are recomputed; null otherwise
  position BIGINT NOT NULL,   -- the id of the last recomputed record
  PRIMARY KEY (name, scope)
);

-- The text of the report's time in its document, if it differs from the local time of the instant.
ALTER TABLE consumption_reports ADD COLUMN effective_text {{text}};

ALTER TABLE api_clients ADD COLUMN staff BOOLEAN NOT NULL DEFAULT FALSE;
