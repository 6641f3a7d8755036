package db

import (
	"slices"
	"time"
)

// Attribution is the rule by which the owner of a document that names no customer was found.
type Attribution string

// The attributions.
const (
	// Held means that the holder has evidence both before and after the document.
	Held Attribution = "HELD"
	// Window means that the document is in the holding or in its attribution window, without evidence on both sides.
	Window Attribution = "WINDOW"
	// Assigned means that an operator assigned the number, card or own id.
	Assigned Attribution = "ASSIGNED"
)

// UnattributedReason is the reason for which a document has no owner.
type UnattributedReason string

// The reasons.
const (
	// NoSubscription means that the document names no subscription, or only by text that names nothing.
	NoSubscription UnattributedReason = "NO_LINE"
	// OwnIDOnly means that the document names a subscription by its own id, and no customer.
	OwnIDOnly UnattributedReason = "OWN_ID_ONLY"
	// SeveralCustomers means that the document names several customers of the same rank.
	SeveralCustomers UnattributedReason = "SEVERAL_CUSTOMERS"
	// NeverHeld means that no record of a customer has the document's number.
	NeverHeld UnattributedReason = "NEVER_HELD"
	// NotYetHeld means that the document is older than the first record of a customer with the number.
	NotYetHeld UnattributedReason = "NOT_YET_HELD"
	// InDispute means that several customers dispute the last holding that begins no later than the document.
	InDispute UnattributedReason = "IN_DISPUTE"
	// WindowOver means that the attribution window of the last holder ended before the document.
	WindowOver UnattributedReason = "WINDOW_OVER"
	// OtherNumber means that the last holder already had another number at the document's time.
	OtherNumber UnattributedReason = "OTHER_NUMBER"
)

// Owner holds the customer and subscription that a document belongs to, and the rule by which they were found.
type Owner struct {
	// CustomerID is 0 for an unattributed document. SubscriptionID is nil if subscriptions of one customer dispute the
	// number.
	CustomerID     int64
	SubscriptionID *int64
	// Attribution is nil for an unattributed document; Unattributed is nil for every other document.
	Attribution  *Attribution
	Unattributed *UnattributedReason
}

func unattributed(reason UnattributedReason) Owner { return Owner{Unattributed: &reason} }

// DefaultAttributionWindow is the default length of the attribution window: the time after the last certain instant of
// a holding in which documents about the number still belong to the holder. It is the minimum aging time of a
// disconnected number in North America (47 CFR 52.15(f)(1)(ii)).
const DefaultAttributionWindow = 45 * 24 * time.Hour

// Attribute returns the owner of a document at an instant, from the holdings of its number or card. The function closed
// returns the time at which the window of a holding closes because its subscription has another number (see
// Tx.ClosedAt), or the zero time. Attribute calls it for a holding whose window contains the instant, and returns its
// error.
func Attribute(holdings []Holding, at time.Time, window time.Duration, closed func(Holding) (time.Time, error)) (Owner, error) {
	if len(holdings) == 0 {
		return unattributed(NeverHeld), nil
	}
	// Find the last holding that begins no later than at.
	n, exact := slices.BinarySearchFunc(holdings, at, func(h Holding, at time.Time) int { return h.Start.Compare(at) })
	if exact {
		n++
	}
	if n == 0 {
		return unattributed(NotYetHeld), nil
	}
	h := holdings[n-1].at(at)
	owner := Owner{CustomerID: h.Subscriptions[0].CustomerID, SubscriptionID: &h.Subscriptions[0].ID}
	if h.Disputed() {
		if slices.ContainsFunc(h.Subscriptions, func(k Key) bool { return k.CustomerID != owner.CustomerID }) {
			return unattributed(InDispute), nil
		}
		owner.SubscriptionID = nil
	}
	attribution := Window
	switch {
	case h.Assigned:
		attribution = Assigned
	case !at.After(h.Last()):
		if h.FirstEnd.Before(at) && h.LastStart.After(at) {
			attribution = Held
		}
	case !at.Before(h.LastStart.Add(window)):
		return unattributed(WindowOver), nil
	default:
		end, err := closed(h)
		if err != nil {
			return Owner{}, err
		}
		if !end.IsZero() && !at.Before(end) {
			return unattributed(OtherNumber), nil
		}
	}
	owner.Attribution = &attribution
	return owner, nil
}

// Same reports whether two owners are equal, attribution included.
func (o Owner) Same(p Owner) bool {
	return o.CustomerID == p.CustomerID && equal(o.SubscriptionID, p.SubscriptionID) && equal(o.Attribution, p.Attribution) && equal(o.Unattributed, p.Unattributed)
}
