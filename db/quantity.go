package db

import "github.com/govalues/decimal"

// symbols are the unit symbols of quantities in text.
var symbols = map[Unit]string{
	Kilobyte: "KB", Megabyte: "MB", Gigabyte: "GB", Second: "s", Minute: "min", Hour: "h",
}

// Quantity is an amount with a unit that is not a currency.
type Quantity struct {
	Amount    *decimal.Decimal
	Unit      *Unit
	Unlimited bool
	// SourceText is the text of the quantity in the source document; empty if there is none.
	SourceText string
}

// quantityOf returns a Quantity, or nil if amount is nil and the quantity is not unlimited.
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

// Text returns SourceText or, if that is empty, the amount with its unit symbol.
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

// Money is an amount in whole units of an ISO 4217 currency. Currency is nil if the unit in the source is not a
// currency.
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
