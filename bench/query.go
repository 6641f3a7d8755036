package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// query is one row of the table: a query with the scope of the client that sends it.
type query struct {
	definition
	scope *scope
	// contenders are the servers that support the query; requests are the requests sent to each in turn.
	contenders []contender
	requests   map[string][]string
	// statements is the number of statements per answer of each contender on PostgreSQL.
	statements map[string]int
	// figures holds the measurements by contender and number of connections.
	figures map[string]map[int][]figure
	bytes   int
}

func (q *query) String() string { return q.name + " " + q.scope.name }

// connections are the numbers of concurrent clients that the query is measured with. Totals are compared by the time of
// one answer, pages by the work of many.
func (q *query) connections() []int {
	switch {
	case q.isTotals():
		return []int{1}
	case q.scope.name == everyone:
		return []int{1, 8}
	}
	return []int{8}
}

// contender returns a contender of the query, or false if it is not measured.
func (q *query) contender(name string) (contender, bool) {
	for _, c := range q.contenders {
		if c.name == name {
			return c, true
		}
	}
	return contender{}, false
}

// definition is a query of the bench.
type definition struct {
	name, title string
	// id is the member with equal values in all answers.
	id      string
	prepare preparer
}

func (d definition) isTotals() bool { return strings.HasPrefix(d.name, "T") }

// preparer returns the variables of each variant of a query.
type preparer func(p *parameters) ([]variables, error)

// variables are the variables of one request by server: by name for GraphQL; for an endpoint and the floor it is the path.
type variables map[string]any

var definitions = []definition{
	{"Q1", "50 customers, 3 subscriptions, 10 records, rated usages", "sourceId", customersWithRecords},
	{"Q2", "a subscription, its buckets, their balances", "sourceId", subscriptionsWithBuckets},
	{"Q3", "1,000 records between two dates", "sourceId", recordsBetween},
	{"Q4", "1,000 records deep in the list", "sourceId", recordsAfter},
	{"Q5", "brm endpoint: 1,000 usages", "id", brmWindows},
	{"Q6", "stn endpoint: 50 summaries with lines", "id", stnCustomers},
	{"T1", "largest customers, year, by type", "", totalsOfCustomer},
	{"T2", "largest customers, year, by local day, with zeros", "", totalsOfCustomer},
	{"T3", "50 customers, year, by type", "", totalsOfCustomers},
	{"T4", "everyone, month, by local day and type", "", monthOfEveryone},
	{"T5", "everyone, year, by type", "", yearOfEveryone},
	{"T6", "everyone, year, by local day", "", yearOfEveryone},
	{"T7", "everyone, month, ten largest customers", "", monthOfEveryone},
}

// prepare returns all rows with their requests.
func prepare(s settings, d *data, servers map[string]*server, scopes map[string]*scope) ([]*query, error) {
	var queries []*query
	for _, definition := range definitions {
		names := []string{everyone, one, fifty, many}
		if definition.isTotals() {
			names = names[:1]
		}
		for _, name := range names {
			scope, ok := scopes[definition.name+" "+name]
			if !ok {
				scope = scopes[name]
			}
			q := &query{definition: definition, scope: scope, requests: map[string][]string{}, statements: map[string]int{}, figures: map[string]map[int][]figure{}}
			if !s.only.MatchString(q.String()) {
				continue
			}
			p := &parameters{settings: s, question: q.name, data: d, servers: servers, scope: scope, open: scopes[everyone], random: rand.New(rand.NewPCG(1, 2))}
			if err := q.fill(p); err != nil {
				return nil, fmt.Errorf("%s: %w", q, err)
			}
			queries = append(queries, q)
		}
	}
	return queries, nil
}

// fill adds the contenders and their requests.
func (q *query) fill(p *parameters) error {
	variants, err := q.prepare(p)
	if err != nil {
		return err
	}
	if len(variants) == 0 {
		return fmt.Errorf("the data has nothing to ask for")
	}
	for _, name := range order {
		c, ok := p.contender(name)
		if _, supported := variants[0][serverOf[name]]; !ok || !supported {
			continue
		}
		q.contenders = append(q.contenders, c)
		for _, v := range variants {
			request, err := p.request(q.name, c.server.name, v[c.server.name])
			if err != nil {
				return err
			}
			q.requests[name] = append(q.requests[name], request)
		}
	}
	return nil
}

// contender returns a contender for the scope, or false if it does not take part: the others are compared with an
// unrestricted client, and the floor with that of one customer, too.
func (p *parameters) contender(name string) (contender, bool) {
	c := contender{name, p.servers[serverOf[name]], ""}
	open := p.scope.name == everyone
	switch name {
	case oursPostgres, oursSQLite:
		c.secret = p.scope.secrets[name]
	case openPostgres, openSQLite:
		c.secret = p.open.secrets[serverOf[name]]
		return c, !open
	case theFloor:
		return c, open || p.scope.name == one
	default:
		return c, open && c.server != nil
	}
	return c, true
}

// request returns the request of a server: a path unchanged, or the server's query with variables.
func (p *parameters) request(query, server string, v any) (string, error) {
	if path, ok := v.(string); ok {
		return path, nil
	}
	form := "ours"
	if server == postGraphile || server == graphJin {
		form = server
	}
	text, err := os.ReadFile(filepath.Join(p.queries, query+"."+form+".graphql"))
	return graphql(string(text), v), err
}
