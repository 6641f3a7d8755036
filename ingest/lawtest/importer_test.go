package lawtest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"usagegraph/ingest"
	"usagegraph/sources/brm"
	"usagegraph/sources/dxp"
	"usagegraph/sources/elevate"
	"usagegraph/sources/stn"
)

// importSources returns the four systems with the settings of these tests.
func importSources(t testing.TB) []ingest.Source {
	t.Helper()
	var list []ingest.Source
	for _, open := range []func() (ingest.Source, error){
		func() (ingest.Source, error) {
			return elevate.Source(elevate.Settings{Currency: "GBP", Region: elevateRegion})
		},
		func() (ingest.Source, error) { return brm.Source(brm.Settings{}) },
		func() (ingest.Source, error) { return stn.Source(stn.Settings{Currency: "EUR", Region: stnRegion}) },
		func() (ingest.Source, error) {
			return dxp.Source(dxp.Settings{Location: market, BusinessID: businessID})
		},
	} {
		source, err := open()
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, source)
	}
	return list
}

// load imports files one after another into an empty database, and makes decisions between and during the imports.
func (s *server) load(files []planStep) error {
	if err := s.empty(); err != nil {
		return err
	}
	ctx, h := context.Background(), &history{}
	for i, f := range files {
		if f.decision != nil {
			if err := s.decide(ctx, h, *f.decision); err != nil {
				return err
			}
			continue
		}
		if err := s.loadFile(ctx, h, f, fmt.Sprintf("file-%d.json", i)); err != nil {
			return err
		}
	}
	return nil
}

// loadFile imports one file, makes the interleaved decisions, and adds them all to a history. A rejected record is an
// error.
func (s *server) loadFile(ctx context.Context, h *history, f planStep, name string) error {
	var errs error
	rest, imported := f.interleaved, 0
	importer := &ingest.Importer{Store: s.store, Sources: s.sources, BatchRecords: f.batch,
		Reject: func(r ingest.Reject) { errs = errors.Join(errs, fmt.Errorf("rejected: %s", r)) },
		Progress: func(r ingest.Report) {
			h.documents = append(h.documents, f.documents[imported:r.Read]...)
			for imported = int(r.Read); len(rest) > 0 && rest[0].records == imported; rest = rest[1:] {
				errs = errors.Join(errs, s.decide(ctx, h, rest[0].decision))
			}
		},
	}
	_, err := importer.Import(ctx, f.source, name, strings.NewReader(file(f.source, f.documents)))
	if err = errors.Join(err, errs); err != nil {
		return fmt.Errorf("import %s of %s: %w", name, f.source, err)
	}
	return nil
}
