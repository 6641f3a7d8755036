package lawtest_test

import "usagegraph/db"

// recordKey identifies a record.
type recordKey struct {
	source db.Source
	id     string
}

func (d *document) record() recordKey { return recordKey{d.Source, d.recordID()} }

// older reports whether a document is older than another with the same id, by the dates in the two.
func (d *document) older(than *document) bool {
	return d.Version != "" && than.Version != "" && d.Version < than.Version
}

// latestVersions returns the document of each record that remains after documents are imported in order: the last,
// unless its date is older.
func latestVersions(documents []*document) []*document {
	var order []recordKey
	versions := map[recordKey]*document{}
	for _, d := range documents {
		stored, found := versions[d.record()]
		if !found {
			order = append(order, d.record())
		}
		if !found || !d.older(stored) {
			versions[d.record()] = d
		}
	}
	list := make([]*document, len(order))
	for i, key := range order {
		list[i] = versions[key]
	}
	return list
}
