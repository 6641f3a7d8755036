package dxp_test

import (
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/sources/sourcetest"
)

// wholeReport is a report in which every member of the page's format has a value.
const wholeReport = `[{"description": "Usage Consumption Report for MSISDN 8201", "effectiveDate": "2022-11-08T11:52:48", "@type": "Other",
	"characteristic": [{"name": "BillingCycleId", "value": "Monthly"}, {"name": "n", "value": "v"}],
	"bucket": [
		{"id": "1", "name": "Data", "usageType": "Data", "isShared": true, "@type": "X", "characteristic": [{"name": "IsPrepaid", "value": "true"}],
			"product": [{"publicIdentifier": "8201"}, {"publicIdentifier": "8202"}],
			"bucketBalance": [
				{"remainingValueName": "5 MB", "remainingValue": {"amount": 5, "units": "megabytes"},
					"validFor": {"startDateTime": "2022-11-01T00:00:00", "endDateTime": "2022-12-01T00:00:00"}, "characteristic": [{"name": "IsCurrentPeriod", "value": "true"}]},
				{"remainingValue": {"amount": "infinity", "units": "none"}, "validFor": {"startDateTime": "2022-12-01T00:00:00", "endDateTime": "2023-01-01T00:00:00"}}],
			"bucketCounter": [{"counterType": "a", "level": "b", "value": {"amount": 6.5, "units": "minutes"}, "valueName": "c"}]},
		{"id": "2", "name": "Voice", "usageType": "Voice", "isShared": false, "@type": "BucketBalance"}]}]`

// TestUnknownMembersComeBack imports a report with further members in each object.
func TestUnknownMembersComeBack(t *testing.T) {
	t.Parallel()
	document := sourcetest.WithUnknownMembers(t, wholeReport)
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, db.DXP, document)
		answer := string(getReport(t, newHandler(t, store, db.All()), "MSISDN", "8201"))
		sourcetest.CheckUnknownMembers(t, document, answer)
		sourcetest.CheckEqualJSON(t, document, answer)
	})
}
