package brm

import (
	"fmt"
	"strings"

	"github.com/govalues/decimal"

	"usagegraph/db"
)

// defaultQuantities is the default of the setting brm-quantities.
const defaultQuantities = "DURATION_SECONDS=SECOND,VOLUME_KB=KILOBYTE"

// measure is a kind of quantity of a usage record. Each is stored in one unit.
type measure int

const (
	duration measure = iota // seconds
	volume                  // megabytes
	items
	measures
)

// units maps the units of the setting to a measure and the factor to the unit that it is stored in.
var units = map[db.Unit]struct {
	measure measure
	factor  decimal.Decimal
}{
	db.Second:   {duration, decimal.One},
	db.Minute:   {duration, decimal.MustNew(60, 0)},
	db.Hour:     {duration, decimal.MustNew(3600, 0)},
	db.Kilobyte: {volume, decimal.MustParse("0.0009765625")}, // 1/1024
	db.Megabyte: {volume, decimal.One},
	db.Gigabyte: {volume, decimal.MustNew(1024, 0)},
	db.Message:  {items, decimal.One},
	db.Count:    {items, decimal.One},
}

// quantityRule says which quantity a characteristic is.
type quantityRule struct {
	name    string
	measure measure
	// factor converts the value to the unit that the measure is stored in.
	factor decimal.Decimal
}

// parseQuantities parses the setting: NAME=UNIT or NAME=UNIT*FACTOR, separated by commas. The first rule of a measure
// whose characteristic a record has applies.
func parseQuantities(text string) ([]quantityRule, error) {
	var rules []quantityRule
	for rule := range strings.SplitSeq(text, ",") {
		if text == "" {
			break
		}
		name, unit, ok := cutLast(strings.TrimSpace(rule), "=")
		unit, factor, multiplied := strings.Cut(unit, "*")
		known, isUnit := units[db.Unit(unit)]
		if !ok || name == "" || !isUnit {
			return nil, fmt.Errorf("invalid quantity %q: want NAME=UNIT or NAME=UNIT*FACTOR, separated by commas, with a unit of SECOND, MINUTE, HOUR, KILOBYTE, MEGABYTE, GIGABYTE, MESSAGE or COUNT", strings.TrimSpace(rule))
		}
		r := quantityRule{name, known.measure, known.factor}
		if multiplied {
			by, err := db.ParseDecimal(factor)
			if err != nil || !by.IsPos() {
				return nil, fmt.Errorf("invalid factor %q of the quantity %s: want a decimal above 0", factor, name)
			}
			product := multiply(r.factor, by)
			if product == nil {
				return nil, fmt.Errorf("invalid factor %q of the quantity %s: it has too many digits", factor, name)
			}
			r.factor = *product
		}
		rules = append(rules, r)
	}
	return rules, nil
}

// checkQuantities returns an error for a value that parseQuantities cannot parse.
func checkQuantities(text string) error {
	_, err := parseQuantities(text)
	return err
}

// cutLast is strings.Cut at the last separator, because a name may contain it.
func cutLast(s, separator string) (before, after string, found bool) {
	i := strings.LastIndex(s, separator)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(separator):], true
}

// multiply returns the exact product without trailing zeros; nil if it has more digits than a decimal can hold.
func multiply(a, b decimal.Decimal) *decimal.Decimal {
	scale := a.Scale() + b.Scale()
	if scale > decimal.MaxScale {
		return nil
	}
	product, err := a.MulExact(b, scale)
	if err != nil {
		return nil
	}
	product = product.Trim(0)
	return &product
}

// setQuantities sets the quantities of a usage record from its characteristics. It returns false if the record has
// characteristics, is measured by its type, and none of them is a quantity that can be read exactly.
func (d decoder) setQuantities(u *db.UsageRecord) (known bool, err error) {
	characteristics, err := u.Characteristics()
	if err != nil {
		return false, err
	}
	var found [measures]*decimal.Decimal
	for _, rule := range d.quantities {
		for _, c := range characteristics {
			if found[rule.measure] == nil && c.Name == rule.name && c.Value != nil {
				found[rule.measure] = quantityOf(*c.Value, rule.factor)
			}
		}
	}
	u.DurationSeconds, u.DataMB, u.OneOffs = found[duration], found[volume], found[items]
	switch u.UsageType {
	case db.Voice, db.Data, db.SMS, db.MMS:
		return len(characteristics) == 0 || found != [measures]*decimal.Decimal{}, nil
	}
	return true, nil
}

// quantityOf returns the value of a characteristic times a factor; nil if it is not a decimal, or the product is inexact.
func quantityOf(value string, factor decimal.Decimal) *decimal.Decimal {
	d, err := db.ParseDecimal(value)
	switch {
	case err != nil:
		return nil
	case factor == decimal.One:
		return &d // with its trailing zeros
	}
	return multiply(d, factor)
}
