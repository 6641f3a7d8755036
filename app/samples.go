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

// starterSet is the generated data set of a new database.
var starterSet = demo.Set{Customers: 20, Records: 4000}

// sampleFolder is the prefix of sample documents in the imports table. Names of files from the import command have no
// folder.
const sampleFolder = "sample/"

// sampleDocument is a document that is imported into a new database.
type sampleDocument struct {
	source  db.Source
	name    string // in the imports table
	open    func() (io.Reader, error)
	records int64 // the number of records; -1 if unknown
}

// documentedSamples returns the samples of the systems' documentation, in the order of import.
func documentedSamples() ([]sampleDocument, error) {
	var list []sampleDocument
	for _, system := range sources.Systems() {
		names, err := fs.Glob(system.Samples, sampleFolder+"*")
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

// starterDocuments returns the documents of the starter set, in the order of import.
func starterDocuments() []sampleDocument {
	var list []sampleDocument
	for _, document := range sources.Demo(starterSet) {
		open := func() (io.Reader, error) { return document.Reader(), nil }
		list = append(list, sampleDocument{document.Source, sampleFolder + demoName(document.Source), open, int64(document.Count)})
	}
	return list
}

// seed imports the samples into an empty database, and the remaining samples if an earlier seed was interrupted.
func (d *dataSet) seed(ctx context.Context, std streams) error {
	documented, err := documentedSamples()
	if err != nil {
		return err
	}
	// The documented samples come last: the first of them, elevate's, has placeholders instead of values.
	documents := append(starterDocuments(), documented...)
	done, err := d.ImportsDone(ctx, sampleFolder)
	if err != nil {
		return err
	}
	empty, err := d.Empty(ctx)
	switch {
	case err != nil || done[documents[len(documents)-1].name] || !empty && len(done) == 0:
		return err
	case empty:
		fmt.Fprintf(std.err, "%s is new: loading a small generated data set and the documented samples\n", defaultDatabase)
	default:
		fmt.Fprintf(std.err, "%s: an earlier load of the samples was interrupted: loading the rest\n", defaultDatabase)
	}
	start := time.Now()
	// Before the first document is imported, an interrupted load could not be told from another database.
	if err := d.importSamples(ctx, documents[:1], done, std); err != nil {
		return err
	}
	if err := linkDemo(ctx, d.Store, starterSet); err != nil {
		return err
	}
	if err := d.importSamples(ctx, documents[1:], done, std); err != nil {
		return err
	}
	fmt.Fprintf(std.err, "loaded in %s\n", time.Since(start).Round(10*time.Millisecond))
	return nil
}

// importSamples imports the documents that are not done.
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
		if err := importBuiltIn(ctx, importer, document.source, document.name, text, progress, std); err != nil {
			return err
		}
	}
	return nil
}
