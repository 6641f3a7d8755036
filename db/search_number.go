package db

import (
	"context"
	"fmt"
	"strings"
)

// dialledNumbers returns the digits of a text that may be a part of a phone number, without a trunk prefix (0) or an
// international prefix (00 or +); two texts if the number contains a (0). It returns none for any other text.
func dialledNumbers(text string) []string {
	compact := strings.ReplaceAll(withoutScheme(plainText(text)), " ", "")
	spellings := []string{compact}
	if before, after, trunk := strings.Cut(compact, "(0)"); trunk {
		spellings = []string{before + after, compact}
	}
	var numbers []string
	for _, spelling := range spellings {
		digits := strings.TrimLeft(strings.TrimPrefix(separators.Replace(spelling), "+"), "0")
		if len(digits) < minSearchText || strings.Trim(digits, "0123456789") != "" {
			return nil
		}
		numbers = append(numbers, digits)
	}
	return numbers
}

// displayedLike returns the subscriptions whose phone number or SIM card number contains the text as a source writes it,
// such as a number with masked digits.
func (r *Reader) displayedLike(ctx context.Context, text string) ([]*SearchResult, error) {
	type match struct {
		Key
		Field  SearchField `db:"field"`
		Value  string      `db:"value"`
		Source Source      `db:"source"`
		Rank   int64       `db:"rank"`
	}
	c := r.compiler()
	texts := []string{text}
	of := func(field SearchField, column string) string {
		return fmt.Sprintf("SELECT t.customer_id, t.id, '%s' AS field, %s AS value, t.source, %s AS rank FROM subscriptions t WHERE %s", field, column, c.rank(column, "FALSE", texts...),
			c.all(func() { r.scope.conditions(c, "t."); c.add(c.like(column, "%", "%", texts)) }))
	}
	sql := of(SearchMSISDN, "t.phone_number") + " UNION ALL " + of(SearchSIM, "t.sim_card_number") + fmt.Sprintf(" ORDER BY 6, 4, 1, 2, 3 LIMIT %d", maxSearchMatches)
	if c.err != nil {
		return nil, c.err
	}
	var rows []*match
	if err := (unscoped{r}).SelectContext(ctx, &rows, sql, c.args...); err != nil {
		return nil, fmt.Errorf("search displayed numbers: %w", err)
	}
	matches := make([]*SearchResult, len(rows))
	for i, row := range rows {
		matches[i] = &SearchResult{key: row.Key, Field: row.Field, Value: row.Value, Source: &row.Source, rank: row.Rank}
	}
	return matches, nil
}

// withDisplayed adds the displayed numbers and cards of subscriptions to the matches of identifiers. It leaves out those
// of subscriptions that have a number or card among the matches.
func withDisplayed(matches, displayed []*SearchResult) []*SearchResult {
	type field struct {
		key  Key
		name SearchField
	}
	found := map[field]bool{}
	for _, m := range matches {
		found[field{m.key, m.Field}] = true
	}
	for _, m := range displayed {
		if !found[field{m.key, m.Field}] {
			matches = append(matches, m)
		}
	}
	return matches
}
