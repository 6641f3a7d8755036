package main

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// parameters draws the parameters of the requests: the same for all contenders, different ones for each request.
type parameters struct {
	settings
	*data
	contenders map[string]contender
	random     *rand.Rand
}

// ourServers are the two usagegraph servers, which have different ids.
var ourServers = []string{oursPostgres, oursSQLite}

// strings returns the rows of a statement with text columns.
func (d *data) strings(statement string, args ...any) ([][]string, error) {
	rows, err := d.Query(statement, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var all [][]string
	for rows.Next() {
		row, to := make([]string, len(columns)), make([]any, len(columns))
		for i := range row {
			to[i] = &row[i]
		}
		if err := rows.Scan(to...); err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, rows.Err()
}

// ids queries a usagegraph server for the global IDs of customers or subscriptions, each given by source and source id.
func (p *parameters) ids(server, field string, rows [][]string) ([]string, error) {
	ids := make([]string, len(rows))
	for i, row := range rows {
		var found map[string]struct{ ID string }
		query := `query ($source: Source!, $value: String!) {` + field + `(by: {sourceId: {source: $source, value: $value}}) {id}}`
		if err := p.contenders[server].query(query, map[string]any{"source": row[0], "value": row[1]}, &found); err != nil {
			return nil, err
		}
		ids[i] = found[field].ID
	}
	return ids, nil
}

// heavy returns the customers with the most records: source, source id, and id in PostgreSQL.
func (p *parameters) heavy(n int) ([][]string, error) {
	return p.strings(`SELECT c.source, c.source_id, c.customer_id::text FROM customers c
		JOIN (SELECT customer_id, COUNT(*) AS n FROM usage_records WHERE customer_id <> 0 GROUP BY customer_id) u USING (customer_id)
		ORDER BY u.n DESC, c.customer_id LIMIT $1`, n)
}

// column returns one column of rows.
func column(rows [][]string, n int) []string {
	list := make([]string, len(rows))
	for i, row := range rows {
		list[i] = row[n]
	}
	return list
}

func heavyCustomers(p *parameters) ([]variables, error) {
	pool, err := p.heavy(100)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(pool, func(a, b []string) int {
		x, _ := strconv.ParseInt(a[2], 10, 64)
		y, _ := strconv.ParseInt(b[2], 10, 64)
		return int(min(max(x-y, -1), 1))
	})
	global := map[string][]string{}
	for _, server := range ourServers {
		if global[server], err = p.ids(server, "customer", pool); err != nil {
			return nil, err
		}
	}
	var list []variables
	for range p.variants {
		chosen := p.random.Perm(len(pool))[:50]
		slices.Sort(chosen)
		v := variables{}
		pick := func(from []string) []string {
			some := make([]string, len(chosen))
			for i, at := range chosen {
				some[i] = from[at]
			}
			return some
		}
		for _, server := range ourServers {
			v[server] = map[string]any{"customers": pick(global[server])}
		}
		keys := pick(column(pool, 2))
		v[postGraphile], v[floor] = map[string]any{"customers": keys}, []string{strings.Join(keys, ",")}
		list = append(list, v)
	}
	return list, nil
}

func subscriptionsWithBuckets(p *parameters) ([]variables, error) {
	pool, err := p.strings(`SELECT s.source, s.source_id, s.customer_id::text, s.id::text FROM subscriptions s
		WHERE s.customer_id <> 0 AND EXISTS (SELECT 1 FROM buckets b WHERE b.customer_id = s.customer_id AND b.subscription_id = s.id AND b.source = 'DXP')
			AND NOT EXISTS (SELECT 1 FROM subscriptions x WHERE x.source = s.source AND x.source_id = s.source_id AND x.id <> s.id)
		ORDER BY md5(s.source_id) LIMIT $1`, 20*p.variants)
	if err != nil {
		return nil, err
	}
	list := make([]variables, len(pool))
	for i, row := range pool {
		list[i] = variables{postGraphile: map[string]any{"customer": row[2], "subscription": row[3]}, floor: row[2:4]}
	}
	for _, server := range ourServers {
		ids, err := p.ids(server, "subscription", pool)
		if err != nil {
			return nil, err
		}
		for i, id := range ids {
			list[i][server] = map[string]any{"subscription": id}
		}
	}
	return list, nil
}

func recordsBetween(p *parameters) ([]variables, error) {
	pool, err := p.heavy(p.customers / 100)
	if err != nil {
		return nil, err
	}
	list := make([]variables, p.variants)
	for i := range list {
		from := time.Date(2025, time.Month(1+p.random.IntN(3)), 1+p.random.IntN(28), p.random.IntN(24), 0, 0, 0, time.UTC)
		begin, end := from.Format(time.RFC3339), from.AddDate(0, 9, 0).Format(time.RFC3339)
		row := pool[p.random.IntN(len(pool))]
		list[i] = variables{
			postGraphile: map[string]any{"customer": row[2], "from": begin, "to": end},
			floor:        []string{row[2], begin, end},
		}
		for _, server := range ourServers {
			ids, err := p.ids(server, "customer", [][]string{row})
			if err != nil {
				return nil, err
			}
			list[i][server] = map[string]any{"customer": ids[0], "from": begin, "to": end}
		}
	}
	return list, nil
}

// recordsAfter draws positions in the middle of the list, and queries each contender for its cursor there.
func recordsAfter(p *parameters) ([]variables, error) {
	cursors := map[string]string{
		oursPostgres: `query ($at: DateTime!) {list: usageRecords(first: 1, filter: {eventTime: {lte: $at}}) {pageInfo {endCursor}}}`,
		postGraphile: `query ($at: Datetime!) {list: allUsageRecords(first: 1, filter: {eventTime: {lessThanOrEqualTo: $at}}, orderBy: [EVENT_TIME_DESC, ROW_ID_DESC]) {pageInfo {endCursor}}}`,
	}
	cursors[oursSQLite] = cursors[oursPostgres]
	list := make([]variables, p.variants)
	for i := range list {
		at := time.Date(2025, 4, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(p.random.IntN(120*24*60)) * time.Minute).Format(time.RFC3339)
		row, err := p.strings(`SELECT event_time::text, id::text FROM usage_records WHERE event_time <= $1 ORDER BY event_time DESC, id DESC LIMIT 1`, at)
		if err != nil {
			return nil, err
		}
		list[i] = variables{floor: row[0]}
		for name, query := range cursors {
			var found struct {
				List struct{ PageInfo struct{ EndCursor string } }
			}
			if err := p.contenders[name].query(query, map[string]any{"at": at}, &found); err != nil {
				return nil, err
			}
			list[i][name] = map[string]any{"after": found.List.PageInfo.EndCursor}
		}
	}
	return list, nil
}

// brmWindows draws periods with more than a thousand brm usages each.
func brmWindows(p *parameters) ([]variables, error) {
	var events int
	if err := p.QueryRow("SELECT COUNT(*) FROM usage_records WHERE source = 'BRM'").Scan(&events); err != nil {
		return nil, err
	}
	length := time.Duration(float64(365*24*time.Hour) * 6000 / float64(events))
	list := make([]variables, p.variants)
	for i := range list {
		from := time.Date(2025, 1, 2+p.random.IntN(60), 0, 0, 0, 0, time.UTC)
		begin, end := from.Format(time.RFC3339), from.Add(min(length, 300*24*time.Hour)).Format(time.RFC3339)
		path := fmt.Sprintf("/brm/usageManagement/v4/usage?limit=1000&usageDate.gte=%s&usageDate.lt=%s", begin, end)
		list[i] = variables{oursPostgres: path, oursSQLite: path, floor: []string{begin, end}}
	}
	return list, nil
}

func stnCustomers(p *parameters) ([]variables, error) {
	pool, err := p.strings(`SELECT source_customer_id FROM usage_summaries WHERE source = 'STN'
		GROUP BY source_customer_id HAVING COUNT(*) >= 50 ORDER BY md5(source_customer_id) LIMIT $1`, p.variants)
	if err != nil {
		return nil, err
	}
	list := make([]variables, len(pool))
	for i, row := range pool {
		path := "/api/QueryUsageSubscription?take=50&customerId=" + url.QueryEscape(row[0])
		list[i] = variables{oursPostgres: path, oursSQLite: path, floor: row}
	}
	return list, nil
}
