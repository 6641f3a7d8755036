package db

import (
	"context"
	"fmt"
	"strings"
)

// NodeKeys returns the keys of the records that ids name, of all customers: the scope applies to what is read by the
// keys. It leaves out ids that name nothing. The number of statements does not depend on the number of ids.
func (r *Reader) NodeKeys(ctx context.Context, ids []ID) (map[ID]Key, error) {
	byType := map[NodeType][]ID{}
	for _, id := range ids {
		byType[id.Type] = append(byType[id.Type], id)
	}
	keys := make(map[ID]Key, len(ids))
	for of, ids := range byType {
		var err error
		switch of {
		case TypeSubscription:
			err = r.subscriptionKeys(ctx, ids, keys)
		case TypeCustomer:
			err = r.keysByName(ctx, namedTable{of, "customer_identifiers", "value", "customer_id"}, ids, keys)
		default:
			err = r.keysByName(ctx, namedTable{of, parentTables[of][0], "source_id", "id"}, ids, keys)
		}
		if err != nil {
			return nil, fmt.Errorf("find nodes by their ids: %w", err)
		}
	}
	return keys, nil
}

// namedTable is a table whose rows have a name in a source, or a hash in place of it.
type namedTable struct {
	of              NodeType
	name, value, id string
}

// nodeName is the name of an id as a row of a relation.
type nodeName struct {
	Source   Source `db:"source"`
	Customer string `db:"customer"`
	Value    string `db:"value"`
}

// namedNode is a row that an id names.
type namedNode struct {
	Source     Source `db:"source"`
	Value      string `db:"value"`
	CustomerID int64  `db:"customer_id"`
	ID         int64  `db:"id"`
}

// keysByName finds rows by their names, and those that have a hash in place of one by that.
func (r *Reader) keysByName(ctx context.Context, t namedTable, ids []ID, keys map[ID]Key) error {
	var names []nodeName
	hashed := map[string]ID{}
	for _, id := range ids {
		hash, marked := strings.CutPrefix(id.Value, hashMark)
		switch {
		case t.of == TypeBucket || t.of == TypeConsumptionReport || marked && id.Source != "":
			hashed[hash] = id
		case id.Source != "":
			names = append(names, nodeName{Source: id.Source, Value: id.Value})
		}
	}
	if len(names) > 0 {
		c := r.compiler()
		var rows []*namedNode
		err := unscoped{r}.SelectContext(ctx, &rows, fmt.Sprintf("SELECT v.source, v.value, t.customer_id, t.%s AS id FROM %s CROSS JOIN %s t WHERE t.source = v.source AND t.%s = v.value",
			t.id, namesOf(c, names), t.name, t.value), c.args...)
		if err != nil {
			return err
		}
		for _, row := range rows {
			keys[ID{Type: t.of, Source: row.Source, Value: row.Value}] = Key{row.CustomerID, row.ID}
		}
	}
	return r.keysByHash(ctx, t.name, t.id, hashed, keys)
}

// keysByHash finds rows of a table by the hashes in ids.
func (r *Reader) keysByHash(ctx context.Context, table, column string, hashed map[string]ID, keys map[ID]Key) error {
	if len(hashed) == 0 {
		return nil
	}
	c := r.compiler()
	values := make([]any, 0, len(hashed))
	for hash := range hashed {
		values = append(values, hash)
	}
	var rows []*namedNode
	err := unscoped{r}.SelectContext(ctx, &rows, fmt.Sprintf("SELECT '' AS source, t.id_hash AS value, t.customer_id, t.%s AS id FROM %s t WHERE t.id_hash IS NOT NULL AND t.id_hash IN %s",
		column, table, c.dialect.set(c, "text", values)), c.args...)
	if err != nil {
		return err
	}
	for _, row := range rows {
		keys[hashed[row.Value]] = Key{row.CustomerID, row.ID}
	}
	return nil
}

// namesOf returns a relation v of names. A few are rows of the statement: it is planned once for so many.
func namesOf(c *compiler, names []nodeName) string {
	if len(names) > fewKeys {
		return rowsOf(c, names)
	}
	rows := make([]string, len(names))
	for i, n := range names {
		rows[i] = fmt.Sprintf("SELECT CAST(%s AS TEXT) AS source, CAST(%s AS TEXT) AS customer, CAST(%s AS TEXT) AS value", c.bind(n.Source), c.bind(n.Customer), c.bind(n.Value))
	}
	return "(" + strings.Join(rows, " UNION ALL ") + ") AS v"
}
