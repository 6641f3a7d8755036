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
	question string
	*data
	servers map[string]*server
	// scope is that of the client; open is that of the unrestricted one.
	scope, open *scope
	random      *rand.Rand
}

// ourServers are the two usagegraph servers, which have different ids.
var ourServers = []string{oursPostgres, oursSQLite}

// client returns a server of usagegraph as the client sees it.
func (p *parameters) client(server string) contender {
	return contender{server, p.servers[server], p.scope.secrets[server]}
}

// keysOfCustomers returns the keys of the scope's customers as an array of PostgreSQL.
func (p *parameters) keysOfCustomers() string { return arrayOf(column(p.scope.customers, 2)) }

func arrayOf(values []string) string { return "{" + strings.Join(values, ",") + "}" }

// floorPath returns the path of the floor's answer to a question.
func floorPath(question string, parameters ...string) string {
	return "/" + question + "?" + url.Values{"p": parameters}.Encode()
}

// ids queries a usagegraph server for the global IDs of customers or subscriptions, each given by source and source id.
func (p *parameters) ids(server, field string, rows [][]string) ([]string, error) {
	ids := make([]string, len(rows))
	for i, row := range rows {
		var found map[string]struct{ ID string }
		query := `query ($source: Source!, $value: String!) {` + field + `(by: {sourceId: {source: $source, value: $value}}) {id}}`
		if err := p.client(server).query(query, map[string]any{"source": row[0], "value": row[1]}, &found); err != nil {
			return nil, err
		}
		ids[i] = found[field].ID
	}
	return ids, nil
}

// column returns one column of rows.
func column(rows [][]string, n int) []string {
	list := make([]string, len(rows))
	for i, row := range rows {
		list[i] = row[n]
	}
	return list
}

// some returns the rows with the indexes, in their order.
func some[T any](from []T, indexes []int) []T {
	list := make([]T, len(indexes))
	for i, at := range indexes {
		list[i] = from[at]
	}
	return list
}

// groupsOfCustomers calls add with up to 50 customers of the scope for each variant: their global ids by server, and
// their keys in PostgreSQL.
func (p *parameters) groupsOfCustomers(add func(ids map[string][]string, keys []string)) (err error) {
	pool := slices.Clone(p.scope.customers)
	slices.SortFunc(pool, func(a, b []string) int {
		x, _ := strconv.ParseInt(a[2], 10, 64)
		y, _ := strconv.ParseInt(b[2], 10, 64)
		return int(min(max(x-y, -1), 1))
	})
	global := map[string][]string{}
	for _, server := range ourServers {
		if global[server], err = p.ids(server, "customer", pool); err != nil {
			return err
		}
	}
	for range p.variants {
		chosen := p.random.Perm(len(pool))[:min(len(pool), fiftyCustomers)]
		slices.Sort(chosen)
		ids := map[string][]string{}
		for _, server := range ourServers {
			ids[server] = some(global[server], chosen)
		}
		add(ids, some(column(pool, 2), chosen))
	}
	return nil
}

func customersWithRecords(p *parameters) (list []variables, err error) {
	err = p.groupsOfCustomers(func(ids map[string][]string, keys []string) {
		v := variables{
			postGraphile: map[string]any{"customers": keys},
			graphJin:     map[string]any{"customers": keys},
			theFloor:     floorPath("Q1", arrayOf(keys)),
		}
		for server, ids := range ids {
			v[server] = map[string]any{"customers": ids}
		}
		list = append(list, v)
	})
	return list, err
}

func subscriptionsWithBuckets(p *parameters) ([]variables, error) {
	condition := "s.customer_id = ANY ($2)"
	if p.scope.isWide() {
		condition = "$2::bigint[] IS NOT NULL"
	}
	pool, err := p.strings(`SELECT s.source, s.source_id, s.customer_id::text, s.id::text FROM subscriptions s
		WHERE s.customer_id <> 0 AND `+condition+` AND EXISTS (SELECT 1 FROM buckets b WHERE b.customer_id = s.customer_id AND b.subscription_id = s.id AND b.source = 'DXP')
			AND NOT EXISTS (SELECT 1 FROM subscriptions x WHERE x.source = s.source AND x.source_id = s.source_id AND x.id <> s.id)
		ORDER BY md5(s.source_id) LIMIT $1`, 20*p.variants, p.keysOfCustomers())
	if err != nil {
		return nil, err
	}
	list := make([]variables, len(pool))
	for i, row := range pool {
		keys := map[string]any{"customer": row[2], "subscription": row[3]}
		list[i] = variables{postGraphile: keys, graphJin: keys, theFloor: floorPath("Q2", row[2:4]...)}
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
	list := make([]variables, p.variants)
	for i := range list {
		from := time.Date(2025, time.Month(1+p.random.IntN(3)), 1+p.random.IntN(28), p.random.IntN(24), 0, 0, 0, time.UTC)
		begin, end := from.Format(time.RFC3339), from.AddDate(0, 9, 0).Format(time.RFC3339)
		row := p.scope.customers[p.random.IntN(len(p.scope.customers))]
		list[i] = variables{
			postGraphile: map[string]any{"customer": row[2], "from": begin, "to": end},
			graphJin:     map[string]any{"customer": row[2], "from": begin, "to": end},
			theFloor:     floorPath("Q3", row[2], begin, end),
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

// recordsAfter draws positions in the middle of the list, and queries each server for its cursor there.
func recordsAfter(p *parameters) ([]variables, error) {
	const ours = `query ($at: DateTime!) {list: usageRecords(first: 1, filter: {eventTime: {lte: $at}}) {pageInfo {endCursor}}}`
	cursors := map[contender]string{p.client(oursPostgres): ours, p.client(oursSQLite): ours}
	if c, ok := p.contender(postGraphile); ok {
		cursors[c] = `query ($at: Datetime!) {list: allUsageRecords(first: 1, filter: {eventTime: {lessThanOrEqualTo: $at}}, orderBy: [EVENT_TIME_DESC, ROW_ID_DESC]) {pageInfo {endCursor}}}`
	}
	list := make([]variables, p.variants)
	for i := range list {
		at := time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(p.random.IntN(120*24*60)) * time.Minute).Format(time.RFC3339)
		question, condition, customer := "Q4", "$2 <> ''", p.scope.customers[0][2]
		if p.scope.name == one {
			question, condition = "Q4.one", "customer_id = $2::bigint"
		}
		rows, err := p.strings(`SELECT event_time::text, id::text FROM usage_records WHERE event_time <= $1 AND `+condition+` ORDER BY event_time DESC, id DESC LIMIT 1`, at, customer)
		if err != nil || len(rows) == 0 {
			return nil, err
		}
		parameters := rows[0]
		if p.scope.name == one {
			parameters = append(parameters, customer)
		}
		list[i] = variables{theFloor: floorPath(question, parameters...), graphJin: map[string]any{"at": rows[0][0], "id": rows[0][1]}}
		for c, query := range cursors {
			var found struct {
				List struct{ PageInfo struct{ EndCursor string } }
			}
			if err := c.query(query, map[string]any{"at": at}, &found); err != nil {
				return nil, err
			}
			list[i][c.name] = map[string]any{"after": found.List.PageInfo.EndCursor}
		}
	}
	return list, nil
}

// brmWindows draws periods with more than a thousand brm usages each. For a client of few customers they are most of the
// year, and the page is as long as all of them allow.
func brmWindows(p *parameters) ([]variables, error) {
	var events, theirs int
	if err := p.QueryRow(`SELECT COUNT(*), COUNT(*) FILTER (WHERE customer_id = ANY ($1) AND event_time BETWEEN '2025-03-03' AND '2025-10-28')
		FROM usage_records WHERE source = 'BRM'`, p.keysOfCustomers()).Scan(&events, &theirs); err != nil {
		return nil, err
	}
	length, limit := min(time.Duration(float64(365*24*time.Hour)*6000/float64(events)), 300*24*time.Hour), 1000
	if !p.scope.isWide() {
		length, limit = 300*24*time.Hour, min(theirs, 1000)
	}
	list := make([]variables, p.variants)
	for i := range list {
		from := time.Date(2025, 1, 2+p.random.IntN(60), 0, 0, 0, 0, time.UTC)
		begin, end := from.Format(time.RFC3339), from.Add(length).Format(time.RFC3339)
		path := fmt.Sprintf("/brm/usageManagement/v4/usage?limit=%d&usageDate.gte=%s&usageDate.lt=%s", limit, begin, end)
		list[i] = variables{oursPostgres: path, oursSQLite: path, theFloor: floorPath("Q5", begin, end, strconv.Itoa(limit))}
		if p.scope.name == one {
			list[i][theFloor] = floorPath("Q5.one", begin, end, strconv.Itoa(limit), p.scope.customers[0][2])
		}
	}
	return list, nil
}

func stnCustomers(p *parameters) ([]variables, error) {
	condition := "customer_id = ANY ($2)"
	if p.scope.isWide() {
		condition = "customer_id <> 0 AND $2::bigint[] IS NOT NULL"
	}
	pool, err := p.strings(`SELECT source_customer_id FROM usage_summaries WHERE source = 'STN' AND `+condition+`
		GROUP BY source_customer_id HAVING COUNT(*) >= 50 ORDER BY md5(source_customer_id) LIMIT $1`,
		p.variants, p.keysOfCustomers())
	if err != nil {
		return nil, err
	}
	list := make([]variables, len(pool))
	for i, row := range pool {
		path := "/api/QueryUsageSubscription?take=50&customerId=" + url.QueryEscape(row[0])
		list[i] = variables{oursPostgres: path, oursSQLite: path, theFloor: floorPath("Q6", row...)}
	}
	return list, nil
}
