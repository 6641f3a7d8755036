package dxp

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"usagegraph/db"
	"usagegraph/sources/rest"
)

// latest returns the latest report of the line that a question names, of those that a market serves. It returns a
// Problem (404) where there is no such line, and where it has no report: to dxp these are one.
func (q question) latest(ctx context.Context, reader *db.Reader, market string) (*db.ConsumptionReport, error) {
	called, err := reader.SubscriptionsBy(ctx, q.by())
	if err != nil {
		return nil, err
	}
	of := db.Parents{Type: db.TypeSubscription}
	for _, line := range unmistakable(called) {
		if line.BusinessID != nil && strings.EqualFold(*line.BusinessID, market) {
			of.Keys = append(of.Keys, line.Key)
		}
	}
	var latest *db.ConsumptionReport
	if len(of.Keys) > 0 {
		pages, err := reader.ConsumptionReports(ctx, of, db.ConsumptionReportQuery{Page: db.Page{Limit: 1}})
		if err != nil {
			return nil, err
		}
		for _, page := range pages {
			for _, r := range page.Nodes {
				if latest == nil || cmp.Or(r.EffectiveAt.Compare(latest.EffectiveAt.Time), cmp.Compare(r.ID, latest.ID)) > 0 {
					latest = r
				}
			}
		}
	}
	if latest == nil {
		return nil, &rest.Problem{Status: http.StatusNotFound, Message: "Subscriber not found (ExternalId=" + q.identifier + ")"}
	}
	return latest, nil
}

// unmistakable returns those of the lines of one name that the name alone can mean, as an import decides for a report
// (see ingest): the one customer's who has a line of that name, and nobody's. Where several customers have one, as
// happens to a phone number that was handed on, none of theirs is meant.
func unmistakable(called []*db.ServiceSubscription) []*db.ServiceSubscription {
	owners := map[int64]bool{}
	for _, line := range called {
		if line.CustomerID != 0 {
			owners[line.CustomerID] = true
		}
	}
	return slices.DeleteFunc(called, func(line *db.ServiceSubscription) bool {
		return len(owners) > 1 && line.CustomerID != 0
	})
}
