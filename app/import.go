package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"usagegraph/db"
	"usagegraph/ingest"
)

type importCommand struct {
	Source string   `arg:"" enum:"${systems}" help:"The system that the documents come from: ${systems}."`
	Files  []string `arg:"" name:"file" help:"Files, folders, or - for standard input: a JSON array, an object with the records in \"results\", or one record after another (NDJSON), plain or gzip. Of a folder, hidden files and those of other names are skipped."`
}

// Run imports the documents one after another and reports on each. A document in another format is refused, and the others
// are imported. Ctrl-C stops it after the batch in hand.
func (c *importCommand) Run(ctx context.Context, s *settings, std streams) error {
	files, err := expand(c.Files, std.err)
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
	collectLess()
	work := importing{Importer: importer, source: db.Source(strings.ToUpper(c.Source)), streams: std}
	err = work.files(ctx, files)
	return errors.Join(err, work.rejects.close(std.err))
}

// importing is an import of several documents.
type importing struct {
	*ingest.Importer
	source db.Source
	streams
	total   ingest.Report
	refused int
	rejects rejects
}

// files imports documents. It returns an error, too, where documents were refused or records rejected.
func (w *importing) files(ctx context.Context, files []string) error {
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
			return fmt.Errorf("%s: %w: what came before it is in", file, err)
		}
		fmt.Fprintf(w.out, "%s: %s\n", file, verdict(report))
		if report.Stopped {
			return fmt.Errorf("stopped: run the same command again and it goes on")
		}
	}
	if len(files) > 1 {
		fmt.Fprintf(w.out, "%d documents: %s\n", len(files)-w.refused, w.total)
	}
	return w.incomplete(len(files))
}

// incomplete returns an error where documents were refused or records rejected.
func (w *importing) incomplete(files int) error {
	var documents, records error
	if w.refused > 0 {
		documents = fmt.Errorf("%d of %d documents were refused (see above); the others are in", w.refused, files)
	}
	if w.total.Rejected > 0 {
		records = fmt.Errorf("%d of %d records were rejected (see above); the others are in", w.total.Rejected, w.total.Read)
	}
	return errors.Join(documents, records)
}

// importMemory is up to where the heap of an import may grow before it is collected: with SQLite's cache beside it, the
// program stays under 256 MB.
const importMemory = 128 << 20

// collectLess has the garbage collector run less often than it would, unless the environment says how often it should:
// an import holds little, one batch and the next, and makes much.
func collectLess() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(400)
		debug.SetMemoryLimit(importMemory)
	}
}

// verdict is a report with what it comes to.
func verdict(r ingest.Report) string {
	switch {
	case r.Read == 0:
		return "no records in it"
	case r.Unchanged == r.Read:
		return r.String() + ": nothing has changed"
	}
	return r.String()
}

// document imports one file, or standard input for -.
func (w *importing) document(ctx context.Context, file string) (ingest.Report, error) {
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
