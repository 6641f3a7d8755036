package db_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// statements run the queries of the transactions that decide which customer owns a record.
var statements = map[string]func(context.Context, *db.Tx, *largeFixture) error{
	"MoveRecords": func(ctx context.Context, tx *db.Tx, c *largeFixture) error { return tx.MoveRecords(ctx, c.moves) },
	"Evidence": func(ctx context.Context, tx *db.Tx, c *largeFixture) error {
		_, err := tx.Evidence(ctx, c.subscriptions[:10])
		return err
	},
	"NumberOnlyRecords": func(ctx context.Context, tx *db.Tx, c *largeFixture) error {
		_, err := tx.NumberOnlyRecords(ctx, c.subscriptions[:10])
		return err
	},
	"UnownedDocuments": func(ctx context.Context, tx *db.Tx, c *largeFixture) error {
		_, err := tx.UnownedDocuments(ctx, c.names[:10])
		return err
	},
	"SubscriptionNames": func(ctx context.Context, tx *db.Tx, c *largeFixture) error {
		_, err := tx.SubscriptionNames(ctx, c.keys())
		return err
	},
	"ReplaceHoldings": func(ctx context.Context, tx *db.Tx, c *largeFixture) error {
		holdings := map[db.SubscriptionName][]db.Holding{}
		for i, l := range c.subscriptions[:30] {
			if i%2 == 0 {
				holdings[l.Name] = nil
			} else if of := c.holdings[l.Name]; of != nil {
				changed := of[0]
				changed.End = changed.End.Add(time.Hour)
				holdings[l.Name] = []db.Holding{changed}
			}
		}
		_, err := replaceHoldings(ctx, tx, holdings, c.rows)
		return err
	},
	"ClosedAt": func(ctx context.Context, tx *db.Tx, c *largeFixture) error {
		h := c.holdings[c.subscriptions[1].Name][0]
		h.Start, h.End = h.Start.AddDate(-1, 0, 0), h.End.AddDate(-1, 0, 0)
		h.FirstEnd, h.LastStart = h.Start, h.End
		_, err := tx.ClosedAt(ctx, "+1", h)
		return err
	},
	"RefreshSubscriptions": func(ctx context.Context, tx *db.Tx, c *largeFixture) error {
		return tx.RefreshSubscriptions(ctx, c.keys())
	},
	"DropEmptySubscriptions": func(ctx context.Context, tx *db.Tx, c *largeFixture) error {
		empty := db.Key{CustomerID: 1, ID: tx.NextID()}
		if err := tx.AddSubscriptions(ctx, []*db.ServiceSubscription{{Key: empty, Source: db.STN}}); err != nil {
			return err
		}
		_, err := tx.DropEmptySubscriptions(ctx, append(c.keys(), empty))
		return err
	},
	"DropEmptyCustomers": func(ctx context.Context, tx *db.Tx, c *largeFixture) error {
		if err := tx.AddCustomers(ctx, []*db.Customer{{CustomerID: 1e6, Source: db.BRM, SourceID: "3"}}); err != nil {
			return err
		}
		return tx.DropEmptyCustomers(ctx, []int64{1, 2, 1e6})
	},
	"RenameCustomers": func(ctx context.Context, tx *db.Tx, c *largeFixture) error {
		return tx.RenameCustomers(ctx, []int64{1, 2})
	},
	"MergeCustomers": func(ctx context.Context, tx *db.Tx, c *largeFixture) error { return tx.MergeCustomers(ctx, 2, 1) },
	"SplitCustomer": func(ctx context.Context, tx *db.Tx, c *largeFixture) error {
		further := db.SourceID{Source: db.STN, Value: "further"}
		if err := tx.AddCustomerIdentifiers(ctx, []*db.CustomerIdentifier{{Source: further.Source, Value: further.Value, CustomerID: 1}}); err != nil {
			return err
		}
		_, err := tx.SplitCustomer(ctx, 1, []db.SourceID{further})
		return err
	},
	"Compare": func(ctx context.Context, tx *db.Tx, c *largeFixture) error {
		for _, u := range c.records[:10] {
			u.Description = new("changed")
		}
		changes, err := tx.Compare(ctx, db.PrepareRecords(c.records[:10], nil, nil))
		if err != nil {
			return err
		}
		return changes.Remove(ctx)
	},
	"look-ups": func(ctx context.Context, tx *db.Tx, c *largeFixture) error {
		if _, err := tx.Subscriptions(ctx, c.keys()); err != nil {
			return err
		}
		if _, err := tx.IdentifiersOf(ctx, c.keys()); err != nil {
			return err
		}
		if _, err := tx.CustomersBySource(ctx, db.STN, []string{"1", "2"}); err != nil {
			return err
		}
		_, err := tx.IdentifiersByName(ctx, db.MSISDN, "", []string{"31612000000", "31612000001"})
		return err
	},
}

// large lists the tables that may have millions of rows.
const large = "usage_records|usage_summaries|consumption_reports|buckets|bucket_balances|bucket_counters|rated_usages|usage_summary_lines|" +
	"subscription_identifiers|subscriptions|customers|customer_identifiers"

// allOfCustomer is the problem of a plan that reads all rows of a customer. wholeCustomer lists the statements that may
// do so, because they stop at the first row or change all.
const allOfCustomer = "it reads all of a customer's rows"

var wholeCustomer = map[string]bool{"DropEmptyCustomers": true, "MergeCustomers": true, "SplitCustomer": true}

var (
	errRollback = errors.New("roll back")

	aliased     = regexp.MustCompile(`\b(` + large + `)(?:\s+AS)?\s+([a-z])\b`)
	scanned     = regexp.MustCompile(`^SCAN (\w+)`)
	sqliteWhole = regexp.MustCompile(`^SEARCH .*\(customer_id=\?\)$`)

	pgScan = regexp.MustCompile(`(Seq|Index|Index Only|Bitmap Index) Scan (?:Backward )?(?:on|using) (\w+)`)
	// oneOfCustomer matches the indexes that find few rows of a customer: the customer itself, its latest name and its
	// identifiers.
	oneOfCustomer = regexp.MustCompile(`customers_pkey|sqlite_autoindex_customers_1|usage_records_names|customer_identifiers_customer`)

	indexOfLarge = regexp.MustCompile(`^(` + large + `)_`)

	pgWhole = regexp.MustCompile(`^\s*Index Cond: \(customer_id = [^()]*\)$`)
)

// planProblem returns the problem of a statement's plan. It is empty if the plan finds the rows of large tables by
// index.
func planProblem(sql string, plan []string) string {
	tables := map[string]bool{}
	for _, name := range strings.Split(large, "|") {
		tables[name] = true
	}
	for _, m := range aliased.FindAllStringSubmatch(sql, -1) {
		tables[m[2]] = true
	}
	for i, line := range plan {
		if oneOfCustomer.MatchString(line) {
			continue
		}
		if m := scanned.FindStringSubmatch(line); m != nil && tables[m[1]] {
			return "it scans " + m[1]
		}
		if sqliteWhole.MatchString(line) || pgWhole.MatchString(line) && !oneOfCustomer.MatchString(plan[i-1]) {
			return allOfCustomer
		}
		m := pgScan.FindStringSubmatch(line)
		switch {
		case m == nil:
		case m[1] == "Seq" && tables[m[2]]:
			return "it scans " + m[2]
		case m[1] != "Seq" && indexOfLarge.MatchString(m[2]) && (i+1 == len(plan) || !strings.Contains(plan[i+1], "Index Cond:")):
			return "it reads all of an index: " + m[2]
		}
	}
	return ""
}

// TestAttributionStatementsUseIndexes explains each statement. It must read neither a whole table nor all rows of a
// customer.
func TestAttributionStatementsUseIndexes(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		size := 1500
		if strings.HasPrefix(url, "postgres") { // PostgreSQL rightly scans small tables
			size = 24000
		}
		c := newLargeFixture(t, store, size)
		for _, analyzed := range []bool{false, true} {
			if analyzed {
				if _, err := connect(t, url).Exec("ANALYZE"); err != nil {
					t.Fatal(err)
				}
			}
			for name, run := range statements {
				if analyzed && (name == "MergeCustomers" || name == "SplitCustomer") { // two of three customers have all rows
					continue
				}
				n := 0
				explained := store.Explained(t, url, func(sql string, plan []string) {
					n++
					if testing.Verbose() {
						t.Logf("%s, analyzed %v:\n%s\n%s", name, analyzed, sql, strings.Join(plan, "\n"))
					}
					if strings.Contains(sql, "AS to_id") && size == 1500 && !strings.Contains(strings.Join(plan, "\n"), "AUTOMATIC COVERING INDEX (subscription_name=?)") {
						t.Errorf("%s compares all pairs of subscriptions: %q", name, plan)
					}
					if reason := planProblem(sql, plan); reason != "" && !(wholeCustomer[name] && reason == allOfCustomer) {
						t.Errorf("%s, analyzed %v: %s\n%s\n%s", name, analyzed, reason, sql, strings.Join(plan, "\n"))
					}
				})
				err := explained.Write(t.Context(), func(tx *db.Tx) error {
					if err := tx.Revise(t.Context()); err != nil {
						return err
					}
					if err := run(t.Context(), tx, c); err != nil {
						return err
					}
					return errRollback
				})
				if err != errRollback || n == 0 {
					t.Errorf("%s: %d statements, %v", name, n, err)
				}
			}
		}
	})
}
