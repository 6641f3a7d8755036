package ingest

import (
	"errors"
	"fmt"
	"regexp"

	"usagegraph/db"
)

// Reject is a record that could not be read, with the reason.
type Reject struct {
	File string
	Position
	Reason error
	// text is the text of the record, or a beginning of it with more than db.MaxRejectText bytes.
	text []byte
}

// row returns the reject as a row of an import, with its position among its rejects.
func (r Reject) row(importID int64, position int32) *db.ImportReject {
	row := &db.ImportReject{ImportID: importID, Position: position, Record: r.Number, Byte: r.Offset, Reason: r.Reason.Error()}
	var field *FieldError
	if errors.As(r.Reason, &field) {
		row.FieldName, row.Reason = field.Field, field.Reason
	}
	row.SetText(r.text)
	return row
}

func (r Reject) String() string { return fmt.Sprintf("%s, %s: %v", r.File, r.Position, r.Reason) }

// Kind returns the reason without list positions, so that rejects of one kind compare equal.
func (r Reject) Kind() string { return position.ReplaceAllString(r.Reason.Error(), "[]") }

var position = regexp.MustCompile(`\[[0-9]+\]`)

// Report counts the records of a document by result.
type Report struct {
	// ID identifies the import; it is 0 if nothing was stored.
	ID   int64
	File string
	// Read = New + Changed + Unchanged + Older + Rejected. Older counts records that change nothing because a later
	// version, by the times in the documents, was already stored.
	Read, New, Changed, Unchanged, Older, Rejected int64
	// Held, Window, Assigned and Unattributed count the documents that name no customer, by the reason for their owner.
	Held, Window, Assigned, Unattributed int64
	// Shared counts the numbers and cards held by subscriptions of several customers.
	Shared int64
	// Truncated counts the records with a time finer than a microsecond. Ambiguous counts those with a local time that
	// occurs twice, or never, because of a clock change.
	Truncated, Ambiguous int64
	// UnknownQuantity counts the records with characteristics that do not have the quantity of their type.
	UnknownQuantity int64
	// Bytes is the number of bytes read of the document, which may be compressed.
	Bytes int64
	// Revision is that of the records after the last batch; 0 if there was none.
	Revision int64
	// Stopped reports whether the import stopped before the end of the document. Importing it again continues.
	Stopped bool
}

// Add adds the counts of another document.
func (r *Report) Add(o Report) {
	r.Read, r.New, r.Changed, r.Unchanged = r.Read+o.Read, r.New+o.New, r.Changed+o.Changed, r.Unchanged+o.Unchanged
	r.Older, r.Rejected = r.Older+o.Older, r.Rejected+o.Rejected
	r.Held, r.Window, r.Assigned = r.Held+o.Held, r.Window+o.Window, r.Assigned+o.Assigned
	r.Unattributed, r.Shared = r.Unattributed+o.Unattributed, r.Shared+o.Shared
	r.Truncated, r.Ambiguous = r.Truncated+o.Truncated, r.Ambiguous+o.Ambiguous
	r.UnknownQuantity += o.UnknownQuantity
	r.Bytes, r.Stopped = r.Bytes+o.Bytes, r.Stopped || o.Stopped
}

// copyTo copies the counts to the row of the import.
func (r *Report) copyTo(row *db.Import) {
	row.Read, row.New, row.Changed, row.Unchanged = r.Read, r.New, r.Changed, r.Unchanged
	row.Older, row.Rejected, row.Revision = r.Older, r.Rejected, r.Revision
}

// count counts a document that names no customer, by its owner.
func (r *Report) count(o db.Owner) {
	switch {
	case o.Unattributed != nil:
		r.Unattributed++
	case o.Attribution != nil && *o.Attribution == db.Held:
		r.Held++
	case o.Attribution != nil && *o.Attribution == db.Assigned:
		r.Assigned++
	case o.Attribution != nil:
		r.Window++
	}
}

func (r Report) String() string {
	text := fmt.Sprintf("%d read: %d new, %d changed, %d unchanged", r.Read, r.New, r.Changed, r.Unchanged)
	if r.Older > 0 {
		text += fmt.Sprintf(", %d older, kept", r.Older)
	}
	text += fmt.Sprintf(", %d rejected", r.Rejected)
	if r.Held+r.Window+r.Assigned+r.Unattributed > 0 {
		text += fmt.Sprintf("; owners: %d held, %d by window", r.Held, r.Window)
		if r.Assigned > 0 {
			text += fmt.Sprintf(", %d assigned", r.Assigned)
		}
		text += fmt.Sprintf(", %d unattributed", r.Unattributed)
	}
	if r.Shared > 0 {
		text += fmt.Sprintf("; numbers of several customers: %d", r.Shared)
	}
	if r.Truncated > 0 {
		text += fmt.Sprintf("; times cut to the microsecond: %d", r.Truncated)
	}
	if r.Ambiguous > 0 {
		text += fmt.Sprintf("; local times that occur twice or never: %d", r.Ambiguous)
	}
	if r.UnknownQuantity > 0 {
		text += fmt.Sprintf("; without a known quantity: %d", r.UnknownQuantity)
	}
	return text
}
