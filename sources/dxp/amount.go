package dxp

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/ingest"
)

// infinity is what dxp writes for an amount without limit; the numbers are the sentinels for one.
const infinity = "infinity"

var sentinels = []decimal.Decimal{decimal.MustNew(99_999, 0), decimal.MustNew(999_999, 0)}

// amountOf reads an amount and whether it stands for no limit; for infinity the amount is nil.
func amountOf(text string) (amount *decimal.Decimal, unlimited bool, err error) {
	if strings.EqualFold(text, infinity) {
		return nil, true, nil
	}
	d, err := db.ParseDecimal(text)
	if err != nil {
		return nil, false, ingest.Field("", err.Error())
	}
	for _, s := range sentinels {
		unlimited = unlimited || d.Equal(s)
	}
	return &d, unlimited, nil
}

// read returns the amount and whether it stands for no limit; its errors name fields of the quantity.
func (q *Quantity) read() (*decimal.Decimal, bool, error) {
	if q == nil {
		return nil, false, nil
	}
	switch q.Amount.Kind() {
	case 0, 'n':
		return nil, false, nil
	case '0':
		amount, unlimited, err := amountOf(string(q.Amount))
		if err != nil {
			err = ingest.Within("amount", err)
		}
		return amount, unlimited, err
	case '"':
		plain, err := jsontext.AppendUnquote(nil, q.Amount)
		if err == nil && strings.EqualFold(string(plain), infinity) {
			return nil, true, nil
		}
	}
	return nil, false, ingest.Field("amount", `want a number or "infinity"`)
}

// units returns the source's word for what the amount counts.
func (q *Quantity) units() *string {
	if q == nil {
		return nil
	}
	return q.Units
}

// rest returns the members that the model has no column for.
func (q *Quantity) rest() jsontext.Value {
	if q == nil {
		return nil
	}
	return text(Quantity{Extra: q.Extra})
}
