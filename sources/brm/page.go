package brm

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"usagegraph/db"
)

// page is a page of a list, with its position.
type page struct {
	*query
	route
	records []*db.UsageRecord
	total   int64
}

// readPage reads the page of a query and counts the list.
func readPage(ctx context.Context, reader *db.Reader, q *query, at route) (*page, error) {
	found, err := reader.UsageRecords(ctx, db.AllColumns, db.NoParent, db.UsageRecordQuery{
		Filter:  q.filter(),
		OrderBy: q.order(),
		Page:    db.Page{Limit: q.limit, Offset: q.offset},
	})
	if err != nil {
		return nil, err
	}
	total, err := found[0].TotalCount(ctx)
	return &page{q, at, found[0].Nodes, total}, err
}

// header returns the headers of the page: the counts (TMF635 version 4) and the links (RFC 8288).
func (p *page) header() http.Header {
	h := http.Header{}
	h.Set("X-Total-Count", strconv.FormatInt(p.total, 10))
	h.Set("X-Result-Count", strconv.Itoa(len(p.records)))
	h.Set("Link", strings.Join(p.links(), ", "))
	return h
}

// links returns the links to other pages. A page with limit 0 has only the link to itself.
func (p *page) links() []string {
	var links []string
	add := func(relation string, offset int64) {
		links = append(links, "<"+p.collection+"?"+p.encode(offset)+`>; rel="`+relation+`"`)
	}
	add("self", p.offset)
	if p.limit == 0 {
		return links
	}
	limit := int64(p.limit)
	add("first", 0)
	if p.offset > 0 {
		add("prev", max(0, min(p.offset, p.total)-limit))
	}
	if p.offset < p.total-limit {
		add("next", p.offset+limit)
	}
	add("last", max(0, p.total-1)/limit*limit)
	return links
}

// status returns 206 for a page that is not the whole list if partialContent is set, otherwise 200.
func (p *page) status(partialContent bool) int {
	if n := int64(len(p.records)); partialContent && n > 0 && n < p.total {
		return http.StatusPartialContent
	}
	return http.StatusOK
}
