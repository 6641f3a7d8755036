package ingest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestOwners(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		steps []step
		want  []string
	}{
		{"one customer has two subscriptions", []step{call(1, 17, phone), call(2, 17, "20018"), call(3, 17, phone)}, []string{
			"elevate:17 | 447700900123 | 1 3", "elevate:17 | elevate:20018 | 2",
		}},
		{"a record without a subscription", []step{document(db.Elevate, `{"id":1,"customerId":17,"eventDate":"2025-01-01T00:00:00Z"}`)}, []string{"elevate:17 |  | 1"}},
		{"a record without a customer and a subscription", []step{document(db.BRM, `{"id":"u","date":"2025-01-01T00:00:00Z"}`)}, []string{"unattributed |  | u"}},
		{"customer 0 is a customer", []step{call(1, 0, "20018")}, []string{"elevate:0 | elevate:20018 | 1"}},
		{"a number that several customers have joins none of them", []step{call(1, 17, phone), summary("m", "c", "s", digits), call(2, 18, phone)}, []string{
			"elevate:17 | 447700900123 | 1", "elevate:18 | 447700900123 | 2", "stn:c | 447700900123 stn:s | m",
		}},
		{"a record by number alone goes to the customer's subscription with an own id", []step{link("elevate:17", "stn:c"), call(1, 17, phone), summary("m", "c", "s", digits)}, []string{
			"elevate:17 stn:c | 447700900123 stn:s | 1 m",
		}},
		{"a number that is too long joins no other system", []step{link("elevate:17", "stn:c"), call(1, 17, phone), summary("m", "c", "s", digits+"4")}, []string{
			"elevate:17 stn:c | 447700900123 | 1", "elevate:17 stn:c | stn:4477009001234 stn:s | m",
		}},
		{"a masked number names nothing", []step{summary("m1", "c", "s1", "06-****7640"), summary("m2", "c", "s2", "06-****7640")}, []string{
			"stn:c | stn:s1 | m1", "stn:c | stn:s2 | m2",
		}},
		{"one id in two systems names two subscriptions", []step{link("elevate:17", "stn:c"), call(1, 17, "20018"), summary("m", "c", "20018", "")}, []string{
			"elevate:17 stn:c | elevate:20018 | 1", "elevate:17 stn:c | stn:20018 | m",
		}},
		{"one id of two customers names two subscriptions", []step{call(1, 17, "20018"), call(2, 18, "20018")}, []string{
			"elevate:17 | elevate:20018 | 1", "elevate:18 | elevate:20018 | 2",
		}},
		{"two own ids with one number name two subscriptions", []step{summary("m1", "c", "s1", "06-****0123"), summary("m2", "c", "s2", digits), summary("m3", "c", "s1", digits)}, []string{
			"stn:c | 447700900123 stn:s1 | m1 m3", "stn:c | 447700900123 stn:s2 | m2",
		}},
		{"a report belongs to the subscription that had its number", []step{call(1, 17, phone), report(digits)}, []string{
			"elevate:17 | 447700900123 | 1 MSISDN:447700900123" + at + " WINDOW bucket 1",
		}},
		{"a report between two records of one subscription is held", []step{call(1, 17, phone), report(digits), callAt(2, 17, phone, "2025-09-01T00:00:00Z")}, []string{
			"elevate:17 | 447700900123 | 1 2 MSISDN:447700900123" + at + " HELD bucket 1",
		}},
		{"a report on a number without records is unattributed", []step{call(1, 17, "20018"), report(digits)}, []string{
			"elevate:17 | elevate:20018 | 1", "unattributed | 447700900123 | MSISDN:447700900123" + at + " bucket 1",
		}},
		{"a report on a number that two customers dispute is unattributed", []step{call(1, 17, phone), call(2, 18, phone), report(digits)}, []string{
			"elevate:17 | 447700900123 | 1", "elevate:18 | 447700900123 | 2", "unattributed | 447700900123 | MSISDN:447700900123" + at + " bucket 1",
		}},
		{"a report on a number that two subscriptions of one customer dispute is the customer's", []step{summary("m1", "c", "s1", digits), summary("m2", "c", "s2", digits), report(digits)}, []string{
			"stn:c |  | MSISDN:447700900123" + at + " WINDOW bucket 1", "stn:c | 447700900123 stn:s1 | m1", "stn:c | 447700900123 stn:s2 | m2",
		}},
		{"a report of a SubscriptionId is unattributed", []step{reportOn("S-1"), reportOn("S-2"), reportOn("S-1")}, []string{
			"unattributed | dxp:S-1 | SUBSCRIPTIONID:S-1" + at, "unattributed | dxp:S-2 | SUBSCRIPTIONID:S-2" + at,
		}},
		{"a report that comes before the record of its owner", []step{report(digits), call(1, 17, phone)}, []string{
			"elevate:17 | 447700900123 | 1 MSISDN:447700900123" + at + " WINDOW bucket 1",
		}},
		{"a report that comes again changes nothing", []step{report(digits), call(1, 17, phone), report(digits)}, []string{
			"elevate:17 | 447700900123 | 1 MSISDN:447700900123" + at + " WINDOW bucket 1",
		}},
		{"a report of 45 days after the last record is unattributed", []step{call(1, 17, phone), reportAt(digits, "2025-02-14T20:00:00"), reportAt(digits, "2025-02-14T19:59:59")}, []string{
			"elevate:17 | 447700900123 | 1 MSISDN:447700900123@2025-02-14T23:59:59Z WINDOW bucket 1", "unattributed | 447700900123 | MSISDN:447700900123@2025-02-15T00:00:00Z bucket 1",
		}},
		{"a record of another customer takes the later reports", []step{call(1, 17, phone), reportAt(digits, "2025-01-10T00:00:00"), report(digits), callAt(2, 18, phone, "2025-01-05T00:00:00Z")}, []string{
			"elevate:17 | 447700900123 | 1 MSISDN:447700900123" + at + " WINDOW bucket 1", "elevate:18 | 447700900123 | 2 MSISDN:447700900123@2025-01-10T04:00:00Z WINDOW bucket 1",
		}},
		{"a corrected record gives the later reports back", []step{call(1, 17, phone), reportAt(digits, "2025-01-10T00:00:00"), callAt(2, 18, phone, "2025-01-05T00:00:00Z"), callAt(2, 18, "20018", "2025-01-05T00:00:00Z")}, []string{
			"elevate:17 | 447700900123 | 1 MSISDN:447700900123@2025-01-10T04:00:00Z WINDOW bucket 1", "elevate:18 | elevate:20018 | 2",
		}},
		{"a link settles a dispute of two systems", []step{call(1, 17, phone), summary("m", "c", "s", digits), report(digits), link("elevate:17", "stn:c")}, []string{
			"elevate:17 stn:c | 447700900123 stn:s | 1 MSISDN:447700900123" + at + " WINDOW bucket 1 m",
		}},
		{"two links make one customer of three", []step{call(1, 17, phone), fee("f", "a", "Ashcombe Ltd", phone), summary("m", "c", "s", digits), link("elevate:17", "brm:a"), link("stn:c", "brm:a")}, []string{
			"brm:a elevate:17 stn:c | 447700900123 stn:s | 1 f m",
		}},
		{"a record moves to another customer", []step{call(1, 17, phone), call(1, 18, phone)}, []string{"elevate:18 | 447700900123 | 1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, store *db.Store) {
				for _, s := range tt.steps {
					s(t, store)
				}
				if diff := cmp.Diff(tt.want, known(store)); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}
