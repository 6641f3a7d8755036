package db

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

// currentReport adds the condition that a consumption report is the latest of its subscription.
func currentReport(c *compiler, t string) {
	noneLater(c, t, "consumption_reports", "effective_at")
}

// noneLater adds the condition that no row of the same table and subscription is later in a column, and then by id.
func noneLater(c *compiler, t, table, column string) {
	c.add("NOT EXISTS (SELECT 1 FROM ", table, " l WHERE l.customer_id = ", t, "customer_id AND l.subscription_id = ", t,
		"subscription_id AND (l.", column, ", l.id) > (", t, column, ", ", t, "id))")
}

// currentBucket adds the condition that a bucket is of the latest report of its subscription, or of its latest summary.
// Of the current copies of a bucket that several subscriptions share, only that of the latest report is current, except
// in the list of a subscription.
func currentBucket(c *compiler, t string) {
	latestOf(c, t)
	if c.ofSubscription {
		return
	}
	c.add("NOT EXISTS (SELECT 1 FROM buckets o WHERE o.customer_id = ", t, "customer_id AND o.source = ", t, "source AND o.source_id = ", t, "source_id AND o.is_shared", c.dialect.is[true],
		" AND ", t, "is_shared", c.dialect.is[true], " AND CAST(o.products AS TEXT) = CAST(", t, "products AS TEXT) AND (o.effective_at, o.id) > (", t, "effective_at, ", t, "id) AND ",
		c.all(func() { latestOf(c, "o.") }), ")")
}

// latestOf adds the condition that a bucket's report or summary is the latest of its subscription.
func latestOf(c *compiler, t string) {
	of := func(table, id, column string) string {
		return c.all(func() {
			c.exists(t, relatedRows{table: table, own: []string{"customer_id", id}, their: []string{"customer_id", "id"}}, func(x string) { noneLater(c, x, table, column) })
		})
	}
	c.add("(", of("consumption_reports", "report_id", "effective_at"), " OR ", of("usage_summaries", "summary_id", "year_month"), ")")
}
