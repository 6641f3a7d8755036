package db

import (
	"database/sql/driver"
	"fmt"
	"math/big"

	"modernc.org/sqlite"
)

// decimalSum is the aggregate function decimal_sum for SQLite. The sum is exact, with any number of digits.
type decimalSum struct {
	// total is the sum in units of 10 to the power of -scale.
	total *big.Int
	scale int
	any   bool
}

func newDecimalSum(sqlite.FunctionContext) (sqlite.AggregateFunction, error) {
	return &decimalSum{total: new(big.Int)}, nil
}

func (s *decimalSum) add(args []driver.Value, sign int64) error {
	if args[0] == nil {
		return nil
	}
	d, err := ParseDecimal(fmt.Sprint(args[0]))
	if err != nil {
		return err
	}
	s.any = true
	if d.Scale() > s.scale {
		s.total.Mul(s.total, powerOfTen(d.Scale()-s.scale))
		s.scale = d.Scale()
	}
	coefficient := new(big.Int).SetUint64(d.Coef())
	coefficient.Mul(coefficient, powerOfTen(s.scale-d.Scale()))
	s.total.Add(s.total, coefficient.Mul(coefficient, big.NewInt(sign*int64(d.Sign()))))
	return nil
}

func powerOfTen(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}

// Step adds a row.
func (s *decimalSum) Step(_ *sqlite.FunctionContext, args []driver.Value) error {
	return s.add(args, 1)
}

// WindowInverse removes a row.
func (s *decimalSum) WindowInverse(_ *sqlite.FunctionContext, args []driver.Value) error {
	return s.add(args, -1)
}

// WindowValue returns the sum; nil if there are no values.
func (s *decimalSum) WindowValue(*sqlite.FunctionContext) (driver.Value, error) {
	if !s.any {
		return nil, nil
	}
	return new(big.Rat).SetFrac(s.total, powerOfTen(s.scale)).FloatString(s.scale), nil
}

// Final does nothing: there are no resources to release.
func (s *decimalSum) Final(*sqlite.FunctionContext) {}
