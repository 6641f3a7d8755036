package db

import (
	"context"
	"time"
)

// Assignment is an operator's decision that a phone number, a SIM card or a system's own id of a subscription belonged
// to a customer for a time.
type Assignment struct {
	Kind IdentifierKind `db:"kind"`
	// NameSource is the system of an own id or of a local number; empty for a name that all systems share.
	NameSource Source `db:"source"`
	Value      string `db:"value"`
	// Start is the inclusive start, End the exclusive end; Always and Forever for an own id without bounds.
	Start          Time   `db:"valid_from"`
	End            Time   `db:"valid_to"`
	CustomerSource Source `db:"customer_source"`
	CustomerValue  string `db:"customer_value"`
	AssignedAt     Time   `db:"assigned_at"`
	AssignedBy     string `db:"assigned_by"`
}

// Always and Forever are the start and the end of an assignment without bounds.
var (
	Always  = TimeOf(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC))
	Forever = TimeOf(time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC))
)

// Source returns the system that the name belongs to; nil if all systems share it.
func (a *Assignment) Source() *Source {
	if a.NameSource == "" {
		return nil
	}
	return &a.NameSource
}

// Customer returns the identifier of the customer, as the operator gave it.
func (a *Assignment) Customer() *CustomerIdentifier {
	return &CustomerIdentifier{Source: a.CustomerSource, Value: a.CustomerValue}
}

// ValidFrom returns the inclusive start; nil if there is none.
func (a *Assignment) ValidFrom() *Time {
	if a.Start.Equal(Always.Time) {
		return nil
	}
	return &a.Start
}

// ValidTo returns the exclusive end; nil if there is none.
func (a *Assignment) ValidTo() *Time {
	if a.End.Equal(Forever.Time) {
		return nil
	}
	return &a.End
}

// Times returns the period of the assignment in words, such as "from 2025-03-01T00:00:00Z".
func (a *Assignment) Times() string {
	from, to := a.ValidFrom(), a.ValidTo()
	switch {
	case from == nil && to == nil:
		return "at all times"
	case from == nil:
		return "until " + to.Format(time.RFC3339Nano)
	case to == nil:
		return "from " + from.Format(time.RFC3339Nano)
	}
	return "from " + from.Format(time.RFC3339Nano) + " to " + to.Format(time.RFC3339Nano)
}

// Name returns the number or card; empty for an own id.
func (a *Assignment) Name() SubscriptionName {
	if a.Kind == SourceOwnID {
		return ""
	}
	return SubscriptionNameOf(a.Kind, a.NameSource, a.Value)
}

// Covers reports whether an instant is within the assignment's period.
func (a *Assignment) Covers(at time.Time) bool {
	return !at.Before(a.Start.Time) && at.Before(a.End.Time)
}

// Overlaps reports whether the periods of two assignments have an instant in common.
func (a *Assignment) Overlaps(b *Assignment) bool {
	return a.Start.Before(b.End.Time) && b.Start.Before(a.End.Time)
}

// AssignmentConnection is a page of assignments.
type AssignmentConnection = Connection[Assignment]

// AssignmentEdge is an assignment of a page and its cursor.
type AssignmentEdge = Edge[Assignment]

var assignments = newRelation[Assignment]("assignments")

var assignmentList = decisionList[Assignment]{
	field: "assignments", table: "assignments",
	columns: "kind, source, value, valid_from, valid_to, customer_source, customer_value, assigned_at, assigned_by",
	key:     []column{{name: "kind", kind: textColumn}, {name: "source", kind: textColumn}, {name: "value", kind: textColumn}, {name: "valid_from", kind: timeColumn}},
	cursor: func(a *Assignment) []*string {
		return []*string{(*string)(&a.Kind), (*string)(&a.NameSource), &a.Value, column{kind: timeColumn}.print(a.Start)}
	},
}

// Assignments lists all assignments by kind, system, value and start, forwards only. It returns a Forbidden error to a
// reader that is not staff, and BadCursor errors.
func (r *Reader) Assignments(ctx context.Context, page Page) (*AssignmentConnection, error) {
	return assignmentList.page(ctx, r, page)
}

// AssignedName is an assignment with the id of the customer to which its customer identifier belongs now.
type AssignedName struct {
	Assignment
	CustomerID int64 `db:"customer_id"`
}

// Assignments returns all assignments, in the order of Reader.Assignments.
func (tx *Tx) Assignments(ctx context.Context) ([]*AssignedName, error) {
	return selectArgs[*AssignedName](ctx, tx, `SELECT a.kind, a.source, a.value, a.valid_from, a.valid_to, a.customer_source, a.customer_value, a.assigned_at, a.assigned_by, i.customer_id
		FROM assignments a JOIN customer_identifiers i ON i.source = a.customer_source AND i.value = a.customer_value
		ORDER BY a.kind, a.source, a.value, a.valid_from`)
}

// AddAssignment stores an assignment.
func (tx *Tx) AddAssignment(ctx context.Context, a *Assignment) error {
	return insertAll(ctx, tx, &assignments, []*Assignment{a})
}

// DropAssignment deletes an assignment.
func (tx *Tx) DropAssignment(ctx context.Context, a *Assignment) error {
	return tx.exec(ctx, "DELETE FROM assignments WHERE kind = $1 AND source = $2 AND value = $3 AND valid_from = $4", a.Kind, a.NameSource, a.Value, a.Start)
}

// UnownedByOwnID returns the documents of a system that name no customer and name their subscription by one own id
// alone.
func (tx *Tx) UnownedByOwnID(ctx context.Context, id SourceID) ([]UnownedDocument, error) {
	// All of them belong to subscriptions with this own id.
	withID := `SELECT i.customer_id, i.subscription_id FROM subscription_identifiers i WHERE i.kind = 'SOURCE_ID' AND i.source = $1 AND i.value = $2`
	return selectArgs[UnownedDocument](ctx, tx, `SELECT 'usage_records' AS kind, t.customer_id, t.id, t.subscription_id, '' AS name, t.event_time AS at, t.attribution, t.unattributed
			FROM (`+withID+`) l JOIN usage_records t ON t.customer_id = l.customer_id AND t.subscription_id = l.subscription_id
			WHERE t.source = $1 AND t.source_customer_id IS NULL AND t.contested_customers IS NULL AND t.subscription_name IS NULL AND t.source_subscription_id = $2
		UNION ALL SELECT 'consumption_reports', t.customer_id, t.id, t.subscription_id, '', t.effective_at, t.attribution, t.unattributed
			FROM (`+withID+`) l JOIN consumption_reports t ON t.customer_id = l.customer_id AND t.subscription_id = l.subscription_id
			WHERE t.source = $1 AND t.subscription_name IS NULL AND t.source_subscription_id = $2`, id.Source, id.Value)
}
