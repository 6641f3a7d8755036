package brm

import (
	"fmt"
	"math/big"
	"slices"
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

// units maps the units of the setting to a measure, and the factor and the divisor to the unit that it is stored in.
var units = map[string]struct {
	measure         measure
	factor, divisor decimal.Decimal
}{
	"SECOND":   {duration, decimal.One, decimal.One},
	"MINUTE":   {duration, decimal.MustNew(60, 0), decimal.One},
	"HOUR":     {duration, decimal.MustNew(3600, 0), decimal.One},
	"BYTE":     {volume, decimal.One, decimal.MustNew(1024*1024, 0)},     // a factor would have 20 decimal places
	"KILOBYTE": {volume, decimal.MustParse("0.0009765625"), decimal.One}, // 1/1024
	"MEGABYTE": {volume, decimal.One, decimal.One},
	"GIGABYTE": {volume, decimal.MustNew(1024, 0), decimal.One},
	"MESSAGE":  {items, decimal.One, decimal.One},
	"COUNT":    {items, decimal.One, decimal.One},
}

// quantityRule says which quantity a characteristic is.
type quantityRule struct {
	name    string
	measure measure
	// factor and divisor convert the value to the unit that the measure is stored in.
	factor, divisor decimal.Decimal
}

// parseQuantities parses the setting: NAME=UNIT or NAME=UNIT*FACTOR, separated by commas, each NAME once. The first
// rule of a measure whose characteristic a record has applies.
func parseQuantities(text string) ([]quantityRule, error) {
	var rules []quantityRule
	for rule := range strings.SplitSeq(text, ",") {
		if text == "" {
			break
		}
		name, unit, ok := cutLast(rule, "=")
		unit, factor, multiplied := strings.Cut(unit, "*")
		name, factor = strings.TrimSpace(name), strings.TrimSpace(factor)
		known, isUnit := units[strings.TrimSpace(unit)]
		if !ok || name == "" || !isUnit {
			return nil, fmt.Errorf("invalid quantity %q: want NAME=UNIT or NAME=UNIT*FACTOR, separated by commas, with a unit of SECOND, MINUTE, HOUR, BYTE, KILOBYTE, MEGABYTE, GIGABYTE, MESSAGE or COUNT", strings.TrimSpace(rule))
		}
		if slices.ContainsFunc(rules, func(r quantityRule) bool { return r.name == name }) {
			return nil, fmt.Errorf("invalid quantity %q: %s is there twice", strings.TrimSpace(rule), name)
		}
		r := quantityRule{name, known.measure, known.factor, known.divisor}
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

// divide returns the exact quotient without trailing zeros; nil if it has more digits than a decimal can hold.
func divide(a, b decimal.Decimal) *decimal.Decimal {
	quotient, err := a.Quo(b) // rounded
	if err != nil {
		return nil
	}
	quotient = quotient.Trim(0)
	if ratOf(quotient).Mul(ratOf(quotient), ratOf(b)).Cmp(ratOf(a)) != 0 {
		return nil
	}
	return &quotient
}

// ratOf returns a decimal as a fraction.
func ratOf(d decimal.Decimal) *big.Rat {
	r, ok := new(big.Rat).SetString(d.String())
	if !ok {
		panic("brm: " + d.String() + " is no fraction")
	}
	return r
}

// setQuantities sets the quantities of a usage record from its characteristics. It returns false if the record has
// characteristics, is measured by its type, and the quantity of its type is not among them or cannot be read exactly.
func (d decoder) setQuantities(u *db.UsageRecord) (known bool, err error) {
	characteristics, err := u.Characteristics()
	if err != nil {
		return false, err
	}
	var found [measures]*decimal.Decimal
	for _, rule := range d.quantities {
		for _, c := range characteristics {
			if found[rule.measure] == nil && c.Name == rule.name && c.Value != nil {
				found[rule.measure] = quantityOf(*c.Value, rule)
			}
		}
	}
	u.DurationSeconds, u.DataMB, u.OneOffs = found[duration], found[volume], found[items]
	of, measured := map[db.UsageType]measure{db.Voice: duration, db.Data: volume, db.SMS: items, db.MMS: items}[u.UsageType]
	return !measured || len(characteristics) == 0 || found[of] != nil, nil
}

// quantityOf returns the value of a characteristic in the unit that the rule's measure is stored in; nil if it is not a
// decimal, or the result is inexact. Blanks around the number are ignored.
func quantityOf(value string, rule quantityRule) *decimal.Decimal {
	d, err := db.ParseDecimal(strings.TrimSpace(value))
	if err != nil {
		return nil
	}
	converted := &d // with its trailing zeros
	if rule.factor != decimal.One {
		converted = multiply(d, rule.factor)
	}
	if converted != nil && rule.divisor != decimal.One {
		converted = divide(*converted, rule.divisor)
	}
	return converted
}
