package ingest

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"usagegraph/db"
)

// Transfer is how many documents go from one customer to another.
type Transfer struct {
	// From and To are the identifiers of the customers, ordered by system and value; none for unattributed documents.
	From, To  []db.SourceID
	Documents int64
}

// errPreview ends a transaction that only showed what it would do.
var errPreview = errors.New("preview")

// Assign stores an assignment, gives documents the owners that they have by it, and returns which changed customer. A
// preview changes nothing. One that is stored already is no error. It returns a NotFound error for a customer that no
// document names, and a Conflict error where the name is assigned at a time that overlaps.
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
				return db.Errorf(db.Conflict, "it is assigned to %s %s: unassign that first, or give a time that does not overlap",
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

// Unassign takes back the assignment of a name that begins at a time, gives documents the owners that they have without it,
// and returns which changed customer. Without a time it is the name's only assignment. A preview changes nothing. It
// returns a NotFound error where there is none, and an Ambiguous error where there are several.
func Unassign(ctx context.Context, store *db.Store, name db.Assignment, begin *db.Time, preview bool) ([]Transfer, error) {
	return decide(ctx, store, preview, func(ids *identities) error {
		found := ids.assignmentsOf(&name)
		if begin != nil {
			found = slices.DeleteFunc(slices.Clone(found), func(a *db.AssignedName) bool { return !a.Start.Equal(begin.Time) })
		}
		switch {
		case len(found) == 0:
			return db.Errorf(db.NotFound, "there is no such assignment: see usagegraph links")
		case len(found) > 1:
			return db.Errorf(db.Ambiguous, "it is assigned for %d times: say which by its beginning (--from; see usagegraph links)", len(found))
		}
		a := &found[0].Assignment
		// A customer that no document names is gone with its last assignment.
		var err error
		if ids.parting, err = ids.tx.IdentifiersOfCustomers(ctx, []int64{found[0].CustomerID}); err != nil {
			return err
		}
		if err := ids.tx.DropAssignment(ctx, a); err != nil {
			return err
		}
		ids.left[found[0].CustomerID] = true
		return ids.attributeAssigned(ctx, a)
	})
}

// decide makes a change to the decisions of people in one transaction, and returns which documents changed customer by it.
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

// assignmentsOf returns the stored assignments of the name of an assignment.
func (ids *identities) assignmentsOf(a *db.Assignment) []*db.AssignedName {
	if n := a.Name(); n != "" {
		return ids.assigned[n]
	}
	return ids.assignedIDs[db.SourceID{Source: a.NameSource, Value: a.Value}]
}

// attributeAssigned decides again whose the name of an assignment is, and whose documents are, after it was made or taken
// back.
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
	ids.full[n] = true
	since, err := ids.updateHoldings(ctx)
	if err != nil {
		return err
	}
	if err := ids.attribute(ctx, nil, since); err != nil {
		return err
	}
	return ids.finish(ctx)
}

// transfer is two customers; 0 is none.
type transfer struct{ from, to int64 }

// listTransfers returns the documents that changed customer, the most first.
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
	for _, i := range slices.Concat(ids.parting, identifiers) {
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
