-- Indexes that were dropped to fill empty tables faster, as the statements that make them again: there are none but
-- while that happens, or after it was killed.
CREATE TABLE dropped_indexes (
  sql {{text}} NOT NULL
);
