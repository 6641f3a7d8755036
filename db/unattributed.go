package db

import (
	"context"
	"fmt"
	"strings"
)

// Document is a usage record or a consumption report.
type Document interface {
	Node
	isDocument()
}

func (*UsageRecord) isDocument()       {}
func (*ConsumptionReport) isDocument() {}

// UnattributedDocument is a document that belongs to no customer, with the reason.
type UnattributedDocument struct {
	Document Document
	// At is the document's time.
	At Time
	// Identifier is the document's identifier of the subscription: the kind and value of a number or card, or a system
	// and an own id; nil if it has none.
	Identifier *string
	// Reason is a sentence that explains why the document has no customer.
	Reason string

	id int64
}

// UnattributedConnection is a page of unattributed documents.
type UnattributedConnection = Connection[UnattributedDocument]

// UnattributedEdge is an unattributed document of a page with its cursor.
type UnattributedEdge = Edge[UnattributedDocument]

// unattributedRow holds the columns of an unattributed document that the list needs.
type unattributedRow struct {
	Kind   RecordKind `db:"kind"`
	ID     int64      `db:"id"`
	Source Source     `db:"source"`
	At     Time       `db:"at"`
	// SubscriptionName is the number or card in the document, OwnID the own id of the subscription.
	SubscriptionName   *string             `db:"subscription_name"`
	OwnID              *string             `db:"own_id"`
	ContestedCustomers *string             `db:"contested_customers"`
	Unattributed       *UnattributedReason `db:"unattributed"`
}

// identifier returns the document's identifier of the subscription; nil if it has none.
func (r *unattributedRow) identifier() *string {
	switch {
	case r.SubscriptionName != nil:
		name := SubscriptionName(*r.SubscriptionName)
		value := name.Value()
		if strings.HasPrefix(*r.SubscriptionName, "+") {
			value = *r.SubscriptionName
		}
		return new(string(name.Kind()) + " " + value)
	case r.OwnID != nil:
		return new(SourceID{r.Source, *r.OwnID}.String())
	}
	return nil
}

// reasons maps each reason to a sentence for UnattributedDocument.Reason.
var reasons = map[UnattributedReason]string{
	NoSubscription:   "It names no customer, and no number, card or id of a subscription.",
	OwnIDOnly:        "It names no customer, and its subscription by an id that is assigned to no customer at its time.",
	SeveralCustomers: "It names several customers of one rank",
	NeverHeld:        "No record of a customer has its number or card.",
	NotYetHeld:       "It is older than the first record of a customer that has its number or card.",
	InDispute:        "At its time, or last before it, records of several customers have its number or card.",
	WindowOver:       "It is too long after the last record of a customer that has its number or card, or after the end of an assignment of it.",
	OtherNumber:      "The last holder of its number or card has another one at its time.",
}

// reason returns a sentence that explains why the document has no customer.
func (r *unattributedRow) reason() string {
	if r.Unattributed == nil {
		return "It has not been attributed yet."
	}
	sentence := reasons[*r.Unattributed]
	if *r.Unattributed == SeveralCustomers {
		if r.ContestedCustomers != nil {
			sentence += ": " + *r.ContestedCustomers
		}
		sentence += "."
	}
	return sentence
}

// Queries for a page of the unattributed documents of both kinds, in the order of their ids, and for all of them.
const (
	unattributedPage = `SELECT * FROM (SELECT 'usage_records' AS kind, id, source, event_time AS at, subscription_name, source_subscription_id AS own_id, contested_customers, unattributed
			FROM usage_records WHERE customer_id = 0 AND id > $1 ORDER BY id LIMIT %[1]d) u
		UNION ALL SELECT * FROM (SELECT 'consumption_reports' AS kind, id, source, effective_at AS at, subscription_name, source_subscription_id AS own_id, NULL AS contested_customers, unattributed
			FROM consumption_reports WHERE customer_id = 0 AND id > $1 ORDER BY id LIMIT %[1]d) r
		ORDER BY id LIMIT %[1]d`
	unattributedAll = `(SELECT id FROM usage_records WHERE customer_id = 0 UNION ALL SELECT id FROM consumption_reports WHERE customer_id = 0)`
)

// Unattributed returns a page of the documents without a customer, in the order of their first import, forward only. It
// returns a Forbidden error if the scope is not all customers, and BadCursor errors.
func (r *Reader) Unattributed(ctx context.Context, p *Projection, page Page) (*UnattributedConnection, error) {
	if !r.scope.everyone {
		return nil, Errorf(Forbidden, "unattributed: only a client with access to all customers can list unattributed documents")
	}
	order := sortKey{column: column{name: "id", kind: longColumn}}
	sign := signature("unattributed", []sortKey{order})
	after := int64(0)
	if page.After != "" {
		values, err := decodeCursor("after", page.After, sign, []column{order.column})
		if err != nil {
			return nil, err
		}
		after = values[0].(int64)
	}
	list := &UnattributedConnection{Nodes: []*UnattributedDocument{}, HasPreviousPage: page.After != "", counter: &counter{count: r.countUnattributed}}
	list.listing = &listing[UnattributedDocument]{func(d *UnattributedDocument) string { return encodeCursor(sign, []*string{order.print(d.id)}) }}
	if page.CountOnly {
		return list, nil
	}
	var rows []*unattributedRow
	if err := (unscoped{r}).SelectContext(ctx, &rows, fmt.Sprintf(unattributedPage, page.Limit+1), after); err != nil {
		return nil, fmt.Errorf("list unattributed documents: %w", err)
	}
	list.total, list.HasNextPage = page.total(len(rows), page.Limit+1), len(rows) > page.Limit
	if list.HasNextPage {
		rows = rows[:page.Limit]
	}
	documents, err := r.unattributedDocuments(ctx, p, rows)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		// Skip a document that was attributed between the statements.
		if document := documents[row.ID]; document != nil {
			list.Nodes = append(list.Nodes, &UnattributedDocument{document, row.At, row.identifier(), row.reason(), row.ID})
		}
	}
	return list, nil
}

func (r *Reader) unattributedDocuments(ctx context.Context, p *Projection, rows []*unattributedRow) (map[int64]Document, error) {
	documents := make(map[int64]Document, len(rows))
	keys := map[RecordKind][]Key{}
	for _, row := range rows {
		keys[row.Kind] = append(keys[row.Kind], Key{ID: row.ID})
	}
	if len(keys[UsageRecordKind]) > 0 {
		found, err := r.UsageRecordsByKey(ctx, p, keys[UsageRecordKind])
		if err != nil {
			return nil, err
		}
		for _, u := range found {
			documents[u.ID] = u
		}
	}
	if len(keys[ConsumptionReportKind]) > 0 {
		found, err := r.ConsumptionReportsByKey(ctx, p, keys[ConsumptionReportKind])
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			documents[c.ID] = c
		}
	}
	return documents, nil
}

func (r *Reader) countUnattributed(ctx context.Context, most int64) ([]int64, error) {
	lengths, err := unscoped{r}.count(ctx, unattributedAll, most)
	if err != nil {
		return nil, fmt.Errorf("count unattributed documents: %w", err)
	}
	return lengths, nil
}
