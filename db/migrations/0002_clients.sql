-- API clients. A client is never deleted: an expired or revoked one keeps authentication on.
CREATE TABLE api_clients (
  id             {{text}} NOT NULL PRIMARY KEY,
  name           {{text}} NOT NULL,
  secret_hash    {{text}} NOT NULL, -- SHA-256, in hexadecimal
  sees_cost      BOOLEAN NOT NULL,
  sees_everyone  BOOLEAN NOT NULL, -- stored, not derived: a client without customers has an empty scope
  created_at     {{time}} NOT NULL,
  expires_at     {{time}},
  revoked_at     {{time}}
);
CREATE UNIQUE INDEX api_clients_name ON api_clients (name) WHERE revoked_at IS NULL;
CREATE UNIQUE INDEX api_clients_secret ON api_clients (secret_hash);

CREATE TABLE api_client_customers (
  customer_id BIGINT NOT NULL,
  client_id   {{text}} NOT NULL,
  PRIMARY KEY (customer_id, client_id)
);
CREATE INDEX api_client_customers_client ON api_client_customers (client_id);
