package stn

import (
	"errors"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"usagegraph/db"
	"usagegraph/sources/rest"
)

// How many records an answer has: unless told otherwise, and at the most.
const (
	standardTake = 100
	maxTake      = 1000
)

// maxList is how many members a list in a parameter may have.
const maxList = 1000

// Query is what a request asks for, by the conventions of AutoQuery.
type Query struct {
	conditions []*condition
	order      []sortKey
	// fields are those that the answer shall have; nil is all.
	fields []*field
	sums   []sum
	take   int
	skip   int64
}

// sortKey is a field to order by.
type sortKey struct {
	field      *field
	descending bool
}

// ParseQuery reads the parameters. It returns a rest.Problem that names the parameter which cannot be used; names that
// AutoQuery does not know are passed over.
func ParseQuery(parameters rest.Query) (*Query, error) {
	q := &Query{take: standardTake}
	known, err := gather(parameters)
	if err != nil {
		return nil, err
	}
	for _, p := range known {
		if err := q.read(p); err != nil {
			return nil, rest.Bad(p.name, err.Error())
		}
	}
	return q, nil
}

// read takes a parameter's values in.
func (q *Query) read(p *parameter) (err error) {
	text := strings.Join(p.values, ",")
	switch p.name {
	case "fields":
		q.fields, err = parseFields(text)
	case "include":
		q.sums, err = parseInclude(text)
	case "orderBy", "orderByDesc":
		err = q.parseOrder(text, p.name == "orderByDesc")
	case "skip":
		q.skip, err = whole(text)
	case "take":
		var n int64
		n, err = whole(text)
		q.take = int(min(n, maxTake))
	case "meta":
	default:
		err = p.condition.read(text)
		q.conditions = append(q.conditions, p.condition)
	}
	return err
}

// split cuts a comma list into its members, without the spaces around them; empty ones do not count.
func split(text string) []string {
	var members []string
	for _, member := range strings.Split(text, ",") {
		if member = strings.TrimSpace(member); member != "" {
			members = append(members, member)
		}
	}
	return members
}

// whole reads a whole number that is not negative; one beyond all records is as good as any other such.
func whole(text string) (int64, error) {
	n, err := strconv.ParseUint(text, 10, 63)
	if errors.Is(err, strconv.ErrRange) {
		return math.MaxInt64, nil
	}
	if err != nil {
		return 0, errors.New("want a whole number, 0 or more")
	}
	return int64(n), nil
}

// parseFields reads the names of what an answer shall have.
func parseFields(text string) ([]*field, error) {
	var list []*field
	for _, name := range split(text) {
		f := answered(name)
		if f == nil {
			return nil, errors.New("want fields of the answer, such as id,yearMonth")
		}
		if !slices.Contains(list, f) {
			list = append(list, f)
		}
	}
	slices.SortFunc(list, func(a, b *field) int { return a.place - b.place })
	return list, nil
}

// parseOrder adds keys to the order; a field that stands there already orders nothing more.
func (q *Query) parseOrder(text string, descending bool) error {
	for _, name := range split(text) {
		bare, turned := strings.CutPrefix(name, "-")
		f := answered(bare)
		if f == nil || f.order == "" {
			return errors.New("want fields of the answer that are no lists, such as yearMonth,-usageHomeData")
		}
		if !slices.ContainsFunc(q.order, func(k sortKey) bool { return k.field == f }) {
			q.order = append(q.order, sortKey{f, turned != descending})
		}
	}
	return nil
}

// String writes the query as a query string, which ParseQuery reads as the same query.
func (q *Query) String() string {
	values := url.Values{"skip": {strconv.FormatInt(q.skip, 10)}, "take": {strconv.Itoa(q.take)}}
	for _, c := range q.conditions {
		values.Set(c.name(), strings.Join(c.values, ","))
	}
	set := func(name string, members []string) {
		if members != nil {
			values.Set(name, strings.Join(members, ","))
		}
	}
	var names, keys, sums []string
	for _, f := range q.fields {
		names = append(names, f.name)
	}
	for _, k := range q.order {
		if k.descending {
			keys = append(keys, "-"+k.field.name)
		} else {
			keys = append(keys, k.field.name)
		}
	}
	for _, s := range q.sums {
		sums = append(sums, s.String())
	}
	set("fields", names)
	set("orderBy", keys)
	set("include", sums)
	return values.Encode()
}

// filter returns all conditions as db has them, and whose records they are.
func (q *Query) filter() *db.UsageSummaryFilter {
	source := db.STN
	f := &db.UsageSummaryFilter{Source: &db.SourceFilter{Eq: &source}}
	for _, c := range q.conditions {
		f.And = append(f.And, c.filter)
	}
	return f
}

// orderBy returns the order as db has it: that in which the records first came in where none was asked for.
func (q *Query) orderBy() []*db.UsageSummaryOrder {
	if len(q.order) == 0 {
		return []*db.UsageSummaryOrder{{Field: "CREATED", Direction: db.Ascending}}
	}
	list := make([]*db.UsageSummaryOrder, len(q.order))
	for i, k := range q.order {
		list[i] = &db.UsageSummaryOrder{Field: k.field.order, Direction: db.Ascending}
		if k.descending {
			list[i].Direction = db.Descending
		}
	}
	return list
}
