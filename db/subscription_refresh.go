package db

import (
	"context"
	"fmt"
	"strings"
)

// latestQuery describes a query for the latest record of a subscription s in a table: the time column, the text column
// or expression, and the condition that the record satisfies.
type latestQuery struct{ table, at, text, condition string }

func (l latestQuery) query() string {
	return fmt.Sprintf(`SELECT * FROM (SELECT t.%s AS at, t.source, t.source_id, %s AS text FROM %s t WHERE t.customer_id = s.customer_id AND t.subscription_id = s.id
		AND %s ORDER BY t.%s DESC, t.source DESC, t.source_id DESC LIMIT 1) x`, l.at, l.text, l.table, l.condition, l.at)
}

// latest returns an expression for the text of the latest record of several tables.
func latest(of ...latestQuery) string {
	queries := make([]string, len(of))
	for i, l := range of {
		queries[i] = l.query()
	}
	return "(SELECT y.text FROM (" + strings.Join(queries, " UNION ALL ") + ") y ORDER BY y.at DESC, y.source DESC, y.source_id DESC LIMIT 1)"
}

// A subscription takes its columns from the documents that name its customer. A subscription of unattributed documents
// takes them from those.
const (
	subscriptionText = "COALESCE(t.subscription_text, t.service_id)"
	namesCustomer    = "(t.source_customer_id IS NOT NULL OR s.customer_id = 0)"
	// The source subscription id of a summary is a number or card unless it is an own id.
	summaryPhone = "COALESCE(NULLIF(t.phone_number, ''), CASE WHEN t.own_id IS NULL AND t.number_name IS NOT NULL THEN t.source_subscription_id END)"
	summaryCard  = "COALESCE(NULLIF(t.sim_card_number, ''), CASE WHEN t.own_id IS NULL AND t.card_name IS NOT NULL THEN t.source_subscription_id END)"
	namesCard    = "t.subscription_name LIKE 'sim:%'"
)

var (
	latestPhone = latest(
		latestQuery{"usage_records", "event_time", subscriptionText, namesCustomer + " AND t.subscription_name IS NOT NULL AND NOT " + namesCard},
		latestQuery{"usage_summaries", "month_start", summaryPhone, summaryPhone + " IS NOT NULL"},
		latestQuery{"consumption_reports", "effective_at", "t.subscription_text", "s.customer_id = 0 AND t.subscription_name IS NOT NULL AND NOT " + namesCard})
	latestCard = latest(
		latestQuery{"usage_records", "event_time", subscriptionText, namesCustomer + " AND " + namesCard},
		latestQuery{"usage_summaries", "month_start", summaryCard, summaryCard + " IS NOT NULL"},
		latestQuery{"consumption_reports", "effective_at", "t.subscription_text", "s.customer_id = 0 AND " + namesCard})
	latestGroup      = latest(latestQuery{"usage_summaries", "month_start", "t.provider_group", "t.provider_group IS NOT NULL"})
	latestGroupSim   = latest(latestQuery{"usage_summaries", "month_start", "t.is_group_sim", "t.is_group_sim IS NOT NULL"})
	latestBusinessID = latest(latestQuery{"consumption_reports", "effective_at", "t.business_id", "t.business_id IS NOT NULL"})
)

// assignedNames selects the assignments a of the numbers and cards of a subscription s.
const assignedNames = `FROM subscription_identifiers n JOIN assignments a ON a.kind = n.kind AND a.source = n.source AND a.value = n.value AND a.valid_from = n.valid_from
	WHERE n.customer_id = s.customer_id AND n.subscription_id = s.id AND n.assigned`

// assignedValue is the number or card in the latest assignment of a subscription s. %s is the kind.
const assignedValue = "(SELECT a.value " + assignedNames + " AND a.kind = '%s' ORDER BY a.valid_from DESC, a.source, a.value LIMIT 1)"

// assignedCustomer is the least identifier of the customer that the own id of a subscription s is assigned to. %s is
// source or value.
const assignedCustomer = `(SELECT i.%s FROM assignments a JOIN customer_identifiers i ON i.source = a.customer_source AND i.value = a.customer_value
	WHERE a.kind = 'SOURCE_ID' AND a.source = s.source AND a.value = s.source_id AND i.customer_id = s.customer_id AND s.subscription_name IS NULL ORDER BY i.source, i.value LIMIT 1)`

// leastName is the least name, by system and text, of a subscription without an own id in its records and assignments.
// %s is source or source_id.
const leastName = `(SELECT z.%s FROM (
	SELECT * FROM (SELECT t.source, ` + subscriptionText + ` AS source_id FROM usage_records t WHERE t.customer_id = s.customer_id AND t.subscription_id = s.id
		AND ` + namesCustomer + ` AND t.subscription_name IS NOT NULL ORDER BY t.source, 2 LIMIT 1) x
	UNION ALL SELECT * FROM (SELECT t.source, COALESCE(NULLIF(CASE WHEN t.number_name IS NULL THEN t.sim_card_number ELSE t.phone_number END, ''), t.source_subscription_id) FROM usage_summaries t
		WHERE t.customer_id = s.customer_id AND t.subscription_id = s.id AND COALESCE(t.number_name, t.card_name) IS NOT NULL ORDER BY t.source, 2 LIMIT 1) x
	UNION ALL SELECT * FROM (SELECT a.customer_source, a.value ` + assignedNames + ` ORDER BY 1, 2 LIMIT 1) x
	UNION ALL SELECT * FROM (SELECT t.source, t.subscription_text FROM consumption_reports t WHERE s.customer_id = 0 AND t.customer_id = s.customer_id AND t.subscription_id = s.id
		AND t.subscription_name IS NOT NULL ORDER BY t.source, 2 LIMIT 1) x
) z ORDER BY z.source, z.source_id LIMIT 1)`

// leastCustomer is the least source id of the customer of a subscription s, by system and text, in the records and
// assignments that name the subscription as its global id does.
const leastCustomer = `(SELECT i.value FROM customer_identifiers i WHERE i.customer_id = s.customer_id AND (s.subscription_name IS NOT NULL OR i.source = s.source)
	AND (EXISTS (SELECT 1 FROM usage_records t WHERE t.customer_id = s.customer_id AND t.subscription_id = s.id AND t.source = i.source AND t.source_customer_id = i.value
			AND CASE WHEN s.subscription_name IS NULL THEN t.source_subscription_id = s.source_id ELSE t.subscription_name IS NOT NULL END)
		OR EXISTS (SELECT 1 FROM usage_summaries t WHERE t.customer_id = s.customer_id AND t.subscription_id = s.id AND t.source = i.source AND t.source_customer_id = i.value
			AND CASE WHEN s.subscription_name IS NULL THEN t.own_id = s.source_id ELSE COALESCE(t.number_name, t.card_name) IS NOT NULL END)
		OR s.subscription_name IS NOT NULL AND EXISTS (SELECT 1 ` + assignedNames + ` AND a.customer_source = i.source AND a.customer_value = i.value))
	ORDER BY i.source, i.value LIMIT 1)`

// RefreshSubscriptions recomputes columns of subscriptions from their records: number, card, provider group, group SIM
// and business id from the latest record that has them, the least name of a subscription without an own id, and the
// least customer id.
func (tx *Tx) RefreshSubscriptions(ctx context.Context, keys []Key) error {
	if len(keys) == 0 {
		return nil
	}
	c := tx.compiler()
	k := c.dialect.keys(c, keys)
	return tx.exec(ctx, fmt.Sprintf(`UPDATE subscriptions AS s SET phone_number = COALESCE(%s, %s), sim_card_number = COALESCE(%s, %s), provider_group = %s, is_group_sim = %s, business_id = %s,
			source_customer_id = COALESCE(%s, %s), customer_source = CASE WHEN %[10]s IS NOT NULL AND %[8]s IS NULL THEN %[10]s END,
			source = CASE WHEN s.subscription_name IS NULL THEN s.source ELSE COALESCE(%[11]s, s.source) END,
			source_id = CASE WHEN s.subscription_name IS NULL THEN s.source_id ELSE COALESCE(%[12]s, s.source_id) END
		WHERE (s.customer_id, s.id) IN (SELECT k.customer_id, k.id FROM %[13]s)`,
		latestPhone, fmt.Sprintf(assignedValue, MSISDN), latestCard, fmt.Sprintf(assignedValue, SIM), latestGroup, latestGroupSim, latestBusinessID,
		leastCustomer, fmt.Sprintf(assignedCustomer, "value"), fmt.Sprintf(assignedCustomer, "source"),
		fmt.Sprintf(leastName, "source"), fmt.Sprintf(leastName, "source_id"), k), c.args...)
}

// DropEmptySubscriptions deletes those of the subscriptions that have no records and no assigned number or card, with
// their identifiers. It returns the deleted ones.
func (tx *Tx) DropEmptySubscriptions(ctx context.Context, keys []Key) ([]Key, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	c := tx.compiler()
	none := "NOT EXISTS (SELECT 1 FROM %s t WHERE t.customer_id = k.customer_id AND t.subscription_id = k.id)"
	gone, err := selectAll[Key](ctx, tx, c, "SELECT k.customer_id, k.id FROM "+c.dialect.keys(c, keys)+" WHERE "+
		fmt.Sprintf(none, "usage_records")+" AND "+fmt.Sprintf(none, "usage_summaries")+" AND "+fmt.Sprintf(none, "consumption_reports")+" AND "+"NOT EXISTS (SELECT 1 FROM subscription_identifiers t WHERE t.customer_id = k.customer_id AND t.subscription_id = k.id AND t.assigned)")
	if err != nil || len(gone) == 0 {
		return nil, err
	}
	for _, table := range [][2]string{{"subscription_identifiers", "subscription_id"}, {"subscriptions", "id"}} {
		c := tx.compiler()
		err := tx.exec(ctx, "DELETE FROM "+table[0]+" WHERE (customer_id, "+table[1]+") IN (SELECT k.customer_id, k.id FROM "+c.dialect.keys(c, gone)+")", c.args...)
		if err != nil {
			return nil, err
		}
	}
	return gone, nil
}
