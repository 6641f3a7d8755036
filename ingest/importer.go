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
	// ClientID identifies the API client that imports. A client of some customers imports records of these alone, which
	// are no evidence. Empty: the import has no restriction.
	ClientID string
	// MaxBytes is the maximum size of the uncompressed document; 0 is no limit.
	MaxBytes int64
	// Key is the idempotency key of the request; nil if it has none.
	Key *string
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
	run := &run{im: im, source: im.findSource(source), ids: newIdentities(source), file: file, report: Report{File: file}, ctx: context.WithoutCancel(ctx), stop: ctx.Done()}
	hash := sha256.New()
	counted := &counter{Reader: io.TeeReader(document, hash)}
	text, err := unpack(counted, im.MaxBytes)
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
	run.row = &db.Import{Source: source, File: file, ClientID: im.ClientID, IdempotencyKey: im.Key}
	if err := im.Store.StartImport(run.ctx, run.row); err != nil {
		return run.report, err
	}
	err = run.importBatches(text, &counted.n)
	if broken := (*BrokenError)(nil); ctx.Err() != nil && errors.As(err, &broken) {
		// The rest of the document was not read because the import was to stop.
		run.report.Stopped, err = true, nil
	}
	switch row := run.row; {
	case err != nil:
		row.State, row.Failure = db.ImportFailed, new(failure(err))
	case run.report.Stopped:
		row.State = db.ImportStopped
	default:
		row.State, row.Digest = db.ImportDone, new(hex.EncodeToString(hash.Sum(nil)))
	}
	err = errors.Join(err, im.Store.EndImport(run.ctx, run.row))
	run.report.ID = run.row.ID
	return run.report, err
}

// failure returns the message of an error for the history of imports, without the text of a driver.
func failure(err error) string {
	var stored *db.Error
	var broken *BrokenError
	switch {
	case errors.As(err, &stored):
		return stored.Message
	case errors.As(err, &broken):
		return broken.Error()
	}
	return "internal error"
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
