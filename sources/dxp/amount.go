package dxp

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/ingest"
)

// infinity is the text of an unlimited amount.
const infinity = "infinity"

// unlimitedMessages is the sentinel of an unlimited number of messages.
var unlimitedMessages = decimal.MustNew(999_999, 0)

// countsMessages reports whether amounts of a unit count messages, given the usage type of their bucket.
func countsMessages(unit *db.Unit, usage db.UsageType) bool {
	if unit == nil {
		return false
	}
	return *unit == db.Message || *unit == db.Count && (usage == db.SMS || usage == db.MMS)
}

// parseAmount parses an amount and reports whether it is unlimited; the amount of infinity is nil. messages reports
// whether the amount counts messages, for which unlimitedMessages is a sentinel.
func parseAmount(text string, messages bool) (amount *decimal.Decimal, unlimited bool, err error) {
	if strings.EqualFold(text, infinity) {
		return nil, true, nil
	}
	d, err := db.ParseDecimal(text)
	if err != nil {
		return nil, false, ingest.Field("", err.Error())
	}
	return &d, messages && d.Equal(unlimitedMessages), nil
}

// parse returns the amount and whether it is unlimited, as parseAmount does. Its errors name fields of the quantity.
func (q *Quantity) parse(messages bool) (*decimal.Decimal, bool, error) {
	if q == nil {
		return nil, false, nil
	}
	switch q.Amount.Kind() {
	case 0, 'n':
		return nil, false, nil
	case '0':
		amount, unlimited, err := parseAmount(string(q.Amount), messages)
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

// units returns the name of the unit, as the source writes it.
func (q *Quantity) units() *string {
	if q == nil {
		return nil
	}
	return q.Units
}

// unstored returns the members that have no column, for the extension.
func (q *Quantity) unstored() jsontext.Value {
	if q == nil {
		return nil
	}
	extra := Quantity{Extra: q.Extra}
	if q.Amount.Kind() == '"' && string(q.Amount) != `"`+infinity+`"` {
		extra.Amount = q.Amount // infinity in another case
	}
	return marshalPart(extra)
}
