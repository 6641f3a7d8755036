package db

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The reseller's purchase prices and profit are hidden from customers. They are removed from each row that a reader
// without cost in its scope reads. Ordering by them is refused, because the order would reveal the values.

// errCostHidden is returned for values that the reader's scope hides.
var errCostHidden = Errorf(Forbidden, "you may not see cost, profit or margin")

// costColumns are the columns by which a reader without cost in its scope cannot order.
var costColumns = map[string]bool{
	"cost_amount": true, "rated_cost_amount": true, "profit_amount": true, "profit_percentage": true, "margin_percentage": true,
}

// hasCosts is a row that may contain costs.
type hasCosts interface{ hideCost() }

// hideCosts returns a function that removes the costs from a row and then calls found.
func hideCosts[T any](found func(*T)) func(*T) {
	return func(row *T) {
		if c, ok := any(row).(hasCosts); ok {
			c.hideCost()
		}
		found(row)
	}
}

func (p *RatedUsage) hideCost() {
	p.CostHidden = true
	p.CostAmount, p.RatedCostAmount, p.ProfitAmount, p.ProfitPercentage, p.MarginPercentage = nil, nil, nil, nil, nil
	removeCosts(&p.BucketValueConvertedJSON, &p.ProductJSON, &p.Extension)
}

func (u *UsageRecord) hideCost() {
	removeCosts(&u.SpecificationJSON, &u.CharacteristicsJSON, &u.RelatedPartiesJSON, &u.Extension)
}

func (s *UsageSummary) hideCost()      { removeCosts(&s.Extension) }
func (l *UsageSummaryLine) hideCost()  { removeCosts(&l.Extension) }
func (r *ConsumptionReport) hideCost() { removeCosts(&r.CharacteristicsJSON, &r.Extension) }
func (b *Bucket) hideCost()            { removeCosts(&b.CharacteristicsJSON, &b.ProductsJSON, &b.Extension) }
func (b *BucketBalance) hideCost()     { removeCosts(&b.CharacteristicsJSON, &b.Extension) }
func (c *BucketCounter) hideCost()     { removeCosts(&c.Extension) }

func removeCosts(texts ...*JSON) {
	for _, text := range texts {
		*text = text.withoutCosts()
	}
}

// costWords are the lower-case words that mark a name as that of a cost. Data without a column in the model is
// recognized by its name alone, so that other data with such a name is hidden, too.
var costWords = []string{"cost", "buy", "purchase", "wholesale", "profit", "margin", "markup"}

func isCostName(name string) bool {
	name = strings.ToLower(name)
	for _, word := range costWords {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// withoutCosts returns the JSON without the members, and without the characteristics (objects with a name and a value),
// whose name is that of a cost. It returns nil for JSON that cannot be parsed.
func (j JSON) withoutCosts() JSON {
	// Most JSON has no such word and is not parsed; an escape may hide one.
	if !isCostName(string(j)) && !bytes.ContainsRune(j, '\\') {
		return j
	}
	out := &bytes.Buffer{}
	enc := jsontext.NewEncoder(out, jsontext.PreserveRawStrings(true))
	if err := writeWithoutCosts(enc, jsontext.Value(j)); err != nil {
		return nil
	}
	return bytes.TrimSpace(out.Bytes())
}

func writeWithoutCosts(enc *jsontext.Encoder, v jsontext.Value) error {
	if isCostCharacteristic(v) {
		return enc.WriteToken(jsontext.Null)
	}
	if v.Kind() != '{' && v.Kind() != '[' {
		return enc.WriteValue(v)
	}
	dec := jsontext.NewDecoder(bytes.NewReader(v))
	begin, err := dec.ReadToken()
	if err != nil {
		return err
	}
	if err := enc.WriteToken(begin); err != nil {
		return err
	}
	for dec.PeekKind() != '}' && dec.PeekKind() != ']' {
		if err := writeMemberWithoutCosts(enc, dec, v.Kind() == '{'); err != nil {
			return err
		}
	}
	end, err := dec.ReadToken()
	if err != nil {
		return err
	}
	return enc.WriteToken(end)
}

// writeMemberWithoutCosts writes the next member of an object, or the next element of an array, unless it is a cost.
func writeMemberWithoutCosts(enc *jsontext.Encoder, dec *jsontext.Decoder, named bool) error {
	if named {
		name, err := dec.ReadToken()
		if err != nil {
			return err
		}
		if isCostName(name.String()) {
			return dec.SkipValue()
		}
		if err := enc.WriteToken(name); err != nil {
			return err
		}
	}
	value, err := dec.ReadValue()
	if err != nil || !named && isCostCharacteristic(value) {
		return err
	}
	return writeWithoutCosts(enc, value.Clone())
}

// isCostCharacteristic reports whether a value is a characteristic with the name of a cost.
func isCostCharacteristic(v jsontext.Value) bool {
	var c struct {
		Name  jsontext.Value `json:"name"`
		Value jsontext.Value `json:"value"`
	}
	if v.Kind() != '{' || json.Unmarshal(v, &c, json.MatchCaseInsensitiveNames(true)) != nil || c.Value == nil {
		return false
	}
	name := textOf(c.Name)
	return name != nil && isCostName(*name)
}
