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

// isPriceOrder reports whether the index of rated usages has an order of usage records.
func isPriceOrder(keys []sortKey) bool {
	return len(keys) == 2 && keys[0].isFirstPrice() && keys[0].name == indexedPrice && keys[1].name == "id" && keys[0].descending == keys[1].descending
}

// pricePage returns a query for the keys of a page of usage records in the order of the index of rated usages. Records
// without a price are last; they are read only if there are not enough others.
func pricePage(d *dialect, q topN, keys []sortKey, offset int64) string {
	const query = `WITH priced AS MATERIALIZED (SELECT t.customer_id AS owner, t.id AS own, p.%[1]s AS price
	FROM rated_usages p CROSS JOIN usage_records t
	WHERE t.customer_id = p.customer_id AND t.id = p.usage_id AND p.position = 0 AND p.%[1]s IS NOT NULL AND %[2]s
	ORDER BY p.%[1]s%[3]s, p.usage_id%[3]s LIMIT %[4]d)
SELECT owner, own FROM (SELECT owner, own, price FROM priced UNION ALL SELECT owner, own, price FROM (
	SELECT t.customer_id AS owner, t.id AS own, p.%[1]s AS price
	FROM (SELECT 1 AS missing WHERE (SELECT COUNT(*) FROM priced) < %[4]d) few CROSS JOIN usage_records t%[5]s
	WHERE p.%[1]s IS NULL AND %[2]s ORDER BY t.id%[3]s LIMIT %[4]d) unpriced) r
ORDER BY price IS NULL, %[6]s%[3]s, own%[3]s LIMIT %[7]d OFFSET %[8]d`
	return fmt.Sprintf(query, indexedPrice, q.where, direction(keys[0].descending), int64(q.limit)+offset, firstPriceJoin, d.decimal("price"), q.limit, offset)
}
