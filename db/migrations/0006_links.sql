-- Links between customers. Each link has a row, so that it can be undone: customers are joined while links connect them,
-- directly or through other customers. Identifier a is the lesser of the two by system and value.
CREATE TABLE customer_links (
  a_source  {{text}} NOT NULL,
  a_value   {{text}} NOT NULL,
  b_source  {{text}} NOT NULL,
  b_value   {{text}} NOT NULL,
  linked_at {{time}}, -- null for a link from an older version
  linked_by {{text}},
  separable BOOLEAN NOT NULL, -- false if an older version did not store which of the two customers a client was created with
  PRIMARY KEY (a_source, a_value, b_source, b_value)
);
CREATE INDEX customer_links_b ON customer_links (b_source, b_value);

INSERT INTO customer_links
  SELECT (SELECT x.source FROM customer_identifiers x WHERE x.customer_id = i.customer_id ORDER BY x.source, x.value LIMIT 1),
    (SELECT x.value FROM customer_identifiers x WHERE x.customer_id = i.customer_id ORDER BY x.source, x.value LIMIT 1),
    i.source, i.value, NULL, NULL, NOT EXISTS (SELECT 1 FROM api_client_customers s WHERE s.customer_id = i.customer_id)
  FROM customer_identifiers i
  WHERE EXISTS (SELECT 1 FROM customer_identifiers x WHERE x.customer_id = i.customer_id AND (x.source < i.source OR x.source = i.source AND x.value < i.value));

-- The scope of a client: the identifiers that it was created with.
CREATE TABLE api_client_identifiers (
  client_id {{text}} NOT NULL,
  source    {{text}} NOT NULL,
  value     {{text}} NOT NULL,
  PRIMARY KEY (client_id, source, value)
);
CREATE INDEX api_client_identifiers_value ON api_client_identifiers (source, value);
INSERT INTO api_client_identifiers
  SELECT s.client_id, i.source, i.value FROM api_client_customers s JOIN customer_identifiers i ON i.customer_id = s.customer_id;
DROP TABLE api_client_customers;
