package ingest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// attributesOf returns the attributes of the only subscription: number, card, provider group, business id and group
// SIM.
func attributesOf(t *testing.T, store *db.Store) string {
	t.Helper()
	list := allNodes(store.For(db.All()).Subscriptions(context.Background(), db.AllColumns, db.NoParent, db.SubscriptionQuery{Page: whole}))
	if len(list) != 1 {
		t.Fatalf("%d subscriptions, want 1", len(list))
	}
	var text []string
	for _, v := range []*string{list[0].PhoneNumber, list[0].SimCardNumber, list[0].ProviderGroup, list[0].BusinessID} {
		if v == nil {
			v = new("-")
		}
		text = append(text, *v)
	}
	group := "-"
	if list[0].IsGroupSim != nil {
		group = fmt.Sprint(*list[0].IsGroupSim)
	}
	return strings.Join(append(text, group), " ")
}

func TestSubscriptionHasTheAttributesOfItsLatestRecords(t *testing.T) {
	t.Parallel()
	month := func(id, month, rest string) step {
		return document(db.STN, `{"id":%q,"customerId":"c","subscriptionId":"s","yearMonth":%q%s}`, id, month, rest)
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for _, tt := range []struct {
			name string
			step step
			want string
		}{
			{"nothing yet", month("m1", "2025_01", ``), "- - - - -"},
			{"a number", month("m2", "2025_02", `,"phoneNumber":"0612347640"`), "0612347640 - - - -"},
			{"a later masked number", month("m3", "2025_03", `,"phoneNumber":"06-****7640","simCardNumber":"N/A"`), "06-****7640 N/A - - -"},
			{"an earlier month has attributes that no later one has", month("m1", "2025_01", `,"phoneNumber":"0612340000","providerGroup":"KPN","isGroupSim":true`), "06-****7640 N/A KPN - true"},
			{"a later group", month("m2", "2025_02", `,"phoneNumber":"0612347640","providerGroup":"TMO","isGroupSim":false`), "06-****7640 N/A TMO - false"},
			{"a corrected record without its group", month("m2", "2025_02", `,"phoneNumber":"0612347640"`), "06-****7640 N/A KPN - true"},
			{"another record of the latest month, by its id", month("m4", "2025_03", `,"phoneNumber":"0612347640"`), "0612347640 N/A KPN - true"},
			{"a report has only its business id", reportAt("31612347640", "2025-03-20T00:00:00"), "0612347640 N/A KPN PR true"},
		} {
			tt.step(t, store)
			if got := attributesOf(t, store); got != tt.want {
				t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
			}
		}
	})
}

func TestCustomerHasTheNameOfItsLatestRecord(t *testing.T) {
	t.Parallel()
	latest := feeAt("f1", "a", "Ashcombe Ltd", phone, "2025-03-01T00:00:00Z")
	for name, steps := range map[string][]step{
		"the latest record last":  {call(1, 17, phone), fee("f2", "a", "Ashcombe", phone), latest, link("elevate:17", "brm:a"), call(2, 17, phone)},
		"the latest record first": {latest, fee("f2", "a", "Ashcombe", phone), call(1, 17, phone), link("elevate:17", "brm:a")},
		"linked first":            {link("elevate:17", "brm:a"), latest, fee("f2", "a", "Ashcombe", phone)},
		"records of one time":     {link("elevate:17", "brm:a"), fee("f2", "a", "Ashcombe Ltd", phone), fee("f1", "a", "Ashcombe", phone)},
		"a corrected name":        {link("elevate:17", "brm:a"), fee("f2", "a", "Ashcombe", phone), feeAt("f1", "a", "Ash", phone, "2025-03-01T00:00:00Z"), latest},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, store *db.Store) {
				for _, s := range steps {
					s(t, store)
				}
				c := allNodes(store.For(db.All()).Customers(context.Background(), db.AllColumns, db.NoParent, db.CustomerQuery{Page: whole}))
				if len(c) != 1 || c[0].Name == nil || *c[0].Name != "Ashcombe Ltd" || c[0].Source != db.BRM || c[0].SourceID != "a" {
					t.Errorf("%d customers; the first is %+v", len(c), c[0])
				}
			})
		})
	}
}
