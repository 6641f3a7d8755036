package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"usagegraph/db"
)

// run is the import of one document.
type run struct {
	im     *Importer
	source Source
	ids    *identities
	report Report
	// csv is nil if the document is JSON.
	csv  *csvDocument
	ctx  context.Context
	stop <-chan struct{}
}

// batch holds decoded records. It is prepared while the batch before it is written.
type batch struct {
	records  []*Record
	prepared *db.PreparedRecords
	rejects  []Reject
	read     int64
	// truncated and ambiguous count the records with such times.
	truncated, ambiguous int64
	// text is the length of the records in bytes, bytes the number of bytes of the document read so far.
	text  int
	bytes int64
	err   error
}

// importBatches decodes the document in another goroutine and writes its batches in this one.
func (r *run) importBatches(text io.Reader, bytes *int64) error {
	batches := make(chan batch)
	quit := make(chan struct{})
	defer close(quit)
	go func() {
		defer close(batches)
		r.decode(text, bytes, func(b batch) bool {
			select {
			case batches <- b:
				return b.err == nil
			case <-quit:
				return false
			}
		})
	}()
	for b := range batches {
		if err := r.write(b); err != nil {
			return err
		}
		if r.im.Progress != nil {
			r.im.Progress(r.report)
		}
		if b.err != nil {
			return b.err
		}
		select {
		case <-r.stop:
			r.report.Stopped = true
			return nil
		default:
		}
	}
	return nil
}

// decode decodes records into batches until emit returns false.
func (r *run) decode(text io.Reader, bytes *int64, emit func(batch) bool) {
	var b batch
	flush := func(err error) bool {
		b.err, b.bytes, b.prepared = err, *bytes, prepare(r.source.Name, b.records)
		ok := emit(b)
		b = batch{}
		return ok
	}
	for item, err := range r.records(text) {
		if err != nil {
			flush(err)
			return
		}
		record, err := r.record(item)
		var wrong *WrongSystemError
		switch {
		case errors.As(err, &wrong):
			flush(err)
			return
		case err != nil:
			b.rejects = append(b.rejects, Reject{r.report.File, item.Position, err})
		default:
			b.add(record)
		}
		b.read++
		b.text += len(item.value)
		if (b.read == r.im.batchRecords() || b.text >= batchBytes) && !flush(nil) {
			return
		}
	}
	flush(nil)
}

// records returns the undecoded records of the document.
func (r *run) records(text io.Reader) iter.Seq2[rawRecord, error] {
	if r.csv != nil {
		return r.csv.records()
	}
	return split(text, r.im.isRecord)
}

// add adds a decoded record.
func (b *batch) add(r *Record) {
	b.records = append(b.records, r)
	if r.TruncatedTime {
		b.truncated++
	}
	if r.AmbiguousTime {
		b.ambiguous++
	}
}

// record decodes one record. It returns a WrongSystemError if the first record belongs to another system.
func (r *run) record(item rawRecord) (*Record, error) {
	if item.err != nil {
		return nil, item.err
	}
	if item.Number == 1 {
		if found := r.im.sourceOf(item.value, r.source); found != r.source.Name {
			return nil, &WrongSystemError{r.source.Name, found}
		}
	}
	if err := checkDepth(item.value); err != nil {
		return nil, err
	}
	record, err := r.source.Decode(item.value)
	if err != nil {
		if found := r.im.sourceOf(item.value, r.source); found != r.source.Name {
			return nil, Field("", fmt.Sprintf("this is a record of %s, not of %s", found, r.source.Name))
		}
		return nil, err
	}
	return record, record.check()
}

// sourceOf returns the system of a record: the expected one unless only another system's marks are among its members.
func (im *Importer) sourceOf(record []byte, expected Source) db.Source {
	members := memberNames(record)
	for _, mark := range expected.Marks {
		if members[mark] {
			return expected.Name
		}
	}
	for _, s := range im.Sources {
		for _, mark := range s.Marks {
			if members[mark] {
				return s.Name
			}
		}
	}
	return expected.Name
}

// write stores a batch in one transaction and adds its counts to the report.
func (r *run) write(b batch) error {
	var out db.Outcome
	var claims []*claim
	if len(b.records) > 0 {
		err := r.im.Store.Write(r.ctx, func(tx *db.Tx) error {
			if err := r.ids.begin(r.ctx, tx); err != nil {
				return err
			}
			if err := tx.CheckSettings(r.ctx); err != nil {
				return err
			}
			changes, err := tx.Compare(r.ctx, b.prepared)
			if err != nil {
				return err
			}
			out = changes.Outcome
			claims = claimsOf(b.records, changes)
			return r.ids.write(r.ctx, claims, changes)
		})
		if err != nil {
			return fmt.Errorf("after %d records: %w", r.report.Read, err)
		}
	}
	r.report.Read += b.read
	r.report.New, r.report.Changed, r.report.Unchanged = r.report.New+int64(out.New), r.report.Changed+int64(out.Changed), r.report.Unchanged+int64(out.Unchanged)
	r.report.Shared = int64(len(r.ids.shared))
	for _, c := range claims {
		r.report.count(c.owner)
	}
	r.report.Older, r.report.Rejected = r.report.Older+int64(out.Older), r.report.Rejected+int64(len(b.rejects))
	r.report.Truncated, r.report.Ambiguous = r.report.Truncated+b.truncated, r.report.Ambiguous+b.ambiguous
	r.report.Bytes = b.bytes
	if r.im.Reject != nil {
		for _, reject := range b.rejects {
			r.im.Reject(reject)
		}
	}
	return nil
}
