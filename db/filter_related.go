package db

import "slices"

// ListFilter is a filter on the list of records of a customer or subscription; all conditions that are set must hold.
type ListFilter[F Filter] struct {
	// Some selects the owners with at least one record that satisfies the filter.
	Some F
	// None selects the owners without such a record.
	None F
}

// The filters on lists, named as in the schema.
type (
	UsageRecordListFilter  ListFilter[*UsageRecordFilter]
	UsageSummaryListFilter ListFilter[*UsageSummaryFilter]
	BucketListFilter       ListFilter[*BucketFilter]
)

// ofCustomer and ofSubscription return the rows of a table that belong to a customer or subscription.
func ofCustomer(table string) relatedRows {
	return relatedRows{table: table, own: []string{"customer_id"}, their: []string{"customer_id"}}
}

func ofSubscription(table string) relatedRows {
	return relatedRows{table: table, own: []string{"customer_id", "id"}, their: []string{"customer_id", "subscription_id"}}
}

// listCondition adds the conditions on the list of a row's records.
func listCondition[S any, F interface {
	*S
	Filter
}](c *compiler, t string, records relatedRows, f *ListFilter[F]) {
	if f == nil {
		return
	}
	outer := c.ofSubscription
	c.ofSubscription = slices.Contains(records.their, "subscription_id")
	defer func() { c.ofSubscription = outer }()
	if f.Some != nil {
		c.exists(t, records, func(x string) { f.Some.conditions(c, x) })
	}
	if f.None != nil {
		few := c.few
		c.add("NOT ", c.all(func() { c.exists(t, records, func(x string) { f.None.conditions(c, x) }) }))
		c.few = few
	}
}

// fewOwners is the largest number of customers or subscriptions for which a page of their records is read by their keys.
const fewOwners = 50

// ownerCondition adds the condition that a row's customer or subscription satisfies a filter.
func ownerCondition[S any, F interface {
	*S
	Filter
}](c *compiler, t, table string, own, key []string, f F) {
	if f == nil {
		return
	}
	owners := relatedRows{table: table, own: own, their: key, indexed: []indexedCondition{{condition: f.conditions}}, few: fewOwners, owners: true}
	c.exists(t, owners, func(x string) { f.conditions(c, x) })
}

// customerFilterCondition adds the condition that a row's customer satisfies a filter.
func customerFilterCondition(c *compiler, t string, f *CustomerFilter) {
	ownerCondition(c, t, "customers", []string{"customer_id"}, []string{"customer_id"}, f)
}

// subscriptionFilterCondition adds the condition that a row's subscription satisfies a filter.
func subscriptionFilterCondition(c *compiler, t string, f *SubscriptionFilter) {
	ownerCondition(c, t, "subscriptions", []string{"customer_id", "subscription_id"}, []string{"customer_id", "id"}, f)
}
