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

// batchRecords and batchBytes are the maximum number of records in one transaction and of bytes of their text. Larger
// batches write fewer index pages twice.
const (
	batchRecords = 5000
	batchBytes   = 4 << 20
)

// Importer imports documents into a store.
type Importer struct {
	Store *db.Store
	// Sources are all systems. Marks of the others detect a document of the wrong system.
	Sources []Source
	// Progress, unless nil, is called after each batch.
	Progress func(Report)
	// Reject, unless nil, is called for each record that could not be read.
	Reject func(Reject)
	// BatchRecords is the maximum number of records in a transaction; 0 selects 5,000 for documents and 2,000 for
	// stored records.
	BatchRecords int
}

// WrongSystemError is returned for a document of another system.
type WrongSystemError struct{ Want, Found db.Source }

func (e *WrongSystemError) Error() string {
	return fmt.Sprintf("this is a document of %s, not of %s", e.Found, e.Want)
}

// Import imports one document of a source. Cancelling the context stops it after the current batch and is no error.
// Batches written before an error remain; importing the document again completes it. It returns a FormatError or a
// WrongSystemError before it writes anything, and an error if the rest of a document cannot be parsed.
func (im *Importer) Import(ctx context.Context, source db.Source, file string, document io.Reader) (Report, error) {
	run := &run{im: im, source: im.findSource(source), ids: newIdentities(source), report: Report{File: file}, ctx: context.WithoutCancel(ctx), stop: ctx.Done()}
	hash := sha256.New()
	counted := &counter{Reader: io.TeeReader(document, hash)}
	text, err := unpack(counted)
	switch {
	case err != nil:
	case run.source.Convert != nil:
		text = bufio.NewReaderSize(run.source.Convert(text), headSize)
	default:
		run.csv, err = im.open(text, run.source)
	}
	if err != nil {
		return run.report, err
	}
	row, err := im.Store.StartImport(run.ctx, source, file)
	if err != nil {
		return run.report, err
	}
	err = run.importBatches(text, &counted.n)
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

// open checks the format of a document. It returns its rows if it is CSV, otherwise nil.
func (im *Importer) open(text *bufio.Reader, s Source) (*csvDocument, error) {
	csv, err := im.checkFormat(text, s)
	if err != nil || !csv {
		return nil, err
	}
	return openCSV(text, s)
}

func (im *Importer) findSource(name db.Source) Source {
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

// batchRecords returns the maximum number of records in a transaction.
func (im *Importer) batchRecords() int64 {
	if im.BatchRecords > 0 {
		return int64(im.BatchRecords)
	}
	return batchRecords
}

// claimsOf returns the records of a batch that are to be written, with their stored versions.
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

// prepare builds the rows of a source's records.
func prepare(source db.Source, records []*Record) *db.PreparedRecords {
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

// identify copies the customer and the subscription that the document names to the db struct of the record.
func (r *Record) identify(source db.Source) {
	var customer, customerName, own, contested *string
	if r.Customer != nil {
		customer, customerName = &r.Customer.ID, r.Customer.Name
	}
	if len(r.ContestedCustomers) > 0 {
		ids := strings.Join(r.ContestedCustomers, ", ")
		contested = &ids
	}
	sub := r.Subscription
	if sub == nil {
		sub = &Subscription{}
	}
	if sub.OwnID != "" {
		own = &sub.OwnID
	}
	number := &sub.Number
	if *number == "" {
		number = &sub.Card
	}
	switch {
	case r.Usage != nil:
		u := r.Usage
		u.Source, u.SourceCustomerID, u.CustomerName, u.ContestedCustomers = source, customer, customerName, contested
		u.SourceSubscriptionID, u.SubscriptionName = own, number.Stored()
	case r.Summary != nil:
		s := r.Summary
		s.Source, s.SourceCustomerID, s.OwnID, s.NumberName, s.CardName = source, customer, own, sub.Number.Stored(), sub.Card.Stored()
	case r.Report != nil:
		r.Report.Source, r.Report.SourceSubscriptionID, r.Report.SubscriptionName, r.Report.BusinessID = source, own, number.Stored(), sub.BusinessID
	}
}
