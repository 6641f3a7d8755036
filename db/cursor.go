package db

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"github.com/govalues/decimal"
)

// encodeCursor returns a cursor for the values of a row in an order. The order is identified by its signature; nil is
// NULL.
func encodeCursor(order string, values []*string) string {
	text, _ := json.Marshal(append([]*string{&order}, values...))
	return base64.RawURLEncoding.EncodeToString(text)
}

// decodeCursor returns the values of a cursor. It returns a BadCursor error unless encodeCursor made it for the same
// order. It checks each value against its column, so that both databases reject the same cursors.
func decodeCursor(argument, cursor, order string, columns []column) ([]any, error) {
	bad := Errorf(BadCursor, "%s: invalid cursor for this list and order: use a cursor from a response, unchanged", argument)
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	var values []*string
	if err != nil || json.Unmarshal(text, &values) != nil || len(values) != len(columns)+1 || values[0] == nil || *values[0] != order {
		return nil, bad
	}
	if encodeCursor(order, values[1:]) != cursor {
		return nil, bad
	}
	out := make([]any, len(columns))
	for i, col := range columns {
		switch v := values[i+1]; {
		case v != nil:
			if out[i], err = col.parse(*v); err != nil || *col.print(out[i]) != *v {
				return nil, bad
			}
		case !col.nullable:
			return nil, bad
		}
	}
	return out, nil
}

// signature returns a short hash of a table name and an order.
func signature(table string, order []sortKey) string {
	h := fnv.New32a()
	fmt.Fprint(h, table, " ", order)
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}

// columnKind is the encoding of a column's values in a cursor.
type columnKind int

const (
	textColumn columnKind = iota
	longColumn
	decimalColumn
	timeColumn
	// sumColumn is a decimal with any number of digits.
	sumColumn
)

// column is a column or expression that a list can be ordered by.
type column struct {
	name     string
	kind     columnKind
	nullable bool
	// expression is SQL to order by instead of the column, with {t} for the table alias and its dot. An order by an
	// expression has no cursors.
	expression string
}

// of returns SQL for the column or its expression, for a table alias with its dot.
func (c column) of(d *dialect, t string) string {
	switch {
	case c.expression == "":
		return t + c.name
	case c.kind == decimalColumn || c.kind == sumColumn:
		return d.decimal(strings.ReplaceAll(c.expression, "{t}", t))
	}
	return strings.ReplaceAll(c.expression, "{t}", t)
}

func (c column) parse(s string) (any, error) {
	switch c.kind {
	case longColumn:
		return strconv.ParseInt(s, 10, 64)
	case decimalColumn:
		return ParseDecimal(s)
	case sumColumn:
		return ParseDecimalSum(s)
	case timeColumn:
		return ParseTime(s)
	}
	return s, checkText(s)
}

// print is the inverse of parse; it returns nil for NULL.
func (c column) print(v any) *string {
	var s string
	switch v := v.(type) {
	case nil:
		return nil
	case int64:
		s = strconv.FormatInt(v, 10)
	case decimal.Decimal:
		s = v.String()
	case DecimalSum:
		s = v.String()
	case Time:
		s = v.Format(timeForm)
	default:
		s = fmt.Sprint(v)
	}
	return &s
}
