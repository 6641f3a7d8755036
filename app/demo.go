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
	Customers int    `default:"20" help:"How many customers."`
	Records   int    `default:"4000" help:"How many usage records of elevate and brm together."`
	Seed      uint64 `help:"Another seed makes another set; the same one the same set."`
}

// Run imports a made-up set; importing the same one again changes nothing.
func (c *demoCommand) Run(ctx context.Context, s *settings, std streams) error {
	if c.Customers < 1 || c.Records < 1 {
		return errors.New("demo: --customers and --records are at least 1")
	}
	store, err := s.openAttributed(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	collectLess()
	set := demo.Set{Customers: c.Customers, Records: c.Records, Seed: c.Seed}
	return store.BulkLoad(ctx, func(filled *db.Store) error {
		err := store.importDemo(ctx, filled, set, std)
		fmt.Fprintln(std.err, "  making what indexes are missing")
		return err
	})
}

// importDemo links a made-up set's customers and imports it.
func (d *dataSet) importDemo(ctx context.Context, store *db.Store, set demo.Set, std streams) error {
	importer, err := d.importer(store)
	if err != nil {
		return err
	}
	// Before their records are there, of which none must then be moved.
	if err := linkDemo(ctx, store, set); err != nil {
		return err
	}
	for _, system := range sources.Systems() {
		source := system.Name
		if err := importAndTell(ctx, importer, source, demoName(source), set.Document(source), ingest.NewRecordProgress(std.err, int64(set.Count(source))), std); err != nil {
			return err
		}
	}
	return nil
}

// demoName returns the name of the import of a system's part of a made-up set.
func demoName(source db.Source) string { return "demo " + source.Lower() }

func linkDemo(ctx context.Context, store *db.Store, set demo.Set) error {
	var links []ingest.Link
	for a, b := range set.Links() {
		link, err := ingest.ParseLink(a, b)
		if err != nil {
			return err
		}
		links = append(links, link)
	}
	_, err := ingest.LinkCustomers(ctx, store, links, ingest.LinkOptions{Create: true, By: "demo"})
	return err
}

// importAndTell imports a document that is the program's own: nothing in it may be rejected.
func importAndTell(ctx context.Context, importer *ingest.Importer, source db.Source, name string, document io.Reader, progress *ingest.Progress, std streams) error {
	defer progress.Close()
	importer.Progress = progress.Show
	importer.Reject = func(r ingest.Reject) { progress.Print("rejected: " + r.String()) }
	report, err := importer.Import(ctx, source, name, document)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", name, err)
	case report.Stopped:
		return fmt.Errorf("%s: stopped: run the same command again and it goes on", name)
	}
	fmt.Fprintf(std.err, "  %-36s %s\n", strings.TrimPrefix(name, sampleFolder), report)
	return nil
}
