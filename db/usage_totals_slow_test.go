package db_test

import (
	"cmp"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/govalues/decimal"

	"usagegraph/calendar"
	"usagegraph/db"
)

// slowTotals answers questions for totals by adding up rational numbers over the records of a world.
type slowTotals struct {
	w        *world
	q        db.UsageTotalsQuery
	everyone bool
	cost     bool
	// customers are the customers in the scope, unless it is of everyone.
	customers []int64
}

// slowGroup is a group of records with the values of its dimensions.
type slowGroup struct {
	window  int
	of      calendar.Window
	key     []any
	records []*db.UsageRecord
	before  *slowGroup
}

// forbidden reports whether the question is about amounts that the client may not see.
func (s *slowTotals) forbidden() bool {
	having := s.q.Having != nil && s.q.Having.Charges != nil && s.q.Having.Charges.Profit != nil
	return !s.cost && (having || slices.ContainsFunc(s.q.OrderBy, func(o *db.UsageTotalsOrder) bool { return o.Field == "PROFIT" }))
}

// tooMany reports whether the question makes more groups than the limit.
func (s *slowTotals) tooMany(of db.Parents) bool {
	n := 0
	for _, parent := range of.Keys {
		groups, _ := s.groups(of.Type, parent, false)
		n += len(groups)
	}
	return n > db.DefaultTotalsLimits.Groups
}

// periods returns the period of the question, or the one to compare with, and its windows.
func (s *slowTotals) periods(before bool) (calendar.Period, []calendar.Window) {
	p := must(s.q.Period.In(must(calendar.LoadZone(s.q.TimeZone))))
	if before && *s.q.CompareWith == db.PreviousPeriod {
		p = must(p.Previous())
	} else if before {
		p = must(p.YearBefore())
	}
	if s.q.Window == nil {
		return p, []calendar.Window{p.Whole()}
	}
	days := []db.Weekday{db.Sunday, db.Monday, db.Tuesday, db.Wednesday, db.Thursday, db.Friday, db.Saturday}
	return p, must(p.Windows(calendar.Division{Unit: s.q.Window.Unit, WeekStartsOn: time.Weekday(slices.Index(days, s.q.Window.WeekStartsOn)), MonthStartsOn: int(s.q.Window.MonthStartsOn)}))
}

// recordsOf returns the records of a parent in a period.
func (s *slowTotals) recordsOf(of db.NodeType, parent db.Key, p calendar.Period) (records []*db.UsageRecord) {
	for _, u := range s.w.records {
		switch {
		case !s.everyone && !slices.Contains(s.customers, u.CustomerID),
			of != "" && u.CustomerID != parent.CustomerID,
			of == db.TypeSubscription && (u.SubscriptionID == nil || *u.SubscriptionID != parent.ID),
			u.EventTime.Before(p.Start) || !u.EventTime.Before(p.End),
			s.q.Filter != nil && !s.w.matches(s.q.Filter, u):
			continue
		}
		records = append(records, u)
	}
	return records
}

// answer returns the count, the total and all groups of a parent as lines.
func (s *slowTotals) answer(of db.NodeType, parent db.Key) []string {
	groups, total := s.groups(of, parent, false)
	if s.q.CompareWith != nil {
		before, totalBefore := s.groups(of, parent, true)
		p, windows := s.periods(true)
		totalBefore.of = p.Whole()
		total.before = totalBefore
		for _, g := range groups {
			i := slices.IndexFunc(before, func(b *slowGroup) bool { return b.window == g.window && sameKey(b.key, g.key) })
			if i < 0 {
				g.before = &slowGroup{key: g.key, of: calendar.Window{Start: p.End, End: p.End}}
				if g.window < len(windows) {
					g.before.of = windows[g.window]
				}
			} else {
				g.before = before[i]
			}
		}
	}
	groups = slices.DeleteFunc(groups, func(g *slowGroup) bool { return !s.having(g) })
	slices.SortStableFunc(groups, s.compare)
	lines := []string{fmt.Sprint("count ", len(groups)), "total " + s.line(total)}
	for _, g := range groups {
		lines = append(lines, s.line(g))
	}
	return lines
}

// groups returns the groups of a period, and the group of all its records.
func (s *slowTotals) groups(of db.NodeType, parent db.Key, before bool) (groups []*slowGroup, total *slowGroup) {
	p, windows := s.periods(before)
	records := s.recordsOf(of, parent, p)
	find := func(window int, key []any) *slowGroup {
		i := slices.IndexFunc(groups, func(g *slowGroup) bool { return g.window == window && sameKey(g.key, key) })
		if i < 0 {
			groups = append(groups, &slowGroup{window: window, of: windows[window], key: key})
			i = len(groups) - 1
		}
		return groups[i]
	}
	for _, u := range records {
		for i, w := range windows {
			if u.EventTime.Before(w.End) && !u.EventTime.Before(w.Start) {
				g := find(i, s.key(u))
				g.records = append(g.records, u)
			}
		}
	}
	if s.q.Window != nil && s.q.Window.IncludeEmpty && !before {
		keys := [][]any{}
		for _, g := range groups {
			keys = append(keys, g.key)
		}
		if len(s.q.By) == 0 {
			keys = [][]any{{}}
		}
		for _, key := range keys {
			for i := range windows {
				find(i, key)
			}
		}
	}
	return groups, &slowGroup{of: p.Whole(), records: records}
}

// key returns the values of the dimensions of a record.
func (s *slowTotals) key(u *db.UsageRecord) (key []any) {
	for _, by := range s.q.By {
		var v any
		switch by {
		case "SOURCE":
			v = u.Source
		case "USAGE_TYPE":
			v = u.UsageType
		case "DIRECTION":
			v = u.Direction
		case "STATUS":
			v = u.Status
		case "CUSTOMER":
			if u.CustomerID != 0 {
				v = u.CustomerID
			}
		case "SUBSCRIPTION":
			v = u.SubscriptionID
		case "USAGE_TYPE_NAME":
			v = u.UsageTypeName
		case "CALL_CLASS":
			v = u.CallClass
		case "TIME_BAND":
			v = u.TimeBand
		case "PRODUCT":
			if v = u.ProductReference; u.ProductReference == nil && len(u.Rated) > 0 {
				if product := must(u.Rated[0].Product()); product != nil {
					v = cmp.Or(product.Name, product.ID)
				}
			}
		case "DESTINATION":
			v = u.Destination
		case "DESTINATION_COUNTRY":
			v = u.DestinationCountry
		case "BILL_RUN":
			v = u.BillRunID
		case "EVENT_TIME":
			v = u.EventTime
		case "DURATION":
			v = u.DurationSeconds
		}
		key = append(key, plainValue(v))
	}
	return key
}

// plainValue returns nil, a string, an integer, a time or a rational number.
func plainValue(v any) any {
	r := reflect.ValueOf(v)
	if v == nil || r.Kind() == reflect.Pointer && r.IsNil() {
		return nil
	}
	if r.Kind() == reflect.Pointer && r.Type() != reflect.TypeFor[*big.Rat]() {
		v, r = r.Elem().Interface(), r.Elem()
	}
	switch v := v.(type) {
	case decimal.Decimal:
		return ratOfText(v.String())
	case db.DecimalSum:
		return ratOfText(v.String())
	case *big.Rat:
		return rational{v}
	case db.Time, rational:
		return v
	}
	if r.Kind() == reflect.String {
		return r.String()
	}
	return r.Int()
}

// rational is a number that prints as a decimal without trailing zeros.
type rational struct{ *big.Rat }

func ratOfText(text string) rational {
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		panic(text + " is no number")
	}
	return rational{r}
}

func (r rational) String() string {
	text := r.FloatString(60)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

func compareValues(a, b any) int {
	switch a := a.(type) {
	case string:
		return strings.Compare(a, b.(string))
	case int64:
		return cmp.Compare(a, b.(int64))
	case db.Time:
		return a.Compare(b.(db.Time).Time)
	}
	return a.(rational).Cmp(b.(rational).Rat)
}

func sameKey(a, b []any) bool {
	return slices.EqualFunc(a, b, func(x, y any) bool {
		return x == nil && y == nil || x != nil && y != nil && compareValues(x, y) == 0
	})
}

// sum returns the sum of a value of the records, how many have one, and the least and the greatest.
func (g *slowGroup) sum(value func(*db.UsageRecord) *decimal.Decimal) (sum rational, count int64, least, greatest any) {
	sum = rational{new(big.Rat)}
	for _, u := range g.records {
		d := value(u)
		if d == nil {
			continue
		}
		v := ratOfText(d.String())
		count++
		sum.Add(sum.Rat, v.Rat)
		if least == nil || compareValues(v, least) < 0 {
			least = v
		}
		if greatest == nil || compareValues(v, greatest) > 0 {
			greatest = v
		}
	}
	return sum, count, least, greatest
}

// amounts returns the rated usages in a currency and the sum of an amount of theirs, nil if none has it.
func (g *slowGroup) amounts(currency *string, amount func(*db.RatedUsage) *decimal.Decimal) (n int64, sum any) {
	total := new(big.Rat)
	for _, u := range g.records {
		for _, p := range u.Rated {
			if optional(p.Currency) != optional(currency) {
				continue
			}
			n++
			if d := amount(p); d != nil {
				total.Add(total, ratOfText(d.String()).Rat)
				sum = rational{total}
			}
		}
	}
	return n, sum
}

func (g *slowGroup) customers() (n int64) {
	seen := map[int64]bool{0: true}
	for _, u := range g.records {
		if !seen[u.CustomerID] {
			seen[u.CustomerID] = true
			n++
		}
	}
	return n
}

func (g *slowGroup) subscriptions() int64 {
	seen := map[int64]bool{}
	for _, u := range g.records {
		if u.SubscriptionID != nil {
			seen[*u.SubscriptionID] = true
		}
	}
	return int64(len(seen))
}

var (
	dataOf     = func(u *db.UsageRecord) *decimal.Decimal { return u.DataMB }
	durationOf = func(u *db.UsageRecord) *decimal.Decimal { return u.DurationSeconds }
	itemsOf    = func(u *db.UsageRecord) *decimal.Decimal { return u.OneOffs }
)

// value returns a value to order or restrict groups by.
func (g *slowGroup) value(field db.UsageTotalsOrderField, currency *string) any {
	amount := func(of func(*db.RatedUsage) *decimal.Decimal) any {
		if _, sum := g.amounts(currency, of); sum != nil {
			return sum
		}
		return rational{new(big.Rat)}
	}
	switch field {
	case "RECORDS":
		return int64(len(g.records))
	case "SUBSCRIPTIONS":
		return g.subscriptions()
	case "DATA":
		sum, _, _, _ := g.sum(dataOf)
		return sum
	case "DURATION":
		sum, _, _, _ := g.sum(durationOf)
		return sum
	case "TAX_EXCLUDED":
		return amount(func(p *db.RatedUsage) *decimal.Decimal { return p.TaxExcludedAmount })
	case "PROFIT":
		return amount(func(p *db.RatedUsage) *decimal.Decimal { return p.ProfitAmount })
	}
	return int64(g.window)
}

func (s *slowTotals) having(g *slowGroup) bool {
	f := s.q.Having
	if f == nil {
		return true
	}
	holds := func(filter any, v any) bool {
		leaf := reflect.ValueOf(filter)
		if leaf.IsNil() {
			return true
		}
		leaf = leaf.Elem()
		for _, operator := range []string{"Eq", "Gt", "Gte", "Lt", "Lte"} {
			if operand := leaf.FieldByName(operator); !operand.IsNil() && !operators[operator](compareValues(v, plainValue(operand.Interface()))) {
				return false
			}
		}
		return true
	}
	if !holds(f.Records, g.value("RECORDS", nil)) || !holds(f.Subscriptions, g.value("SUBSCRIPTIONS", nil)) || !holds(f.Data, g.value("DATA", nil)) || !holds(f.Duration, g.value("DURATION", nil)) {
		return false
	}
	return f.Charges == nil || holds(f.Charges.TaxExcluded, g.value("TAX_EXCLUDED", &f.Charges.Currency)) && holds(f.Charges.Profit, g.value("PROFIT", &f.Charges.Currency))
}

func (s *slowTotals) compare(a, b *slowGroup) int {
	for _, o := range append(slices.Clone(s.q.OrderBy), &db.UsageTotalsOrder{Field: "WINDOW"}, &db.UsageTotalsOrder{Field: "KEY"}) {
		x, y := []any{a.value(o.Field, o.Currency)}, []any{b.value(o.Field, o.Currency)}
		if o.Field == "KEY" {
			x, y = a.key, b.key
		}
		for i := range x {
			n := 0
			switch {
			case x[i] == nil && y[i] == nil:
			case x[i] == nil:
				n = 1
			case y[i] == nil:
				n = -1
			case o.Direction == db.Descending:
				n = compareValues(y[i], x[i])
			default:
				n = compareValues(x[i], y[i])
			}
			if n != 0 {
				return n
			}
		}
	}
	return 0
}

// average returns sum divided by count, rounded to 19 digits, half to even.
func average(sum rational, count int64) any {
	if count == 0 {
		return nil
	}
	quotient := new(big.Rat).Quo(sum.Rat, new(big.Rat).SetInt64(count))
	places := 19
	if whole := new(big.Int).Quo(quotient.Num(), quotient.Denom()); whole.Sign() != 0 {
		places = max(0, 19-len(whole.Abs(whole).String()))
	}
	shift := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil))
	scaled := new(big.Rat).Mul(quotient, shift)
	rounded := ratOfText(scaled.FloatString(0))
	distance := new(big.Rat).Sub(rounded.Rat, scaled)
	if distance.Abs(distance).Cmp(big.NewRat(1, 2)) == 0 && rounded.Num().Bit(0) == 1 {
		rounded.Sub(rounded.Rat, big.NewRat(int64(scaled.Sign()), 1))
	}
	return rational{rounded.Quo(rounded.Rat, shift)}
}

// line returns all values of a group as totalsLine does.
func (s *slowTotals) line(g *slowGroup) string {
	line := g.of.Start.Format(time.RFC3339Nano) + " " + g.of.End.Format(time.RFC3339Nano)
	values := map[db.UsageDimension]any{}
	for i, by := range s.q.By {
		if i < len(g.key) {
			values[by] = g.key[i]
		}
	}
	for _, by := range []db.UsageDimension{"SOURCE", "USAGE_TYPE", "DIRECTION", "STATUS", "USAGE_TYPE_NAME", "CALL_CLASS", "TIME_BAND", "PRODUCT", "DESTINATION", "DESTINATION_COUNTRY", "BILL_RUN", "EVENT_TIME", "DURATION"} {
		if values[by] != nil {
			line += " " + optional(values[by])
		}
	}
	if v := values["CUSTOMER"]; v != nil {
		line += fmt.Sprint(" customer ", v)
	}
	if v := values["SUBSCRIPTION"]; v != nil {
		i := slices.IndexFunc(s.w.subscriptions, func(s *db.ServiceSubscription) bool { return s.ID == v.(int64) })
		line += fmt.Sprint(" subscription ", s.w.subscriptions[i].CustomerID, "/", v)
	}
	line += fmt.Sprintf(": %d %d %d", len(g.records), g.customers(), g.subscriptions())
	for _, q := range []struct {
		unit  db.Unit
		value func(*db.UsageRecord) *decimal.Decimal
	}{{db.Megabyte, dataOf}, {db.Second, durationOf}, {db.Count, itemsOf}} {
		sum, count, least, greatest := g.sum(q.value)
		line += fmt.Sprintf(" %s %d %s %s %s %s", q.unit, count, sum, optional(average(sum, count)), optional(least), optional(greatest))
	}
	currencies := []*string{}
	for _, u := range g.records {
		for _, p := range u.Rated {
			if !slices.ContainsFunc(currencies, func(c *string) bool { return optional(c) == optional(p.Currency) }) {
				currencies = append(currencies, p.Currency)
			}
		}
	}
	slices.SortFunc(currencies, func(a, b *string) int {
		if a == nil || b == nil {
			return cmp.Compare(len(optional(b)), len(optional(a)))
		}
		return strings.Compare(*a, *b)
	})
	for _, c := range currencies {
		amount := func(of func(*db.RatedUsage) *decimal.Decimal) any { _, sum := g.amounts(c, of); return sum }
		orZero := func(v any) any {
			if v == nil {
				return "0"
			}
			return v
		}
		n, excluded := g.amounts(c, func(p *db.RatedUsage) *decimal.Decimal { return p.TaxExcludedAmount })
		unbilled := amount(func(p *db.RatedUsage) *decimal.Decimal {
			if p.IsBilled == nil || *p.IsBilled {
				return nil
			}
			return p.TaxExcludedAmount
		})
		line += fmt.Sprintf(" [%s %d %s %s %s %s", optional(c), n, optional(orZero(excluded)), optional(orZero(unbilled)),
			optional(amount(func(p *db.RatedUsage) *decimal.Decimal { return p.TaxIncludedAmount })), optional(amount(func(p *db.RatedUsage) *decimal.Decimal { return p.PreDiscountedAmount })))
		for _, of := range []func(*db.RatedUsage) *decimal.Decimal{
			func(p *db.RatedUsage) *decimal.Decimal { return p.CostAmount },
			func(p *db.RatedUsage) *decimal.Decimal { return p.RatedCostAmount },
			func(p *db.RatedUsage) *decimal.Decimal { return p.ProfitAmount },
		} {
			if s.cost {
				line += " " + optional(amount(of))
			} else {
				line += " hidden"
			}
		}
		line += "]"
	}
	if g.before != nil {
		line += " before " + s.line(g.before)
	}
	return line
}
