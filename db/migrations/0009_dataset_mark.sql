-- One row: a random text, renewed with each revision. Two databases with different records have different marks, even if one
-- was copied from the other and both had equally many revisions since. A backup does not contain it.
CREATE TABLE revision_mark (
  mark {{text}} NOT NULL
);
INSERT INTO revision_mark SELECT {{random}};
