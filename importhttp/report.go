package importhttp

import "usagegraph/db"

// report is the report of an import.
type report struct {
	ID        string         `json:"id"`
	Source    string         `json:"source"`
	State     db.ImportState `json:"state"`
	Digest    *string        `json:"digest"`
	StartedAt db.Time        `json:"startedAt"`
	EndedAt   *db.Time       `json:"endedAt"`
	Read      int64          `json:"read"`
	New       int64          `json:"new"`
	Changed   int64          `json:"changed"`
	Unchanged int64          `json:"unchanged"`
	Older     int64          `json:"older"`
	Rejected  int64          `json:"rejected"`
	Revision  int64          `json:"revision"`
	// Rejects are the first of the rejected records, RejectsOmitted the number of the others.
	Rejects        []reject `json:"rejects"`
	RejectsOmitted int64    `json:"rejectsOmitted"`
}

// reject is a rejected record, with its number in the document, from 1, and its offset in bytes.
type reject struct {
	Record int64   `json:"record"`
	Byte   int64   `json:"byte"`
	Field  *string `json:"field"`
	Reason string  `json:"reason"`
}

func newReport(i *db.Import, rejects []*db.ImportReject) *report {
	r := &report{
		ID: i.Name(), Source: i.Source.Lower(), State: i.State, Digest: i.Digest, StartedAt: i.StartedAt, EndedAt: i.EndedAt,
		Read: i.Read, New: i.New, Changed: i.Changed, Unchanged: i.Unchanged, Older: i.Older, Rejected: i.Rejected, Revision: i.Revision,
		Rejects: make([]reject, len(rejects)), RejectsOmitted: i.Rejected - int64(len(rejects)),
	}
	for n, x := range rejects {
		r.Rejects[n] = reject{Record: x.Record, Byte: x.Byte, Field: x.Field(), Reason: x.Reason}
	}
	return r
}
