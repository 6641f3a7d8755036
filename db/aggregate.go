package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unsafe"
)

// Function is an aggregate function. Null values do not count.
type Function string

// The aggregate functions.
const (
	Sum     Function = "SUM"
	Average Function = "AVG"
	Minimum Function = "MIN"
	Maximum Function = "MAX"
	CountOf Function = "COUNT"
)

// Aggregate is a function of one field over the rows that match a filter.
type Aggregate[K ~string] struct {
	Function Function
	Field    K
	// Distinct counts equal values once; 1 and 1.0 are equal.
	Distinct bool
}

// AggregateUsageSummaries returns the aggregates of the usage summaries that match a filter, as text, in the order of
// the list; nil for an aggregate of no values, except a count. Decimals have no trailing zeros. An average is exact if
// 19 digits suffice; otherwise it is rounded once, half to even, to 19 significant digits and at most 19 decimal
// places. It returns a BadInput error for an unknown field, and for the sum or average of a field that is not a
// decimal.
func (r *Reader) AggregateUsageSummaries(ctx context.Context, f *UsageSummaryFilter, list []Aggregate[UsageSummaryOrderField]) ([]*string, error) {
	return aggregate(ctx, r, usageSummaries, f, list)
}

func aggregate[T any, K ~string, F Filter](ctx context.Context, r *Reader, t *table[T, K], f F, list []Aggregate[K]) ([]*string, error) {
	c := r.filterCompiler(ctx)
	var terms []string
	for _, a := range list {
		column, ok := t.orders[a.Field]
		if !ok || (a.Function == Sum || a.Function == Average) && column.kind != decimalColumn {
			return nil, Errorf(BadInput, "%s of %s: unknown field or not a decimal field", a.Function, a.Field)
		}
		if costColumns[column.name] && !r.scope.cost {
			return nil, errCostHidden
		}
		expression := column.of(r.store.dialect, "t.")
		if a.Distinct {
			expression = "DISTINCT " + expression
		}
		switch a.Function {
		case Sum, Average:
			terms = append(terms, "CAST("+r.store.dialect.sum+"("+expression+") AS TEXT)", "CAST(COUNT("+expression+") AS TEXT)")
		case Minimum, Maximum, CountOf:
			terms = append(terms, "CAST("+string(a.Function)+"("+expression+") AS TEXT)", "''")
		default:
			return nil, Errorf(BadInput, "unknown function %s: want SUM, AVG, MIN, MAX or COUNT", a.Function)
		}
	}
	if len(terms) == 0 {
		return nil, nil
	}
	where := c.all(func() { r.scope.conditions(c, "t."); f.conditions(c, "t.") })
	if c.err != nil {
		return nil, c.err
	}
	statement := fmt.Sprintf("SELECT %s FROM %s t WHERE %s", strings.Join(terms, ", "), t.name, where)
	rows, err := cached(r, c, statement, func() ([][]*string, error) { return texts(ctx, r, c, statement, len(terms)) })
	if err != nil {
		return nil, fmt.Errorf("aggregate: %w", err)
	}
	values, out := rows[0], make([]*string, len(list))
	for i, a := range list {
		value, count := values[2*i], values[2*i+1]
		if value == nil {
			continue
		}
		text := *value
		switch {
		case a.Function == Average:
			total, err := ParseDecimalSum(text)
			n, notANumber := strconv.ParseInt(*count, 10, 64)
			if err := errors.Join(err, notANumber); err != nil {
				return nil, fmt.Errorf("average: %w", err)
			}
			text = total.Average(n).String()
		case a.Function != CountOf && t.orders[a.Field].kind == decimalColumn:
			text = trimZeros(text)
		}
		out[i] = &text
	}
	return out, nil
}

// texts runs a statement and returns its rows, each of n columns as text.
func texts(ctx context.Context, r *Reader, c *compiler, statement string, n int) (rows [][]*string, err error) {
	set := setterOf(reflect.TypeFor[*string]())
	return rows, r.statement(ctx, statement, c.args, func(found driver.Rows) error {
		return eachRow(ctx, found, func(row []driver.Value) error {
			values := make([]*string, n)
			rows = append(rows, values)
			for i := range values {
				if err := set(unsafe.Pointer(&values[i]), row[i]); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// trimZeros removes trailing zeros from a decimal, so that equal decimals have the same text.
func trimZeros(text string) string {
	if !strings.Contains(text, ".") {
		return text
	}
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}
