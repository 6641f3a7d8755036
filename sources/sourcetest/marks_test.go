package sourcetest_test

import (
	"io/fs"
	"slices"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/ingest"
	"usagegraph/sources/brm"
	"usagegraph/sources/dxp"
	"usagegraph/sources/elevate"
	"usagegraph/sources/sourcetest"
	"usagegraph/sources/stn"
)

type system struct {
	ingest.Source
	samples fs.FS
}

func systems(t *testing.T) []system {
	t.Helper()
	e, err1 := elevate.Source(elevate.Settings{Currency: "GBP", Region: "GB"})
	s, err2 := stn.Source(stn.Settings{Currency: "EUR", Region: "NL"})
	d, err3 := dxp.Source(dxp.Settings{Location: time.UTC, BusinessID: "PR"})
	b, err4 := brm.Source(brm.Settings{})
	if err1 != nil || err2 != nil || err3 != nil || err4 != nil {
		t.Fatal(err1, err2, err3, err4)
	}
	return []system{{e, elevate.Samples}, {b, brm.Samples}, {s, stn.Samples}, {d, dxp.Samples}}
}

func TestMarksRecogniseTheirOwnSystemOnly(t *testing.T) {
	for _, own := range systems(t) {
		for name, records := range sourcetest.Records(t, own.Source, own.samples) {
			for i, record := range records {
				for _, other := range systems(t) {
					if got, want := hasMark(t, record, other.Marks), other.Name == own.Name; got != want {
						t.Errorf("%s, record %d: recognised as %s: %v", name, i, other.Name, got)
					}
				}
			}
		}
	}
}

func TestMarksAreUnique(t *testing.T) {
	of := map[string]ingest.Source{}
	for _, s := range systems(t) {
		for _, mark := range s.Marks {
			if other, ok := of[mark]; ok {
				t.Errorf("%s is a mark of %s and %s", mark, other.Name, s.Name)
			}
			of[mark] = s.Source
		}
	}
}

func TestADecoderRejectsTheRecordsOfOtherSystems(t *testing.T) {
	for _, own := range systems(t) {
		for name, records := range sourcetest.Records(t, own.Source, own.samples) {
			for _, other := range systems(t) {
				if _, err := other.Decode(records[0]); other.Name != own.Name && err == nil {
					t.Errorf("%s is accepted by the decoder of %s", name, other.Name)
				}
			}
		}
	}
}

func hasMark(t *testing.T, record jsontext.Value, marks []string) bool {
	t.Helper()
	var members map[string]jsontext.Value
	if err := json.Unmarshal(record, &members); err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(marks, func(mark string) bool { _, ok := members[mark]; return ok })
}

// TestRequiredMembers sets each required member of the samples' records to null.
func TestRequiredMembers(t *testing.T) {
	for _, s := range systems(t) {
		for name, records := range sourcetest.Records(t, s.Source, s.samples) {
			for i, record := range records {
				for _, spellings := range s.Required {
					if !hasMark(t, record, spellings) {
						t.Errorf("%s, record %d has none of %v", name, i, spellings)
					}
					patch := `{"` + spellings[0] + `": null}`
					if _, err := s.Decode(sourcetest.With(t, record, patch)); err == nil || err.Error() != spellings[0]+": missing" {
						t.Errorf("%s, record %d with %s: %v", name, i, patch, err)
					}
				}
			}
		}
	}
}
