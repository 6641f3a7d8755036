package main

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
)

// query is one query of the table, in the form for each contender.
type query struct {
	name, title string
	// id is the member with equal values in all answers.
	id string
	// contenders are the servers that support the query; requests are the requests sent to each in turn.
	contenders []contender
	requests   map[string][]string
	// statements is the number of statements per answer of each contender on PostgreSQL.
	statements map[string]int
	// figures holds the measurements by contender and number of connections.
	figures map[string]map[int][]figure
	bytes   int
}

// variables are the variables of one request by contender: by name for GraphQL, in order for the floor.
type variables map[string]any

// preparer returns the variables of each variant of a query.
type preparer func(p *parameters) ([]variables, error)

// prepare returns all queries with their requests.
func prepare(s settings, d *data, contenders map[string]contender) ([]*query, error) {
	p := &parameters{settings: s, data: d, contenders: contenders, random: rand.New(rand.NewPCG(1, 2))}
	var queries []*query
	for _, q := range []struct {
		name, title, id string
		prepare         preparer
	}{
		{"Q1", "50 customers, 3 subscriptions, 10 records, rated usages", "sourceId", heavyCustomers},
		{"Q2", "a subscription, its buckets, their balances", "sourceId", subscriptionsWithBuckets},
		{"Q3", "1,000 records between two dates", "sourceId", recordsBetween},
		{"Q4", "1,000 records deep in the list", "sourceId", recordsAfter},
		{"Q5", "brm endpoint: 1,000 usages", "id", brmWindows},
		{"Q6", "stn endpoint: 50 summaries with lines", "id", stnCustomers},
	} {
		variants, err := q.prepare(p)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.name, err)
		}
		one := &query{name: q.name, title: q.title, id: q.id, requests: map[string][]string{}, statements: map[string]int{}, figures: map[string]map[int][]figure{}}
		for _, name := range order {
			if _, ok := variants[0][name]; !ok {
				continue
			}
			one.contenders = append(one.contenders, contenders[name])
			for _, v := range variants {
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

// request returns the request of a contender: a path unchanged, or the contender's query with variables.
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
