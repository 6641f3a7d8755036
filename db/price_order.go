package db

import (
	"fmt"
	"strings"
)

// firstPriceJoin joins the first rated usage p to the usage records t.
const firstPriceJoin = " LEFT JOIN rated_usages p ON p.customer_id = t.customer_id AND p.usage_id = t.id AND p.position = 0"

// isFirstPrice reports whether a key is an amount of the first rated usage.
func (k sortKey) isFirstPrice() bool { return strings.HasPrefix(k.expression, "p.") }

// indexedPrice is the amount by which an index orders the rated usages, and then by record.
const indexedPrice = "tax_excluded_amount"

// isPriceOrder reports whether an order is that of a price, and then of the records.
func isPriceOrder(keys []sortKey) bool {
	return len(keys) == 2 && keys[0].isFirstPrice() && keys[1].name == "id" && keys[0].descending == keys[1].descending
}

// pricePage returns a query for the keys of a page of usage records in the order of a price. It reads the rated usages in
// that order, from an index or sorted without their records, which takes a fraction of the time of a join. The second part
// is read only if the first has too few records: all records, or those without the price if the first part has all others.
func pricePage(d *dialect, q topN, keys []sortKey, offset int64) string {
	const query = `WITH priced AS MATERIALIZED (SELECT t.customer_id AS owner, t.id AS own, p.%[1]s AS price
	FROM %[9]s p CROSS JOIN usage_records t
	WHERE t.customer_id = p.customer_id AND t.id = p.usage_id AND p.position = 0 AND p.%[1]s IS NOT NULL AND %[2]s
	ORDER BY p.%[1]s%[3]s, p.usage_id%[3]s LIMIT %[4]d)
SELECT owner, own FROM (SELECT owner, own, price FROM priced UNION SELECT owner, own, price FROM (
	SELECT t.customer_id AS owner, t.id AS own, p.%[1]s AS price
	FROM (SELECT 1 AS missing WHERE (SELECT COUNT(*) FROM priced) < %[4]d) few CROSS JOIN usage_records t%[5]s
	WHERE %[10]s AND %[2]s ORDER BY p.%[1]s IS NULL, p.%[1]s%[3]s, t.id%[3]s LIMIT %[4]d) others) r
ORDER BY price IS NULL, %[6]s%[3]s, own%[3]s LIMIT %[7]d OFFSET %[8]d`
	name, by, rows := keys[0].name, direction(keys[0].descending), int64(q.limit)+offset
	prices, others := "rated_usages", "p."+name+" IS NULL"
	if name != indexedPrice {
		// Hardly any records but those of elevate have these prices, so that few candidates are enough.
		prices, others = fmt.Sprintf("(SELECT p.customer_id, p.usage_id, p.position, p.%[1]s FROM rated_usages p WHERE %[4]s = 0 AND p.%[1]s IS NOT NULL ORDER BY p.%[1]s%[2]s, p.usage_id%[2]s LIMIT %[3]d)",
			name, by, 4*rows, d.unindexed("p.position")), "TRUE"
	}
	return fmt.Sprintf(query, name, q.where, by, rows, firstPriceJoin, d.decimal("price"), q.limit, offset, prices, others)
}
