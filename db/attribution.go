package db

import (
	"slices"
	"time"
)

// Attribution tells how the owner of a document that names no customer was found.
type Attribution string

// The attributions.
const (
	// Held is between two records of the holder, Window after the last one or in its month, Assigned by hand.
	Held     Attribution = "HELD"
	Window   Attribution = "WINDOW"
	Assigned Attribution = "ASSIGNED"
)

// UnattributedReason tells why a document has no owner.
type UnattributedReason string

// The reasons.
const (
	// NoSubscription is a document that names no line at all, or by text that names none.
	NoSubscription UnattributedReason = "NO_LINE"
	// OwnIDOnly names a line by an id of its own and no customer.
	OwnIDOnly UnattributedReason = "OWN_ID_ONLY"
	// SeveralCustomers names several customers of one rank.
	SeveralCustomers UnattributedReason = "SEVERAL_CUSTOMERS"
	// NeverHeld is about a number that no record of a customer has.
	NeverHeld UnattributedReason = "NEVER_HELD"
	// NotYetHeld is from before the first record of a customer with the number.
	NotYetHeld UnattributedReason = "NOT_YET_HELD"
	// InDispute is from a time in which several customers have records with the number, or from after it.
	InDispute UnattributedReason = "IN_DISPUTE"
	// WindowOver is from too long after the last holder's last record.
	WindowOver UnattributedReason = "WINDOW_OVER"
	// OtherNumber is from when the last holder had another number already.
	OtherNumber UnattributedReason = "OTHER_NUMBER"
)

// Owner holds the customer and subscription that a document belongs to, and how they were found.
type Owner struct {
	// CustomerID is 0 for an unattributed document. SubscriptionID is nil where subscriptions of one customer dispute the
	// number.
	CustomerID     int64
	SubscriptionID *int64
	// Attribution is nil for an unattributed document, and Unattributed for all others.
	Attribution  *Attribution
	Unattributed *UnattributedReason
}

func unattributed(why UnattributedReason) Owner { return Owner{Unattributed: &why} }

// DefaultAttributionWindow is the default length of the time after the last certain instant of a holding in which documents
// about the number still belong to the holder: the least time that a disconnected number rests in North America (47 CFR
// 52.15(f)(1)(ii)).
const DefaultAttributionWindow = 45 * 24 * time.Hour

// Attribute returns the owner of a document at an instant, from the holdings of its number or card. The function closed
// returns the time at which the window of a holding closes because its subscription has another number (see
// Tx.ClosedAt), or the zero time. Attribute calls it for a holding whose window contains the instant, and returns its
// error.
func Attribute(holdings []Holding, at time.Time, window time.Duration, closed func(Holding) (time.Time, error)) (Owner, error) {
	if len(holdings) == 0 {
		return unattributed(NeverHeld), nil
	}
	// The last holding that begins no later.
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
	how := Window
	switch {
	case h.Assigned:
		how = Assigned
	case !at.After(h.Last()):
		if h.FirstEnd.Before(at) && h.LastStart.After(at) {
			how = Held
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
	owner.Attribution = &how
	return owner, nil
}

// Same tells whether two owners are one, by the same attribution.
func (o Owner) Same(p Owner) bool {
	return o.CustomerID == p.CustomerID && equal(o.SubscriptionID, p.SubscriptionID) && equal(o.Attribution, p.Attribution) && equal(o.Unattributed, p.Unattributed)
}
