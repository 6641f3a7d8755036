-- The keys that sign browser tokens. A backup does not contain them.
CREATE TABLE token_keys (
  id         {{text}} NOT NULL PRIMARY KEY,
  secret     {{text}} NOT NULL, -- 256 random bits, in base64
  created_at {{time}} NOT NULL,
  retired_at {{time}}           -- it signs no token from then on; null for the current key
);

-- The secret that a client had before its last rotation, until it ends.
ALTER TABLE api_clients ADD COLUMN previous_secret_hash {{text}};
ALTER TABLE api_clients ADD COLUMN previous_secret_until {{time}};
CREATE UNIQUE INDEX api_clients_previous_secret ON api_clients (previous_secret_hash);
