package ingest

import "github.com/go-json-experiment/json/jsontext"

// envelope is the member that holds the records of an enveloped document, as in answers of AutoQuery.
const envelope = "results"

// errEnvelopedRecord is returned for an object that has both a list of records and, after it, the required members of a
// record.
var errEnvelopedRecord = Field(envelope, "a record that has this list must have its required members before it, not after it")

// required lists the members that every record of a system has, each in all of its spellings.
type required [][]string

// in reports whether an object with these members can be a record.
func (r required) in(members map[string]bool) bool {
	for _, spellings := range r {
		found := false
		for _, name := range spellings {
			found = found || members[name]
		}
		if !found {
			return false
		}
	}
	return len(r) > 0
}

// isRecord reports whether an object, or the beginning of one, has the required members of a record.
type isRecord func(object jsontext.Value) bool

// isRecord reports whether an object is a record of any system.
func (im *Importer) isRecord(object jsontext.Value) bool {
	members := memberNames(object)
	for _, s := range im.Sources {
		if required(s.Required).in(members) {
			return true
		}
	}
	return false
}
