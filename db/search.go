package db

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxSearchResults is the maximum number of results of a search.
const MaxSearchResults = 100

const (
	// minSearchText is the minimum number of characters of the text of a search.
	minSearchText = 2
	// maxSearchMatches is the maximum number of matches that are read, of which the best are the results.
	maxSearchMatches = 1000
)

// SearchField is a field that a search compares with the text.
type SearchField string

// The fields of a search.
const (
	SearchName           SearchField = "NAME"
	SearchCustomerID     SearchField = "CUSTOMER_ID"
	SearchMSISDN         SearchField = "MSISDN"
	SearchSIM            SearchField = "SIM"
	SearchSubscriptionID SearchField = "SUBSCRIPTION_ID"
)

// SearchNode is a customer or a subscription.
type SearchNode interface {
	Node
	isSearchNode()
}

func (*Customer) isSearchNode()            {}
func (*ServiceSubscription) isSearchNode() {}

// SearchResult is a customer or subscription with the value that matched.
type SearchResult struct {
	Node  SearchNode
	Field SearchField
	Value string
	// Source is the system of an identifier; nil for a name, and for a number or card that is the same in all systems.
	Source *Source
	// ValidFrom and ValidTo bound the time in which the subscription held the number or card.
	ValidFrom *Time
	ValidTo   *Time
	// Disputed is true if several subscriptions had the number or card in this time, and the scope is everyone.
	Disputed bool

	key  Key
	rank int64
}

// Search returns the customers and subscriptions whose name or identifiers contain a text, best first: equal values and
// numbers that the text dials, then those that begin with the text, then those of a customer, then the latest. A number or card that several subscriptions held, or that one
// held several times, is one result for each of these times. It returns a BadInput error for a text of less than two
// characters, and for a number of results that is not 1 to 100.
func (r *Reader) Search(ctx context.Context, p *Projection, text string, first int32) ([]*SearchResult, error) {
	text = strings.TrimFunc(text, isBlank)
	switch {
	case utf8.RuneCountInString(text) < minSearchText:
		return nil, Errorf(BadInput, "text: want at least %d characters", minSearchText)
	case len(text) > maxPattern/2:
		return nil, Errorf(BadInput, "text: want at most %d bytes", maxPattern/2)
	case first < 1 || first > MaxSearchResults:
		return nil, Errorf(BadInput, "first: want 1 to %d, not %d", MaxSearchResults, first)
	}
	var price FilterPrice
	price.add(searchCondition, expensivePrice)
	leave, err := r.admit(ctx, price)
	if err != nil {
		return nil, err
	}
	defer leave()
	var results []*SearchResult
	return results, r.Snapshot(ctx, func(r *Reader) error {
		matches, err := r.customersLike(ctx, text)
		if err != nil {
			return err
		}
		subscriptions, err := r.subscriptionsLike(ctx, text)
		if err != nil {
			return err
		}
		displayed, err := r.displayedLike(ctx, text)
		if err != nil {
			return err
		}
		matches = append(matches, withDisplayed(subscriptions, displayed)...)
		slices.SortStableFunc(matches, func(a, b *SearchResult) int {
			return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.unattributed(), b.unattributed()), -compareTimes(a.ValidTo, b.ValidTo))
		})
		results = matches[:min(len(matches), int(first))]
		results, err = r.withNodes(ctx, p, results)
		return err
	})
}

// compareTimes compares times; nil is the latest.
func compareTimes(a, b *Time) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return a.Compare(b.Time)
}

// customersLike returns the customers whose name or an identifier contains the text, each with its best match.
func (r *Reader) customersLike(ctx context.Context, text string) ([]*SearchResult, error) {
	type match struct {
		CustomerID int64       `db:"customer_id"`
		Field      SearchField `db:"field"`
		Value      string      `db:"value"`
		Source     *Source     `db:"source"`
		Rank       int64       `db:"rank"`
	}
	c := r.compiler()
	matching := func(column string) string {
		return c.all(func() { r.scope.conditions(c, "t."); c.add(c.like(column, "%", "%", []string{text})) })
	}
	sql := fmt.Sprintf(`SELECT t.customer_id, 'NAME' AS field, t.name AS value, NULL AS source, %s AS rank FROM customers t WHERE %s
		UNION ALL SELECT t.customer_id, 'CUSTOMER_ID', t.value, t.source, %s FROM customer_identifiers t WHERE %s ORDER BY 5, 1, 2, 4, 3 LIMIT %d`,
		c.rank("t.name", "FALSE", text), matching("t.name"), c.rank("t.value", "FALSE", text), matching("t.value"), maxSearchMatches)
	if c.err != nil {
		return nil, c.err
	}
	var rows []*match
	if err := (unscoped{r}).SelectContext(ctx, &rows, sql, c.args...); err != nil {
		return nil, fmt.Errorf("search customers: %w", err)
	}
	var matches []*SearchResult
	seen := map[int64]bool{}
	for _, row := range rows {
		if !seen[row.CustomerID] {
			seen[row.CustomerID] = true
			matches = append(matches, &SearchResult{key: CustomerKey(row.CustomerID), Field: row.Field, Value: row.Value, Source: row.Source, rank: row.Rank})
		}
	}
	return matches, nil
}

// subscriptionsLike returns the identifiers of subscriptions that contain the text.
func (r *Reader) subscriptionsLike(ctx context.Context, text string) ([]*SearchResult, error) {
	type match struct {
		SubscriptionIdentifier
		Rank int64 `db:"rank"`
	}
	c := r.compiler()
	numbers := dialledNumbers(text)
	names := append([]string{text}, numbers...)
	sql := fmt.Sprintf(`SELECT t.kind, t.source, t.value, t.customer_id, t.subscription_id, t.valid_from, t.valid_to, t.disputed, %s AS rank
		FROM subscription_identifiers t WHERE %s ORDER BY rank, t.customer_id = 0, t.valid_to IS NULL DESC, t.valid_to DESC, t.value, t.subscription_id LIMIT %d`,
		c.rank("t.value", c.mayBeDialled("t.", numbers), names...), c.all(func() { r.scope.conditions(c, "t."); c.add(c.like("t.value", "%", "%", names)) }), maxSearchMatches)
	if c.err != nil {
		return nil, c.err
	}
	var rows []*match
	if err := (unscoped{r}).SelectContext(ctx, &rows, sql, c.args...); err != nil {
		return nil, fmt.Errorf("search subscriptions: %w", err)
	}
	identifiers, ranks := make([]*SubscriptionIdentifier, len(rows)), map[*SubscriptionIdentifier]int64{}
	for i, row := range rows {
		identifiers[i] = &row.SubscriptionIdentifier
		ranks[identifiers[i]] = row.Rank
		if row.Rank == rankMayBeDialled {
			ranks[identifiers[i]] = dialledRank(text, row.Value, numbers)
		}
	}
	if !r.scope.everyone {
		identifiers = withoutDisputes(identifiers)
	}
	matches := make([]*SearchResult, len(identifiers))
	for i, id := range identifiers {
		field := SearchField(id.Kind)
		if id.Kind == SourceOwnID {
			field = SearchSubscriptionID
		}
		matches[i] = &SearchResult{key: id.Owner(), Field: field, Value: id.Value, Source: id.Source(), ValidFrom: id.ValidFrom, ValidTo: id.ValidTo, Disputed: id.Disputed, rank: ranks[id]}
	}
	return matches, nil
}

// withNodes sets the nodes of results. It leaves out those that no longer exist.
func (r *Reader) withNodes(ctx context.Context, p *Projection, results []*SearchResult) ([]*SearchResult, error) {
	var ofCustomers, ofSubscriptions []Key
	for _, result := range results {
		if result.isCustomer() {
			ofCustomers = append(ofCustomers, result.key)
		} else {
			ofSubscriptions = append(ofSubscriptions, result.key)
		}
	}
	nodes := map[Key]SearchNode{}
	if len(ofCustomers) > 0 {
		found, err := r.CustomersByKey(ctx, p, ofCustomers)
		if err != nil {
			return nil, err
		}
		for _, n := range found {
			nodes[n.NodeKey()] = n
		}
	}
	if len(ofSubscriptions) > 0 {
		slices.SortFunc(ofSubscriptions, compareKeys)
		found, err := r.SubscriptionsByKey(ctx, p, slices.Compact(ofSubscriptions))
		if err != nil {
			return nil, err
		}
		for _, n := range found {
			nodes[n.NodeKey()] = n
		}
	}
	return slices.DeleteFunc(results, func(result *SearchResult) bool {
		result.Node = nodes[result.key]
		return result.Node == nil
	}), nil
}

// isCustomer reports whether the result is a customer.
func (s *SearchResult) isCustomer() bool {
	return s.Field == SearchName || s.Field == SearchCustomerID
}

// unattributed returns 1 for a subscription without a customer, else 0.
func (s *SearchResult) unattributed() int {
	if s.key.CustomerID == 0 {
		return 1
	}
	return 0
}
