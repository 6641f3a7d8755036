package db

import (
	"database/sql/driver"
	"fmt"

	"modernc.org/sqlite"
)

// sqliteSum is the aggregate function decimal_sum for SQLite. The sum is exact, with any number of digits.
type sqliteSum struct {
	total DecimalSum
	// values is the number of values that are not NULL.
	values int
}

func newSqliteSum(sqlite.FunctionContext) (sqlite.AggregateFunction, error) { return &sqliteSum{}, nil }

func parseTerm(arg driver.Value) (DecimalSum, error) {
	if text, ok := arg.(string); ok {
		return ParseDecimalSum(text)
	}
	return ParseDecimalSum(fmt.Sprint(arg))
}

// Step adds a row.
func (s *sqliteSum) Step(_ *sqlite.FunctionContext, args []driver.Value) error {
	if args[0] == nil {
		return nil
	}
	term, err := parseTerm(args[0])
	s.total.Add(term)
	s.values++
	return err
}

// WindowInverse removes a row.
func (s *sqliteSum) WindowInverse(_ *sqlite.FunctionContext, args []driver.Value) error {
	if args[0] == nil {
		return nil
	}
	term, err := parseTerm(args[0])
	s.total.Subtract(term)
	s.values--
	return err
}

// WindowValue returns the sum; nil if there are no values.
func (s *sqliteSum) WindowValue(*sqlite.FunctionContext) (driver.Value, error) {
	if s.values == 0 {
		return nil, nil
	}
	return s.total.String(), nil
}

// Final does nothing: there are no resources to release.
func (s *sqliteSum) Final(*sqlite.FunctionContext) {}

// addInSQLite is the function decimal_add for SQLite. The sum of its two arguments is exact, with any number of digits.
func addInSQLite(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	sum, err := parseTerm(args[0])
	if err != nil {
		return nil, err
	}
	term, err := parseTerm(args[1])
	sum.Add(term)
	return sum.String(), err
}
