package lawtest_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/ingest"
	"usagegraph/sources/brm"
	"usagegraph/sources/dxp"
	"usagegraph/sources/elevate"
	"usagegraph/sources/stn"
)

// settings holds the settings with which documents are decoded.
type settings struct {
	elevate elevate.Settings
	stn     stn.Settings
	brm     brm.Settings
	dxp     dxp.Settings
	window  time.Duration
}

func defaults() settings {
	return settings{
		elevate: elevate.Settings{Currency: "GBP", Region: elevateRegion},
		stn:     stn.Settings{Currency: "EUR", Region: stnRegion, Location: time.UTC},
		dxp:     dxp.Settings{Location: market, BusinessID: businessID},
		window:  db.DefaultAttributionWindow,
	}
}

func (r settings) sources(t testing.TB) []ingest.Source {
	t.Helper()
	e, err1 := elevate.Source(r.elevate)
	b, err2 := brm.Source(r.brm)
	s, err3 := stn.Source(r.stn)
	d, err4 := dxp.Source(r.dxp)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	return []ingest.Source{e, b, s, d}
}

// settingChanges are changes of one setting each. Those without a source change the attribution window.
var settingChanges = []struct {
	name   string
	source db.Source
	change func(*settings)
}{
	{"elevate's currency", db.Elevate, func(r *settings) { r.elevate.Currency = "USD" }},
	{"elevate's region", db.Elevate, func(r *settings) { r.elevate.Region = "NL" }},
	{"elevate without a region", db.Elevate, func(r *settings) { r.elevate.Region = "" }},
	{"sTN's currency", db.STN, func(r *settings) { r.stn.Currency = "USD" }},
	{"sTN's region", db.STN, func(r *settings) { r.stn.Region = "GB" }},
	{"sTN's time zone", db.STN, func(r *settings) { r.stn.Location = time.FixedZone("Far", 14*60*60) }},
	{"brm's region", db.BRM, func(r *settings) { r.brm.Region = "GB" }},
	{"dxp's time zone to the east", db.DXP, func(r *settings) { r.dxp.Location = time.FixedZone("Far", 12*60*60) }},
	{"dxp's time zone to the west", db.DXP, func(r *settings) { r.dxp.Location = time.FixedZone("West", -11*60*60) }},
	{"dxp's market", db.DXP, func(r *settings) { r.dxp.BusinessID = "GB" }},
	{"no window", "", func(r *settings) { r.window = 0 }},
	{"a long window", "", func(r *settings) { r.window = 400 * 24 * time.Hour }},
}

// recomputedSets returns the number of sets that are recomputed for each change.
func recomputedSets(url string) uint64 {
	if postgres(url) {
		return 3 / min(raceFactor, 3)
	}
	return 12 / min(raceFactor, 4)
}

func TestRecomputeEqualsImportWithTheNewSetting(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		s := newServer(t, url)
		for n, c := range settingChanges {
			after := defaults()
			c.change(&after)
			for seed := range recomputedSets(url) {
				documents := generateSet(seed*100 + uint64(n))
				check := func(documents []*document) error { return s.checkRecompute(t, documents, c.source, after, seed) }
				if err := check(documents); err != nil {
					fewest, err := shrunk(documents, err, check)
					t.Fatalf("%s, seed %d: %v\nthe fewest documents that fail:\n%s", c.name, seed*100+uint64(n), err, described([]planStep{{documents: fewest}}))
				}
			}
		}
	})
}

// checkRecompute compares the answers after a change of settings with those after an import with the new ones. It also
// imports the documents again after the change, which must change nothing.
func (s *server) checkRecompute(t testing.TB, documents []*document, source db.Source, after settings, seed uint64) error {
	made := decisions{assignments: generateAssignments(seed, documents)}
	w, plan := newModel(documents, made), appendDecisions(inOneGo(documents), documents, made)
	s.use(t, after)
	want, err := s.imported(w, plan, true)
	if err != nil {
		return err
	}
	s.use(t, defaults())
	if err := s.load(plan); err != nil {
		return err
	}
	if err := s.recompute(t, source, after, rand.New(rand.NewPCG(seed, 5))); err != nil {
		return err
	}
	got, err := s.answers(w, true)
	if err != nil {
		return err
	}
	if err := want.same(got); err != nil {
		return err
	}
	return s.checkReimport(latest(documents))
}

// use changes the settings of the server's imports.
func (s *server) use(t testing.TB, r settings) {
	s.sources, s.zone, s.changing = r.sources(t), r.dxp.Location, true
	s.store.UseSettings(nil, r.window)
}

// recompute changes the settings, with an interruption after a random number of batches.
func (s *server) recompute(t testing.TB, source db.Source, after settings, random *rand.Rand) error {
	ctx, key := context.Background(), db.SettingKey{Name: "changed"}
	if _, _, err := s.store.AgreeSettings(ctx, func(stored []db.Setting) ([]db.Setting, error) {
		return []db.Setting{{SettingKey: key, Value: "before"}}, nil
	}); err != nil {
		return err
	}
	if err := s.store.BeginSettingChange(ctx, key, "after"); err != nil {
		return err
	}
	s.use(t, after)
	c := ingest.Recomputation{Setting: key, Source: source}
	for _, of := range s.sources {
		if of.Name == source {
			c.Redecode = of.Redecode
		}
	}
	if source == db.DXP {
		c.Redecode = dxp.Reread(defaults().dxp, after.dxp)
	}
	im := &ingest.Importer{Store: s.store, Sources: s.sources, BatchRecords: 1 + random.IntN(4)}
	interrupted, cancel := context.WithCancel(ctx)
	defer cancel()
	batches := random.IntN(4)
	_, err := im.Recompute(interrupted, c, func(int64) {
		if batches--; batches == 0 {
			cancel()
		}
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	if _, err := im.Recompute(ctx, c, nil); err != nil {
		return err
	}
	return s.store.Ready(ctx)
}

// latest returns the last document of each record.
func latest(documents []*document) []*document {
	var list []*document
	for i, d := range documents {
		follows := false
		for _, other := range documents[i+1:] {
			follows = follows || other.record() == d.record()
		}
		if !follows {
			list = append(list, d)
		}
	}
	return list
}

// checkReimport imports documents again, and returns an error if one of them changes anything.
func (s *server) checkReimport(documents []*document) error {
	im := &ingest.Importer{Store: s.store, Sources: s.sources}
	for _, f := range inOneGo(documents) {
		report, err := im.Import(context.Background(), f.source, "again", strings.NewReader(file(f.source, f.documents)))
		if err != nil {
			return err
		}
		if report.New+report.Changed+report.Rejected > 0 {
			return fmt.Errorf("%s imported again: %s", f.source, report)
		}
	}
	return nil
}
