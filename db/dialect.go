package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"iter"
	"reflect"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"usagegraph/calendar"
	"usagegraph/db/conn"
)

// dialect holds everything that differs between the two databases.
type dialect struct {
	name string
	// types maps the placeholders {{text}}, {{time}}, {{decimal}} and {{json}} of a migration to column types, and
	// {{random}}, {{used_percent}}, {{overage}} and {{shared_id}} to expressions: a random text, and derived values of a bucket. {{clustered}}
	// follows the columns of a table that is stored in its primary key.
	types map[string]string
	// snapshot holds the options of a transaction whose statements all read the same snapshot.
	snapshot driver.TxOptions
	// like is the LIKE operator that treats a to z and A to Z as equal.
	like string
	// is holds the operator and the right side of a condition for a boolean column with a value.
	is map[bool]string
	// keySets is true if a set of keys is read faster than each row is compared. PostgreSQL chooses itself.
	keySets bool
	// in returns the operator and the right side of a condition for a column with one of the values: IN (...). Array is
	// the type of PostgreSQL for one value.
	in func(c *compiler, array string, values []any) string
	// mergedPage returns the query for a page of several lists together, one for each row of k: the first rows of each are
	// read from an index, and the first of these are the page.
	mergedPage func(q topN, offset int64) string
	// mergesCustomers is true if a page of the lists of several customers is read in that way.
	mergesCustomers bool
	// customerMerge returns the query for such a page in an order that has a customer index.
	customerMerge func(q topN, customers int64, keys []sortKey, backward bool, offset int64) string
	// tuples returns the rows of fixed values with each of a list of texts, as the right side of IN.
	tuples func(c *compiler, fixed []string, texts []string) string
	// keys is keyList for any number of keys, with a fixed number of arguments.
	keys func(c *compiler, keys []Key) string
	// updatesEach is true if many rows are updated fastest one by one, by a prepared statement.
	updatesEach bool
	// rows returns a relation v of rows with columns of these types.
	rows func(c *compiler, columns []typedColumn, rows int, value func(row, column int) reflect.Value) string
	// topN returns a query for the first rows of each parent, in any order.
	topN func(q topN) string
	// childJoin is the format of a join of rows t with their children x: columns, table, condition, order.
	childJoin string
	// rangeJoin is the format of a join of rows with the rows u of a table whose values are in a range of the row: table,
	// condition.
	rangeJoin string
	// keepsOrder is true if such a join returns its rows in the order of t.
	keepsOrder bool
	// unindexed returns an expression with the value of a column, for which the planner does not read an index.
	unindexed func(column string) string
	// bySource returns the column with the source in a condition on the records of few customers, which are not found by
	// an index of sources.
	bySource func(column string) string
	// serverState is a query of a serverState. It has no join: for tables without statistics, PostgreSQL expects billions
	// of rows of a join of three, and compiles the statement first.
	serverState string
	// readOnly is a query that returns true if this process may not write. It is empty for SQLite.
	readOnly string
	// mark is a statement that marks a migrated database as one of this program. It is empty for PostgreSQL.
	mark string
	// lockMigrations makes other migrations wait until the transaction ends.
	lockMigrations func(ctx context.Context, tx *sqlx.Tx) error
	// sum is the aggregate function for the sum of decimals.
	sum string
	// window returns an expression for the index of the window that contains a time. The windows are adjacent.
	window func(c *compiler, at string, windows []calendar.Window) string
	// masked returns the SQL of MaskNumber for an expression.
	masked func(number string) string
	// decimal returns an expression of decimals that is compared by value.
	decimal func(expression string) string
	// byIndex is a statement that makes the planner use indexes for the rest of the transaction; none for SQLite.
	byIndex string
	// analyze is a statement that collects the planner's statistics. It is empty for SQLite, which plans these
	// statements well without statistics, and badly with outdated ones.
	analyze string
	// catalogue is a query for all columns, in order: table_name, column_name, type and key_position.
	catalogue string
	// lockTables is the format of a statement that locks tables; empty for SQLite, which has one writer at a time.
	lockTables string
	// indexes is the format of a query for name and statement of the indexes of tables, without constraints.
	indexes string
	// insert adds rows to a table within a transaction.
	insert func(ctx context.Context, tx *sqlx.Tx, table string, columns []string, rows iter.Seq[[]any]) error
	// upsert adds rows to a table t within a transaction, and runs onConflict, the end of the statement, for those that
	// exist. The kinds of the columns are long, text or decimal.
	upsert func(ctx context.Context, tx *sqlx.Tx, table string, columns []typedColumn, onConflict string, rows [][]any) error
	// addDecimals returns the sum of two decimals without trailing zeros. The arguments are not NULL.
	addDecimals func(a, b string) string
}

// typedColumn is a column of a relation of values; its kind is long, text, time, boolean or decimal.
type typedColumn struct{ name, kind string }

// topN holds the parts of a query for the first rows of a table for each parent in k.
type topN struct {
	keys, columns, sorted, table, parents, parentID, link, where, order string
	// merged is the column that selects the list of a row of k.
	merged string
	limit  int
}

var postgresDialect = &dialect{
	name: "postgres",
	types: map[string]string{
		"text": `TEXT COLLATE "C"`, "time": "TIMESTAMPTZ", "decimal": "NUMERIC", "json": "JSON",
		"random": "gen_random_uuid()::text", "used_percent": percentInPostgres, "overage": excessInPostgres, "shared_id": sharedIDInPostgres,
		"clustered": "",
	},
	snapshot:    driver.TxOptions{Isolation: driver.IsolationLevel(sql.LevelRepeatableRead), ReadOnly: true},
	serverState: "SELECT (SELECT number FROM revision), (SELECT mark FROM revision_mark), pg_is_in_recovery(), 0, (SELECT state FROM totals_state)",
	like:        " ILIKE ",
	// The planner knows the number of rows for IS FALSE, but counts null as false for = FALSE.
	is: map[bool]string{false: " IS FALSE", true: " IS TRUE"},
	in: func(c *compiler, array string, values []any) string {
		texts := make(pq.StringArray, len(values))
		for i, v := range values {
			texts[i] = fmt.Sprint(conn.Plain(v))
		}
		return " = ANY(" + c.bind(texts) + "::" + array + "[])"
	},
	tuples: func(c *compiler, fixed []string, texts []string) string {
		return "(SELECT " + bindAll(c, fixed, "::text, ") + "unnest(" + c.bind(pq.StringArray(texts)) + "::text[]))"
	},
	keys: func(c *compiler, keys []Key) string {
		customerIDs, ids := []byte{'{'}, []byte{'{'}
		for i, k := range keys {
			if i > 0 {
				customerIDs, ids = append(customerIDs, ','), append(ids, ',')
			}
			customerIDs, ids = strconv.AppendInt(customerIDs, k.CustomerID, 10), strconv.AppendInt(ids, k.ID, 10)
		}
		return fmt.Sprintf("unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS k(customer_id, id, ord)",
			c.bind(string(append(customerIDs, '}'))), c.bind(string(append(ids, '}'))))
	},
	rows: func(c *compiler, columns []typedColumn, rows int, value func(row, column int) reflect.Value) string {
		names, arrays := make([]string, len(columns)), make([]string, len(columns))
		for i, col := range columns {
			names[i] = col.name
			of := map[string]string{"long": "bigint", "text": "text", "time": "timestamptz", "boolean": "boolean"}[col.kind]
			arrays[i] = c.bind(arrayOf(i, rows, value)) + "::" + of + "[]"
		}
		return "unnest(" + strings.Join(arrays, ", ") + ") AS v(" + strings.Join(names, ", ") + ")"
	},
	topN: func(q topN) string {
		return fmt.Sprintf(`SELECT k.ord, %s FROM %s JOIN %s p ON p.customer_id = k.customer_id AND p.%s = k.id
JOIN LATERAL (SELECT %s FROM %s t WHERE t.customer_id = p.customer_id%s AND %s ORDER BY %s LIMIT %d) t ON TRUE`,
			q.columns, q.keys, q.parents, q.parentID, q.sorted, q.table, linked(q.link, "p."+q.parentID), q.where, q.order, q.limit)
	},
	unindexed: func(column string) string { return "COALESCE(" + column + ", " + column + ")" },
	mergedPage: func(q topN, offset int64) string {
		return fmt.Sprintf("SELECT %s FROM %s CROSS JOIN LATERAL (SELECT %[1]s FROM %[3]s t WHERE t.%[9]s = k.%[9]s AND %[4]s ORDER BY %[5]s LIMIT %[6]d) t ORDER BY %[5]s LIMIT %[7]d OFFSET %[8]d",
			q.columns, q.keys, q.table, q.where, q.order, int64(q.limit)+offset, q.limit, offset, q.merged)
	},
	customerMerge: customerThreshold,
	bySource:      func(column string) string { return column },
	// Without an order, the planner might join the rows to the whole table of children.
	childJoin: " LEFT JOIN LATERAL (SELECT %s FROM %s x WHERE %s ORDER BY %s) x ON TRUE",
	// Without OFFSET, the planner might compare each row of the table with each range.
	rangeJoin: " CROSS JOIN LATERAL (SELECT * FROM %[1]s u WHERE %[2]s OFFSET 0) u",
	// A standby's transactions are read-only. There is no table of revisions before the first migration.
	readOnly: "SELECT current_setting('transaction_read_only') = 'on' OR NOT COALESCE(has_table_privilege(to_regclass('revision'), 'UPDATE'), TRUE)",
	lockMigrations: func(ctx context.Context, tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtext('usagegraph migrations'))")
		return err
	},
	sum:     "SUM",
	window:  windowBucket,
	masked:  maskedInPostgres,
	decimal: func(expression string) string { return expression },
	// With outdated statistics, PostgreSQL would rather scan a whole table for so many keys.
	byIndex: "SET LOCAL random_page_cost = 0",
	analyze: "ANALYZE",
	catalogue: `SELECT c.relname AS table_name, a.attname AS column_name, t.typname AS type,
			COALESCE(array_position(i.indkey::int2[], a.attnum) + 1, 0) AS key_position
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
		WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
		ORDER BY c.relname COLLATE "C", a.attnum`,
	lockTables: "LOCK TABLE %s IN ACCESS EXCLUSIVE MODE",
	indexes: `SELECT indexname AS name, indexdef AS sql FROM pg_indexes WHERE schemaname = current_schema() AND tablename IN (%s)
		AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = (quote_ident(schemaname) || '.' || quote_ident(indexname))::regclass)`,
	insert:      conn.Copy,
	upsert:      upsertArrays,
	addDecimals: func(a, b string) string { return "trim_scale(" + a + " + " + b + ")" },
}

var sqliteDialect = &dialect{
	name: "sqlite",
	types: map[string]string{
		"text": "TEXT", "time": "TEXT", "decimal": "TEXT COLLATE decimal", "json": "TEXT",
		"random": "lower(hex(randomblob(16)))", "used_percent": "used_percent(used, total)", "overage": "overage(used, total)", "shared_id": "shared_id(source, source_id, products)",
		"clustered": " WITHOUT ROWID",
	},
	snapshot:    driver.TxOptions{ReadOnly: true},
	serverState: "SELECT (SELECT number FROM revision), (SELECT mark FROM revision_mark), FALSE, 0, (SELECT state FROM totals_state)",
	like:        " LIKE ",
	is:          map[bool]string{false: " = FALSE", true: " = TRUE"}, // an index does not find IS FALSE
	keySets:     true,
	in: func(c *compiler, _ string, values []any) string {
		plains := make([]any, len(values))
		for i, v := range values {
			plains[i] = conn.Plain(v)
		}
		text, err := json.Marshal(plains)
		if err != nil {
			c.fail(err)
		}
		return " IN (SELECT value FROM json_each(" + c.bind(string(text)) + "))"
	},
	tuples: func(c *compiler, fixed []string, texts []string) string {
		text, err := json.Marshal(texts)
		if err != nil {
			c.fail(err)
		}
		return "(SELECT " + bindAll(c, fixed, ", ") + "value FROM json_each(" + c.bind(string(text)) + "))"
	},
	keys: func(c *compiler, keys []Key) string {
		// One text with two numbers is faster to parse than an array of them.
		text := []byte{'['}
		for i, k := range keys {
			if i > 0 {
				text = append(text, ',')
			}
			text = append(strconv.AppendInt(append(text, '"'), k.CustomerID, 10), ' ')
			text = append(strconv.AppendInt(text, k.ID, 10), '"')
		}
		return "(SELECT CAST(value AS INTEGER) AS customer_id, CAST(substr(value, instr(value, ' ')) AS INTEGER) AS id, key + 1 AS ord FROM json_each(" + c.bind(string(append(text, ']'))) + ")) AS k"
	},
	rows: func(c *compiler, columns []typedColumn, rows int, value func(row, column int) reflect.Value) string {
		list := make([]string, len(columns))
		for i, col := range columns {
			list[i] = "value ->> '" + col.name + "' AS " + col.name
		}
		return "(SELECT " + strings.Join(list, ", ") + " FROM json_each(" + c.bind(jsonOf(columns, rows, value)) + ")) AS v"
	},
	// A correlated subquery for the row ids reads the index once for each parent, in one statement.
	topN: func(q topN) string {
		return fmt.Sprintf(`SELECT k.ord, %s FROM %s CROSS JOIN %s AS t ON t.rowid IN (SELECT t.rowid FROM %s t WHERE t.customer_id = k.customer_id%s AND %s ORDER BY %s LIMIT %d)`,
			q.columns, q.keys, q.table, q.table, linked(q.link, "k.id"), q.where, q.order, q.limit)
	},
	mergedPage: func(q topN, offset int64) string {
		return fmt.Sprintf("SELECT %s FROM %s CROSS JOIN %s AS t ON t.rowid IN (SELECT t.rowid FROM %[3]s t WHERE t.%[9]s = k.%[9]s AND %[4]s ORDER BY %[5]s LIMIT %[6]d) ORDER BY %[5]s LIMIT %[7]d OFFSET %[8]d",
			q.columns, q.keys, q.table, q.where, q.order, int64(q.limit)+offset, q.limit, offset, q.merged)
	},
	mergesCustomers: true,
	customerMerge:   customerMerge,
	childJoin:       " LEFT JOIN %[2]s x ON %[3]s",
	rangeJoin:       " CROSS JOIN %[1]s u ON %[2]s",
	// The left side of an outer join is the outer loop, and a subquery with a LIMIT is not flattened.
	keepsOrder: true,
	unindexed:  func(column string) string { return "+" + column },
	// Without statistics, SQLite takes a source for as selective as a customer.
	bySource:    func(column string) string { return "+" + column },
	updatesEach: true,
	mark:        markSQLite,
	// SQLite allows one write transaction at a time anyway.
	lockMigrations: func(context.Context, *sqlx.Tx) error { return nil },
	sum:            "decimal_sum",
	window:         func(c *compiler, at string, windows []calendar.Window) string { return windowTree(c, at, windows, 0) },
	masked:         func(number string) string { return "masked_number(" + number + ")" },
	decimal:        func(expression string) string { return expression + " COLLATE decimal" },
	// Litestream's own tables begin with an underscore.
	catalogue: `SELECT m.name AS table_name, c.name AS column_name, upper(c.type) AS type, c.pk AS key_position
		FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND m.name NOT LIKE '\_%' ESCAPE '\' ORDER BY m.name, c.cid`,
	indexes:     "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN (%s) AND sql IS NOT NULL",
	insert:      insertRows,
	upsert:      upsertRows,
	addDecimals: func(a, b string) string { return "decimal_add(" + a + ", " + b + ")" },
}

// bindAll returns the placeholders of values, each followed by a text.
func bindAll(c *compiler, values []string, after string) string {
	var b strings.Builder
	for _, v := range values {
		b.WriteString(c.bind(v) + after)
	}
	return b.String()
}

// fewKeys is the largest number of keys that a statement lists one by one. Statements with the same number of keys
// share a plan.
const fewKeys = 8

// keyList returns a relation k of customer_id, id and ord, the key's position in the list, from 1.
func (d *dialect) keyList(c *compiler, keys []Key) string {
	if len(keys) == 0 || len(keys) > fewKeys {
		return d.keys(c, keys)
	}
	rows := make([]string, len(keys))
	for i, k := range keys {
		rows[i] = fmt.Sprintf("SELECT CAST(%s AS BIGINT) AS customer_id, CAST(%s AS BIGINT) AS id, %d AS ord", c.bind(k.CustomerID), c.bind(k.ID), i+1)
	}
	return "(" + strings.Join(rows, " UNION ALL ") + ") AS k"
}

// linked returns the condition that joins a child's column to its parent's id; empty for the children of a customer,
// which have no column but customer_id.
func linked(column, parentID string) string {
	if column == "" {
		return ""
	}
	return " AND t." + column + " = " + parentID
}

func placeholder(n int) string { return "$" + strconv.Itoa(n) }
