package stn

import (
	"errors"
	"fmt"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"usagegraph/db"
	"usagegraph/sources/rest"
)

// The default and the maximum number of records of a response.
const (
	defaultTake = 100
	maxTake     = db.MaxPage
)

// maxList is the maximum number of members of a list in a parameter.
const maxList = 1000

// Query holds the parsed parameters of a request.
type Query struct {
	conditions []*condition
	order      []sortKey
	// fields holds the selected fields; nil selects all. With distinct, each combination of their values is returned
	// once.
	fields     []*field
	distinct   bool
	aggregates []aggregateCall
	// total reports whether the response has the number of results.
	total bool
	take  int
	skip  int64
	// format is the format of the parameter format, or empty.
	format   format
	settings HandlerSettings
}

// sortKey is a field to order by.
type sortKey struct {
	field      *field
	descending bool
}

// ParseQuery parses the parameters of a request. It returns a rest.Problem for an invalid one.
func ParseQuery(parameters rest.Query, s HandlerSettings) (*Query, error) {
	q := &Query{take: defaultTake, settings: s}
	known, err := parseParameters(parameters, s.Unknown.Refuse(false))
	if err != nil {
		return nil, err
	}
	for _, p := range known {
		if err := q.apply(p); err != nil {
			return nil, rest.Bad(p.name, err.Error())
		}
	}
	q.total = q.total || !s.TotalIncluded
	return q, q.checkDistinct()
}

// apply sets the part of the query that a parameter defines.
func (q *Query) apply(p *parameter) (err error) {
	text := strings.Join(p.values, ",")
	switch p.name {
	case "fields":
		q.fields, q.distinct, err = parseFields(text)
	case "format":
		if q.format = format(strings.ToLower(text)); q.format != formatJSON && q.format != formatCSV {
			err = errors.New("want csv or json")
		}
	case "include":
		q.aggregates, q.total, err = parseInclude(text)
	case "orderBy":
		err = q.parseOrder(text, false)
	case "orderByDesc":
		if !q.settings.OrderFirst || len(q.order) == 0 {
			err = q.parseOrder(text, true)
		}
	case "skip":
		q.skip, err = parseNonNegative(text)
	case "take":
		var n int64
		if n, err = parseNonNegative(text); q.settings.TakeRefused && n > maxTake {
			err = fmt.Errorf("want at most %d", maxTake)
		}
		q.take = int(min(n, maxTake))
	case "meta":
	default:
		err = p.condition.parse(p.values)
		q.conditions = append(q.conditions, p.condition)
	}
	return err
}

// splitList splits a comma-separated list into its members, without surrounding spaces and without empty members.
func splitList(text string) []string {
	var members []string
	for _, member := range strings.Split(text, ",") {
		if member = strings.TrimSpace(member); member != "" {
			members = append(members, member)
		}
	}
	return members
}

// parseNonNegative parses an integer that is not negative. One above 64 bits is the maximum.
func parseNonNegative(text string) (int64, error) {
	n, err := strconv.ParseUint(text, 10, 63)
	if errors.Is(err, strconv.ErrRange) {
		return math.MaxInt64, nil
	}
	if err != nil {
		return 0, errors.New("want a whole number from 0")
	}
	return int64(n), nil
}

// distinctPrefix matches the word DISTINCT before the names of fields.
var distinctPrefix = regexp.MustCompile(`(?i)^\s*DISTINCT\s+`)

// parseFields parses the parameter fields.
func parseFields(text string) (list []*field, distinct bool, err error) {
	names := distinctPrefix.ReplaceAllString(text, "")
	distinct = names != text
	for _, name := range splitList(names) {
		f := responseField(name)
		if f == nil {
			return nil, false, errors.New("want fields of the response, such as id,yearMonth")
		}
		if distinct && f.order == "" {
			return nil, false, errors.New("want fields of the response that are not lists, such as DISTINCT customerId,yearMonth")
		}
		if !slices.Contains(list, f) {
			list = append(list, f)
		}
	}
	if distinct && list == nil {
		return nil, false, errors.New("want fields after DISTINCT")
	}
	slices.SortFunc(list, byIndex)
	return list, distinct, nil
}

// checkDistinct returns a Problem for an order, with DISTINCT, by a field that is not selected.
func (q *Query) checkDistinct() error {
	for _, k := range q.order {
		if q.distinct && !slices.Contains(q.fields, k.field) {
			return rest.Bad("orderBy", "with DISTINCT, want an order by the selected fields only")
		}
	}
	return nil
}

// parseOrder adds keys to the order, without fields that it has already.
func (q *Query) parseOrder(text string, descending bool) error {
	for _, name := range splitList(text) {
		bare, reversed := strings.CutPrefix(name, "-")
		f := responseField(bare)
		if f == nil || f.order == "" {
			return errors.New("want fields of the response that are not lists, such as yearMonth,-usageHomeData")
		}
		if !slices.ContainsFunc(q.order, func(k sortKey) bool { return k.field == f }) {
			q.order = append(q.order, sortKey{f, reversed != descending})
		}
	}
	return nil
}

// String returns the query as a query string that ParseQuery parses as the same query.
func (q *Query) String() string {
	values := url.Values{"skip": {strconv.FormatInt(q.skip, 10)}, "take": {strconv.Itoa(q.take)}}
	for _, c := range q.conditions {
		values.Set(c.name(), c.String())
	}
	set := func(name string, members []string) {
		if members != nil {
			values.Set(name, strings.Join(members, ","))
		}
	}
	var names, keys, aggregates []string
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
	for _, s := range q.aggregates {
		aggregates = append(aggregates, s.String())
	}
	if q.format != "" {
		values.Set("format", string(q.format))
	}
	if q.distinct {
		names[0] = "DISTINCT " + names[0]
	}
	set("fields", names)
	set("orderBy", keys)
	set("include", aggregates)
	return values.Encode()
}

// filter returns the conditions as a filter of the store, for the records of sTN.
func (q *Query) filter() *db.UsageSummaryFilter {
	source := db.STN
	f := &db.UsageSummaryFilter{Source: &db.SourceFilter{Eq: &source}}
	for _, c := range q.conditions {
		f.And = append(f.And, c.filter)
	}
	return f
}

// orderBy returns the order of the store; by default, the order by first import.
func (q *Query) orderBy() []*db.UsageSummaryOrder {
	if len(q.order) == 0 {
		return []*db.UsageSummaryOrder{{Field: "CREATED", Direction: db.Ascending}}
	}
	list := make([]*db.UsageSummaryOrder, len(q.order))
	for i, k := range q.order {
		list[i] = &db.UsageSummaryOrder{Field: k.field.order, Direction: k.direction()}
	}
	return list
}

// distinctQuery returns the query with DISTINCT as one of the store.
func (q *Query) distinctQuery() db.DistinctQuery {
	d := db.DistinctQuery{Filter: q.filter(), Limit: q.take, Offset: q.skip}
	for _, f := range q.fields {
		d.Fields = append(d.Fields, f.distinctField())
	}
	for _, k := range q.order {
		d.OrderBy = append(d.OrderBy, &db.UsageSummaryOrder{Field: k.field.distinctField(), Direction: k.direction()})
	}
	return d
}

func (k sortKey) direction() db.OrderDirection {
	if k.descending {
		return db.Descending
	}
	return db.Ascending
}
