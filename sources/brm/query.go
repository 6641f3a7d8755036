package brm

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"usagegraph/db"
	"usagegraph/sources/rest"
)

// The default and the maximum number of records of a page.
const (
	defaultLimit = 100
	maxLimit     = db.MaxPage
)

// maxPattern is the maximum length of description.like in bytes. Escaping may double it, and the store accepts 1,000.
const maxPattern = 499

// The values of @type.
const (
	baseType     = "Usage"
	extendedType = "UsageOracle"
)

// The parameters of the three kinds of paths.
var (
	describeParameters = []string{"@type"}
	usageParameters    = []string{"@type", "fields"}
	listParameters     = []string{
		"@type", "description", "description.like", "fields", "id", "limit", "offset",
		"usageDate", "usageDate.gt", "usageDate.gte", "usageDate.lt", "usageDate.lte",
	}
)

// query holds the parsed parameters of a request.
type query struct {
	// objectType is baseType or extendedType; nil keeps the type of each record.
	objectType *string
	// fields holds the selected members; nil selects all.
	fields          selection
	id              *string
	description     *string
	descriptionLike *string
	date            db.DateTimeFilter
	limit           int
	offset          int64
}

// dateParameters returns the names of the parameters that filter by date, with the condition that each of them sets.
func (q *query) dateParameters() []dateParameter {
	return []dateParameter{
		{"usageDate", &q.date.Eq},
		{"usageDate.gt", &q.date.Gt},
		{"usageDate.gte", &q.date.Gte},
		{"usageDate.lt", &q.date.Lt},
		{"usageDate.lte", &q.date.Lte},
	}
}

// dateParameter is a parameter that sets a condition on the date.
type dateParameter struct {
	name string
	at   **db.Time
}

// parseQuery parses parameters, of which the path allows the given ones. It returns a Problem for an invalid one and,
// with refuseUnknown, for an unknown one.
func parseQuery(in rest.Query, allowed []string, refuseUnknown bool) (*query, error) {
	for _, name := range in.Names() {
		if refuseUnknown && !slices.Contains(allowed, name) {
			return nil, rest.Bad(name, "unknown parameter: want one of "+strings.Join(allowed, ", "))
		}
	}
	q := &query{}
	for _, read := range []func(rest.Query) error{q.readType, q.readFields, q.readTexts, q.readDates, q.readPage} {
		if err := read(in); err != nil {
			return nil, err
		}
	}
	return q, nil
}

// textParameter returns the value of a parameter; nil where it is missing.
func textParameter(in rest.Query, name string) (*string, error) {
	value, given, err := in.One(name)
	if err != nil || !given {
		return nil, err
	}
	return &value, nil
}

func (q *query) readType(in rest.Query) (err error) {
	if q.objectType, err = textParameter(in, "@type"); err != nil || q.objectType == nil {
		return err
	}
	if *q.objectType != baseType && *q.objectType != extendedType {
		return rest.Bad("@type", "want "+baseType+" or "+extendedType)
	}
	return nil
}

// readFields parses the parameter fields. The values of a repeated one are joined.
func (q *query) readFields(in rest.Query) error {
	given := strings.Join(in.All("fields"), ",")
	if len(in.All("fields")) == 0 {
		return nil
	}
	q.fields = selectRequired()
	if given == "none" {
		return nil
	}
	for name := range strings.SplitSeq(given, ",") {
		if !q.fields.add(strings.TrimSpace(name)) {
			return rest.Bad("fields", "want first-level fields separated by commas, or none")
		}
	}
	return nil
}

func (q *query) readTexts(in rest.Query) (err error) {
	if q.id, err = textParameter(in, "id"); err != nil {
		return err
	}
	if q.description, err = textParameter(in, "description"); err != nil {
		return err
	}
	if q.descriptionLike, err = textParameter(in, "description.like"); err != nil || q.descriptionLike == nil {
		return err
	}
	if n := len(*q.descriptionLike); n == 0 || n > maxPattern {
		return rest.Bad("description.like", "want a pattern of 1 to "+strconv.Itoa(maxPattern)+" bytes")
	}
	return nil
}

func (q *query) readDates(in rest.Query) error {
	for _, d := range q.dateParameters() {
		value, err := textParameter(in, d.name)
		if err != nil {
			return err
		}
		if value == nil {
			continue
		}
		at, err := db.ParseTime(restorePlus(*value))
		if err != nil {
			return rest.Bad(d.name, err.Error())
		}
		*d.at = &at
	}
	return nil
}

func (q *query) readPage(in rest.Query) error {
	limit, given, err := in.WholeNumber("limit", 0, maxLimit)
	if err != nil {
		return err
	}
	q.limit = int(limit)
	if !given {
		q.limit = defaultLimit
	}
	q.offset, _, err = in.WholeNumber("offset", 0, math.MaxInt64)
	return err
}

// restorePlus replaces the spaces that were unescaped + signs.
func restorePlus(value string) string { return strings.ReplaceAll(value, " ", "+") }

// filter returns the conditions as a filter of the store.
func (q *query) filter() *db.UsageRecordFilter {
	source := db.BRM
	f := &db.UsageRecordFilter{Source: &db.SourceFilter{Eq: &source}, EventTime: &q.date}
	if q.id != nil {
		// A space may be an unescaped +.
		f.SourceID = &db.StringFilter{In: slices.Compact([]string{*q.id, restorePlus(*q.id)})}
	}
	if q.description != nil || q.descriptionLike != nil {
		f.Description = &db.StringFilter{Eq: q.description}
	}
	if q.descriptionLike != nil {
		like := likePattern(*q.descriptionLike)
		f.Description.Like = &like
	}
	return f
}

// order returns the order by first import. A query by id has none, because it finds two records at most and SQLite
// would scan all records of BRM to sort them.
func (q *query) order() []*db.UsageRecordOrder {
	if q.id != nil {
		return nil
	}
	return []*db.UsageRecordOrder{{Field: "CREATED", Direction: db.Ascending}}
}

// likePattern returns description.like as a LIKE pattern: % and * match any text, and a pattern without either matches
// anywhere.
func likePattern(like string) string {
	p := strings.NewReplacer(`\`, `\\`, `_`, `\_`, `*`, `%`).Replace(like)
	if !strings.Contains(p, "%") {
		return "%" + p + "%"
	}
	return p
}

// encode returns the query string of the page at an offset.
func (q *query) encode(offset int64) string {
	v := url.Values{"limit": {strconv.Itoa(q.limit)}, "offset": {strconv.FormatInt(offset, 10)}}
	for name, value := range map[string]*string{
		"@type": q.objectType, "id": q.id, "description": q.description, "description.like": q.descriptionLike,
	} {
		if value != nil {
			v.Set(name, *value)
		}
	}
	if q.fields != nil {
		v.Set("fields", "none")
		if selected := q.fields.names(); len(selected) > 0 {
			v.Set("fields", strings.Join(selected, ","))
		}
	}
	for _, d := range q.dateParameters() {
		if *d.at != nil {
			v.Set(d.name, (*d.at).Format(time.RFC3339Nano))
		}
	}
	return v.Encode()
}
