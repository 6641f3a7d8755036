package db

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// What the reseller pays and earns is not for his customers: a reader whose scope has no cost gets none of it, whatever
// it asks for. Values are taken off each row as it is read; to order by them is refused, since an order tells values.

// hidden is the error of a reader who asks for what he may not see.
var hidden = Errorf(Forbidden, "you may not see cost, profit or margin")

// costColumns are the columns that a scope without cost cannot order by.
var costColumns = map[string]bool{
	"cost_amount": true, "rated_cost_amount": true, "profit_amount": true, "profit_percentage": true, "margin_percentage": true,
}

// hasCosts is a row that may say what something cost.
type hasCosts interface{ hideCost() }

// hideCosts takes what something cost off each row before it is handed on.
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
	hideIn(&p.BucketValueConvertedJSON, &p.ProductJSON, &p.Extension)
}

func (u *UsageRecord) hideCost() {
	hideIn(&u.SpecificationJSON, &u.CharacteristicsJSON, &u.RelatedPartiesJSON, &u.Extension)
}

func (s *UsageSummary) hideCost()      { hideIn(&s.Extension) }
func (l *UsageSummaryLine) hideCost()  { hideIn(&l.Extension) }
func (r *ConsumptionReport) hideCost() { hideIn(&r.CharacteristicsJSON, &r.Extension) }
func (b *Bucket) hideCost()            { hideIn(&b.CharacteristicsJSON, &b.ProductsJSON, &b.Extension) }
func (b *BucketBalance) hideCost()     { hideIn(&b.CharacteristicsJSON, &b.Extension) }
func (c *BucketCounter) hideCost()     { hideIn(&c.Extension) }

func hideIn(texts ...*JSON) {
	for _, text := range texts {
		*text = text.withoutCosts()
	}
}

// costWords are what a name has in it, in small letters, that speaks of cost. What the model has no column for is known
// by its name alone: one that only looks like it is hidden, too.
var costWords = []string{"cost", "buy", "purchase", "wholesale", "profit", "margin", "markup"}

func speaksOfCost(name string) bool {
	name = strings.ToLower(name)
	for _, word := range costWords {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// withoutCosts returns the text without the members whose name speaks of cost, and without the characteristics (objects with
// a name and a value) that do. A text that cannot be read is hidden whole.
func (j JSON) withoutCosts() JSON {
	// Most texts need no second look; one with escapes may spell a name otherwise.
	if !speaksOfCost(string(j)) && !bytes.ContainsRune(j, '\\') {
		return j
	}
	out := &bytes.Buffer{}
	enc := jsontext.NewEncoder(out, jsontext.PreserveRawStrings(true))
	if err := writeCostless(enc, jsontext.Value(j)); err != nil {
		return nil
	}
	return bytes.TrimSpace(out.Bytes())
}

func writeCostless(enc *jsontext.Encoder, v jsontext.Value) error {
	if isCost(v) {
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
		if err := writeCostlessMember(enc, dec, v.Kind() == '{'); err != nil {
			return err
		}
	}
	end, err := dec.ReadToken()
	if err != nil {
		return err
	}
	return enc.WriteToken(end)
}

// writeCostlessMember writes the next member of an object, or the next element of a list, unless it is of cost.
func writeCostlessMember(enc *jsontext.Encoder, dec *jsontext.Decoder, named bool) error {
	if named {
		name, err := dec.ReadToken()
		if err != nil {
			return err
		}
		if speaksOfCost(name.String()) {
			return dec.SkipValue()
		}
		if err := enc.WriteToken(name); err != nil {
			return err
		}
	}
	value, err := dec.ReadValue()
	if err != nil || !named && isCost(value) {
		return err
	}
	return writeCostless(enc, value.Clone())
}

// isCost tells whether a value is a characteristic whose name speaks of cost.
func isCost(v jsontext.Value) bool {
	var c struct {
		Name  jsontext.Value `json:"name"`
		Value jsontext.Value `json:"value"`
	}
	if v.Kind() != '{' || json.Unmarshal(v, &c, json.MatchCaseInsensitiveNames(true)) != nil || c.Value == nil {
		return false
	}
	name := textOf(c.Name)
	return name != nil && speaksOfCost(*name)
}
