package db

import (
	"context"
	"time"
)

// Assignment is a decision of a person: whose a number, a card or a system's own id of a line was from one time to another.
type Assignment struct {
	Kind IdentifierKind `db:"kind"`
	// NameSource is the system of an own id or of a local number; empty for a name on which systems meet.
	NameSource Source `db:"source"`
	Value      string `db:"value"`
	// Start begins it and End, which is no part of it, ends it: Always and Forever for an own id without a bound.
	Start          Time   `db:"valid_from"`
	End            Time   `db:"valid_to"`
	CustomerSource Source `db:"customer_source"`
	CustomerValue  string `db:"customer_value"`
	AssignedAt     Time   `db:"assigned_at"`
	AssignedBy     string `db:"assigned_by"`
}

// Always is the beginning of an assignment that has none, Forever the end of one that has none.
var (
	Always  = TimeOf(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC))
	Forever = TimeOf(time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC))
)

// Source returns the system whose name it is; nil for one on which systems meet.
func (a *Assignment) Source() *Source {
	if a.NameSource == "" {
		return nil
	}
	return &a.NameSource
}

// Customer returns the identifier of the customer, as it was given.
func (a *Assignment) Customer() *CustomerIdentifier {
	return &CustomerIdentifier{Source: a.CustomerSource, Value: a.CustomerValue}
}

// ValidFrom returns the beginning; nil where it has none.
func (a *Assignment) ValidFrom() *Time {
	if a.Start.Equal(Always.Time) {
		return nil
	}
	return &a.Start
}

// ValidTo returns the end, which is no part of it; nil where it has none.
func (a *Assignment) ValidTo() *Time {
	if a.End.Equal(Forever.Time) {
		return nil
	}
	return &a.End
}

// Times says when it holds.
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

// Name returns the number or card; the empty name for an own id.
func (a *Assignment) Name() SubscriptionName {
	if a.Kind == SourceOwnID {
		return ""
	}
	return SubscriptionNameOf(a.Kind, a.NameSource, a.Value)
}

// Covers tells whether it holds at an instant.
func (a *Assignment) Covers(at time.Time) bool {
	return !at.Before(a.Start.Time) && at.Before(a.End.Time)
}

// Overlaps tells whether there is an instant at which both hold.
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

// Assignments lists all assignments, ordered by kind, system, value and beginning, forwards only. It returns a Forbidden
// error to a reader that is not staff's, and BadCursor errors.
func (r *Reader) Assignments(ctx context.Context, page Page) (*AssignmentConnection, error) {
	return assignmentList.page(ctx, r, page)
}

// AssignedName is an assignment and the customer that its identifier has by now.
type AssignedName struct {
	Assignment
	CustomerID int64 `db:"customer_id"`
}

// Assignments returns all assignments, ordered as those of a reader.
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

// UnownedByOwnID returns the documents of a system that name no customer, and their line by an own id alone.
func (tx *Tx) UnownedByOwnID(ctx context.Context, id SourceID) ([]UnownedDocument, error) {
	// All of them lie in lines of this id.
	lines := `SELECT i.customer_id, i.subscription_id FROM subscription_identifiers i WHERE i.kind = 'SOURCE_ID' AND i.source = $1 AND i.value = $2`
	return selectArgs[UnownedDocument](ctx, tx, `SELECT 'usage_records' AS kind, t.customer_id, t.id, t.subscription_id, '' AS name, t.event_time AS at, t.attribution, t.unattributed
			FROM (`+lines+`) l JOIN usage_records t ON t.customer_id = l.customer_id AND t.subscription_id = l.subscription_id
			WHERE t.source = $1 AND t.source_customer_id IS NULL AND t.contested_customers IS NULL AND t.subscription_name IS NULL AND t.source_subscription_id = $2
		UNION ALL SELECT 'consumption_reports', t.customer_id, t.id, t.subscription_id, '', t.effective_at, t.attribution, t.unattributed
			FROM (`+lines+`) l JOIN consumption_reports t ON t.customer_id = l.customer_id AND t.subscription_id = l.subscription_id
			WHERE t.source = $1 AND t.subscription_name IS NULL AND t.source_subscription_id = $2`, id.Source, id.Value)
}
