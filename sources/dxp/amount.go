package dxp

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/ingest"
)

// infinity is what dxp writes for an amount without limit.
const infinity = "infinity"

// unlimitedMessages is the number of messages that stands for no limit.
var unlimitedMessages = decimal.MustNew(999_999, 0)

// countsMessages reports whether amounts of a unit are numbers of messages, given the usage type of their bucket.
func countsMessages(unit *db.Unit, usage db.UsageType) bool {
	if unit == nil {
		return false
	}
	return *unit == db.Message || *unit == db.Count && (usage == db.SMS || usage == db.MMS)
}

// amountOf reads an amount, of messages or of something else, and whether it stands for no limit; for infinity the amount
// is nil.
func amountOf(text string, messages bool) (amount *decimal.Decimal, unlimited bool, err error) {
	if strings.EqualFold(text, infinity) {
		return nil, true, nil
	}
	d, err := db.ParseDecimal(text)
	if err != nil {
		return nil, false, ingest.Field("", err.Error())
	}
	return &d, messages && d.Equal(unlimitedMessages), nil
}

// read returns the amount, of messages or of something else, and whether it stands for no limit; its errors name fields of
// the quantity.
func (q *Quantity) read(messages bool) (*decimal.Decimal, bool, error) {
	if q == nil {
		return nil, false, nil
	}
	switch q.Amount.Kind() {
	case 0, 'n':
		return nil, false, nil
	case '0':
		amount, unlimited, err := amountOf(string(q.Amount), messages)
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
	rest := Quantity{Extra: q.Extra}
	if q.Amount.Kind() == '"' && string(q.Amount) != `"`+infinity+`"` {
		rest.Amount = q.Amount // it is infinity in another spelling
	}
	return text(rest)
}
