package stn_test

import (
	"slices"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// moreRecords holds records to import after the sample, whose ids begin with RM, 5x and FD. Both have one phone number.
var moreRecords = []string{
	`{"id": "R4", "subscriptionId": "S4", "phoneNumber": "06-12345678", "simCardNumber": "8931087112345678901", "yearMonth": "2024_12",
		"customerId": "C4", "providerGroup": "Voda_50%", "usageHomeData": 100.50, "isGroupSim": true, "amountHomeData": 1.25, "amountTotalUsage": 1.25}`,
	`{"id": "R5", "subscriptionId": "S5", "phoneNumber": "0612345678", "simCardNumber": "8931B", "yearMonth": "2025_02", "customerId": "C4", "providerGroup": "<b>&</b>", "later": [1.0]}`,
}

// all holds the ids of all records, in the default order.
const all = "RM 5x FD R4 R5"

// queryTests holds queries and the ids of the records that they return.
var queryTests = []struct{ query, want string }{
	{"", all},
	{"id=FD8i9Pbn0Gx6qzzxf", "FD"},
	{"id=fd8i9Pbn0Gx6qzzxf", ""},
	{"customerId=4neHKRNRJcSs78FSX", "RM 5x"},
	{"phoneNumber=06-12345678", "R4 R5"},
	{"phoneNumber=0612345678", "R4 R5"},
	{"phoneNumber=06+12+34+56-78", "R4 R5"},
	{"phoneNumber=06-****7640", "RM"},
	{"phoneNumber=06", ""},
	{"simCardNumber=8931087112345678901", "R4"},
	{"simCardNumber=8931B", "R5"},
	{"SimCardNumber=8931", ""},
	{"id=&customerId=&phoneNumber=&simCardNumber=&take=&skip=&orderBy=&orderByDesc=&fields=&include=&meta=", all},
	{"yearMonth=2025_02", "R5"},
	{"yearMonth=2025-02", "R5"},
	{"providerGroup=KPNMOBIEL", "RM 5x FD"},
	{"isGroupSim=True", "FD R4"},
	{"customerId=C4&yearMonth=2024_12", "R4"},
	{"customerId=C4&id=FD8i9Pbn0Gx6qzzxf", ""},
	{"format=json&jsconfig=edv&nonsense=1&nonsense=2&meta=x", all},

	{"usageHomeDataGreaterThan=522.429", "RM 5x"},
	{"USAGEHOMEDATAGreaterThanOrEqualTo=522.4290", "RM 5x FD"},
	{"usageHomeDataGreaterThanOrEqual=2694.31", "RM 5x"},
	{"usageHomeDataLessThan=522.429", "R4"},
	{"usageHomeDataLessThanOrEqualTo=522.429", "FD R4"},
	{"usageHomeDataLessThanOrEqual=522.429", "FD R4"},
	{"usageHomeData=100.5", "R4"},
	{"usageHomeDataNotEqualTo=100.5", "RM 5x FD"},
	{"usageHomeDataIn=100.5,+8034.94,,9", "5x R4"},
	{"usageHomeDataIn=100.5&usageHomeDataIn=8034.94", "5x R4"},
	{"usageHomeDataBetween=100.5,522.429", "FD R4"},
	{"usageHomeDataIsNull=true", "R5"},
	{"usageHomeDataIsNull=false", "RM 5x FD R4"},
	{"usageHomeDataIsNotNull=true", "RM 5x FD R4"},
	{"usageHomeDataIsNull=", "R5"},
	{"usageHomeDataIsNull", "R5"},
	{"usageHomeDataIsNotNull=", "RM 5x FD R4"},
	{"usageHomeDataIsNotNull=false", "R5"},
	{"usageHomeData>=522.429", "RM 5x"},
	{">usageHomeData=522.429", "RM 5x FD"},
	{"<usageHomeData=522.429", "R4"},
	{"usageHomeData<=522.429", "FD R4"},
	{"usageHomeData<=522.429&usageHomeData>=100.5", "FD"},
	{"USAGEHOMEDATA>=522.429", "RM 5x"},
	{"usageHomeDatas=100.5,522.429", "FD R4"},
	{"usageHomeDataBetween=[100.5,522.429]", "FD R4"},
	{"usageHomeDataBetween=+[+100.5+,+%22522.429%22+]+", "FD R4"},
	{"usageHomeDataGreaterThan=100.5&usageHomeDataOver=600&usageHomeDataMax=3000", "RM"},
	{"quantityInBundleHomeVoice=-1", "RM 5x"},
	{"quantityInBundleHomeDataGreaterThan=1&usageHomeDataLessThan=3000", "RM"},
	{"usageWorldData=0", "5x"},
	{"amountHomeDataGreaterThan=1", "R4"},
	{"amountWorldDataIsNotNull=true", "5x"},
	{"amountPremium=0", "RM"},
	{"amountPremiumIsNull=true", "5x FD R4 R5"},
	{"amountTotalUsageNotEqualTo=0", "R4"},
	{"amountInternationalTotalIsNull=true", "R4 R5"},

	{"isGroupSimNotEqualTo=true", "RM 5x"},
	{"isGroupSimIn=true,false", "RM 5x FD R4"},
	{"isGroupSimIsNull=true", "R5"},

	{"idGreaterThan=R4", "RM R5"},
	{"idIn=R4,R5,none", "R4 R5"},
	{"idNotEqualTo=R4", "RM 5x FD R5"},
	{"idBetween=R4,R5", "R4 R5"},
	{"subscriptionId=S4", "R4"},
	{"subscriptionIdStartsWith=s", "R4 R5"},
	{"subscriptionIdNotEqualTo=S4", "RM 5x FD R5"},
	{"customerIdIn=C4,2o8Sc3iAz9MQCmA89", "FD R4 R5"},
	{"customerIdNotEqualTo=C4", "RM 5x FD"},
	{"customerIdStartsWith=4NEH", "RM 5x"},
	{"customerIdLike=%25SS%25", "RM 5x"},
	{"phoneNumberNotEqualTo=0612345678", "RM 5x FD"},
	{"phoneNumberIn=0612345678,06-****8893", "5x R4 R5"},
	{"phoneNumberStartsWith=06-", "RM 5x R4"},
	{"phoneNumberEndsWith=5678", "R4 R5"},
	{"phoneNumberContains=****", "RM 5x FD"},
	{"phoneNumberContains=12345", "R4 R5"},
	{"providerGroupContains=_", "R4"},
	{"providerGroupContains=50%25", "R4"},
	{"providerGroupEndsWith=biel", "RM 5x FD"},
	{"providerGroupLike=V__a%25", "R4"},
	{"providerGroupLike=%25\\_50\\%25", "R4"},
	{"providerGroupStartsWith=%5C", ""},
	{"yearMonthGreaterThan=2025_01", "R5"},
	{"yearMonthBetween=2024_12,2025-01", "RM 5x FD R4"},
	{"yearMonthIn=2024_12,2025_02", "R4 R5"},
	{"yearMonthNotEqualTo=2025_01", "R4 R5"},
	{"yearMonthStartsWith=2025_", "RM 5x FD R5"},
	{"yearMonthEndsWith=_12", "R4"},
	{"yearMonthContains=4_1", "R4"},
	{"yearMonthLike=202%25_12", "R4"},
	{"yearMonthLike=2024\\_12", "R4"},
	{"yearMonthIsNull=true", ""},
	{"simCardNumberStartsWith=893", "R4 R5"},
	{"IDLike=r_", "R4 R5"},
	{"ids=R4,R5", "R4 R5"},
	{"IDS=R4", "R4"},
	{"idsIn=R4,R5", "R4 R5"},
	{"idIds=R4,R5", "R4 R5"},
	{"idIn=[R4,R5]", "R4 R5"},
	{"idIn=[R4]&idIn=R5", "R4 R5"},
	{"ids=R4,R5&idIn=R5,FD8i9Pbn0Gx6qzzxf", "R5"},
	{`idIn="R4","R5"`, "R4 R5"},
	{`idIn=["R4",R5]`, "R4 R5"},
	{`idIn="R4,R5"`, ""},
	{`idIn="[R4]"`, ""},
	{"idIn=", all},
	{`idIn=""`, ""},
	{"yearMonthIn=[2024_12,2025_02]", "R4 R5"},
	{`providerGroupIn="%3Cb%3E%26%3C/b%3E","a,b"`, "R5"},
	{`providerGroupIn="say%20""a,b""",Voda_50%25`, "R4"},
	{"customerIds=C4", "R4 R5"},
	{"phoneNumbers=0612345678", "R4 R5"},
	{"isGroupSim!=true", "RM 5x"},
	{"providerGroup!=KPNMOBIEL", "R4 R5"},
	{"<>providerGroup=KPNMOBIEL", "R4 R5"},
	{"providerGroup!=", all},
	{"valid=1&identity=2&grid=3&clientid=4&paid=5&idp=6&_=7", all},

	{"take=2", "RM 5x"},
	{"take=2&skip=1", "5x FD"},
	{"Skip=4", "R5"},
	{"take=0", ""},
	{"take=99999999999999999999", all},
	{"skip=5", ""},
	{"orderBy=yearMonth", "R4 RM 5x FD R5"},
	{"orderByDesc=yearMonth", "R5 FD 5x RM R4"},
	{"orderBy=-yearMonth", "R5 FD 5x RM R4"},
	{"orderByDesc=-YEARMONTH", "R4 RM 5x FD R5"},
	{"orderBy=-usageHomeData", "5x RM FD R4 R5"},
	{"orderBy=usageHomeData", "R4 FD RM 5x R5"},
	{"orderBy=customerId,-usageHomeData", "FD 5x RM R4 R5"},
	{"orderBy=customerId&orderByDesc=usageHomeData", "FD 5x RM R4 R5"},
	{"orderBy=isGroupSim,id,id,-id", "5x RM FD R4 R5"},
	{"orderBy=providerGroup,+id&orderBy=yearMonth", "R5 5x FD RM R4"},
	{"orderBy=amountHomeData,quantityInBundleHomeVoice,amountPremium,amountInternationalTotal,amountTotalUsage,subscriptionId,phoneNumber", "R4 RM 5x FD R5"},
}

// TestImplicitConventions filters by each word of AutoQuery, before and after the name of a field.
func TestImplicitConventions(t *testing.T) {
	const amounts, texts, nothing = "UsageHomeData", "ProviderGroup", "AmountPremium"
	tests := []struct{ words, field, value, want string }{
		{"Above Begin Beyond Over OlderThan After GreaterThan", amounts, "522.429", "RM 5x"},
		{"OnOrAfter From Since Start Higher Min Minimum GreaterThanOrEqualTo GreaterThanOrEqual", amounts, "522.429", "RM 5x FD"},
		{"Behind Below Under Lower Before YoungerThan LessThan", amounts, "522.429", "R4"},
		{"OnOrBefore End Stop To Until Max Maximum LessThanOrEqualTo LessThanOrEqual", amounts, "522.429", "FD R4"},
		{"NotEqualTo", amounts, "522.429", "RM 5x R4"},
		{"In Ids Between", amounts, "100.5,522.429", "FD R4"},
		{"Like", texts, "v_da%25", "R4"},
		{"StartsWith", texts, "VODA", "R4"},
		{"EndsWith", texts, "50%25", "R4"},
		{"Contains", texts, "oda_", "R4"},
		{"IsNull", nothing, "", "5x FD R4 R5"},
		{"IsNotNull", nothing, "", "RM"},
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := serve(t, store, moreRecords...)
		for _, tt := range tests {
			for _, word := range strings.Fields(tt.words) {
				lowerWord := strings.ToLower(word[:1]) + word[1:]
				for _, name := range []string{tt.field + word, strings.ToLower(tt.field) + word, word + tt.field, lowerWord + tt.field, lowerWord + strings.ToUpper(tt.field)} {
					if got := ids(t, get(t, h, name+"="+tt.value)); got != tt.want {
						t.Errorf("%s=%s finds %s, want %s", name, tt.value, got, tt.want)
					}
				}
			}
		}
	})
}

func TestQueries(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := serve(t, store, moreRecords...)
		for _, tt := range queryTests {
			a := get(t, h, tt.query)
			if got := ids(t, a); got != tt.want {
				t.Errorf("%s finds %s, want %s", tt.query, got, tt.want)
			}
			if a.Meta != nil {
				t.Errorf("%s: meta %v", tt.query, a.Meta)
			}
		}
	})
}

// TestConditionsAreCombinedByAnd combines conditions in pairs: the records that match both are returned.
func TestConditionsAreCombinedByAnd(t *testing.T) {
	conditions := queryTests[1:slices.IndexFunc(queryTests, func(f struct{ query, want string }) bool { return f.query == "take=2" })]
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := serve(t, store, moreRecords...)
		for i, a := range conditions {
			for j := i + 1; j < len(conditions); j += 9 {
				b := conditions[j]
				name := func(s string) string {
					name, _, _ := strings.Cut(strings.ToLower(s), "=")
					return strings.TrimSuffix(name, "to")
				}
				if strings.Contains(a.query+b.query, "&") || name(a.query) == name(b.query) {
					continue
				}
				both := slices.DeleteFunc(strings.Fields(a.want), func(id string) bool { return !strings.Contains(b.want, id) })
				if got := ids(t, get(t, h, a.query+"&"+b.query)); got != strings.Join(both, " ") {
					t.Errorf("%s&%s finds %s, want %s", a.query, b.query, got, both)
				}
			}
		}
	})
}

// TestSubscriptionIDsThatAreNotIDs filters by a subscriptionId that is a phone number or a placeholder.
func TestSubscriptionIDsThatAreNotIDs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := serve(t, store, `{"id": "N1", "subscriptionId": "+31612345678", "yearMonth": "2025_01", "customerId": "C"}`,
			`{"id": "N2", "subscriptionId": "n/a", "yearMonth": "2025_01", "customerId": "C"}`)
		for query, want := range map[string]string{
			"subscriptionId=%2B31612345678": "N1", "subscriptionId=n/a": "N2", "subscriptionIdStartsWith=%2B31": "N1",
			"customerId=C&orderBy=subscriptionId": "N1 N2", "customerId=C&orderByDesc=subscriptionId": "N2 N1", "customerId=C&subscriptionIdIsNull=true": "",
		} {
			if got := ids(t, get(t, h, query)); got != want {
				t.Errorf("%s finds %s, want %s", query, got, want)
			}
		}
	})
}
