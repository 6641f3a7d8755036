package app

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"time"

	"usagegraph/db"
	"usagegraph/demo"
	"usagegraph/ingest"
	"usagegraph/sources"
)

// starter is what a new database is filled with besides the documented samples.
var starter = demo.Set{Customers: 20, Records: 4000}

// sampleFolder is what the names of the documents begin with that fill a new database. A file that a person imports has no
// folder in its name.
const sampleFolder = "sample/"

// sampleDocument is one of the documents that fill a new database.
type sampleDocument struct {
	source db.Source
	// name is that of its import.
	name string
	open func() (io.Reader, error)
	// records is how many it has; -1 where that is not known.
	records int64
}

// documentedSamples are what the pages of the four systems show, in the order in which they are imported.
func documentedSamples() ([]sampleDocument, error) {
	var list []sampleDocument
	for _, system := range sources.Systems() {
		names, err := fs.Glob(system.Samples, sampleFolder+"*.json")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			open := func() (io.Reader, error) { return system.Samples.Open(name) }
			list = append(list, sampleDocument{system.Name, name, open, -1})
		}
	}
	return list, nil
}

// starterDocuments are those of the starter set, in the order in which they are imported.
func starterDocuments() []sampleDocument {
	var list []sampleDocument
	for _, system := range sources.Systems() {
		open := func() (io.Reader, error) { return starter.Document(system.Name), nil }
		list = append(list, sampleDocument{system.Name, sampleFolder + demoName(system.Name), open, int64(starter.Count(system.Name))})
	}
	return list
}

// seed fills a database that holds nothing with the samples, and one that was not filled to its end with the rest of them.
func (d *dataSet) seed(ctx context.Context, std streams) error {
	documented, err := documentedSamples()
	if err != nil {
		return err
	}
	madeUp := starterDocuments()
	done, err := d.ImportsDone(ctx, sampleFolder)
	if err != nil {
		return err
	}
	empty, err := d.Empty(ctx)
	switch {
	case err != nil || done[madeUp[len(madeUp)-1].name] || !empty && len(done) == 0:
		return err
	case empty:
		fmt.Fprintf(std.err, "%s is new: loading the documented samples and a small made-up set\n", defaultDatabase)
	default:
		fmt.Fprintf(std.err, "%s was not filled to its end: loading the rest of the samples\n", defaultDatabase)
	}
	start := time.Now()
	if err := d.importSamples(ctx, documented, done, std); err != nil {
		return err
	}
	if err := linkDemo(ctx, d.Store, starter); err != nil {
		return err
	}
	if err := d.importSamples(ctx, madeUp, done, std); err != nil {
		return err
	}
	fmt.Fprintf(std.err, "loaded in %s\n", time.Since(start).Round(10*time.Millisecond))
	return nil
}

// importSamples imports those documents that are not done.
func (d *dataSet) importSamples(ctx context.Context, documents []sampleDocument, done map[string]bool, std streams) error {
	importer, err := d.importer(d.Store)
	if err != nil {
		return err
	}
	for _, document := range documents {
		if done[document.name] {
			continue
		}
		text, err := document.open()
		if err != nil {
			return err
		}
		progress := ingest.NewRecordProgress(std.err, document.records)
		if err := importAndTell(ctx, importer, document.source, document.name, text, progress, std); err != nil {
			return err
		}
	}
	return nil
}
