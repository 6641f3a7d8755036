package brm

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"usagegraph/db"
)

// page is a part of a list, and where it stands.
type page struct {
	*query
	route
	records []*db.UsageRecord
	total   int64
}

// readPage reads the page that a query asks for. Where its end is in sight its list needs no counting.
func readPage(ctx context.Context, reader *db.Reader, q *query, at route) (*page, error) {
	found, err := reader.UsageRecords(ctx, db.NoParent, db.UsageRecordQuery{
		Filter:  q.filter(),
		OrderBy: q.order(),
		Page:    db.Page{Limit: q.limit, Offset: q.offset},
	})
	if err != nil {
		return nil, err
	}
	p := &page{q, at, found[0].Nodes, q.offset + int64(len(found[0].Nodes))}
	if found[0].HasNextPage || len(p.records) == 0 && q.offset > 0 {
		p.total, err = found[0].TotalCount(ctx)
	}
	return p, err
}

// header tells where the page stands (TMF635 version 4, RFC 8288).
func (p *page) header() http.Header {
	h := http.Header{}
	h.Set("X-Total-Count", strconv.FormatInt(p.total, 10))
	h.Set("X-Result-Count", strconv.Itoa(len(p.records)))
	h.Set("Link", strings.Join(p.links(), ", "))
	return h
}

// links are the pages around this one; a page without length has none.
func (p *page) links() []string {
	var links []string
	add := func(relation string, offset int64) {
		links = append(links, "<"+p.collection+"?"+p.print(offset)+`>; rel="`+relation+`"`)
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

// status is 206 for a part of a list where that was asked for.
func (p *page) status(partialContent bool) int {
	if n := int64(len(p.records)); partialContent && n > 0 && n < p.total {
		return http.StatusPartialContent
	}
	return http.StatusOK
}
