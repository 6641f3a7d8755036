package ingest

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"usagegraph/db"
)

// Transfer counts the documents that move from one customer to another.
type Transfer struct {
	// From and To are the identifiers of the customers, ordered by system and value. An empty list stands for
	// unattributed documents.
	From, To  []db.SourceID
	Documents int64
}

// errPreview rolls back the transaction of a preview.
var errPreview = errors.New("preview")

// Assign stores an assignment, attributes the affected documents again, and returns the documents that changed
// customer. With preview it rolls the change back. Storing an assignment that exists already changes nothing and
// returns no error. It returns NotFound for a customer that no document names, and Conflict if the name is assigned at
// an overlapping time.
func Assign(ctx context.Context, store *db.Store, a db.Assignment, preview bool) ([]Transfer, error) {
	return decide(ctx, store, preview, func(ids *identities) error {
		known, err := ids.tx.CustomersBySource(ctx, a.CustomerSource, []string{a.CustomerValue})
		if err != nil {
			return err
		}
		if known[a.CustomerValue] == nil {
			return db.Errorf(db.NotFound, "no document names the customer %s: check the spelling", db.SourceID{Source: a.CustomerSource, Value: a.CustomerValue})
		}
		for _, other := range ids.assignmentsOf(&a) {
			switch {
			case other.Start.Equal(a.Start.Time) && other.End.Equal(a.End.Time) && *other.Customer() == *a.Customer():
				return nil
			case other.Overlaps(&a):
				return db.Errorf(db.Conflict, "already assigned to %s %s: unassign that first, or choose a time that does not overlap",
					db.SourceID{Source: other.CustomerSource, Value: other.CustomerValue}, other.Times())
			}
		}
		a.AssignedAt = ids.tx.Now()
		if err := ids.tx.AddAssignment(ctx, &a); err != nil {
			return err
		}
		return ids.attributeAssigned(ctx, &a)
	})
}

// Unassign deletes the assignment of a name that begins at a time, or its only assignment if begin is nil. It
// attributes the affected documents again and returns those that changed customer. With preview it rolls the change
// back. It returns NotFound if there is no such assignment, and Ambiguous if there are several.
func Unassign(ctx context.Context, store *db.Store, name db.Assignment, begin *db.Time, preview bool) ([]Transfer, error) {
	return decide(ctx, store, preview, func(ids *identities) error {
		found := ids.assignmentsOf(&name)
		if begin != nil {
			found = slices.DeleteFunc(slices.Clone(found), func(a *db.AssignedName) bool { return !a.Start.Equal(begin.Time) })
		}
		switch {
		case len(found) == 0:
			return db.Errorf(db.NotFound, "no such assignment: list them with usagegraph links")
		case len(found) > 1:
			return db.Errorf(db.Ambiguous, "the name has %d assignments: choose one by its start with --from (usagegraph links lists them)", len(found))
		}
		a := &found[0].Assignment
		// DropEmptyCustomers deletes a customer that no document names along with its last assignment.
		var err error
		if ids.formerIdentifiers, err = ids.tx.IdentifiersOfCustomers(ctx, []int64{found[0].CustomerID}); err != nil {
			return err
		}
		if err := ids.tx.DropAssignment(ctx, a); err != nil {
			return err
		}
		ids.losingCustomers[found[0].CustomerID] = true
		return ids.attributeAssigned(ctx, a)
	})
}

// decide runs change in one transaction and returns the documents that changed customer. With preview it rolls the
// transaction back.
func decide(ctx context.Context, store *db.Store, preview bool, change func(*identities) error) (transfers []Transfer, err error) {
	err = store.Write(ctx, func(tx *db.Tx) error {
		ids := newIdentities("")
		if err := ids.begin(ctx, tx); err != nil {
			return err
		}
		if err := tx.CheckSettings(ctx); err != nil {
			return err
		}
		if err := change(ids); err != nil {
			return err
		}
		if transfers, err = ids.listTransfers(ctx); err != nil {
			return err
		}
		if preview {
			return errPreview
		}
		return nil
	})
	if errors.Is(err, errPreview) {
		err = nil
	}
	return transfers, err
}

// assignmentsOf returns the stored assignments of the name in a.
func (ids *identities) assignmentsOf(a *db.Assignment) []*db.AssignedName {
	if n := a.Name(); n != "" {
		return ids.assigned[n]
	}
	return ids.assignedIDs[db.SourceID{Source: a.NameSource, Value: a.Value}]
}

// attributeAssigned recomputes the holders of the name in a, and the owners of its documents, after a was stored or
// deleted.
func (ids *identities) attributeAssigned(ctx context.Context, a *db.Assignment) error {
	if err := ids.loadAssignments(ctx); err != nil {
		return err
	}
	n := a.Name()
	if n == "" {
		if err := ids.attributeOwnID(ctx, db.SourceID{Source: a.NameSource, Value: a.Value}); err != nil {
			return err
		}
		return ids.finish(ctx)
	}
	if err := ids.loadNames(ctx, []db.SubscriptionName{n}); err != nil {
		return err
	}
	ids.rereadNames[n] = true
	since, err := ids.updateHoldings(ctx)
	if err != nil {
		return err
	}
	if err := ids.attribute(ctx, nil, since); err != nil {
		return err
	}
	return ids.finish(ctx)
}

// transfer is a pair of customer ids; 0 stands for no customer.
type transfer struct{ from, to int64 }

// listTransfers returns the documents that changed customer, the largest numbers first.
func (ids *identities) listTransfers(ctx context.Context) ([]Transfer, error) {
	customers := map[int64]bool{}
	for t := range ids.transfers {
		customers[t.from], customers[t.to] = true, true
	}
	identifiers, err := ids.tx.IdentifiersOfCustomers(ctx, idsOf(customers))
	if err != nil {
		return nil, err
	}
	of := map[int64][]db.SourceID{}
	for _, i := range slices.Concat(ids.formerIdentifiers, identifiers) {
		if id := (db.SourceID{Source: i.Source, Value: i.Value}); !slices.Contains(of[i.CustomerID], id) {
			of[i.CustomerID] = append(of[i.CustomerID], id)
		}
	}
	var list []Transfer
	for t, n := range ids.transfers {
		list = append(list, Transfer{of[t.from], of[t.to], n})
	}
	slices.SortFunc(list, func(a, b Transfer) int {
		return cmp.Or(cmp.Compare(b.Documents, a.Documents), compareLists(a.From, b.From), compareLists(a.To, b.To))
	})
	return list, nil
}

func compareLists(a, b []db.SourceID) int {
	return slices.CompareFunc(a, b, func(x, y db.SourceID) int { return cmp.Compare(x.String(), y.String()) })
}
