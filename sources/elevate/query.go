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

// maxPage is the last page that can be asked for: the page documents an integer of 32 bits.
const maxPage = math.MaxInt32

// query is what a request's parameters ask for.
type query struct {
	page, pageSize int64
	sort           []sortKey
	// fields are places in fields, ascending; nil is the whole record.
	fields                                   []int
	customerID, siteID, billRunID            *int64
	productReference, serviceID, destination *match
	eventDateFrom, eventDateTo               *bound
	excludeZeroValueRecords                  bool
	// totalCount tells whether the length of the whole list is to be answered.
	totalCount bool
}

// sortKey is one field of an order.
type sortKey struct {
	place      int
	descending bool
}

// parse reads a request's parameters. It returns a Problem for one that is missing, unknown or cannot be used.
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
		productReference:        p.match("productReference"),
		serviceID:               p.number("serviceId"),
		destination:             p.number("destination"),
		eventDateFrom:           p.bound("eventDateFrom"),
		eventDateTo:             p.bound("eventDateTo"),
		excludeZeroValueRecords: p.yes("excludeZeroValueRecords"),
		totalCount:              s.TotalCount,
	}
	if s.Unknown.Refuse(true) {
		p.refuseOthers()
	}
	return q, p.err
}

// values are the parameters of a request that asks for the same, those of another page if so.
func (q *query) values(page int64) url.Values {
	v := url.Values{"page": {strconv.FormatInt(page, 10)}, "pageSize": {strconv.FormatInt(q.pageSize, 10)}}
	if q.sort != nil {
		v.Set("sort", joined(q.sort, sortKey.String))
	}
	if q.fields != nil {
		v.Set("fields", joined(q.fields, func(place int) string { return fields[place].name }))
	}
	for name, id := range map[string]*int64{"customerId": q.customerID, "siteId": q.siteID, "billRunId": q.billRunID} {
		if id != nil {
			v.Set(name, strconv.FormatInt(*id, 10))
		}
	}
	for name, m := range map[string]*match{"productReference": q.productReference, "serviceId": q.serviceID, "destination": q.destination} {
		if m != nil {
			v.Set(name, m.operator+m.operand)
		}
	}
	for name, b := range map[string]*bound{"eventDateFrom": q.eventDateFrom, "eventDateTo": q.eventDateTo} {
		if b != nil {
			v.Set(name, b.String())
		}
	}
	if q.excludeZeroValueRecords {
		v.Set("excludeZeroValueRecords", "true")
	}
	return v
}

func joined[T any](list []T, text func(T) string) string {
	texts := make([]string, len(list))
	for i, one := range list {
		texts[i] = text(one)
	}
	return strings.Join(texts, ",")
}

func (k sortKey) String() string {
	if k.descending {
		return fields[k.place].name + descendingMark
	}
	return fields[k.place].name
}

// records is the query as the store understands it.
func (q *query) records() db.UsageRecordQuery {
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

// customer is the customer whose id is asked for.
func (q *query) customer() db.SourceID {
	return db.SourceID{Source: db.Elevate, Value: strconv.FormatInt(*q.customerID, 10)}
}

func equal(id *int64) *db.LongFilter {
	if id == nil {
		return nil
	}
	return &db.LongFilter{Eq: id}
}

// orderBy returns the order asked for, else that in which the records first came in.
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
		for _, by := range fields[k.place].order {
			keys = append(keys, &db.UsageRecordOrder{Field: by, Direction: direction})
		}
	}
	return keys
}

// link is the target of a link to another page, relative to the request, so that it holds behind any proxy.
func (q *query) link(page int64, rel string) string {
	return "<?" + q.values(page).Encode() + `>; rel="` + rel + `"`
}

// links are the Link headers (RFC 8288) of an answer after which there is more, or not.
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
