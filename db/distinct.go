package db

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// MaskedPhoneNumber is a field of DistinctQuery only: the phone number as masked by MaskNumber.
const MaskedPhoneNumber UsageSummaryOrderField = "PHONE_NUMBER MASKED"

// DistinctQuery selects a page of the distinct combinations of some fields' values, over the usage summaries that match
// a filter.
type DistinctQuery struct {
	Filter *UsageSummaryFilter
	Fields []UsageSummaryOrderField
	// OrderBy may contain any of Fields. Combinations that it does not order are in the order of their first summaries.
	OrderBy []*UsageSummaryOrder
	Limit   int
	Offset  int64
}

// DistinctUsageSummaries returns a page of combinations, each as the values of its fields as text, nil for null, and
// the number of all combinations. Decimals have no trailing zeros: 1 and 1.0 are one value. It returns a BadInput error
// for an unknown field.
func (r *Reader) DistinctUsageSummaries(ctx context.Context, q DistinctQuery) (rows [][]*string, total int64, err error) {
	c := r.filterCompiler(ctx)
	where := c.all(func() { r.scope.conditions(c, "t."); q.Filter.conditions(c, "t.") })
	if c.err != nil {
		return nil, 0, c.err
	}
	names, compared := map[UsageSummaryOrderField]string{}, make([]string, len(q.Fields))
	var terms, shown []string
	decimals := make([]bool, len(q.Fields))
	for i, field := range q.Fields {
		expression, column := "", usageSummaries.orders[field]
		switch {
		case field == MaskedPhoneNumber:
			expression = r.store.dialect.masked("t.phone_number")
		case column.name == "":
			return nil, 0, Errorf(BadInput, "unknown field %s of a usage summary", field)
		default:
			expression = column.of(r.store.dialect, "t.")
		}
		name := "d.c" + strconv.Itoa(i)
		terms, shown = append(terms, fmt.Sprintf("%s AS c%d", expression, i)), append(shown, "CAST("+name+" AS TEXT)")
		if decimals[i] = column.kind == decimalColumn; decimals[i] {
			name = r.store.dialect.decimal(name)
		}
		names[field], compared[i] = name, name
	}
	groups := fmt.Sprintf("(SELECT %s, t.id AS own FROM usage_summaries t WHERE %s) d GROUP BY %s",
		strings.Join(terms, ", "), where, strings.Join(compared, ", "))
	var order []string
	for _, o := range q.OrderBy {
		name, ok := names[o.Field]
		if !ok {
			return nil, 0, Errorf(BadInput, "orderBy: %s is not among the distinct fields", o.Field)
		}
		order = append(order, name+" IS NULL", name+direction(o.Direction == Descending))
	}
	counting := "SELECT CAST(COUNT(*) AS TEXT) FROM (SELECT 1 FROM " + groups + ") g"
	counted, err := cached(r, c, counting, func() ([][]*string, error) { return texts(ctx, r, c, counting, 1) })
	if err != nil {
		return nil, 0, fmt.Errorf("count combinations: %w", err)
	}
	if total, err = strconv.ParseInt(*counted[0][0], 10, 64); err != nil || q.Offset >= total || q.Limit == 0 {
		return nil, total, err
	}
	rows, err = texts(ctx, r, c, fmt.Sprintf("SELECT %s FROM %s ORDER BY %s LIMIT %d OFFSET %d", strings.Join(shown, ", "), groups,
		strings.Join(append(order, "MIN(d.own)"), ", "), q.Limit, q.Offset), len(q.Fields))
	if err != nil {
		return nil, 0, fmt.Errorf("read combinations: %w", err)
	}
	for _, row := range rows {
		for i, value := range row {
			if decimals[i] && value != nil {
				row[i] = new(trimZeros(*value))
			}
		}
	}
	return rows, total, nil
}
