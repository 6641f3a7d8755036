package db

import (
	"context"
	"slices"
	"time"
)

// ReportQuery selects the latest consumption report of a subscription in a market.
type ReportQuery struct {
	// Name is the number or card of the subscription. The report is that of its latest holder.
	Name SubscriptionName
	// OwnID is the subscription's id in the system of the reports. It is used if Name is empty.
	OwnID string
	// Market is a business id of two capital letters.
	Market string
}

// LatestReport returns the latest report of a subscription. For a number or card it returns
//
//   - the latest report by that name of its latest holder, or of the one customer whose subscriptions dispute it;
//   - or an unattributed report by that name that is later than all records of that holder by the name;
//   - or, if there is neither, the latest report by an own id of the holder at a time within the holding.
//
// The records of all customers decide the holder. It returns a NotFound error if there is no report in the reader's
// scope.
func (r *Reader) LatestReport(ctx context.Context, q ReportQuery) (*ConsumptionReport, error) {
	if err := checkText(q.OwnID + string(q.Name)); err != nil {
		return nil, err
	}
	report, err := r.latestReport(ctx, q)
	if err == nil && report == nil {
		err = Errorf(NotFound, "consumption report not found")
	}
	return report, err
}

func (r *Reader) latestReport(ctx context.Context, q ReportQuery) (*ConsumptionReport, error) {
	if q.Name == "" {
		return r.latestReportWhere(ctx, q, func(c *compiler, t string) { c.add(t, "source_subscription_id = ", c.bind(q.OwnID)) })
	}
	rows, err := r.identifiersByName(ctx, []SubscriptionName{q.Name})
	if err != nil {
		return nil, err
	}
	holdings := HoldingsOf(rows[q.Name])
	held, ok := latestOfOneCustomer(holdings)
	held.Start = startOf(holdings, held)
	// The + 0 prevents SQLite from using the index by customer, which lists all unattributed reports.
	unattributed := func(c *compiler, t string) string { return t + "customer_id + 0 = " + c.bind(int64(0)) }
	if !ok {
		return r.latestReportWhere(ctx, q, func(c *compiler, t string) { byName(c, t, q.Name, unattributed(c, t)) })
	}
	owned := func(c *compiler, t string) string { return held.ownedBy(c, t) }
	report, err := r.latestReportWhere(ctx, q, func(c *compiler, t string) {
		byName(c, t, q.Name, "("+unattributed(c, t)+" OR "+owned(c, t)+")")
	})
	if err != nil {
		return nil, err
	}
	if report != nil && report.CustomerID == 0 {
		last, err := r.lastRecord(ctx, q.Name, held, holdings)
		if err != nil || !last.After(report.EffectiveAt.Time) {
			return report, err
		}
		if report, err = r.latestReportWhere(ctx, q, func(c *compiler, t string) { byName(c, t, q.Name, owned(c, t)) }); err != nil {
			return nil, err
		}
	}
	if report != nil || held.Disputed() {
		return report, nil
	}
	return r.latestReportWhere(ctx, q, func(c *compiler, t string) {
		c.add(t, "subscription_name IS NULL AND ", owned(c, t), " AND ", t, "effective_at >= ", c.bind(TimeOf(held.Start)), " AND ", t, "effective_at <= ", c.bind(TimeOf(held.Last())))
	})
}

func byName(c *compiler, t string, name SubscriptionName, owner string) {
	c.add(t, "subscription_name = ", c.bind(name), " AND ", owner)
}

// ownedBy returns the condition for rows of the holder: of its subscription or, if several subscriptions of the
// customer dispute the name, of the customer without a subscription.
func (h Holding) ownedBy(c *compiler, t string) string {
	owner := h.Subscriptions[0]
	condition := "(" + t + "customer_id = " + c.bind(owner.CustomerID) + " AND " + t + "subscription_id "
	if h.Disputed() {
		return condition + "IS NULL)"
	}
	return condition + "= " + c.bind(owner.ID) + ")"
}

// lastRecord returns the last instant of the records by which a holder has a name. They may lie in the holding or in a
// later dispute.
func (r *Reader) lastRecord(ctx context.Context, name SubscriptionName, held Holding, holdings []Holding) (time.Time, error) {
	last := held.Last()
	for _, s := range held.Subscriptions {
		disputed := slices.ContainsFunc(holdings, func(h Holding) bool {
			return h.Start.After(held.Start) && slices.Contains(slices.Concat(h.Subscriptions, h.Others), s)
		})
		if !disputed {
			continue
		}
		at, err := lastEvidence(ctx, unscoped{r}, name, s)
		if err != nil {
			return last, err
		}
		if at.After(last) {
			last = at
		}
	}
	return last, nil
}

// reportFilter selects the reports of a market that satisfy a condition.
type reportFilter struct {
	market    string
	condition func(c *compiler, t string)
}

func (f *reportFilter) conditions(c *compiler, t string) {
	f.condition(c, t)
	c.add(t, "business_id = ", c.bind(f.market))
}

func (*reportFilter) selective() bool { return true }

// latestReportWhere returns the latest report of the query's market that satisfies a condition; nil if there is none.
func (r *Reader) latestReportWhere(ctx context.Context, q ReportQuery, condition func(c *compiler, t string)) (*ConsumptionReport, error) {
	pages, err := list(ctx, r, AllColumns, consumptionReports, NoParent, Query[*reportFilter, ConsumptionReportOrder]{
		Filter: &reportFilter{q.Market, condition}, Page: Page{Limit: 1},
	})
	if err != nil || len(pages[0].Nodes) == 0 {
		return nil, err
	}
	return pages[0].Nodes[0], nil
}
