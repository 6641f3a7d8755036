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

// The number of records that a page has where the client does not say, and the most that he may ask for.
const (
	defaultLimit = 100
	maxLimit     = 1000
)

// maxPattern is how long description.like may be, in bytes; each may become two of the pattern's, which has 1,000.
const maxPattern = 499

// The values of @type.
const (
	baseType     = "Usage"
	extendedType = "UsageOracle"
)

// What each of the three kinds of path takes.
var (
	describeParameters = []string{"@type"}
	oneParameters      = []string{"@type", "fields"}
	listParameters     = []string{
		"@type", "description", "description.like", "fields", "id", "limit", "offset",
		"usageDate", "usageDate.gt", "usageDate.gte", "usageDate.lt", "usageDate.lte",
	}
)

// query is what a request's parameters say.
type query struct {
	// objectType is baseType or extendedType; nil leaves each record as it came.
	objectType *string
	// fields is nil for all.
	fields          selection
	id              *string
	description     *string
	descriptionLike *string
	date            db.DateTimeFilter
	limit           int
	offset          int64
}

// dates are the parameters that compare a record's date, and where each of them goes.
func (q *query) dates() []namedTime {
	return []namedTime{
		{"usageDate", &q.date.Eq},
		{"usageDate.gt", &q.date.Gt},
		{"usageDate.gte", &q.date.Gte},
		{"usageDate.lt", &q.date.Lt},
		{"usageDate.lte", &q.date.Lte},
	}
}

type namedTime struct {
	name string
	at   **db.Time
}

// parseQuery reads the parameters of a path that takes the given ones. It returns a Problem that names the parameter
// that is wrong or, where refuseUnknown, unknown.
func parseQuery(in rest.Query, takes []string, refuseUnknown bool) (*query, error) {
	for _, name := range in.Names() {
		if refuseUnknown && !slices.Contains(takes, name) {
			return nil, rest.Bad(name, "unknown parameter; there are "+strings.Join(takes, ", "))
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

// text returns a parameter that is text; nil where it is not given.
func text(in rest.Query, name string) (*string, error) {
	value, given, err := in.One(name)
	if err != nil || !given {
		return nil, err
	}
	return &value, nil
}

func (q *query) readType(in rest.Query) (err error) {
	if q.objectType, err = text(in, "@type"); err != nil || q.objectType == nil {
		return err
	}
	if *q.objectType != baseType && *q.objectType != extendedType {
		return rest.Bad("@type", "want "+baseType+" or "+extendedType)
	}
	return nil
}

// readFields reads a list, which may be given in parts.
func (q *query) readFields(in rest.Query) error {
	given := strings.Join(in.All("fields"), ",")
	if len(in.All("fields")) == 0 {
		return nil
	}
	q.fields = noMembers()
	if given == "none" {
		return nil
	}
	for name := range strings.SplitSeq(given, ",") {
		if !q.fields.add(strings.TrimSpace(name)) {
			return rest.Bad("fields", "want names of a usage's own fields, in either spelling, with commas between, or none alone")
		}
	}
	return nil
}

func (q *query) readTexts(in rest.Query) (err error) {
	if q.id, err = text(in, "id"); err != nil {
		return err
	}
	if q.description, err = text(in, "description"); err != nil {
		return err
	}
	if q.descriptionLike, err = text(in, "description.like"); err != nil || q.descriptionLike == nil {
		return err
	}
	if n := len(*q.descriptionLike); n == 0 || n > maxPattern {
		return rest.Bad("description.like", "want a pattern of 1 to "+strconv.Itoa(maxPattern)+" bytes")
	}
	return nil
}

func (q *query) readDates(in rest.Query) error {
	for _, d := range q.dates() {
		value, err := text(in, d.name)
		if err != nil {
			return err
		}
		if value == nil {
			continue
		}
		at, err := db.ParseTime(plus(*value))
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

// plus turns back the + signs that a query string turned into spaces.
func plus(value string) string { return strings.ReplaceAll(value, " ", "+") }

// filter is which records are meant.
func (q *query) filter() *db.UsageRecordFilter {
	source := db.BRM
	f := &db.UsageRecordFilter{Source: &db.SourceFilter{Eq: &source}, EventTime: &q.date}
	if q.id != nil {
		// A space may be a + that the client did not escape.
		f.SourceID = &db.StringFilter{In: slices.Compact([]string{*q.id, plus(*q.id)})}
	}
	if q.description != nil || q.descriptionLike != nil {
		f.Description = &db.StringFilter{Eq: q.description}
	}
	if q.descriptionLike != nil {
		like := pattern(*q.descriptionLike)
		f.Description.Like = &like
	}
	return f
}

// order is that in which records first came in. An id has two records at most: in that order SQLite would look through all
// of brm's for them.
func (q *query) order() []*db.UsageRecordOrder {
	if q.id != nil {
		return nil
	}
	return []*db.UsageRecordOrder{{Field: "CREATED", Direction: db.Ascending}}
}

// pattern turns description.like into LIKE's: % and * stand for any text, and without either the text may stand
// anywhere.
func pattern(like string) string {
	p := strings.NewReplacer(`\`, `\\`, `_`, `\_`, `*`, `%`).Replace(like)
	if !strings.Contains(p, "%") {
		return "%" + p + "%"
	}
	return p
}

// print writes the parameters down, so that reading them gives the same page, or the one from another offset.
func (q *query) print(offset int64) string {
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
	for _, d := range q.dates() {
		if *d.at != nil {
			v.Set(d.name, (*d.at).Format(time.RFC3339Nano))
		}
	}
	return v.Encode()
}
