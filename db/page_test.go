package db_test

import (
	"math"
	"strings"
	"testing"

	"usagegraph/db"
)

func TestNewPage(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name          string
		first         *int32
		after         *string
		last          *int32
		before        *string
		want          db.Page
		code          db.Code
		namesArgument string
	}{
		{name: "nothing", want: db.Page{Limit: 50}},
		{name: "the first one", first: new(int32(1)), want: db.Page{Limit: 1}},
		{name: "the first thousand", first: new(int32(1000)), want: db.Page{Limit: 1000}},
		{name: "the last one", last: new(int32(1)), want: db.Page{Limit: 1, Backward: true}},
		{name: "the last thousand", last: new(int32(1000)), want: db.Page{Limit: 1000, Backward: true}},
		{name: "after a cursor", after: new("x"), want: db.Page{Limit: 50, After: "x"}},
		{name: "before a cursor", before: new("x"), want: db.Page{Limit: 50, Before: "x"}},
		{name: "the first between two", first: new(int32(3)), after: new("x"), before: new("y"), want: db.Page{Limit: 3, After: "x", Before: "y"}},
		{name: "the last between two", last: new(int32(3)), after: new("x"), before: new("y"), want: db.Page{Limit: 3, Backward: true, After: "x", Before: "y"}},
		{name: "first and last", first: new(int32(1)), last: new(int32(1)), code: db.BadInput, namesArgument: "first and last"},
		{name: "the first none", first: new(int32(0)), code: db.BadInput, namesArgument: "first"},
		{name: "the first less than none", first: new(int32(-1)), code: db.BadInput, namesArgument: "first"},
		{name: "the first of too many", first: new(int32(1001)), code: db.BadInput, namesArgument: "first"},
		{name: "the first of very many", first: new(int32(math.MaxInt32)), code: db.BadInput, namesArgument: "first"},
		{name: "the last none", last: new(int32(0)), code: db.BadInput, namesArgument: "last"},
		{name: "the last of too many", last: new(int32(1001)), code: db.BadInput, namesArgument: "last"},
		{name: "the last less than none", last: new(int32(math.MinInt32)), code: db.BadInput, namesArgument: "last"},
		{name: "after an empty cursor", after: new(""), code: db.BadCursor, namesArgument: "after"},
		{name: "before an empty cursor", before: new(""), code: db.BadCursor, namesArgument: "before"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := db.NewPage(tt.first, tt.after, tt.last, tt.before)
			if tt.code != "" {
				failsAs(t, err, tt.code)
				if err == nil || !strings.HasPrefix(err.Error(), tt.namesArgument+": ") {
					t.Errorf("%v does not name %s", err, tt.namesArgument)
				}
				return
			}
			if err != nil || got != tt.want {
				t.Errorf("got %+v, %v; want %+v", got, err, tt.want)
			}
		})
	}
}
