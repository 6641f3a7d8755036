package db

import (
	"context"
	"fmt"
	"strings"
)

// NodeKeys returns the keys of the records with the given global ids, regardless of scope: the scope applies when the
// records are read by the keys. Unknown ids are left out. The number of statements does not depend on the number of
// ids.
func (r *Reader) NodeKeys(ctx context.Context, ids []ID) (map[ID]Key, error) {
	keys := make(map[ID]Key, len(ids))
	byIndex := map[*nameIndex]map[nodeName]ID{}
	var hidden []ID
	for _, id := range ids {
		switch index, name := id.index(); {
		case index != nil && byIndex[index] == nil:
			byIndex[index] = map[nodeName]ID{name: id}
		case index != nil:
			byIndex[index][name] = id
		case id.Source != "":
			hidden = append(hidden, id)
		}
	}
	for index, names := range byIndex {
		if err := r.keysByIndex(ctx, index, names, keys); err != nil {
			return nil, fmt.Errorf("find nodes by their ids: %w", err)
		}
	}
	if err := r.hiddenSubscriptionKeys(ctx, hidden, keys); err != nil {
		return nil, fmt.Errorf("find subscriptions by the hashes of their names: %w", err)
	}
	return keys, nil
}

// nodeName is the name in a global id as a row of a relation.
type nodeName struct {
	Source   Source `db:"source"`
	Customer string `db:"customer"`
	Value    string `db:"value"`
}

// nameIndex holds the SQL that finds the keys of records by a relation v of the names in their global ids.
type nameIndex struct {
	// key is the select list for customer_id and id.
	key, from, where string
	// order is an ORDER BY clause for names that several records can have: the first record is used. It is empty for
	// unique names.
	order string
}

var (
	// nameIndexes finds records of each type by name, hashIndexes by the hash that replaces the name.
	nameIndexes = map[NodeType]*nameIndex{
		TypeCustomer:     nameIndexOf("customer_identifiers", "customer_id", "t.source = v.source AND t.value = v.value"),
		TypeUsageRecord:  nameIndexOf("usage_records", "id", "t.source = v.source AND t.source_id = v.value"),
		TypeUsageSummary: nameIndexOf("usage_summaries", "id", "t.source = v.source AND t.source_id = v.value"),
		// SQLite joins the tables of a CROSS JOIN in the written order.
		TypeSubscription: {
			key:   "i.customer_id, i.subscription_id AS id",
			from:  "customer_identifiers t CROSS JOIN subscription_identifiers i",
			where: "t.source = v.source AND t.value = v.customer AND " + ownIDOfName + " AND i.customer_id = t.customer_id",
		},
	}
	hashIndexes = map[NodeType]*nameIndex{
		TypeCustomer:          hashIndexOf("customer_identifiers", "customer_id"),
		TypeSubscription:      hashIndexOf("subscriptions", "id"),
		TypeUsageRecord:       hashIndexOf("usage_records", "id"),
		TypeUsageSummary:      hashIndexOf("usage_summaries", "id"),
		TypeBucket:            hashIndexOf("buckets", "id"),
		TypeConsumptionReport: hashIndexOf("consumption_reports", "id"),
	}
	// ownIDIndex finds subscriptions by a global id without a customer, which is the id of a subscription of
	// unattributed documents. If documents with this own id have been attributed since, it finds the customer's
	// subscription; of several, that of the least customer.
	ownIDIndex = &nameIndex{
		key:   "i.customer_id, i.subscription_id AS id",
		from:  "subscription_identifiers i LEFT JOIN customers o ON o.customer_id = i.customer_id",
		where: ownIDOfName,
		order: " ORDER BY CASE WHEN i.customer_id = 0 THEN 0 ELSE 1 END, o.source, o.source_id",
	}
)

const ownIDOfName = "i.kind = 'SOURCE_ID' AND i.source = v.source AND i.value = v.value"

func nameIndexOf(table, id, where string) *nameIndex {
	return &nameIndex{key: "t.customer_id, t." + id + " AS id", from: table + " t", where: where}
}

func hashIndexOf(table, id string) *nameIndex {
	return nameIndexOf(table, id, "t.id_hash IS NOT NULL AND t.id_hash = v.value")
}

// index returns the index that finds the record of the global id, and the name in the id. It returns nil if the id has
// no name, or if it is the hashed id of a subscription, which hiddenSubscriptionKeys finds among the subscriptions of
// its customer.
func (id ID) index() (*nameIndex, nodeName) {
	hash, hashed := strings.CutPrefix(id.Value, hashMark)
	switch {
	case id.Type == TypeBucket, id.Type == TypeConsumptionReport, id.Type == TypeSubscription && id.Source == "":
		return hashIndexes[id.Type], nodeName{Value: id.Value}
	case id.Source == "", id.Type == TypeSubscription && (hashed || strings.HasPrefix(id.Customer, hashMark)):
		return nil, nodeName{}
	case id.Type == TypeSubscription && id.Customer == "":
		return ownIDIndex, nodeName{id.Source, "", id.Value}
	case hashed:
		return hashIndexes[id.Type], nodeName{id.Source, "", hash}
	}
	return nameIndexes[id.Type], nodeName{id.Source, id.Customer, id.Value}
}

// keysByIndex adds the keys of the records with the given names to keys.
func (r *Reader) keysByIndex(ctx context.Context, index *nameIndex, names map[nodeName]ID, keys map[ID]Key) error {
	list := make([]nodeName, 0, len(names))
	for name := range names {
		list = append(list, name)
	}
	c := r.compiler()
	var rows []*struct {
		nodeName
		Key
	}
	err := unscoped{r}.SelectContext(ctx, &rows, index.query(c, list, "v.source, v.customer, v.value, "), c.args...)
	for _, row := range rows {
		if id := names[row.nodeName]; keys[id] == (Key{}) {
			keys[id] = row.Key
		}
	}
	return err
}

// query returns a query for columns of the names followed by the keys of their records.
func (x *nameIndex) query(c *compiler, names []nodeName, columns string) string {
	return "SELECT " + columns + x.key + " FROM " + namesOf(c, names) + " CROSS JOIN " + x.from + " WHERE " + x.where + x.order
}

// namesOf returns a relation v of names. Up to fewKeys names are bound one by one, so that the database plans the
// statement once for each number of names.
func namesOf(c *compiler, names []nodeName) string {
	if len(names) > fewKeys {
		return rowsOf(c, names)
	}
	rows := make([]string, len(names))
	for i, n := range names {
		rows[i] = fmt.Sprintf("SELECT CAST(%s AS TEXT) AS source, CAST(%s AS TEXT) AS customer, CAST(%s AS TEXT) AS value", c.bind(string(n.Source)), c.bind(n.Customer), c.bind(n.Value))
	}
	return "(" + strings.Join(rows, " UNION ALL ") + ") AS v"
}
