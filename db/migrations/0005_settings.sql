-- The settings with which the documents of this data set are read: time zones, currencies, regions and the like.
CREATE TABLE settings (
  name     {{text}} NOT NULL,
  scope    {{text}} NOT NULL, -- the market of dxp, or '' for the whole data set
  value    {{text}} NOT NULL,
  since    {{time}} NOT NULL,
  pending  {{text}},          -- the value that the stored records are being recomputed for; null for none
  position BIGINT NOT NULL,   -- the id of the last record that was recomputed
  PRIMARY KEY (name, scope)
);

-- The report's time as its document writes it, where the local time of the instant is another text.
ALTER TABLE consumption_reports ADD COLUMN effective_text {{text}};

ALTER TABLE api_clients ADD COLUMN staff BOOLEAN NOT NULL DEFAULT FALSE;
