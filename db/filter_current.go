package db

import "fmt"

// currentCondition adds the condition that a row is current or, if want is false, that it is not.
func currentCondition(c *compiler, t string, want *bool, isCurrent func(c *compiler, t string)) {
	switch {
	case want == nil:
	case *want:
		isCurrent(c, t)
	default:
		c.add("NOT (", c.all(func() { isCurrent(c, t) }), ")")
	}
}

// currentReport adds the condition that a consumption report is the latest of its subscription, or has none.
func currentReport(c *compiler, t string) {
	c.add("COALESCE(", t, "id = ", latestOf(t, "consumption_reports", "effective_at"), ", TRUE)")
}

// latestOf returns a query for the id of the latest row of a table for a row's subscription. Of rows with the same time,
// the source's id decides, so that the order of imports does not. A scalar subquery reads the end of an index for each
// row; PostgreSQL would join an anti-join for all rows at once, each with each later one.
func latestOf(t, table, column string) string {
	return fmt.Sprintf("(SELECT l.id FROM %s l WHERE l.customer_id = %[2]scustomer_id AND l.subscription_id = %[2]ssubscription_id ORDER BY l.%[3]s DESC, l.source_id DESC, l.id DESC LIMIT 1)",
		table, t, column)
}

// currentBucket adds the condition that a bucket is of the latest report of its subscription, or of its latest summary,
// or has no subscription. Of the current copies of a bucket that several subscriptions of a customer share, only that of
// the latest report is current, except among the buckets of one subscription.
func currentBucket(c *compiler, t string) {
	c.add(ofLatest(t))
	if !c.ofSubscription {
		c.add("(", t, "shared_id IS NULL OR NOT EXISTS (SELECT 1 FROM buckets o WHERE o.customer_id = ", t, "customer_id AND o.shared_id = ", t,
			"shared_id AND (o.effective_at, o.id_hash, o.id) > (", t, "effective_at, ", t, "id_hash, ", t, "id) AND ", ofLatest("o."), "))")
	}
}

// ofOneSubscription reports whether all rows in the list of a record of some type are of one subscription.
func ofOneSubscription(parent NodeType) bool {
	return parent == TypeSubscription || parent == TypeConsumptionReport || parent == TypeUsageSummary
}

// ofLatest returns the condition that a bucket's report or summary is the latest of its subscription. A bucket has one of
// them.
func ofLatest(t string) string {
	return "COALESCE(" + t + "report_id = " + latestOf(t, "consumption_reports", "effective_at") + ", " +
		t + "summary_id = " + latestOf(t, "usage_summaries", "year_month") + ", TRUE)"
}
