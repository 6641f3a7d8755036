package graph_test

import (
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/graph"
)

// appends holds what a scalar appends to what it marshals.
func appends[T any](t *testing.T, marshal func(T) graphql.Marshaler, appended func([]byte, T) []byte, values ...T) {
	t.Helper()
	for _, v := range values {
		if got, want := string(appended([]byte("before "), v)), "before "+written(marshal(v)); got != want {
			t.Errorf("%v is appended as %s, marshaled as %s", v, got, want)
		}
	}
}

func TestAScalarIsAppendedAsItIsMarshaled(t *testing.T) {
	t.Parallel()
	texts := []string{"", "plain", `"quoted" and \ escaped`, "<b>&amp;</b>", "é 漢字 \U0001F600 \u2028", "\x80\xff not UTF-8 \xc3"}
	for c := range 0x80 {
		texts = append(texts, string(rune(c)), "a"+string(rune(c))+"b")
	}
	appends(t, graph.MarshalString, graph.AppendString, texts...)
	appends(t, graph.MarshalID, graph.AppendID, db.CustomerID(db.SourceID{Source: db.Elevate, Value: "17"}), db.ID{Type: db.TypeSubscription, Source: db.STN, Customer: "a", Value: "漢字"})
	appends(t, graphql.MarshalBoolean, graph.AppendBoolean, true, false)
	appends(t, graph.MarshalInt, graph.AppendInt, 0, -1, 1<<31-1, -1<<31)
	appends(t, graph.MarshalLong, graph.AppendLong, 0, -1, 1<<63-1, -1<<63)
	for _, s := range []string{"0", "0.00", "-12.50", "0.0000000000000000001", "9999999999999999999", "-0.9999999999999999999"} {
		appends(t, graph.MarshalDecimal, graph.AppendDecimal, decimal.MustParse(s))
	}
	at := time.Date(2025, time.January, 31, 22, 15, 0, 0, time.UTC)
	for _, fraction := range []time.Duration{0, time.Microsecond, 100 * time.Millisecond, 123456 * time.Microsecond, 999999 * time.Microsecond} {
		appends(t, graph.MarshalDateTime, graph.AppendDateTime, db.TimeOf(at.Add(fraction)), db.TimeOf(time.Date(1, 1, 1, 0, 0, 0, int(fraction), time.UTC)))
	}
	appends(t, graph.MarshalDate, graph.AppendDate, "2025-01-31", "")
	appends(t, graph.MarshalYearMonth, graph.AppendYearMonth, "2025-01")
}
