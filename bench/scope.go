package main

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// scope is the set of customers that a client may see.
type scope struct {
	name string
	// customers are those whose records the queries read: source, source id, and id in PostgreSQL. They are the customers
	// of the client, or the heaviest of them.
	customers [][]string
	// secrets are the client's secrets by database.
	secrets map[string]string
}

// isWide reports whether the client sees all customers, or nearly all.
func (s *scope) isWide() bool { return s.name == everyone || s.name == many }

// The names of the scopes. "one" and "fifty" of brm's endpoint are other customers.
const (
	everyone = "everyone"
	one      = "one"
	fifty    = "fifty"
	many     = "10,000"
)

// heavy is the number of customers with the most records that the requests of unrestricted clients read.
const heavy = 100

// ranked selects customers by the number of their records of some sources. The first one has summaries and buckets, too.
const ranked = `WITH u AS (SELECT customer_id, COUNT(*) AS n FROM usage_records WHERE customer_id <> 0 AND source = ANY ($1) GROUP BY 1),
	complete AS (SELECT u.customer_id FROM u WHERE (SELECT COUNT(*) FROM usage_summaries s WHERE s.customer_id = u.customer_id AND s.source = 'STN') >= 50
		AND EXISTS (SELECT 1 FROM buckets b WHERE b.customer_id = u.customer_id AND b.source = 'DXP' AND b.subscription_id IS NOT NULL)
		ORDER BY u.n DESC, 1 LIMIT 1)
	SELECT c.source, c.source_id, c.customer_id::text FROM u JOIN customers c USING (customer_id) LEFT JOIN complete p USING (customer_id)
	ORDER BY p.customer_id IS NULL, u.n DESC, c.customer_id LIMIT $2`

// scopesOf creates the API clients on both databases, and returns their scopes by name, those of brm's endpoint with "Q5 "
// before the name. Authentication is on from then on.
func scopesOf(s settings, d *data) (map[string]*scope, error) {
	all, err := d.strings(ranked, `{ELEVATE,BRM}`, s.customers)
	if err != nil {
		return nil, err
	}
	brm, err := d.strings(ranked, `{BRM}`, 1+fiftyCustomers)
	if err != nil {
		return nil, err
	}
	scopes := map[string]*scope{
		everyone:      {everyone, all[:heavy], nil},
		one:           {one, all[:1], nil},
		fifty:         {fifty, all[:fiftyCustomers], nil},
		many:          {many, all[:heavy], nil},
		"Q5 " + one:   {one, brm[1:2], nil},
		"Q5 " + fifty: {fifty, brm[1:], nil},
	}
	for name, scope := range scopes {
		customers := scope.customers
		switch scope.name {
		case everyone:
			customers = nil
		case many:
			customers = all
		}
		scope.secrets = map[string]string{}
		for server, database := range map[string]string{oursPostgres: d.postgresURL, oursSQLite: d.sqlite} {
			if scope.secrets[server], err = createClient(s, database, name, customers); err != nil {
				return nil, err
			}
		}
	}
	return scopes, nil
}

const fiftyCustomers = 50

// createClient creates an API client and returns its secret. Without customers it is unrestricted.
func createClient(s settings, database, name string, customers [][]string) (string, error) {
	arguments := []string{"--database", database, "client", "create", "bench " + name}
	for _, c := range customers {
		arguments = append(arguments, "--customer", strings.ToLower(c[0])+":"+c[1])
	}
	output, err := exec.Command(filepath.Join(s.folder, "usagegraph"), arguments...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("client create: %w\n%.1000s", err, output)
	}
	for line := range strings.Lines(string(output)) {
		if secret, ok := strings.CutPrefix(line, "secret "); ok {
			return strings.TrimSpace(secret), nil
		}
	}
	return "", errors.New("client create printed no secret")
}
