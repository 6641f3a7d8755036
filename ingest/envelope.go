package ingest

import "github.com/go-json-experiment/json/jsontext"

// envelope is the member that holds the records of an enveloped document, as AutoQuery answers have it.
const envelope = "results"

// errEnvelopedRecord is returned for an object that has both records and the members of a record, where that shows only after
// its records were read.
var errEnvelopedRecord = Field(envelope, "an object that is a record itself must have its required members before this list: they came after it")

// required are the members of a system's records without which none can be read, each in all of its spellings.
type required [][]string

// in reports whether an object of such members may be a record.
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

// isRecord reports whether an object, or the beginning of one, has the required members of a system's records.
type isRecord func(object jsontext.Value) bool

// isRecord is for the records of all systems.
func (im *Importer) isRecord(object jsontext.Value) bool {
	members := memberNames(object)
	for _, s := range im.Sources {
		if required(s.Required).in(members) {
			return true
		}
	}
	return false
}
