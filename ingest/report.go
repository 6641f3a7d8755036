package ingest

import (
	"fmt"
	"regexp"

	"usagegraph/db"
)

// Reject is a record that could not be read, and why.
type Reject struct {
	File string
	Position
	Reason error
}

func (r Reject) String() string { return fmt.Sprintf("%s, %s: %v", r.File, r.Position, r.Reason) }

// Kind returns the reason without what tells rejects of one kind apart: the positions in lists.
func (r Reject) Kind() string { return position.ReplaceAllString(r.Reason.Error(), "[]") }

var position = regexp.MustCompile(`\[[0-9]+\]`)

// Report is what became of a document's records.
type Report struct {
	File string
	// Read = New + Changed + Unchanged + Older + Rejected. Older are records of which a later word was stored already,
	// by what the documents say themselves: they change nothing.
	Read, New, Changed, Unchanged, Older, Rejected int64
	// Held, Window, Assigned and Unattributed count the documents that name no customer, by how their owner was found.
	Held, Window, Assigned, Unattributed int64
	// Shared is how many of the numbers and cards are held by lines of several customers.
	Shared int64
	// Truncated counts the records with a time that is finer than a microsecond, Ambiguous those with a local time that occurs
	// twice, or never, where clocks are changed.
	Truncated, Ambiguous int64
	// Bytes is how much of the document was read, packed as it is.
	Bytes int64
	// Stopped tells that the document was not read to its end: importing it again goes on.
	Stopped bool
}

// Add adds another document's counts.
func (r *Report) Add(o Report) {
	r.Read, r.New, r.Changed, r.Unchanged = r.Read+o.Read, r.New+o.New, r.Changed+o.Changed, r.Unchanged+o.Unchanged
	r.Older, r.Rejected = r.Older+o.Older, r.Rejected+o.Rejected
	r.Held, r.Window, r.Assigned = r.Held+o.Held, r.Window+o.Window, r.Assigned+o.Assigned
	r.Unattributed, r.Shared = r.Unattributed+o.Unattributed, r.Shared+o.Shared
	r.Truncated, r.Ambiguous = r.Truncated+o.Truncated, r.Ambiguous+o.Ambiguous
	r.Bytes, r.Stopped = r.Bytes+o.Bytes, r.Stopped || o.Stopped
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
	return text
}
