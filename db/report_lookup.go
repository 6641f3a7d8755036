package db

import (
	"context"
	"slices"
	"time"
)

// ReportQuery asks for the latest consumption report of a subscription in one market, by one of its names.
type ReportQuery struct {
	// Name is a number or card: the report is about its latest holder.
	Name SubscriptionName
	// OwnID is the subscription's id in the system that made the reports, where there is no name.
	OwnID string
	// Market is a business id of two capital letters.
	Market string
}

// LatestReport returns the latest report of a subscription. By a number or card that is
//
//   - the latest report by that name of its latest holder, or of the customer whose subscriptions alone dispute it;
//   - or a report by that name that is unattributed, where it is later than all records of that holder by the name;
//   - where there is neither, the latest report by an own id of the holder, of a time within the holding.
//
// The holder is decided by the records of all customers. It returns a NotFound error where there is no report, or none
// that the reader may see.
func (r *Reader) LatestReport(ctx context.Context, q ReportQuery) (*ConsumptionReport, error) {
	if err := checkText(q.OwnID + string(q.Name)); err != nil {
		return nil, err
	}
	report, err := r.latestReport(ctx, q)
	if err == nil && report == nil {
		err = Errorf(NotFound, "no consumption report is known by this")
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
	// An expression keeps SQLite from the index by customer, which has all unattributed reports.
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

// ownedBy is the condition for what belongs to the holder: to its subscription, or to the customer alone where several
// of the customer's subscriptions dispute the name.
func (h Holding) ownedBy(c *compiler, t string) string {
	owner := h.Subscriptions[0]
	condition := "(" + t + "customer_id = " + c.bind(owner.CustomerID) + " AND " + t + "subscription_id "
	if h.Disputed() {
		return condition + "IS NULL)"
	}
	return condition + "= " + c.bind(owner.ID) + ")"
}

// lastRecord returns the last instant of the records by which a holder has a name: of the holding, or of a later time in
// which others dispute it.
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

// reportFilter is the reports of one market that satisfy a condition.
type reportFilter struct {
	market    string
	condition func(c *compiler, t string)
}

func (f *reportFilter) conditions(c *compiler, t string) {
	f.condition(c, t)
	c.add(t, "business_id = ", c.bind(f.market))
}

func (*reportFilter) selective() bool { return true }

// latestOf returns the latest report of a query's market that satisfies a condition; nil where there is none.
func (r *Reader) latestReportWhere(ctx context.Context, q ReportQuery, condition func(c *compiler, t string)) (*ConsumptionReport, error) {
	pages, err := list(ctx, r, consumptionReports, NoParent, Query[*reportFilter, ConsumptionReportOrder]{
		Filter: &reportFilter{q.Market, condition}, Page: Page{Limit: 1},
	})
	if err != nil || len(pages[0].Nodes) == 0 {
		return nil, err
	}
	return pages[0].Nodes[0], nil
}
