package elevate

import (
	"math"
	"net/url"
	"strconv"
	"strings"

	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/sources/rest"
)

// maxPage is the highest page number: the documentation says a 32-bit integer.
const maxPage = math.MaxInt32

// query holds the parsed parameters of a request.
type query struct {
	page, pageSize int64
	sort           []sortKey
	// fields holds ascending indexes into the package variable fields; nil selects the whole record.
	fields                                   []int
	customerID, siteID, billRunID            *int64
	productReference, serviceID, destination *textCondition
	eventDateFrom, eventDateTo               *timeCondition
	excludeZeroValueRecords                  bool
	// totalCount requests the header X-Total-Count.
	totalCount bool
}

// sortKey is a field to sort by, as an index into fields.
type sortKey struct {
	index      int
	descending bool
}

// parse parses the parameters of a request. It returns a Problem for a missing, unknown or invalid one.
func parse(values rest.Query, s HandlerSettings) (*query, error) {
	p := parameters{Query: values}
	q := &query{
		page:                    p.required("page", maxPage),
		pageSize:                p.required("pageSize", db.MaxPage),
		sort:                    p.sort("sort"),
		fields:                  p.fields("fields"),
		customerID:              p.id("customerId"),
		siteID:                  p.id("siteId"),
		billRunID:               p.id("billRunId"),
		productReference:        p.textCondition("productReference"),
		serviceID:               p.phoneCondition("serviceId"),
		destination:             p.phoneCondition("destination"),
		eventDateFrom:           p.timeCondition("eventDateFrom"),
		eventDateTo:             p.timeCondition("eventDateTo"),
		excludeZeroValueRecords: p.boolean("excludeZeroValueRecords"),
		totalCount:              s.TotalCount,
	}
	if s.Unknown.Refuse(true) {
		p.refuseUnknown()
	}
	return q, p.err
}

// values returns the query as parameters that parse reads as the same query, with another page number.
func (q *query) values(page int64) url.Values {
	v := url.Values{"page": {strconv.FormatInt(page, 10)}, "pageSize": {strconv.FormatInt(q.pageSize, 10)}}
	if q.sort != nil {
		v.Set("sort", join(q.sort, sortKey.String))
	}
	if q.fields != nil {
		v.Set("fields", join(q.fields, func(index int) string { return fields[index].name }))
	}
	for name, id := range map[string]*int64{"customerId": q.customerID, "siteId": q.siteID, "billRunId": q.billRunID} {
		if id != nil {
			v.Set(name, strconv.FormatInt(*id, 10))
		}
	}
	for name, m := range map[string]*textCondition{"productReference": q.productReference, "serviceId": q.serviceID, "destination": q.destination} {
		if m != nil {
			v.Set(name, m.operator+m.operand)
		}
	}
	for name, b := range map[string]*timeCondition{"eventDateFrom": q.eventDateFrom, "eventDateTo": q.eventDateTo} {
		if b != nil {
			v.Set(name, b.String())
		}
	}
	if q.excludeZeroValueRecords {
		v.Set("excludeZeroValueRecords", "true")
	}
	return v
}

func join[T any](list []T, text func(T) string) string {
	texts := make([]string, len(list))
	for i, element := range list {
		texts[i] = text(element)
	}
	return strings.Join(texts, ",")
}

func (k sortKey) String() string {
	if k.descending {
		return fields[k.index].name + descendingSuffix
	}
	return fields[k.index].name
}

// usageRecords returns the query as one of the store.
func (q *query) usageRecords() db.UsageRecordQuery {
	return db.UsageRecordQuery{
		Filter:  q.filter(),
		OrderBy: q.orderBy(),
		Page:    db.Page{Limit: int(q.pageSize), Offset: (q.page - 1) * q.pageSize},
	}
}

func (q *query) filter() *db.UsageRecordFilter {
	f := &db.UsageRecordFilter{
		Source:           &db.SourceFilter{Eq: new(db.Elevate)},
		SiteID:           equal(q.siteID),
		BillRunID:        equal(q.billRunID),
		ProductReference: q.productReference.filter(),
		ServiceID:        q.serviceID.filter(),
		Destination:      q.destination.filter(),
		And:              []*db.UsageRecordFilter{{EventTime: q.eventDateFrom.filter(notBefore)}, {EventTime: q.eventDateTo.filter(notAfter)}},
	}
	if q.customerID != nil {
		f.SourceCustomer = new(q.customer())
	}
	if q.excludeZeroValueRecords {
		f.Rated = &db.RatedUsageFilter{TaxExcluded: &db.DecimalFilter{Ne: &decimal.Decimal{}, IsNull: new(false)}}
	}
	return f
}

// customer returns the customer of the parameter customerId, which must be given.
func (q *query) customer() db.SourceID {
	return db.SourceID{Source: db.Elevate, Value: strconv.FormatInt(*q.customerID, 10)}
}

func equal(id *int64) *db.LongFilter {
	if id == nil {
		return nil
	}
	return &db.LongFilter{Eq: id}
}

// orderBy returns the order of the parameter sort; without it, the order by first import.
func (q *query) orderBy() []*db.UsageRecordOrder {
	if q.sort == nil {
		return []*db.UsageRecordOrder{{Field: "CREATED", Direction: db.Ascending}}
	}
	var keys []*db.UsageRecordOrder
	for _, k := range q.sort {
		direction := db.Ascending
		if k.descending {
			direction = db.Descending
		}
		for _, by := range fields[k.index].order {
			keys = append(keys, &db.UsageRecordOrder{Field: by, Direction: direction})
		}
	}
	return keys
}

// link returns a Link header value for another page. Its URL is relative to the request, so that it is valid behind a
// proxy.
func (q *query) link(page int64, rel string) string {
	return "<?" + q.values(page).Encode() + `>; rel="` + rel + `"`
}

// links returns the Link headers (RFC 8288) of the response. more reports whether there is a next page.
func (q *query) links(more bool) []string {
	var list []string
	if more && q.page < maxPage {
		list = append(list, q.link(q.page+1, "next"))
	}
	if q.page > 1 {
		list = append(list, q.link(q.page-1, "prev"))
	}
	return list
}
