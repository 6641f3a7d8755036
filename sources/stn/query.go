package stn

import (
	"errors"
	"math"
	"net/url"
	"regexp"
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
	// fields are those that the answer shall have; nil is all. Where distinct, it has each combination of them once.
	fields   []*field
	distinct bool
	sums     []sum
	// total tells whether the number of results is in the answer.
	total bool
	take  int
	skip  int64
	// format is the one that a parameter names, else empty.
	format   format
	settings HandlerSettings
}

// sortKey is a field to order by.
type sortKey struct {
	field      *field
	descending bool
}

// ParseQuery reads the parameters. It returns a rest.Problem that names the parameter which cannot be used; names that
// AutoQuery does not know are passed over.
func ParseQuery(parameters rest.Query, s HandlerSettings) (*Query, error) {
	q := &Query{take: standardTake, settings: s}
	known, err := gather(parameters, s.Unknown.Refuse(false))
	if err != nil {
		return nil, err
	}
	for _, p := range known {
		if err := q.read(p); err != nil {
			return nil, rest.Bad(p.name, err.Error())
		}
	}
	q.total = q.total || !s.TotalIncluded
	return q, q.checkDistinct()
}

// read takes a parameter's values in.
func (q *Query) read(p *parameter) (err error) {
	text := strings.Join(p.values, ",")
	switch p.name {
	case "fields":
		q.fields, q.distinct, err = parseFields(text)
	case "format":
		if q.format = format(strings.ToLower(text)); q.format != formatJSON && q.format != formatCSV {
			err = errors.New("want csv or json")
		}
	case "include":
		q.sums, q.total, err = parseInclude(text)
	case "orderBy":
		err = q.parseOrder(text, false)
	case "orderByDesc":
		if !q.settings.OrderFirst || len(q.order) == 0 {
			err = q.parseOrder(text, true)
		}
	case "skip":
		q.skip, err = whole(text)
	case "take":
		var n int64
		if n, err = whole(text); q.settings.TakeRefused && n > maxTake {
			err = errors.New("want at most 1000")
		}
		q.take = int(min(n, maxTake))
	case "meta":
	default:
		err = p.condition.read(p.values)
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

// distinctWord is what stands before the fields where each combination of them is to be answered once.
var distinctWord = regexp.MustCompile(`(?i)^\s*DISTINCT\s+`)

// parseFields reads the names of what an answer shall have.
func parseFields(text string) (list []*field, distinct bool, err error) {
	names := distinctWord.ReplaceAllString(text, "")
	distinct = names != text
	for _, name := range split(names) {
		f := answered(name)
		if f == nil {
			return nil, false, errors.New("want fields of the answer, such as id,yearMonth")
		}
		if distinct && f.order == "" {
			return nil, false, errors.New("want fields of the answer that are no lists, such as DISTINCT customerId,yearMonth")
		}
		if !slices.Contains(list, f) {
			list = append(list, f)
		}
	}
	if distinct && list == nil {
		return nil, false, errors.New("want fields after DISTINCT")
	}
	slices.SortFunc(list, byPlace)
	return list, distinct, nil
}

// checkDistinct returns a Problem for an order of combinations by a field that is not among theirs.
func (q *Query) checkDistinct() error {
	for _, k := range q.order {
		if q.distinct && !slices.Contains(q.fields, k.field) {
			return rest.Bad("orderBy", "with DISTINCT in fields, want an order by those fields alone")
		}
	}
	return nil
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
		values.Set(c.name(), c.String())
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
	if q.format != "" {
		values.Set("format", string(q.format))
	}
	if q.distinct {
		names[0] = "DISTINCT " + names[0]
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
		list[i] = &db.UsageSummaryOrder{Field: k.field.order, Direction: k.direction()}
	}
	return list
}

// combinations asks for the combinations of the fields as db has them.
func (q *Query) combinations() db.DistinctQuery {
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
