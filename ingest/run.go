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
	// file is that of the report, which changes while the document is decoded.
	file   string
	report Report
	row    *db.Import
	// csv is nil if the document is JSON.
	csv  *csvDocument
	ctx  context.Context
	stop <-chan struct{}
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
			b.rejects = append(b.rejects, Reject{r.file, item.Position, err, beginning(item)})
		default:
			b.add(record)
			if r.im.ClientID != "" {
				b.origins = append(b.origins, Reject{File: r.file, Position: item.Position, text: beginning(item)})
			}
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

// write stores a batch and the state of the import in one transaction, and adds its counts to the report.
func (r *run) write(b batch) error {
	var report Report
	err := r.im.Store.Write(r.ctx, func(tx *db.Tx) (err error) {
		report = r.report
		if len(b.records) > 0 {
			if b, err = r.writeRecords(tx, b, &report); err != nil {
				return err
			}
		}
		report.Read, report.Rejected, report.Bytes = report.Read+b.read, report.Rejected+int64(len(b.rejects)), b.bytes
		report.Truncated, report.Ambiguous = report.Truncated+b.truncated, report.Ambiguous+b.ambiguous
		report.UnknownQuantity += b.unknownQuantity
		if err := tx.AddRejects(r.ctx, r.stored(b.rejects)); err != nil {
			return err
		}
		report.copyTo(r.row)
		r.row.RejectsStored = min(report.Rejected, db.MaxRejects)
		return tx.SaveImport(r.ctx, r.row)
	})
	if err != nil {
		return fmt.Errorf("after %d records: %w", r.report.Read, err)
	}
	r.report = report
	if r.im.Reject != nil {
		for _, reject := range b.rejects {
			r.im.Reject(reject)
		}
	}
	return nil
}

// writeRecords stores the records of a batch and adds their outcome to the report. It returns the batch with the records
// outside the client's scope among its rejects.
func (r *run) writeRecords(tx *db.Tx, b batch, report *Report) (batch, error) {
	if err := r.ids.begin(r.ctx, tx); err != nil {
		return b, err
	}
	if err := tx.CheckSettings(r.ctx); err != nil {
		return b, err
	}
	scope, err := tx.ImportScope(r.ctx, r.im.ClientID)
	if err != nil {
		return b, err
	}
	if !scope.Everyone() {
		if b, err = r.restrict(r.ctx, tx, scope, b); err != nil {
			return b, err
		}
	}
	changes, err := tx.Compare(r.ctx, b.prepared)
	if err != nil {
		return b, err
	}
	claims := claimsOf(b.records, changes)
	for _, c := range claims {
		c.setImport(r.row.ID)
	}
	if err := r.ids.write(r.ctx, claims, changes); err != nil {
		return b, err
	}
	report.New, report.Changed = report.New+int64(changes.New), report.Changed+int64(changes.Changed)
	report.Unchanged, report.Older = report.Unchanged+int64(changes.Unchanged), report.Older+int64(changes.Older)
	report.Shared, report.Revision = int64(len(r.ids.shared)), tx.Revision()
	for _, c := range claims {
		report.count(c.owner)
	}
	return b, nil
}

// stored returns those of a batch's rejects that are stored: the first of the import.
func (r *run) stored(rejects []Reject) []*db.ImportReject {
	free := max(db.MaxRejects-r.report.Rejected, 0)
	rejects = rejects[:min(int64(len(rejects)), free)]
	rows := make([]*db.ImportReject, len(rejects))
	for i, reject := range rejects {
		rows[i] = reject.row(r.row.ID, int32(r.report.Rejected)+int32(i))
	}
	return rows
}
