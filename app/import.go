package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"usagegraph/db"
	"usagegraph/ingest"
)

type importCommand struct {
	Source string   `arg:"" enum:"${systems}" help:"System that the documents come from: ${systems}."`
	Files  []string `arg:"" name:"file" help:"Files, folders, or - for standard input. A document is a JSON array, an object with the records in \"results\", or NDJSON, plain or gzip. In folders, hidden files and files with other extensions are skipped."`
}

// Run imports the documents one after another and prints a report for each, and the revision. It continues after a document in an unknown
// format. An interrupt stops it after the current batch.
func (c *importCommand) Run(ctx context.Context, s *settings, std streams) error {
	files, err := inputFiles(c.Files, documentExtensions(db.Source(strings.ToUpper(c.Source))), std.err)
	if err != nil {
		return err
	}
	store, err := s.openAttributed(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	importer, err := store.importer(store.Store)
	if err != nil {
		return err
	}
	tuneGC(importMemoryLimit)
	run := importRun{Importer: importer, source: db.Source(strings.ToUpper(c.Source)), streams: std}
	err = errors.Join(run.files(ctx, files), run.rejects.close(std.err))
	if run.total.Read == 0 && err != nil {
		return err
	}
	return errors.Join(err, printRevision(context.WithoutCancel(ctx), store.Store, std))
}

// printRevision prints the revision of the records, with which a request can ask for an answer that includes them.
func printRevision(ctx context.Context, store *db.Store, std streams) error {
	revision, err := store.Revision(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "revision %d\n", revision)
	return err
}

// importRun is the state of an import of several documents.
type importRun struct {
	*ingest.Importer
	source db.Source
	streams
	total   ingest.Report
	refused int
	rejects rejects
}

// files imports documents. It also returns an error if documents were refused or records were rejected.
func (w *importRun) files(ctx context.Context, files []string) error {
	for _, file := range files {
		report, err := w.document(ctx, file)
		w.total.Add(report)
		var format *ingest.FormatError
		var wrong *ingest.WrongSystemError
		switch {
		case errors.As(err, &format) && len(files) > 1:
			w.refused++
			fmt.Fprintf(w.out, "%s: refused: %v\n", file, err)
			continue
		case format != nil:
			return fmt.Errorf("%s: %w", file, err)
		case errors.As(err, &wrong):
			return fmt.Errorf("%s: %w: usagegraph import %s %s", file, err, strings.ToLower(string(wrong.Found)), file)
		case err != nil:
			return fmt.Errorf("%s: %w: the records before it were imported", file, err)
		}
		fmt.Fprintf(w.out, "%s: %s\n", file, summary(report))
		if report.Stopped {
			return fmt.Errorf("stopped: run the command again to continue")
		}
	}
	if len(files) > 1 {
		fmt.Fprintf(w.out, "%d documents: %s\n", len(files)-w.refused, w.total)
	}
	return w.incomplete(len(files))
}

// incomplete returns an error if documents were refused or records were rejected.
func (w *importRun) incomplete(files int) error {
	var documents, records error
	if w.refused > 0 {
		documents = fmt.Errorf("%d of %d documents were refused (see above); the others were imported", w.refused, files)
	}
	if w.total.Rejected > 0 {
		records = fmt.Errorf("%d of %d records were rejected (see above); the others were imported", w.total.Rejected, w.total.Read)
	}
	return errors.Join(documents, records)
}

// summary returns a report as text, with a remark if there are no records or no changes.
func summary(r ingest.Report) string {
	switch {
	case r.Read == 0:
		return "no records"
	case r.Unchanged == r.Read:
		return r.String() + ": no changes"
	}
	return r.String()
}

// document imports one file, or standard input for -.
func (w *importRun) document(ctx context.Context, file string) (ingest.Report, error) {
	document, size := w.in, int64(-1)
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return ingest.Report{}, err
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil {
			size = info.Size()
		}
		document = f
	}
	progress := ingest.NewProgress(w.err, size)
	defer progress.Close()
	w.Progress = progress.Show
	w.Reject = func(r ingest.Reject) { w.rejects.add(file, r, progress.Print) }
	return w.Import(ctx, w.source, filepath.Base(file), document)
}
