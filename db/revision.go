package db

import (
	"context"
	"database/sql/driver"
	"fmt"
	"net/http"
	"strconv"
)

// RevisionHeader is the HTTP header with a revision of the records: in a request the least one that the answer may be
// of, in an answer the one that it is of.
const RevisionHeader = "Usagegraph-Revision"

// LeastRevision returns the revision in the header of a request, or nil without the header. It returns a BadInput error
// for an invalid one.
func LeastRevision(header http.Header) (*int64, error) {
	values := header.Values(RevisionHeader)
	if len(values) == 0 {
		return nil, nil
	}
	revision, err := strconv.ParseUint(values[0], 10, 63)
	if err != nil || len(values) > 1 {
		return nil, Errorf(BadInput, "%s: want one revision, such as 42", RevisionHeader)
	}
	least := int64(revision)
	return &least, nil
}

// Revision returns the revision of the records. It increases when records or links of customers change. Concurrent calls
// share a statement, which begins after each of these calls: the result includes all that was committed before the call.
// While the primary does not answer, and there are replicas, it returns the last that the primary was seen to have.
func (s *Store) Revision(ctx context.Context) (int64, error) {
	if s.replicas != nil && s.pools.IsOutage() {
		return s.replicas.history.latest(), nil
	}
	return s.revisions.get(ctx, func(ctx context.Context) (revision int64, err error) {
		err = s.failure(ctx, s.pools.Query(ctx, "SELECT number FROM revision", nil, func(rows driver.Rows) error {
			return eachRow(ctx, rows, func(row []driver.Value) error { return setInt64(&revision, row[0]) })
		}))
		if err != nil {
			return 0, fmt.Errorf("read the revision: %w", err)
		}
		return revision, nil
	})
}

// Since returns a reader whose snapshots read this revision or a later one; nil stands for any. Beginning a snapshot
// fails with a BadInput error if the revision does not exist, and with an Unavailable error if no server that answers has
// it.
func (r *Reader) Since(revision *int64) *Reader {
	reader := *r
	reader.least = revision
	return &reader
}

// FromPrimary returns a reader whose snapshots are not read from replicas.
func (r *Reader) FromPrimary() *Reader {
	reader := *r
	reader.fromPrimary = true
	return &reader
}

// Revision returns the revision of the records that the snapshot reads. It is 0 outside a snapshot and before the first
// statement.
func (r *Reader) Revision() int64 {
	if r.snapshot == nil {
		return 0
	}
	return r.snapshot.revision
}

// SetRevision sets RevisionHeader in the header of an answer, unless the revision that it is of is unknown: without a
// snapshot, and before its first statement.
func (r *Reader) SetRevision(header http.Header) {
	if r.Mark() != "" {
		header.Set(RevisionHeader, strconv.FormatInt(r.Revision(), 10))
	}
}

// Mark returns a random text that changes with the revision and also differs between copies of a database. It is empty
// where Revision is 0.
func (r *Reader) Mark() string {
	if r.snapshot == nil {
		return ""
	}
	return r.snapshot.mark
}
