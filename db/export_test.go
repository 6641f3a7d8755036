package db

import "maps"

// OrderFields returns what each list can be ordered by, by the GraphQL name of its type, for tests that miss none.
func OrderFields() map[NodeType][]string {
	return map[NodeType][]string{
		TypeCustomer: fields(customers), TypeSubscription: fields(subscriptions), TypeUsageRecord: fields(usageRecords),
		TypeUsageSummary: fields(usageSummaries), TypeBucket: fields(buckets), TypeConsumptionReport: fields(consumptionReports),
	}
}

func fields[T any, K ~string](t *table[T, K]) []string {
	var names []string
	for name := range maps.Keys(t.orders) {
		names = append(names, string(name))
	}
	return names
}

// ParentTypes returns the types in which each list stands.
func ParentTypes() map[NodeType][]NodeType {
	return map[NodeType][]NodeType{
		TypeCustomer: parents(customers), TypeSubscription: parents(subscriptions), TypeUsageRecord: parents(usageRecords),
		TypeUsageSummary: parents(usageSummaries), TypeBucket: parents(buckets), TypeConsumptionReport: parents(consumptionReports),
	}
}

func parents[T any, K ~string](t *table[T, K]) []NodeType {
	var types []NodeType
	for name := range maps.Keys(t.parents) {
		types = append(types, name)
	}
	return types
}
