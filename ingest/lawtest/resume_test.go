package lawtest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/ingest"
)

// interruptedSets is the number of sets imported with interruptions for each database.
const interruptedSets = 20 / min(raceFactor, 5)

// TestInterruptedImport imports part of each file of a set before the whole file.
func TestInterruptedImport(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		s := newServer(t, url)
		for seed := range uint64(interruptedSets) {
			documents := generateSet(seed)
			check := func(documents []*document) error {
				return s.checkResume(documents, seed, rand.New(rand.NewPCG(seed, 3)))
			}
			if err := check(documents); err != nil {
				fewest, err := shrunk(documents, err, check)
				t.Fatalf("seed %d: %v\nthe fewest documents that fail:\n%s", seed, err, described([]planStep{{documents: fewest}}))
			}
		}
	})
}

// checkResume compares the answers after interrupted imports, with assignments between them, with those after an import
// in one go.
func (s *server) checkResume(documents []*document, seed uint64, random *rand.Rand) error {
	made := decisions{assignments: slices.DeleteFunc(generateAssignments(seed, documents), func(a assignment) bool {
		return !names(latestVersions(documents), a.customer)
	})}
	w := newModel(documents, made)
	want, err := s.imported(w, appendDecisions(inOneGo(documents), documents, made), true)
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
		if n := len(made.assignments); n > 0 {
			// No document may name the customer yet.
			if _, err := s.assign(context.Background(), made.assignments[i%n], false, false); err != nil && !isNotFound(err) {
				return err
			}
		}
		if err := s.loadFile(context.Background(), &history{}, f, name); err != nil {
			return err
		}
	}
	for _, a := range made.assignments {
		if _, err := s.assign(context.Background(), a, false, false); err != nil {
			return err
		}
	}
	got, err := s.answers(w, true)
	if err != nil {
		return err
	}
	return want.same(got)
}

func isNotFound(err error) bool {
	var refused *db.Error
	return errors.As(err, &refused) && refused.Code == db.NotFound
}

var errBroken = errors.New("the connection broke")

// interrupt imports a file up to a random position: its reader fails, or its context is cancelled after some batches.
func (s *server) interrupt(f planStep, name string, random *rand.Rand) error {
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
