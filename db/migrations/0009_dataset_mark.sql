-- One row: a random text that is written with each revision. Two databases with different records have different marks,
-- also where one is a copy of an earlier revision of the other and both have had as many revisions since. It is no part of
-- the contents: a backup does not have it.
CREATE TABLE revision_mark (
  mark {{text}} NOT NULL
);
INSERT INTO revision_mark SELECT {{random}};
