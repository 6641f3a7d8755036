package db_test

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"usagegraph/db"
)

// matches reports whether a row satisfies a filter. A missing value satisfies only Ne and IsNull. filter is a pointer
// to a filter, row a pointer to a row.
func (w *world) matches(filter, row any) bool {
	if b, ok := filter.(*db.BucketFilter); ok && (b.SubscriptionID != nil || b.Subscription != nil) {
		w = w.within(db.TypeSubscription)
	}
	f := reflect.ValueOf(filter).Elem()
	for i := range f.NumField() {
		leaf, name := f.Field(i), f.Type().Field(i).Name
		if leaf.IsNil() {
			continue
		}
		holds := false
		switch name {
		case "And":
			holds = w.count(leaf, row) == leaf.Len()
		case "Or":
			holds = w.count(leaf, row) > 0
		case "Not":
			holds = !w.matches(leaf.Interface(), row)
		case "Rated":
			holds = slices.ContainsFunc(row.(*db.UsageRecord).Rated, func(p *db.RatedUsage) bool { return w.matches(leaf.Interface(), p) })
		case "Current":
			holds = w.isCurrent(row) == leaf.Elem().Bool()
		case "BillingCycle":
			r := row.(*db.ConsumptionReport)
			cycle := leaf.Interface().(*db.BillingCycleFilter)
			holds = (cycle.ID == nil || leafHolds(reflect.ValueOf(*cycle.ID), plain(reflect.ValueOf(r.CycleID)))) &&
				(cycle.IntervalID == nil || leafHolds(reflect.ValueOf(*cycle.IntervalID), plain(reflect.ValueOf(r.CycleIntervalID)))) &&
				(cycle.Start == nil || leafHolds(reflect.ValueOf(*cycle.Start), plain(reflect.ValueOf(r.CycleStart)))) &&
				(cycle.End == nil || leafHolds(reflect.ValueOf(*cycle.End), plain(reflect.ValueOf(r.CycleEnd))))
		case "Customer", "Subscription":
			holds = slices.ContainsFunc(w.ownersOf(name, row), func(owner db.Node) bool { return w.matches(leaf.Interface(), owner) })
		case "UsageRecords", "UsageSummaries", "Buckets":
			some, none := leaf.Elem().Field(0), leaf.Elem().Field(1)
			list, within := w.listOf(name, row), w.within(row.(db.Node).NodeType())
			holds = (some.IsNil() || slices.ContainsFunc(list, func(r db.Node) bool { return within.matches(some.Interface(), r) })) &&
				(none.IsNil() || !slices.ContainsFunc(list, func(r db.Node) bool { return within.matches(none.Interface(), r) }))
		default:
			holds = leafHolds(leaf.Elem(), field(row, name))
		}
		if !holds {
			return false
		}
	}
	return true
}

// count returns the number of the filters that a row satisfies.
func (w *world) count(filters reflect.Value, row any) (n int) {
	for i := range filters.Len() {
		if w.matches(filters.Index(i).Interface(), row) {
			n++
		}
	}
	return n
}

// isCurrent reports whether a report, or the report or summary of a bucket, is the latest of its subscription. Except
// among the records of one subscription, one of the copies of a shared bucket is current.
func (w *world) isCurrent(row any) bool {
	b, isBucket := row.(*db.Bucket)
	return w.isLatest(row) && (!isBucket || w.ofSubscription || len(w.sharers(b)) < 2 || !slices.ContainsFunc(w.buckets, func(o *db.Bucket) bool {
		later := cmp.Or(o.EffectiveAt.Compare(b.EffectiveAt.Time), strings.Compare(o.IDHash, b.IDHash))
		return later > 0 && o.CustomerID == b.CustomerID && o.Source == b.Source && o.SourceID == b.SourceID &&
			maps.Equal(w.sharers(o), w.sharers(b)) && w.ordinal(o) == w.ordinal(b) && w.isLatest(o)
	}))
}

// sharers returns the set of the subscriptions that share a bucket.
func (w *world) sharers(b *db.Bucket) map[string]bool {
	set := map[string]bool{}
	if b.IsShared != nil && *b.IsShared {
		for _, p := range must(b.Products()) {
			set[p] = true
		}
	}
	return set
}

// ordinal returns the number of buckets before a bucket in its record that have the same id and sharers.
func (w *world) ordinal(b *db.Bucket) (n int) {
	for _, o := range w.buckets {
		switch {
		case o == b:
			return n
		case o.CustomerID == b.CustomerID && reflect.DeepEqual(o.ReportID, b.ReportID) && reflect.DeepEqual(o.SummaryID, b.SummaryID) &&
			o.SourceID == b.SourceID && maps.Equal(w.sharers(o), w.sharers(b)):
			n++
		}
	}
	return n
}

func (w *world) isLatest(row any) bool {
	switch row := row.(type) {
	case *db.ConsumptionReport:
		return !slices.ContainsFunc(w.reports, func(r *db.ConsumptionReport) bool {
			later := r.EffectiveAt.Compare(row.EffectiveAt.Time)
			return sameSubscription(r.CustomerID, r.SubscriptionID, row.CustomerID, row.SubscriptionID) && (later > 0 || later == 0 && r.SourceID > row.SourceID)
		})
	case *db.Bucket:
		if row.ReportID != nil {
			return w.isLatest(w.reports[slices.IndexFunc(w.reports, func(r *db.ConsumptionReport) bool {
				return r.Key == db.Key{CustomerID: row.CustomerID, ID: *row.ReportID}
			})])
		}
		own := w.summaries[slices.IndexFunc(w.summaries, func(s *db.UsageSummary) bool { return s.Key == db.Key{CustomerID: row.CustomerID, ID: *row.SummaryID} })]
		return !slices.ContainsFunc(w.summaries, func(s *db.UsageSummary) bool {
			return sameSubscription(s.CustomerID, s.SubscriptionID, own.CustomerID, own.SubscriptionID) && (s.YearMonth > own.YearMonth || s.YearMonth == own.YearMonth && s.SourceID > own.SourceID)
		})
	}
	panic(fmt.Sprintf("%T is never current", row))
}

func sameSubscription(customer int64, subscription *int64, otherCustomer int64, other *int64) bool {
	return customer == otherCustomer && subscription != nil && other != nil && *subscription == *other
}

// ownersOf returns the customer or subscription of a row, if it has one.
func (w *world) ownersOf(name string, row any) []db.Node {
	v := reflect.ValueOf(row).Elem()
	owner := db.CustomerKey(v.FieldByName("CustomerID").Int())
	nodes := nodesOf(w.customers)
	if name == "Subscription" {
		id := v.FieldByName("SubscriptionID")
		if id.IsNil() {
			return nil
		}
		owner.ID, nodes = id.Elem().Int(), nodesOf(w.subscriptions)
	}
	return slices.DeleteFunc(nodes, func(n db.Node) bool { return n.NodeKey() != owner })
}

// listOf returns the records of a customer or subscription.
func (w *world) listOf(name string, row any) []db.Node {
	nodes := map[string][]db.Node{"UsageRecords": nodesOf(w.records), "UsageSummaries": nodesOf(w.summaries), "Buckets": nodesOf(w.buckets)}[name]
	owner := row.(db.Node)
	return slices.DeleteFunc(nodes, func(n db.Node) bool {
		owners := w.ownersOf(map[db.NodeType]string{db.TypeCustomer: "Customer", db.TypeSubscription: "Subscription"}[owner.NodeType()], n)
		return len(owners) != 1 || owners[0].NodeKey() != owner.NodeKey()
	})
}

func nodesOf[T db.Node](rows []T) []db.Node {
	return convert(rows, func(row T) db.Node { return row })
}

// columnNames maps fields of filters to fields of rows with other names.
var columnNames = map[string]string{"OneOffQuantity": "OneOffs", "DataQuantity": "DataMB", "DurationQuantity": "DurationSeconds"}

// field returns the value of a row that a field of a filter is compared with; nil if it is missing.
func field(row any, name string) any {
	v := reflect.ValueOf(row).Elem()
	if renamed := columnNames[name]; renamed != "" {
		name = renamed
	}
	if !v.FieldByName(name).IsValid() {
		name += "Amount"
	}
	value := plain(v.FieldByName(name))
	customerID, _ := v.FieldByName("CustomerID").Interface().(int64)
	switch {
	case name == "CustomerID" && customerID == 0 || value == nil:
		return nil
	case name == "CustomerID":
		return globalID(db.TypeCustomer, db.CustomerKey(customerID))
	case name == "SubscriptionID":
		return globalID(db.TypeSubscription, db.Key{CustomerID: customerID, ID: value.(int64)})
	}
	return value
}

func leafHolds(leaf reflect.Value, value any) bool {
	for i := range leaf.NumField() {
		operand, operator := leaf.Field(i), leaf.Type().Field(i).Name
		if operand.IsNil() {
			continue
		}
		holds := false
		switch operator {
		case "IsNull":
			holds = operand.Elem().Bool() == (value == nil)
		case "Ne":
			holds = value == nil || compare(value, plain(operand)) != 0
		case "In":
			for i := range operand.Len() {
				holds = holds || value != nil && compare(value, plain(operand.Index(i))) == 0
			}
		case "Like":
			holds = value != nil && like(operand.Elem().String(), value.(string))
		default:
			holds = value != nil && operators[operator](compare(value, plain(operand)))
		}
		if !holds {
			return false
		}
	}
	return true
}

var operators = map[string]func(int) bool{
	"Eq": func(c int) bool { return c == 0 },
	"Gt": func(c int) bool { return c > 0 }, "Gte": func(c int) bool { return c >= 0 },
	"Lt": func(c int) bool { return c < 0 }, "Lte": func(c int) bool { return c <= 0 },
}

// like matches a text with a pattern of %, _ and \.
func like(pattern, text string) bool {
	if pattern == "" {
		return text == ""
	}
	switch p, size := utf8.DecodeRuneInString(pattern); p {
	case '%':
		for i := range len(text) + 1 {
			if (i == len(text) || utf8.RuneStart(text[i])) && like(pattern[1:], text[i:]) {
				return true
			}
		}
		return false
	case '\\':
		return likeRune(pattern[1:], text)
	case '_':
		_, length := utf8.DecodeRuneInString(text)
		return text != "" && like(pattern[size:], text[length:])
	}
	return likeRune(pattern, text)
}

// likeRune matches the first character of a pattern literally, ignoring the case of a to z.
func likeRune(pattern, text string) bool {
	p, size := utf8.DecodeRuneInString(pattern)
	c, length := utf8.DecodeRuneInString(text)
	return text != "" && (p == c || p < 128 && c < 128 && strings.EqualFold(string(p), string(c))) && like(pattern[size:], text[length:])
}

// node is the key of a record that has a global id.
type node struct {
	of  db.NodeType
	key db.Key
}

// globalIDs holds the global ids of the customers and subscriptions of worlds. They are the same in each test and on
// both databases.
var globalIDs sync.Map

func globalID(of db.NodeType, key db.Key) db.ID {
	id, ok := globalIDs.Load(node{of, key})
	if !ok {
		panic(fmt.Sprint("no id of ", of, key))
	}
	return id.(db.ID)
}
