package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"usagegraph/db"
	"usagegraph/demo"
	"usagegraph/ingest"
	"usagegraph/sources"
)

type demoCommand struct {
	Customers int    `default:"20" help:"Number of customers."`
	Records   *int   `placeholder:"4000" xor:"size" help:"Number of usage records of elevate and brm together."`
	Density   *int   `xor:"size" placeholder:"N" help:"Mean number of usage records of a subscription in a month, instead of --records. A customer has three subscriptions, and a set twelve months: 100 is as dense as a carrier's data."`
	Seed      uint64 `help:"Seed of the generator; the same seed generates the same data."`
}

// defaultDemoRecords is the number of usage records without --records and --density.
const defaultDemoRecords = 4000

// Run imports a generated set. Importing the same set again changes nothing.
func (c *demoCommand) Run(ctx context.Context, s *settings, std streams) error {
	set := demo.Set{Customers: c.Customers, Records: defaultDemoRecords, Seed: c.Seed}
	if c.Records != nil {
		set.Records = *c.Records
	}
	if c.Density != nil {
		set.Density = *c.Density
	}
	if set.Customers < 1 || set.Records < 1 || set.Density < 1 && c.Density != nil {
		return errors.New("demo: --customers, --records and --density must be at least 1")
	}
	store, err := s.openAttributed(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	tuneGC(importMemoryLimit)
	err = store.BulkLoad(ctx, func(bulk *db.Store) error {
		err := store.importDemo(ctx, bulk, set, std)
		fmt.Fprintln(std.err, "  creating missing indexes")
		return err
	})
	if err != nil {
		return err
	}
	return buildTotals(ctx, store.Store, std)
}

// importDemo links the customers of a generated set and imports the set.
func (d *dataSet) importDemo(ctx context.Context, store *db.Store, set demo.Set, std streams) error {
	importer, err := d.importer(store)
	if err != nil {
		return err
	}
	// Links come first, so that no record changes customer afterwards.
	if err := linkDemo(ctx, store, set); err != nil {
		return err
	}
	for _, document := range sources.Demo(set) {
		progress := ingest.NewRecordProgress(std.err, int64(document.Count))
		if err := importBuiltIn(ctx, importer, document.Source, demoName(document.Source), document.Reader(), progress, std); err != nil {
			return err
		}
	}
	return nil
}

// demoName returns the file name in the imports table for a system's document of a generated set.
func demoName(source db.Source) string { return "demo " + source.Lower() }

func linkDemo(ctx context.Context, store *db.Store, set demo.Set) error {
	var links []ingest.Link
	for a, b := range set.Links(sources.Demo(set)...) {
		link, err := ingest.ParseLink(a, b)
		if err != nil {
			return err
		}
		links = append(links, link)
	}
	_, err := ingest.LinkCustomers(ctx, store, links, ingest.LinkOptions{Create: true, By: "demo"})
	return err
}

// importBuiltIn imports a sample or generated document and prints the report.
func importBuiltIn(ctx context.Context, importer *ingest.Importer, source db.Source, name string, document io.Reader, progress *ingest.Progress, std streams) error {
	defer progress.Close()
	importer.Progress = progress.Show
	importer.Reject = func(r ingest.Reject) { progress.Print("rejected: " + r.String()) }
	report, err := importer.Import(ctx, source, name, document)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", name, err)
	case report.Stopped:
		return fmt.Errorf("%s: stopped: run the command again to continue", name)
	}
	fmt.Fprintf(std.err, "  %-36s %s\n", strings.TrimPrefix(name, sampleFolder), report)
	return nil
}
