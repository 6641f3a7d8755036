package ingest

import (
	"bytes"

	"usagegraph/db"
)

// batch holds decoded records. It is prepared while the batch before it is written.
type batch struct {
	records []*Record
	// origins holds the position and the text of each record, for clients whose scope may reject it.
	origins  []Reject
	prepared *db.PreparedRecords
	rejects  []Reject
	read     int64
	// truncated and ambiguous count the records with such times, unknownQuantity those without a known quantity.
	truncated, ambiguous, unknownQuantity int64
	// text is the length of the records in bytes, bytes the number of bytes of the document read so far.
	text  int
	bytes int64
	err   error
}

// add adds a decoded record.
func (b *batch) add(r *Record) {
	b.records = append(b.records, r)
	if r.UnknownQuantity {
		b.unknownQuantity++
	}
	if r.TruncatedTime {
		b.truncated++
	}
	if r.AmbiguousTime {
		b.ambiguous++
	}
}

// beginning returns a copy of the text of a record, or of a beginning with more than db.MaxRejectText bytes.
func beginning(item rawRecord) []byte {
	text := item.text
	if text == nil {
		text = item.value
	}
	return bytes.Clone(text[:min(len(text), db.MaxRejectText+1)])
}
