package db

import (
	"reflect"
	"strings"
)

// summaryTotalsReader answers one SummaryTotalsQuery in a snapshot.
type summaryTotalsReader struct {
	r          *Reader
	query      *SummaryTotalsQuery
	dimensions []dimensionOf[SummaryKey]
	order      totalsOrder
	// charged are the currencies of the order.
	charged []chargedIn
	page    Page
	// after holds the values of the cursor; nil without one.
	after []any
	sign  string

	// These are the values that the answer needs.
	customers, subscriptions, charges, volumes, extremes bool
	nodes, total, totalCount                             bool
}

// chargedIn is the sum of all usage charges in a currency as a column of the groups.
type chargedIn struct {
	column
	currency string
}

func newSummaryTotalsReader(r *Reader, p *Projection, q *SummaryTotalsQuery) (t *summaryTotalsReader, err error) {
	of := func(column string) bool { return p.has(reflect.TypeFor[SummaryTotals](), column) }
	page := func(column string) bool { return p.has(reflect.TypeFor[SummaryTotalsConnection](), column) }
	t = &summaryTotalsReader{
		query: q, customers: of("customers"), subscriptions: of("subscriptions"), charges: of("charges"), volumes: of("volumes"),
		extremes: p.has(reflect.TypeFor[QuantityTotals](), "extremes"), nodes: page("nodes"), total: page("total"), totalCount: page("total_count"),
	}
	if q.To < q.From {
		return nil, Errorf(BadInput, "to: want the month of from or a later one")
	}
	if t.dimensions, err = dimensionsOf(summaryDimensions, q.By, maxSummaryDimensions); err != nil {
		return nil, err
	}
	if err := t.setOrder(); err != nil {
		return nil, err
	}
	if t.page, err = NewPage(&q.First, q.After, nil, nil); err != nil {
		return nil, err
	}
	t.sign, t.after, err = readTotalsCursor(q.question(), t.page, t.order.keys)
	return t, err
}

// setOrder computes the order of the groups: the keys of the query, then the dimensions. It returns BadInput errors.
func (t *summaryTotalsReader) setOrder() error {
	key, seen := columnsOfDimensions(t.dimensions), map[string]bool{}
	for _, by := range t.query.OrderBy {
		descending := by.Direction == Descending
		if err := checkTotalsOrder(seen, string(by.Field), by.Currency, by.Field == "TOTAL"); err != nil {
			return err
		}
		switch by.Field {
		case "KEY":
			t.order.add(descending, key...)
		case "SUMMARIES":
			t.order.add(descending, column{name: "summaries", kind: longColumn})
		case "TOTAL":
			c := chargedIn{column{name: "total_" + strings.ToLower(*by.Currency), kind: sumColumn}, *by.Currency}
			t.charged = append(t.charged, c)
			t.order.add(descending, c.column)
		default:
			return Errorf(BadInput, "orderBy: unknown field %s", by.Field)
		}
	}
	t.order.add(false, key...)
	return nil
}
