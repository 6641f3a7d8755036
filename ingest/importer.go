package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"usagegraph/db"
)

// batchRecords and batchBytes are how many records one transaction writes, and of how much text, at most. The larger
// it is, the fewer pages of an index are written twice.
const (
	batchRecords = 5000
	batchBytes   = 4 << 20
)

// Importer imports documents into a store.
type Importer struct {
	Store *db.Store
	// Sources are all systems, so that a document of one is not taken for another's.
	Sources []Source
	// Progress is told after each batch; nil is nobody.
	Progress func(Report)
	// Reject is told of each record that could not be read; nil is nobody.
	Reject func(Reject)
}

// Reject is a record that could not be read, and why.
type Reject struct {
	File string
	Position
	Reason error
}

func (r Reject) String() string { return fmt.Sprintf("%s, %s: %v", r.File, r.Position, r.Reason) }

// Report is what became of a document's records.
type Report struct {
	File string
	// Read = New + Changed + Unchanged + Rejected.
	Read, New, Changed, Unchanged, Rejected int64
	// Bytes is how much of the document was read, packed as it is.
	Bytes int64
	// Stopped tells that the document was not read to its end: importing it again goes on.
	Stopped bool
}

// Add adds another document's counts.
func (r *Report) Add(o Report) {
	r.Read, r.New, r.Changed, r.Unchanged, r.Rejected = r.Read+o.Read, r.New+o.New, r.Changed+o.Changed, r.Unchanged+o.Unchanged, r.Rejected+o.Rejected
	r.Bytes, r.Stopped = r.Bytes+o.Bytes, r.Stopped || o.Stopped
}

func (r Report) String() string {
	return fmt.Sprintf("%d read: %d new, %d changed, %d unchanged, %d rejected", r.Read, r.New, r.Changed, r.Unchanged, r.Rejected)
}

// WrongSystemError is returned for a document of another system.
type WrongSystemError struct{ Want, Found db.Source }

func (e *WrongSystemError) Error() string {
	return fmt.Sprintf("this is a document of %s, not of %s", e.Found, e.Want)
}

// Import imports one document of a source. A context that is done stops it after the batch in hand, which is no error.
// Batches that were written before an error stay: importing the document again finishes it. It returns a
// WrongSystemError before anything is written, and an error for a document that is broken from some byte on.
func (im *Importer) Import(ctx context.Context, source db.Source, file string, document io.Reader) (Report, error) {
	run := &run{im: im, source: im.find(source), ids: newIdentities(source), report: Report{File: file}, ctx: context.WithoutCancel(ctx), stop: ctx.Done()}
	hash := sha256.New()
	counted := &counter{Reader: io.TeeReader(document, hash)}
	text, err := unpack(counted)
	if err != nil {
		return run.report, err
	}
	row, err := im.Store.StartImport(run.ctx, source, file)
	if err != nil {
		return run.report, err
	}
	err = run.all(text, &counted.n)
	row.State = db.ImportDone
	switch {
	case err != nil:
		row.State = db.ImportFailed
	case run.report.Stopped:
		row.State = db.ImportStopped
	default:
		sum := hex.EncodeToString(hash.Sum(nil))
		row.Digest = &sum
	}
	row.Read, row.New, row.Changed, row.Unchanged, row.Rejected = run.report.Read, run.report.New, run.report.Changed, run.report.Unchanged, run.report.Rejected
	return run.report, errors.Join(err, im.Store.EndImport(run.ctx, row))
}

func (im *Importer) find(name db.Source) Source {
	for _, s := range im.Sources {
		if s.Name == name {
			return s
		}
	}
	return Source{Name: name}
}

type counter struct {
	io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	return n, err
}

// run is the import of one document.
type run struct {
	im     *Importer
	source Source
	ids    *identities
	report Report
	ctx    context.Context
	stop   <-chan struct{}
}

// batch is what is decoded, and made ready to be put, while the one before it is written.
type batch struct {
	records []*Record
	packed  *db.Packed
	rejects []Reject
	read    int64
	// text is how long the records are, bytes how much of the document was read when they were.
	text  int
	bytes int64
	err   error
}

// all reads the document in one goroutine and writes its batches in this one.
func (r *run) all(text io.Reader, bytes *int64) error {
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

// decode reads records into batches until give tells it to end.
func (r *run) decode(text io.Reader, bytes *int64, give func(batch) bool) {
	var b batch
	flush := func(err error) bool {
		b.err, b.bytes, b.packed = err, *bytes, pack(r.source.Name, b.records)
		ok := give(b)
		b = batch{}
		return ok
	}
	for item, err := range split(text) {
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
			b.records = append(b.records, record)
		}
		b.read++
		b.text += len(item.value)
		if (b.read == batchRecords || b.text >= batchBytes) && !flush(nil) {
			return
		}
	}
	flush(nil)
}

// record decodes one record; the first decides whether the document is this system's at all.
func (r *run) record(item raw) (*Record, error) {
	if item.err != nil {
		return nil, item.err
	}
	if item.Number == 1 {
		if found := r.im.recognise(item.value, r.source); found != r.source.Name {
			return nil, &WrongSystemError{r.source.Name, found}
		}
	}
	record, err := r.source.Decode(item.value)
	if err != nil {
		if found := r.im.recognise(item.value, r.source); found != r.source.Name {
			return nil, Field("", fmt.Sprintf("this is a record of %s, not of %s", found, r.source.Name))
		}
		return nil, err
	}
	return record, record.check()
}

// recognise tells whose record it is: that of the expected source unless its members are another's alone.
func (im *Importer) recognise(record []byte, expected Source) db.Source {
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

// write stores a batch in one transaction and adds to the report.
func (r *run) write(b batch) error {
	var out db.Outcome
	if len(b.records) > 0 {
		err := r.im.Store.Write(r.ctx, func(tx *db.Tx) error {
			// First whose the records are.
			err := r.ids.identify(r.ctx, tx, b.records)
			if err == nil {
				out, err = tx.Put(r.ctx, b.packed)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("after %d records: %w", r.report.Read, err)
		}
	}
	r.report.Read += b.read
	r.report.New, r.report.Changed, r.report.Unchanged = r.report.New+int64(out.New), r.report.Changed+int64(out.Changed), r.report.Unchanged+int64(out.Unchanged)
	r.report.Rejected += int64(len(b.rejects))
	r.report.Bytes = b.bytes
	if r.im.Reject != nil {
		for _, reject := range b.rejects {
			r.im.Reject(reject)
		}
	}
	return nil
}

// pack makes records of a source ready to be put.
func pack(source db.Source, records []*Record) *db.Packed {
	var usages []*db.UsageRecord
	var summaries []*db.UsageSummary
	var reports []*db.ConsumptionReport
	for _, r := range records {
		switch {
		case r.Usage != nil:
			r.Usage.Source, r.Usage.SourceCustomerID = source, r.customerID()
			usages = append(usages, r.Usage)
		case r.Summary != nil:
			r.Summary.Source, r.Summary.SourceCustomerID, r.Summary.SourceSubscriptionID = source, r.customerID(), r.lineID()
			summaries = append(summaries, r.Summary)
		case r.Report != nil:
			r.Report.Source = source
			reports = append(reports, r.Report)
		}
	}
	return db.Pack(usages, summaries, reports)
}
