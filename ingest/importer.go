package ingest

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

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
	// Progress is called after each batch, unless it is nil.
	Progress func(Report)
	// Reject is called for each record that could not be read, unless it is nil.
	Reject func(Reject)
	// BatchRecords is how many records a transaction writes at most; 0 is 5,000, and 2,000 of stored records.
	BatchRecords int
}

// WrongSystemError is returned for a document of another system.
type WrongSystemError struct{ Want, Found db.Source }

func (e *WrongSystemError) Error() string {
	return fmt.Sprintf("this is a document of %s, not of %s", e.Found, e.Want)
}

// Import imports one document of a source. A context that is done stops it after the batch in hand, which is no error.
// Batches that were written before an error stay: importing the document again finishes it. It returns a
// FormatError or a WrongSystemError before anything is written, and an error for a document that is broken from some byte on.
func (im *Importer) Import(ctx context.Context, source db.Source, file string, document io.Reader) (Report, error) {
	run := &run{im: im, source: im.find(source), ids: newIdentities(source), report: Report{File: file}, ctx: context.WithoutCancel(ctx), stop: ctx.Done()}
	hash := sha256.New()
	counted := &counter{Reader: io.TeeReader(document, hash)}
	text, err := unpack(counted)
	if err == nil && run.source.Convert != nil {
		text = bufio.NewReaderSize(run.source.Convert(text), headSize)
	}
	if err == nil {
		err = im.checkFormat(text)
	}
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
	row.Read, row.New, row.Changed, row.Unchanged = run.report.Read, run.report.New, run.report.Changed, run.report.Unchanged
	row.Older, row.Rejected = run.report.Older, run.report.Rejected
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

// batchRecords returns how many records a transaction writes at most.
func (im *Importer) batchRecords() int64 {
	if im.BatchRecords > 0 {
		return int64(im.BatchRecords)
	}
	return batchRecords
}

// claimsOf returns the records of a batch that are to be written, with what is stored of each.
func claimsOf(records []*Record, changes *db.Changes) []*claim {
	claims := make([]*claim, 0, len(records))
	for _, r := range records {
		row, _ := r.row()
		if old, written := changes.Written(row); written {
			claims = append(claims, newClaim(r, old))
		}
	}
	return claims
}

// pack makes records of a source ready to be stored.
func pack(source db.Source, records []*Record) *db.PreparedRecords {
	var usages []*db.UsageRecord
	var summaries []*db.UsageSummary
	var reports []*db.ConsumptionReport
	for _, r := range records {
		r.identify(source)
		switch {
		case r.Usage != nil:
			usages = append(usages, r.Usage)
		case r.Summary != nil:
			summaries = append(summaries, r.Summary)
		case r.Report != nil:
			reports = append(reports, r.Report)
		}
	}
	return db.PrepareRecords(usages, summaries, reports)
}

// identify stores in the record what its document says of customer and line.
func (r *Record) identify(source db.Source) {
	var customer, customerName, own, contested *string
	if r.Customer != nil {
		customer, customerName = &r.Customer.ID, r.Customer.Name
	}
	if len(r.ContestedCustomers) > 0 {
		ids := strings.Join(r.ContestedCustomers, ", ")
		contested = &ids
	}
	line := r.Subscription
	if line == nil {
		line = &Subscription{}
	}
	if line.OwnID != "" {
		own = &line.OwnID
	}
	number := &line.Number
	if *number == "" {
		number = &line.Card
	}
	switch {
	case r.Usage != nil:
		u := r.Usage
		u.Source, u.SourceCustomerID, u.CustomerName, u.ContestedCustomers = source, customer, customerName, contested
		u.SourceSubscriptionID, u.SubscriptionName = own, number.Stored()
	case r.Summary != nil:
		s := r.Summary
		s.Source, s.SourceCustomerID, s.OwnID, s.NumberName, s.CardName = source, customer, own, line.Number.Stored(), line.Card.Stored()
	case r.Report != nil:
		r.Report.Source, r.Report.SourceSubscriptionID, r.Report.SubscriptionName, r.Report.BusinessID = source, own, number.Stored(), line.BusinessID
	}
}
