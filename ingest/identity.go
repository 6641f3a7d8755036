package ingest

import (
	"context"
	"maps"

	"usagegraph/db"
)

// identities determines the owners of the records of a source, batch by batch (docs/identity.md). It caches what it reads
// for the next batch, as long as no other writer changes records in between.
type identities struct {
	source   db.Source
	revision int64 // of the last batch

	customers map[string]*db.Customer
	// rows are the identifiers by numbers and cards, own the subscriptions by own ids, of all that were asked for.
	rows  map[db.SubscriptionName][]*db.SubscriptionIdentifier
	own   map[string][]db.Key
	lines map[db.Key]*db.ServiceSubscription
	// shared are the names of which this import has evidence and that are held by lines of several customers.
	shared map[db.SubscriptionName]bool

	*batchState
}

// pair is a customer and a number or card.
type pair struct {
	customer int64
	name     db.SubscriptionName
}

// batchState holds the changes of one transaction.
type batchState struct {
	tx *db.Tx
	// assigned are the assignments of numbers and cards, assignedIDs those of own ids.
	assigned    map[db.SubscriptionName][]*db.AssignedName
	assignedIDs map[db.SourceID][]*db.AssignedName

	newCustomers   map[int64]*latestName
	newLines       map[db.Key]*db.ServiceSubscription
	newIdentifiers []*db.SubscriptionIdentifier

	// claimants are the subscriptions that may have evidence for a name besides those with a row of it.
	claimants map[db.SubscriptionName][]db.Key
	// added are the records that are new evidence. For the names in full, all evidence is read again.
	added map[db.SubscriptionName][]*claim
	full  map[db.SubscriptionName]bool
	// placed are the subscriptions of the batch's records by a number or card alone.
	placed map[pair]db.Key
	// pairs are placed again: their customer's records by that name alone.
	pairs map[pair]bool
	// touched are the subscriptions whose evidence has changed.
	touched map[db.Key]bool

	attributes map[db.Key]*latestAttributes
	refresh    map[db.Key]bool
	lost       map[db.Key]bool // subscriptions that lost a record
	left       map[int64]bool  // customers that lost a record
	renamed    map[int64]bool
	// transfers are how many stored documents went from one customer to another.
	transfers map[transfer]int64
	// parting are the identifiers of the customer that loses an assignment, as they were before.
	parting []*db.CustomerIdentifier
	// reattributed is how many stored documents have another owner or attribution now.
	reattributed int64
	// ambiguous is how many reports that were read again have a local time that occurs twice or never.
	ambiguous int64
}

func newBatchState(tx *db.Tx) *batchState {
	return &batchState{
		tx: tx, newCustomers: map[int64]*latestName{}, newLines: map[db.Key]*db.ServiceSubscription{},
		claimants: map[db.SubscriptionName][]db.Key{}, added: map[db.SubscriptionName][]*claim{}, full: map[db.SubscriptionName]bool{}, pairs: map[pair]bool{}, placed: map[pair]db.Key{},
		touched: map[db.Key]bool{}, attributes: map[db.Key]*latestAttributes{}, refresh: map[db.Key]bool{}, lost: map[db.Key]bool{}, left: map[int64]bool{}, renamed: map[int64]bool{},
		transfers: map[transfer]int64{},
	}
}

// maxKnown is how many subscriptions, or customers, are kept from one batch to the next.
const maxKnown = 50_000

func newIdentities(source db.Source) *identities {
	ids := &identities{source: source, shared: map[db.SubscriptionName]bool{}}
	ids.forget()
	return ids
}

// forget clears the cache.
func (ids *identities) forget() {
	ids.customers, ids.rows = map[string]*db.Customer{}, map[db.SubscriptionName][]*db.SubscriptionIdentifier{}
	ids.own, ids.lines = map[string][]db.Key{}, map[db.Key]*db.ServiceSubscription{}
}

// begin begins a transaction's work.
func (ids *identities) begin(ctx context.Context, tx *db.Tx) error {
	if err := tx.Revise(ctx); err != nil {
		return err
	}
	if tx.Revision() != ids.revision+1 || len(ids.lines) > maxKnown || len(ids.customers) > maxKnown {
		ids.forget()
	}
	ids.revision, ids.batchState = tx.Revision(), newBatchState(tx)
	return ids.loadAssignments(ctx)
}

// changes are the records of a batch that are to be written: *db.Changes, or those that an older version stored.
type changes interface {
	Remove(ctx context.Context) error
	Insert(ctx context.Context, chosen func(row any) bool) error
}

// write stores the records of a batch, each with its owner, and gives others theirs again where these change it.
func (ids *identities) write(ctx context.Context, claims []*claim, stored changes) error {
	if len(claims) == 0 {
		return nil
	}
	if err := ids.load(ctx, claims); err != nil {
		return err
	}
	if err := stored.Remove(ctx); err != nil {
		return err
	}
	ids.place(claims)
	unowned := map[any]bool{}
	for _, c := range claims {
		if c.named() {
			c.belong()
		} else {
			unowned[c.row] = true
		}
	}
	if err := stored.Insert(ctx, func(row any) bool { return !unowned[row] }); err != nil {
		return err
	}
	if err := ids.settle(ctx, claims); err != nil {
		return err
	}
	if err := stored.Insert(ctx, func(row any) bool { return unowned[row] }); err != nil {
		return err
	}
	return ids.finish(ctx)
}

// settle determines what follows from the records that name their customers: the placement of other records, the holdings,
// and the owners of documents that name no customer.
func (ids *identities) settle(ctx context.Context, claims []*claim) error {
	if err := ids.placeAgain(ctx); err != nil {
		return err
	}
	since, err := ids.updateHoldings(ctx)
	if err != nil {
		return err
	}
	return ids.attribute(ctx, claims, since)
}

// load reads what is stored of the customers and subscriptions that a batch names, now or in what is stored of it, and no
// batch before it has read.
func (ids *identities) load(ctx context.Context, claims []*claim) error {
	var customers, owned []string
	var names []db.SubscriptionName
	for _, c := range claims {
		if c.Customer != nil && ids.customers[c.Customer.ID] == nil {
			customers = append(customers, c.Customer.ID)
		}
		if own := c.ownID(); own != "" {
			if _, asked := ids.own[own]; !asked {
				ids.own[own] = nil
				owned = append(owned, own)
			}
		}
		names = append(names, c.Names()...)
		if c.old != nil {
			names = append(names, c.old.Names()...)
		}
	}
	if len(customers) > 0 {
		found, err := ids.tx.CustomersBySource(ctx, ids.source, unique(customers))
		if err != nil {
			return err
		}
		maps.Copy(ids.customers, found)
	}
	if len(owned) > 0 {
		if err := ids.loadOwn(ctx, ids.source, owned); err != nil {
			return err
		}
	}
	return ids.loadNames(ctx, names)
}

// loadOwn reads the subscriptions of a system's own ids, none of which was read before.
func (ids *identities) loadOwn(ctx context.Context, source db.Source, owned []string) error {
	rows, err := ids.tx.IdentifiersByName(ctx, db.SourceOwnID, source, owned)
	if err != nil {
		return err
	}
	for _, r := range rows {
		ids.own[r.Value] = append(ids.own[r.Value], r.Owner())
	}
	return ids.loadLines(ctx, rows)
}

// loadNames reads the identifiers of numbers and cards that were not read before.
func (ids *identities) loadNames(ctx context.Context, names []db.SubscriptionName) error {
	type group struct {
		kind   db.IdentifierKind
		source db.Source
	}
	values := map[group][]string{}
	for _, n := range names {
		if _, asked := ids.rows[n]; !asked {
			ids.rows[n] = nil
			g := group{n.Kind(), n.Source()}
			values[g] = append(values[g], n.Value())
		}
	}
	for g, list := range values {
		rows, err := ids.tx.IdentifiersByName(ctx, g.kind, g.source, list)
		if err != nil {
			return err
		}
		for _, r := range rows {
			ids.rows[r.Name()] = append(ids.rows[r.Name()], r)
		}
		if err := ids.loadLines(ctx, rows); err != nil {
			return err
		}
	}
	return nil
}

// loadLines reads the subscriptions of identifiers.
func (ids *identities) loadLines(ctx context.Context, rows []*db.SubscriptionIdentifier) error {
	missing := map[db.Key]bool{}
	for _, r := range rows {
		if ids.lines[r.Owner()] == nil {
			missing[r.Owner()] = true
		}
	}
	if len(missing) == 0 {
		return nil
	}
	lines, err := ids.tx.Subscriptions(ctx, keysOf(missing))
	for _, l := range lines {
		ids.lines[l.Key] = l
	}
	return err
}

func keysOf(set map[db.Key]bool) []db.Key {
	keys := make([]db.Key, 0, len(set))
	for k := range set {
		keys = append(keys, k)
	}
	return keys
}
