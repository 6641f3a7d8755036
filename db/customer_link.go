package db

import (
	"context"
	"fmt"
)

// CustomerLink joins two customers into one. A is the lesser of the two identifiers, by system and value.
type CustomerLink struct {
	ASource Source `db:"a_source"`
	AValue  string `db:"a_value"`
	BSource Source `db:"b_source"`
	BValue  string `db:"b_value"`
	// LinkedAt and LinkedBy are nil for a link that an older version made.
	LinkedAt *Time   `db:"linked_at"`
	LinkedBy *string `db:"linked_by"`
	// Separable is true if the link can be undone. An older version did not record for which of the two customers a
	// client's scope was created.
	Separable bool `db:"separable"`
}

// NewCustomerLink returns the link of two identifiers, given in either order.
func NewCustomerLink(a, b SourceID) *CustomerLink {
	if b.less(a) {
		a, b = b, a
	}
	return &CustomerLink{ASource: a.Source, AValue: a.Value, BSource: b.Source, BValue: b.Value, Separable: true}
}

// A returns the lesser identifier.
func (l *CustomerLink) A() SourceID { return SourceID{l.ASource, l.AValue} }

// B returns the greater identifier.
func (l *CustomerLink) B() SourceID { return SourceID{l.BSource, l.BValue} }

func (id SourceID) less(other SourceID) bool {
	return id.Source < other.Source || id.Source == other.Source && id.Value < other.Value
}

var customerLinks = newRelation[CustomerLink]("customer_links")

// Identifiers returns the two identifiers, the lesser first.
func (l *CustomerLink) Identifiers() []*CustomerIdentifier {
	return []*CustomerIdentifier{{Source: l.ASource, Value: l.AValue}, {Source: l.BSource, Value: l.BValue}}
}

// CustomerLinkConnection is a page of links.
type CustomerLinkConnection = Connection[CustomerLink]

// CustomerLinkEdge is a link of a page and its cursor.
type CustomerLinkEdge = Edge[CustomerLink]

var linkList = decisionList[CustomerLink]{
	field: "links", table: "customer_links", columns: "a_source, a_value, b_source, b_value, linked_at, linked_by, separable",
	key: []column{{name: "a_source", kind: textColumn}, {name: "a_value", kind: textColumn}, {name: "b_source", kind: textColumn}, {name: "b_value", kind: textColumn}},
	cursor: func(l *CustomerLink) []*string {
		return []*string{(*string)(&l.ASource), &l.AValue, (*string)(&l.BSource), &l.BValue}
	},
}

// CustomerLinks lists all links by their identifiers, forwards only. It returns a Forbidden error to a reader that is
// not staff, and BadCursor errors.
func (r *Reader) CustomerLinks(ctx context.Context, page Page) (*CustomerLinkConnection, error) {
	return linkList.page(ctx, r, page)
}

// LinksOf returns the links of a customer, ordered by their identifiers.
func (tx *Tx) LinksOf(ctx context.Context, customerID int64) ([]*CustomerLink, error) {
	return selectArgs[*CustomerLink](ctx, tx, linkList.ordered(" WHERE (a_source, a_value) IN (SELECT source, value FROM customer_identifiers WHERE customer_id = $1)"), customerID)
}

// AddCustomerLinks stores links.
func (tx *Tx) AddCustomerLinks(ctx context.Context, links []*CustomerLink) error {
	return insertAll(ctx, tx, &customerLinks, links)
}

// CustomerLink returns the stored link of two identifiers. It returns a NotFound error if they are not linked.
func (tx *Tx) CustomerLink(ctx context.Context, a, b SourceID) (*CustomerLink, error) {
	l := NewCustomerLink(a, b)
	found, err := selectArgs[*CustomerLink](ctx, tx, linkList.ordered(" WHERE a_source = $1 AND a_value = $2 AND b_source = $3 AND b_value = $4"),
		l.ASource, l.AValue, l.BSource, l.BValue)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, Errorf(NotFound, "%s and %s are not linked", a, b)
	}
	return found[0], nil
}

// DropCustomerLink deletes a link.
func (tx *Tx) DropCustomerLink(ctx context.Context, l *CustomerLink) error {
	return tx.exec(ctx, "DELETE FROM customer_links WHERE a_source = $1 AND a_value = $2 AND b_source = $3 AND b_value = $4",
		l.ASource, l.AValue, l.BSource, l.BValue)
}

// IdentifiersOfCustomers returns the identifiers of customers, ordered by system and value.
func (tx *Tx) IdentifiersOfCustomers(ctx context.Context, ids []int64) ([]*CustomerIdentifier, error) {
	c := tx.compiler()
	return selectAll[*CustomerIdentifier](ctx, tx, c, "SELECT source, value, customer_id FROM customer_identifiers WHERE customer_id"+
		tx.inLongs(c, ids)+" ORDER BY source, value")
}

// IdentifierGroups returns all identifiers of the customers that have one of some identifiers, grouped by customer. An
// identifier that no customer has is left out.
func (s *Store) IdentifierGroups(ctx context.Context, identifiers []SourceID) ([][]SourceID, error) {
	rows := make([]identifierRow, len(identifiers))
	for i, id := range identifiers {
		rows[i] = identifierRow(id)
	}
	c := &compiler{dialect: s.dialect}
	var found []CustomerIdentifier
	err := s.pools.Read.SelectContext(ctx, &found, `SELECT i.source, i.value, i.customer_id FROM customer_identifiers i WHERE i.customer_id IN
		(SELECT x.customer_id FROM `+rowsOf(c, rows)+` JOIN customer_identifiers x ON x.source = v.source AND x.value = v.value) ORDER BY i.customer_id, i.source, i.value`, c.args...)
	if err != nil {
		return nil, fmt.Errorf("read identifiers: %w", err)
	}
	var groups [][]SourceID
	for i, f := range found {
		if i == 0 || f.CustomerID != found[i-1].CustomerID {
			groups = append(groups, nil)
		}
		last := len(groups) - 1
		groups[last] = append(groups[last], SourceID{f.Source, f.Value})
	}
	return groups, nil
}
