package db

import "github.com/govalues/decimal"

// symbols are the units as a person reads them.
var symbols = map[Unit]string{
	Kilobyte: "KB", Megabyte: "MB", Gigabyte: "GB", Second: "s", Minute: "min", Hour: "h",
}

// Quantity is an amount of something that is not money.
type Quantity struct {
	Amount    *decimal.Decimal
	Unit      *Unit
	Unlimited bool
	// SourceText is the source's own text of it; empty where it has none.
	SourceText string
}

// quantityOf returns nil for what is not known.
func quantityOf(amount *decimal.Decimal, unit Unit, unlimited bool) *Quantity {
	if amount == nil && !unlimited {
		return nil
	}
	q := &Quantity{Amount: amount, Unlimited: unlimited}
	if unit != "" {
		q.Unit = &unit
	}
	return q
}

// Text returns the amount as a person reads it.
func (q *Quantity) Text() string {
	switch {
	case q.SourceText != "":
		return q.SourceText
	case q.Unlimited:
		return "unlimited"
	case q.Amount == nil:
		return ""
	case q.Unit != nil && symbols[*q.Unit] != "":
		return q.Amount.String() + " " + symbols[*q.Unit]
	}
	return q.Amount.String()
}

// Money is an amount of money: whole units of an ISO 4217 currency, which is nil where the source's unit is another one.
type Money struct {
	Amount   *decimal.Decimal
	Currency *string
}

func moneyOf(amount *decimal.Decimal, currency *string) *Money {
	if amount == nil {
		return nil
	}
	return &Money{amount, currency}
}
