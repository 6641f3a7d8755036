package ingest_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/ingest"
)

func TestSuggestions(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		suggested := func() []db.Suggestion {
			t.Helper()
			return must(store.SuggestLinks(context.Background()))
		}
		for _, s := range []step{
			call(1, 17, phone), call(2, 17, "+44 7700 900124"), call(3, 18, "+44 7700 900125"), summary("m1", "c", "s1", digits), summary("m2", "c", "s2", "06-****7640"),
			summary("m3", "d", "s3", "06-****7640"), fee("f1", "a", "Ashcombe Ltd", phone), fee("f2", "a", "Ashcombe Ltd", "+44 7700 900124"), report("447700900125"), report("447700900126"),
		} {
			s(t, store)
		}
		want := []db.Suggestion{
			{SourceA: db.Elevate, ValueA: "17", SourceB: db.BRM, ValueB: "a", NameB: new("Ashcombe Ltd"), Shared: 2},
			{SourceA: db.Elevate, ValueA: "17", SourceB: db.STN, ValueB: "c", Shared: 1},
			{SourceA: db.STN, ValueA: "c", SourceB: db.BRM, ValueB: "a", NameB: new("Ashcombe Ltd"), Shared: 1},
		}
		if diff := cmp.Diff(want, suggested()); diff != "" {
			t.Error(diff)
		}
		link("elevate:17", "brm:a")(t, store)
		if got := suggested(); len(got) != 1 || got[0].Shared != 1 {
			t.Errorf("after a link: %+v", got)
		}
		link("stn:c", "brm:a")(t, store)
		if got := suggested(); len(got) != 0 {
			t.Errorf("after all links: %+v", got)
		}
	})
}

func TestLinksSayHowManyAreNew(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		pairs := []ingest.Link{must(ingest.ParseLink("elevate:1", "brm:1")), must(ingest.ParseLink("brm:1", "stn:1")), must(ingest.ParseLink("stn:1", "elevate:1"))}
		for _, want := range []int{2, 0} {
			if made, err := ingest.LinkCustomers(context.Background(), store, pairs, ingest.LinkOptions{Create: true}); err != nil || made != want {
				t.Errorf("%d were linked, %v; want %d", made, err, want)
			}
		}
		if diff := cmp.Diff([]string{"brm:1 elevate:1 stn:1 |  | "}, known(store)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestParseLink(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, a, b, want string
	}{
		{"two systems", "elevate:17", "stn:4neHKRNRJcSs78FSX", ""},
		{"capitals and spaces", " ELEVATE:17 ", "\tBrm:0.0.0.1+-account+1", ""},
		{"a colon in the id", "brm:a:b", "stn:c", ""},
		{"no system", "17", "stn:c", `"17": want system:id, such as elevate:17`},
		{"no id", "elevate:", "stn:c", `"elevate:": want system:id, such as elevate:17`},
		{"nothing", "elevate:17", "", `"": want system:id, such as elevate:17`},
		{"a system that there is not", "sap:17", "stn:c", `"sap:17": unknown system: want elevate, brm or stn`},
		{"one customer", "elevate:17", "elevate:17", "elevate:17 twice: want two customers"},
		{"dxp", "elevate:17", "dxp:S-1", `"dxp:S-1": dxp's documents name no customers`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l, err := ingest.ParseLink(tt.a, tt.b)
			if tt.want == "" && (err != nil || l.A.Value == "" || l.B.Value == "") || tt.want != "" && (err == nil || err.Error() != tt.want) {
				t.Errorf("got %v, %v; want %s", l, err, tt.want)
			}
		})
	}
}
