package dxp

import (
	"context"
	"errors"
	"net/http"

	"usagegraph/db"
	"usagegraph/sources/rest"
)

// latestReport returns the latest report in a market of the subscription that the query identifies. It returns a
// Problem (404) where there is none.
func (q query) latestReport(ctx context.Context, reader *db.Reader, market string) (*db.ConsumptionReport, error) {
	report, err := reader.LatestReport(ctx, db.ReportQuery{Name: q.name, OwnID: q.ownID, Market: market})
	var known *db.Error
	if errors.As(err, &known) && known.Code == db.NotFound {
		return nil, &rest.Problem{Status: http.StatusNotFound, Message: "Subscriber not found (ExternalId=" + q.identifier + ")"}
	}
	return report, err
}
