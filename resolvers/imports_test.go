package resolvers_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// storeImports stores two imports: the first with three rejects, the second of a client without any.
func storeImports(t *testing.T, store *db.Store) {
	t.Helper()
	failure := "broken"
	for n, i := range []*db.Import{
		{Source: db.Elevate, File: "usage.csv", Read: 5, New: 1, Rejected: 4, RejectsStored: 3, Revision: 7},
		{Source: db.BRM, ClientID: "client_a", Failure: &failure},
	} {
		if err := store.StartImport(t.Context(), i); err != nil {
			t.Fatal(err)
		}
		var rejects []*db.ImportReject
		for position := range int32(i.RejectsStored) {
			rejects = append(rejects, &db.ImportReject{ImportID: i.ID, Position: position, Record: int64(position) + 2, Byte: 10, Reason: "missing", FieldName: strings.Repeat("f", int(position)), Text: "{}", Complete: true})
		}
		err := store.Write(t.Context(), func(tx *db.Tx) error {
			return errors.Join(tx.AddRejects(t.Context(), rejects), tx.SaveImport(t.Context(), i))
		})
		if err != nil {
			t.Fatal(err)
		}
		i.State = []db.ImportState{db.ImportDone, db.ImportFailed}[n]
		if err := store.EndImport(t.Context(), i); err != nil {
			t.Fatal(err)
		}
	}
}

func TestImportsAndRejectsArePaged(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		storeImports(t, store)
		const page = `{imports(first: %d%s) {totalCount pageInfo {hasNextPage endCursor} nodes {source file client state failure read new rejected revision rejectsOmitted
			rejects(first: 2%s) {totalCount pageInfo {hasNextPage hasPreviousPage endCursor} nodes {record byte field reason text isComplete}}}}}`
		for _, way := range executors() {
			runner := newRunner(store, way.schema)
			runner.scope = db.All().WithStaff(true)
			read := func(first int, after, rejectsAfter string) string {
				for _, cursor := range []*string{&after, &rejectsAfter} {
					if *cursor != "" {
						*cursor = fmt.Sprintf(", after: %q", *cursor)
					}
				}
				got := runner.answer(t.Context(), graphql.RawParams{Query: fmt.Sprintf(page, first, after, rejectsAfter)})
				if len(got.Errors) > 0 {
					t.Fatal(got.Errors)
				}
				return string(got.Data)
			}
			cursorIn := func(text string, n int) string {
				return strings.Split(strings.Split(text, `"endCursor":"`)[n], `"`)[0]
			}
			first := read(1, "", "")
			if want := `"nodes":[{"source":"BRM","file":null,"client":"client_a","state":"FAILED","failure":"broken","read":0,"new":0,"rejected":0,"revision":null,"rejectsOmitted":0,"rejects":{"totalCount":0,"pageInfo":{"hasNextPage":false,"hasPreviousPage":false,"endCursor":null},"nodes":[]}}]`; !strings.Contains(first, want) || !strings.Contains(first, `{"totalCount":2,"pageInfo":{"hasNextPage":true,`) {
				t.Errorf("%s: %s", way.name, first)
			}
			second := read(1, cursorIn(first, 1), "")
			if want := `"rejects":{"totalCount":3,"pageInfo":{"hasNextPage":true,"hasPreviousPage":false,"endCursor":"`; !strings.Contains(second, want) || !strings.Contains(second, `"nodes":[{"record":2,"byte":10,"field":null,"reason":"missing","text":"{}","isComplete":true},{"record":3,"byte":10,"field":"f"`) ||
				!strings.Contains(second, `"file":"usage.csv","client":null,"state":"DONE","failure":null,"read":5,"new":1,"rejected":4,"revision":7,"rejectsOmitted":1`) {
				t.Errorf("%s: %s", way.name, second)
			}
			last := read(2, "", cursorIn(second, 2))
			if want := `"pageInfo":{"hasNextPage":false,"hasPreviousPage":true,`; !strings.Contains(last, want) || !strings.Contains(last, `"nodes":[{"record":4,`) {
				t.Errorf("%s: %s", way.name, last)
			}
		}
	})
}

func TestImportsRequireStaff(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		storeImports(t, store)
		for _, way := range executors() {
			for _, scope := range []db.Scope{db.All(), db.Only(1), db.Only(1).WithStaff(true)} {
				runner := newRunner(store, way.schema)
				runner.scope = scope
				got := runner.answer(t.Context(), graphql.RawParams{Query: `{imports {totalCount nodes {id rejects {nodes {text}}}}}`})
				var forbidden *db.Error
				if len(got.Errors) != 1 || !errors.As(got.Errors[0], &forbidden) || forbidden.Code != db.Forbidden || strings.Contains(string(got.Data), "id") {
					t.Errorf("%s: %s %v", way.name, got.Data, got.Errors)
				}
			}
		}
		if _, err := store.For(db.All()).ImportRejects(t.Context(), nil, db.Page{Limit: 1}); err == nil {
			t.Error("rejects without staff")
		}
	})
}

func TestRecordsKnowTheirImport(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadSamples()
		for _, way := range executors() {
			for field, want := range map[string]string{"usageRecords": "ELEVATE", "usageSummaries": "STN", "consumptionReports": "DXP"} {
				query := `{` + field + `(first: 20) {nodes {source importedBy {source state rejects {nodes {reason}}}}}}`
				runner := newRunner(store, way.schema)
				runner.scope = db.All().WithStaff(true)
				ctx, statements := db.CountStatements(t.Context())
				got := runner.answer(ctx, graphql.RawParams{Query: query})
				node := fmt.Sprintf(`{"source":%q,"importedBy":{"source":%[1]q,"state":"DONE","rejects":{"nodes":[]}}}`, want)
				if len(got.Errors) > 0 || !strings.Contains(string(got.Data), node) || strings.Contains(string(got.Data), "null") || statements() != 3 {
					t.Errorf("%s, %s: %d statements, %s %v", way.name, field, statements(), got.Data, got.Errors)
				}
				runner.scope = db.All()
				got = runner.answer(t.Context(), graphql.RawParams{Query: query})
				var forbidden *db.Error
				if len(got.Errors) == 0 || !errors.As(got.Errors[0], &forbidden) || forbidden.Code != db.Forbidden || !strings.Contains(string(got.Data), `"importedBy":null`) {
					t.Errorf("%s, %s without staff: %s %v", way.name, field, got.Data, got.Errors)
				}
			}
		}
	})
}
