package main

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
)

// query is one query of the table, as each contender is asked it.
type query struct {
	name, title string
	// id is the member whose values must be the same in all answers.
	id string
	// contenders are those who can answer it; requests are what each is sent in turn.
	contenders []contender
	requests   map[string][]string
	// statements is how many statements an answer takes each of those on PostgreSQL.
	statements map[string]int
	// figures are what was measured, by contender and number of connections.
	figures map[string]map[int][]figure
	bytes   int
}

// variables are one request's, by contender: of a GraphQL query by name, of the floor in their order.
type variables map[string]any

// preparer makes the requests of one query: variables of each of so many variants.
type preparer func(p *parameters) ([]variables, error)

// prepare makes all requests.
func prepare(s settings, d *data, contenders map[string]contender) ([]*query, error) {
	p := &parameters{settings: s, data: d, contenders: contenders, random: rand.New(rand.NewPCG(1, 2))}
	var queries []*query
	for _, q := range []struct {
		name, title, id string
		prepare         preparer
	}{
		{"Q1", "50 customers, 3 lines, 10 records, prices", "sourceId", heavyCustomers},
		{"Q2", "a line, its buckets, their balances", "sourceId", linesWithBuckets},
		{"Q3", "1,000 records between two dates", "sourceId", recordsBetween},
		{"Q4", "1,000 records deep in the list", "sourceId", recordsAfter},
		{"Q5", "brm shim: 1,000 usages", "id", brmWindows},
		{"Q6", "stn shim: 50 summaries with lines", "id", stnCustomers},
	} {
		made, err := q.prepare(p)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.name, err)
		}
		one := &query{name: q.name, title: q.title, id: q.id, requests: map[string][]string{}, statements: map[string]int{}, figures: map[string]map[int][]figure{}}
		for _, name := range order {
			if _, ok := made[0][name]; !ok {
				continue
			}
			one.contenders = append(one.contenders, contenders[name])
			for _, v := range made {
				request, err := p.request(q.name, name, v[name])
				if err != nil {
					return nil, err
				}
				one.requests[name] = append(one.requests[name], request)
			}
		}
		queries = append(queries, one)
	}
	return queries, nil
}

// request is what a contender is sent: a path as it is, else its query with variables.
func (p *parameters) request(query, contender string, v any) (string, error) {
	if path, ok := v.(string); ok {
		return path, nil
	}
	if list, ok := v.([]string); ok {
		return "/" + query + "?" + url.Values{"p": list}.Encode(), nil
	}
	file := query + ".ours.graphql"
	if contender == postGraphile {
		file = query + ".postgraphile.graphql"
	}
	text, err := os.ReadFile(filepath.Join(p.queries, file))
	return graphql(string(text), v), err
}
