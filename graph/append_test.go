package graph_test

import (
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/graph"
)

// testAppend compares the output of a scalar's Append function with that of its marshaler.
func testAppend[T any](t *testing.T, marshal func(T) graphql.Marshaler, appended func([]byte, T) []byte, values ...T) {
	t.Helper()
	for _, v := range values {
		if got, want := string(appended([]byte("before "), v)), "before "+written(marshal(v)); got != want {
			t.Errorf("%v is appended as %s, marshaled as %s", v, got, want)
		}
	}
}

func TestAppendEqualsMarshal(t *testing.T) {
	t.Parallel()
	texts := []string{"", "plain", `"quoted" and \ escaped`, "<b>&amp;</b>", "é 漢字 \U0001F600 \u2028", "\x80\xff not UTF-8 \xc3"}
	for c := range 0x80 {
		texts = append(texts, string(rune(c)), "a"+string(rune(c))+"b")
	}
	testAppend(t, graph.MarshalString, graph.AppendString, texts...)
	testAppend(t, graph.MarshalID, graph.AppendID, db.CustomerID(db.SourceID{Source: db.Elevate, Value: "17"}), db.ID{Type: db.TypeSubscription, Source: db.STN, Customer: "a", Value: "漢字"})
	testAppend(t, graphql.MarshalBoolean, graph.AppendBoolean, true, false)
	testAppend(t, graph.MarshalInt, graph.AppendInt, 0, -1, 1<<31-1, -1<<31)
	testAppend(t, graph.MarshalLong, graph.AppendLong, 0, -1, 1<<63-1, -1<<63)
	for _, s := range []string{"0", "0.00", "-12.50", "0.0000000000000000001", "9999999999999999999", "-0.9999999999999999999"} {
		testAppend(t, graph.MarshalDecimal, graph.AppendDecimal, decimal.MustParse(s))
	}
	at := time.Date(2025, time.January, 31, 22, 15, 0, 0, time.UTC)
	for _, fraction := range []time.Duration{0, time.Microsecond, 100 * time.Millisecond, 123456 * time.Microsecond, 999999 * time.Microsecond} {
		testAppend(t, graph.MarshalDateTime, graph.AppendDateTime, db.TimeOf(at.Add(fraction)), db.TimeOf(time.Date(1, 1, 1, 0, 0, 0, int(fraction), time.UTC)))
	}
	testAppend(t, graph.MarshalDate, graph.AppendDate, "2025-01-31", "")
	testAppend(t, graph.MarshalYearMonth, graph.AppendYearMonth, "2025-01")
}
