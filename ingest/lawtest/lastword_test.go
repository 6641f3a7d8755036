package lawtest_test

import "usagegraph/db"

// recordKey names a record.
type recordKey struct {
	source db.Source
	id     string
}

func (d *document) record() recordKey { return recordKey{d.Source, d.recordID()} }

// older reports whether a document says that it is older than another of the same id.
func (d *document) older(than *document) bool {
	return d.Version != "" && than.Version != "" && d.Version < than.Version
}

// lastWords returns the document of each record that counts, of documents in the order in which they are imported: the
// last, unless it says that it is older.
func lastWords(documents []*document) []*document {
	var order []recordKey
	words := map[recordKey]*document{}
	for _, d := range documents {
		stored, found := words[d.record()]
		if !found {
			order = append(order, d.record())
		}
		if !found || !d.older(stored) {
			words[d.record()] = d
		}
	}
	list := make([]*document, len(order))
	for i, key := range order {
		list[i] = words[key]
	}
	return list
}
