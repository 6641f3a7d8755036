package ingest

import (
	"context"

	"usagegraph/db"
)

// identities determines the owners of the records of a source, batch by batch (docs/identity.md). It caches what it
// reads for the next batch, as long as no other writer changes records in between.
type identities struct {
	source   db.Source
	revision int64 // of the last batch

	customers map[string]*db.Customer
	// identifiers caches the identifiers of numbers and cards, byOwnID the subscriptions by own ids. A key with
	// an empty list was looked up and does not exist.
	identifiers   map[db.SubscriptionName][]*db.SubscriptionIdentifier
	byOwnID       map[string][]db.Key
	subscriptions map[db.Key]*db.ServiceSubscription
	// shared holds the names with evidence in this import that subscriptions of several customers hold.
	shared map[db.SubscriptionName]bool

	*batchState
}

// pair is a customer and one of their numbers or cards.
type pair struct {
	customer int64
	name     db.SubscriptionName
}

// batchState holds the changes of one transaction.
type batchState struct {
	tx *db.Tx
	// assigned holds the assignments of numbers and cards, assignedIDs those of own ids.
	assigned    map[db.SubscriptionName][]*db.AssignedName
	assignedIDs map[db.SourceID][]*db.AssignedName

	newCustomers     map[int64]*latestName
	newSubscriptions map[db.Key]*db.ServiceSubscription
	newIdentifiers   []*db.SubscriptionIdentifier

	// claimants holds the subscriptions that may have evidence for a name in addition to those in identifiers.
	claimants map[db.SubscriptionName][]db.Key
	// addedEvidence holds the records that are new evidence. All evidence is read again for the names in rereadNames.
	addedEvidence map[db.SubscriptionName][]*claim
	rereadNames   map[db.SubscriptionName]bool
	// placedByName holds the subscriptions of the batch's records that have a number or card alone.
	placedByName map[pair]db.Key
	// pairsToPlace holds the pairs whose stored records by that name alone are placed again.
	pairsToPlace map[pair]bool
	// changedEvidence holds the subscriptions whose evidence has changed.
	changedEvidence map[db.Key]bool

	// scopedNames holds the subscriptions whose scoped records have changed.
	scopedNames map[db.Key]bool

	// attributes holds the origins of the attributes of new subscriptions. The attributes of those in refresh are
	// computed again from all of their records.
	attributes          map[db.Key]*latestAttributes
	refresh             map[db.Key]bool
	losingSubscriptions map[db.Key]bool // subscriptions that lost a record
	losingCustomers     map[int64]bool  // customers that lost a record
	renamed             map[int64]bool
	// transfers counts the stored documents that moved from one customer to another.
	transfers map[transfer]int64
	// formerIdentifiers are the identifiers that the customer of a deleted assignment had before.
	formerIdentifiers []*db.CustomerIdentifier
	// reattributed counts the stored documents whose owner or attribution changed.
	reattributed int64
	// ambiguous counts the redecoded reports with a local time that occurs twice or never.
	ambiguous int64
}

func newBatchState(tx *db.Tx) *batchState {
	return &batchState{
		tx:           tx,
		newCustomers: map[int64]*latestName{}, newSubscriptions: map[db.Key]*db.ServiceSubscription{},
		claimants: map[db.SubscriptionName][]db.Key{}, addedEvidence: map[db.SubscriptionName][]*claim{},
		rereadNames: map[db.SubscriptionName]bool{}, placedByName: map[pair]db.Key{}, pairsToPlace: map[pair]bool{},
		changedEvidence: map[db.Key]bool{}, scopedNames: map[db.Key]bool{}, attributes: map[db.Key]*latestAttributes{}, refresh: map[db.Key]bool{},
		losingSubscriptions: map[db.Key]bool{}, losingCustomers: map[int64]bool{}, renamed: map[int64]bool{},
		transfers: map[transfer]int64{},
	}
}

// maxCached is the maximum number of subscriptions, or of customers, that stay cached between batches.
const maxCached = 50_000

func newIdentities(source db.Source) *identities {
	ids := &identities{source: source, shared: map[db.SubscriptionName]bool{}}
	ids.clearCache()
	return ids
}

// forget clears the cache.
func (ids *identities) clearCache() {
	ids.customers, ids.identifiers = map[string]*db.Customer{}, map[db.SubscriptionName][]*db.SubscriptionIdentifier{}
	ids.byOwnID, ids.subscriptions = map[string][]db.Key{}, map[db.Key]*db.ServiceSubscription{}
}

// begin starts a transaction. It clears the cache if another writer changed records since the last batch.
func (ids *identities) begin(ctx context.Context, tx *db.Tx) error {
	if err := tx.Revise(ctx); err != nil {
		return err
	}
	if tx.Revision() != ids.revision+1 || len(ids.subscriptions) > maxCached || len(ids.customers) > maxCached {
		ids.clearCache()
	}
	ids.revision, ids.batchState = tx.Revision(), newBatchState(tx)
	return ids.loadAssignments(ctx)
}

// changes are the records of a batch to be written: *db.Changes for documents, storedRecords for records of an older
// version.
type changes interface {
	Remove(ctx context.Context) error
	Insert(ctx context.Context, chosen func(row any) bool) error
}

// write stores the records of a batch with their owners, and updates other records whose owners depend on them.
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
		if c.namesCustomer() {
			c.setOwner()
		} else {
			unowned[c.row] = true
		}
	}
	if err := stored.Insert(ctx, func(row any) bool { return !unowned[row] }); err != nil {
		return err
	}
	if err := ids.updateDependents(ctx, claims); err != nil {
		return err
	}
	if err := stored.Insert(ctx, func(row any) bool { return unowned[row] }); err != nil {
		return err
	}
	return ids.finish(ctx)
}

// updateDependents updates what depends on the records that name their customers: the placement of other records, the
// holdings, and the owners of documents that name no customer.
func (ids *identities) updateDependents(ctx context.Context, claims []*claim) error {
	if err := ids.placeStored(ctx); err != nil {
		return err
	}
	since, err := ids.updateHoldings(ctx)
	if err != nil {
		return err
	}
	return ids.attribute(ctx, claims, since)
}
