package db

import (
	"context"
	"database/sql/driver"
	"fmt"
	"reflect"
	"strings"
	"unsafe"

	"github.com/govalues/decimal"
)

// Function sums values up; what has no value does not count.
type Function string

// The functions.
const (
	Sum     Function = "SUM"
	Average Function = "AVG"
	Minimum Function = "MIN"
	Maximum Function = "MAX"
	CountOf Function = "COUNT"
)

// Aggregate asks for a function of a field over a filtered set.
type Aggregate[K ~string] struct {
	Function Function
	Field    K
}

// AggregateUsageSummaries returns the value of each aggregate as text, in their order; nil where there is nothing to
// sum up. An average that does not come out even is rounded to 19 digits. It returns a BadInput error for a field that
// is none, and for the sum or average of one that is no number.
func (r *Reader) AggregateUsageSummaries(ctx context.Context, f *UsageSummaryFilter, list []Aggregate[UsageSummaryOrderField]) ([]*string, error) {
	return aggregate(ctx, r, usageSummaries, f, list)
}

func aggregate[T any, K ~string, F Filter](ctx context.Context, r *Reader, t *table[T, K], f F, list []Aggregate[K]) ([]*string, error) {
	c := r.filterCompiler(ctx)
	var terms []string
	for _, a := range list {
		column, ok := t.orders[a.Field]
		if !ok || (a.Function == Sum || a.Function == Average) && column.kind != decimalColumn {
			return nil, Errorf(BadInput, "%s of %s: no such field, or no number", a.Function, a.Field)
		}
		if costColumns[column.name] && !r.scope.cost {
			return nil, hidden
		}
		expression := column.of(r.store.dialect, "t.")
		switch a.Function {
		case Sum, Average:
			terms = append(terms, "CAST("+r.store.dialect.sum+"("+expression+") AS TEXT)", "CAST(COUNT("+expression+") AS TEXT)")
		case Minimum, Maximum, CountOf:
			terms = append(terms, "CAST("+string(a.Function)+"("+expression+") AS TEXT)", "''")
		default:
			return nil, Errorf(BadInput, "%s is no function of sums", a.Function)
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
	values, err := remembered(r, c, statement, func() ([]*string, error) { return texts(ctx, r, c, statement, len(terms)) })
	if err != nil {
		return nil, fmt.Errorf("aggregate: %w", err)
	}
	out := make([]*string, len(list))
	for i, a := range list {
		out[i] = values[2*i]
		if a.Function == Average && out[i] != nil {
			if out[i], err = quotient(*values[2*i], *values[2*i+1]); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// texts runs a statement that finds one row of n texts.
func texts(ctx context.Context, r *Reader, c *compiler, statement string, n int) ([]*string, error) {
	values := make([]*string, n)
	set := setterOf(reflect.TypeFor[*string]())
	return values, r.statement(ctx, statement, c.args, func(rows driver.Rows) error {
		return eachRow(ctx, rows, func(row []driver.Value) error {
			for i := range values {
				if err := set(unsafe.Pointer(&values[i]), row[i]); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

func quotient(sum, count string) (*string, error) {
	a, err := decimal.Parse(sum)
	if err != nil {
		return nil, fmt.Errorf("average: %w", err)
	}
	b, err := decimal.Parse(count)
	if err != nil {
		return nil, fmt.Errorf("average: %w", err)
	}
	q, err := a.Quo(b)
	if err != nil {
		return nil, fmt.Errorf("average: %w", err)
	}
	text := q.Trim(0).String()
	return &text, nil
}
