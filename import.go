package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"usagegraph/db"
	"usagegraph/ingest"
)

type importCommand struct {
	Source string   `arg:"" enum:"elevate,brm,stn,dxp" help:"The system that the documents come from: elevate, brm, stn or dxp."`
	Files  []string `arg:"" name:"file" help:"Files, folders, or - for standard input: a JSON array, an object with the records in \"results\", or one record after another (NDJSON), plain or gzip."`
}

// Run imports the documents one after another and reports on each. Ctrl-C stops it after the batch in hand.
func (c *importCommand) Run(ctx context.Context, s *settings, std streams) error {
	files, err := expand(c.Files)
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
	source := db.Source(strings.ToUpper(c.Source))
	var total ingest.Report
	for _, file := range files {
		report, err := importFile(ctx, importer, source, file, std)
		total.Add(report)
		var wrong *ingest.WrongSystemError
		if errors.As(err, &wrong) {
			return fmt.Errorf("%s: %w: usagegraph import %s %s", file, err, strings.ToLower(string(wrong.Found)), file)
		}
		if err != nil {
			return fmt.Errorf("%s: %w: what came before it is in", file, err)
		}
		fmt.Fprintf(std.out, "%s: %s\n", file, verdict(report))
		if report.Stopped {
			return fmt.Errorf("stopped: run the same command again and it goes on")
		}
	}
	if len(files) > 1 {
		fmt.Fprintf(std.out, "%d documents: %s\n", len(files), total)
	}
	if total.Rejected > 0 {
		return fmt.Errorf("%d of %d records were rejected (see above); the others are in", total.Rejected, total.Read)
	}
	return nil
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

// importFile imports one file, or standard input for -.
func importFile(ctx context.Context, importer *ingest.Importer, source db.Source, file string, std streams) (ingest.Report, error) {
	document, size := std.in, int64(-1)
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
	progress := ingest.NewProgress(std.err, size)
	defer progress.Close()
	importer.Progress = progress.Show
	importer.Reject = func(r ingest.Reject) { progress.Print("rejected: " + r.String()) }
	return importer.Import(ctx, source, filepath.Base(file), document)
}

// expand replaces folders by the documents in them, in the order of their names.
func expand(names []string) ([]string, error) {
	var files []string
	for _, name := range names {
		info, err := os.Stat(name)
		if name == "-" || err == nil && !info.IsDir() {
			files = append(files, name)
			continue
		}
		if err != nil {
			return nil, err
		}
		before := len(files)
		err = filepath.WalkDir(name, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.Type().IsRegular() && isDocument(path) {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		if len(files) == before {
			return nil, fmt.Errorf("%s: no .json, .ndjson or .jsonl files (or such with .gz) in this folder", name)
		}
	}
	return files, nil
}

func isDocument(path string) bool {
	switch filepath.Ext(strings.TrimSuffix(path, ".gz")) {
	case ".json", ".ndjson", ".jsonl":
		return true
	}
	return false
}
