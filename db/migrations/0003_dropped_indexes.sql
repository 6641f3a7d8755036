-- The statements that create the indexes again which a bulk load has dropped. The table has rows only during a bulk load, or
-- after one was killed.
CREATE TABLE dropped_indexes (
  sql {{text}} NOT NULL
);
