package lawtest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"usagegraph/db/dbtest"
	"usagegraph/ingest"
)

// interruptedSets is how many sets are imported with interruptions, for each database.
const interruptedSets = 20 / min(slower, 5)

// TestAnImportThatIsInterruptedAndRunAgainMeansTheSame imports sets whose every file is first imported in part.
func TestAnImportThatIsInterruptedAndRunAgainMeansTheSame(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		s := newServer(t, url)
		for seed := range uint64(interruptedSets) {
			documents := makeSet(seed)
			check := func(documents []*document) error {
				return s.resumes(documents, rand.New(rand.NewPCG(seed, 3)))
			}
			if err := check(documents); err != nil {
				fewest, err := shrunk(documents, err, check)
				t.Fatalf("seed %d: %v\nthe fewest documents that fail:\n%s", seed, err, described([]delivery{{documents: fewest}}))
			}
		}
	})
}

// resumes compares the answers after interrupted imports with those after imports in one go.
func (s *server) resumes(documents []*document, random *rand.Rand) error {
	w := judge(documents)
	want, err := s.imported(w, inOneGo(documents), true)
	if err != nil {
		return err
	}
	if err := s.empty(); err != nil {
		return err
	}
	for i, f := range inAnyOrder(random, documents) {
		name := fmt.Sprintf("file-%d.json", i)
		f.batch = 1 + random.IntN(2)
		if err := s.interrupt(f, name, random); err != nil {
			return err
		}
		if err := s.loadFile(context.Background(), f, name); err != nil {
			return err
		}
	}
	got, err := s.views(w, true)
	if err != nil {
		return err
	}
	return want.same(got)
}

var errBroken = errors.New("the connection broke")

// interrupt imports a file up to a random place: its reader fails there, or its context is done after some batches.
func (s *server) interrupt(f delivery, name string, random *rand.Rand) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	batches := 1 + random.IntN(2)
	importer := &ingest.Importer{Store: s.store, Sources: s.sources, BatchRecords: f.batch}
	text := file(f.source, f.documents)
	var reader io.Reader = strings.NewReader(text)
	if random.IntN(2) == 0 {
		reader = io.MultiReader(strings.NewReader(text[:random.IntN(len(text))]), iotest.ErrReader(errBroken))
	} else {
		importer.Progress = func(ingest.Report) {
			if batches--; batches == 0 {
				cancel()
			}
		}
	}
	if _, err := importer.Import(ctx, f.source, name, reader); err != nil && !strings.Contains(err.Error(), errBroken.Error()) {
		return fmt.Errorf("interrupt %s: %w", name, err)
	}
	return nil
}
