package db_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestACursorOfAnotherListOrOrderIsRejected(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		fill(t, store)
		r := store.For(db.All())
		var cursors []struct{ of, cursor string }
		for _, e := range entities {
			for _, by := range orders(e) {
				p := e.one(t, r, db.NoParent, query{Page: db.Page{Limit: 1}, orderBy: by})
				cursors = append(cursors, struct{ of, cursor string }{fmt.Sprint(e.name, by), p.cursors[0]})
			}
		}
		for _, e := range entities {
			for _, by := range orders(e) {
				of := fmt.Sprint(e.name, by)
				for _, c := range cursors {
					for _, p := range []db.Page{{Limit: 1, After: c.cursor}, {Limit: 1, Backward: true, Before: c.cursor}} {
						_, err := e.list(context.Background(), r, db.NoParent, query{Page: p, orderBy: by})
						if c.of == of && err != nil {
							t.Errorf("%s: its own cursor: %v", of, err)
						}
						if c.of != of {
							failsAs(t, err, db.BadCursor)
						}
					}
				}
			}
		}
	})
}

// orders returns orders of a list; the cursors of some have values of the same kinds.
func orders(e *entity) [][]orderKey {
	list := [][]orderKey{{{"CREATED", db.Ascending}}, {{"CREATED", db.Descending}}}
	for _, field := range e.orders {
		if field != "CREATED" {
			list = append(list, []orderKey{{field, db.Ascending}}, []orderKey{{field, db.Descending}}, []orderKey{{field, db.Ascending}, {"CREATED", db.Descending}})
		}
	}
	return list
}

// cursorTests are invalid values for the cursors of an order.
var cursorTests = []struct {
	name          string
	order, values string
}{
	{"an id that is text", "CREATED", `"x"`},
	{"an id with a point", "CREATED", `"1.0"`},
	{"an id with a plus", "CREATED", `"+1"`},
	{"an id with a leading zero", "CREATED", `"01"`},
	{"an id of more than 64 bits", "CREATED", `"9223372036854775808"`},
	{"an id that is empty", "CREATED", `""`},
	{"an id that is null", "CREATED", `null`},
	{"a JSON number", "CREATED", `1`},
	{"no values", "CREATED", ``},
	{"a value too many", "CREATED", `"1","2"`},
	{"a value too few", "EVENT_TIME", `"2025-01-31T22:15:00.000000Z"`},
	{"a time that is null", "EVENT_TIME", `null,"1"`},
	{"a time that is text", "EVENT_TIME", `"yesterday","1"`},
	{"a time without a zone", "EVENT_TIME", `"2025-01-31T22:15:00","1"`},
	{"a time in another zone", "EVENT_TIME", `"2025-01-31T22:15:00.000000+01:00","1"`},
	{"a time without its fraction", "EVENT_TIME", `"2025-01-31T22:15:00Z","1"`},
	{"a day that does not exist", "EVENT_TIME", `"2025-02-30T22:15:00.000000Z","1"`},
	{"a year before the first", "EVENT_TIME", `"0000-01-31T22:15:00.000000Z","1"`},
	{"a decimal that is text", "DATA_QUANTITY", `"x","1"`},
	{"a decimal that is no number", "DATA_QUANTITY", `"NaN","1"`},
	{"a decimal with an exponent", "DATA_QUANTITY", `"1e3","1"`},
	{"a decimal of 30 digits", "DATA_QUANTITY", `"123456789012345678901234567890","1"`},
	{"a NUL character", "DESCRIPTION", `"a\u0000b","1"`},
	{"half a surrogate pair", "DESCRIPTION", `"\ud800","1"`},
	{"a text that is an object", "DESCRIPTION", `{},"1"`},
	{"null in a column without nulls", "SOURCE_ID", `null,"1"`},
}

func TestATamperedCursorIsRejected(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		fill(t, store)
		records := entityNamed(db.TypeUsageRecord)
		for _, tt := range cursorTests {
			t.Run(tt.name, func(t *testing.T) {
				by := []orderKey{{tt.order, db.Descending}}
				real := records.one(t, store.For(db.All()), db.NoParent, query{Page: db.Page{Limit: 1}, orderBy: by}).cursors[0]
				text, err := base64.RawURLEncoding.DecodeString(real)
				if err != nil {
					t.Fatal(err)
				}
				signature, _, _ := strings.Cut(string(text), ",")
				tampered := strings.TrimSuffix(signature, "]")
				if tt.values != "" {
					tampered += "," + tt.values
				}
				checkRejected(t, store, records, by, base64.RawURLEncoding.EncodeToString([]byte(tampered+"]")))
			})
		}
	})
}

func TestAnInvalidCursorIsRejected(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		fill(t, store)
		records := entityNamed(db.TypeUsageRecord)
		real := records.one(t, store.For(db.All()), db.NoParent, query{Page: db.Page{Limit: 1}}).cursors[0]
		text, err := base64.RawURLEncoding.DecodeString(real)
		if err != nil {
			t.Fatal(err)
		}
		for name, cursor := range map[string]string{
			"a word":                "garbage",
			"no base64":             "!!!",
			"a space":               " ",
			"JSON without base64":   string(text),
			"with padding":          base64.URLEncoding.EncodeToString(append(text, ' ')),
			"with a space":          real + " ",
			"cut":                   real[:len(real)-4],
			"twice":                 real + real,
			"with more white space": base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(text), ",", ", ", 1))),
			"without a signature":   base64.RawURLEncoding.EncodeToString([]byte(`[null,"2025-01-31T22:15:00.000000Z","1"]`)),
			"an empty list":         base64.RawURLEncoding.EncodeToString([]byte(`[]`)),
			"null":                  base64.RawURLEncoding.EncodeToString([]byte(`null`)),
			"an object":             base64.RawURLEncoding.EncodeToString([]byte(`{}`)),
			"deep":                  base64.RawURLEncoding.EncodeToString([]byte(strings.Repeat("[", 100_000))),
			"long":                  strings.Repeat("A", 1<<20),
			"an id":                 db.ID{Type: db.TypeUsageRecord, Source: db.STN, Value: "1"}.String(),
		} {
			t.Run(name, func(t *testing.T) { checkRejected(t, store, records, nil, cursor) })
		}
	})
}

func checkRejected(t *testing.T, store *db.Store, e *entity, by []orderKey, cursor string) {
	t.Helper()
	for argument, p := range map[string]db.Page{"after": {Limit: 1, After: cursor}, "before": {Limit: 1, Before: cursor}} {
		_, err := e.list(context.Background(), store.For(db.All()), db.NoParent, query{Page: p, orderBy: by})
		failsAs(t, err, db.BadCursor)
		if err != nil && !strings.HasPrefix(err.Error(), argument+": ") {
			t.Errorf("%q does not name the argument %s", err, argument)
		}
	}
}
