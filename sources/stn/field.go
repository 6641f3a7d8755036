package stn

import (
	"reflect"
	"slices"
	"strings"

	"usagegraph/db"
)

// kind is how a field's values are written and compared.
type kind int

const (
	textKind kind = iota
	monthKind
	numberKind
	booleanKind
	listKind
)

// field is a field by the name that clients have for it.
type field struct {
	name string
	kind kind
	// place is where it stands in Summary; hidden tells that it can be asked by, but is not answered.
	place  int
	hidden bool
	// order is the name of the field in db's orders and sums; empty where it stands in neither.
	order db.UsageSummaryOrderField
	// bucket tells that the value is an amount of a bucket.
	bucket bool
	// text compares a text, but of a month its pattern alone; number compares a number; equal, where there is one, knows a faster or wider equality than text.
	text   func(*db.StringFilter) *db.UsageSummaryFilter
	number func(*db.DecimalFilter) *db.UsageSummaryFilter
	equal  func(string) *db.UsageSummaryFilter
}

// fields are all fields, by their names in lower case.
var fields = newFields()

func newFields() map[string]*field {
	list := []*field{
		{name: "id", order: "SOURCE_ID", text: func(f *db.StringFilter) *db.UsageSummaryFilter {
			return &db.UsageSummaryFilter{SourceID: f}
		}},
		{name: "subscriptionId", order: "SOURCE_SUBSCRIPTION_ID", text: func(f *db.StringFilter) *db.UsageSummaryFilter {
			return &db.UsageSummaryFilter{SourceSubscriptionID: f}
		}},
		{name: "phoneNumber", order: "PHONE_NUMBER", text: func(f *db.StringFilter) *db.UsageSummaryFilter {
			return &db.UsageSummaryFilter{PhoneNumber: f}
		}, equal: func(number string) *db.UsageSummaryFilter {
			digits := separators.Replace(number)
			return &db.UsageSummaryFilter{PhoneDigits: &digits}
		}},
		{name: "simCardNumber", hidden: true, text: func(f *db.StringFilter) *db.UsageSummaryFilter {
			return &db.UsageSummaryFilter{SimCardNumber: f}
		}},
		{name: "yearMonth", kind: monthKind, order: "YEAR_MONTH", text: func(f *db.StringFilter) *db.UsageSummaryFilter {
			return &db.UsageSummaryFilter{YearMonthLike: f.Like}
		}},
		{name: "customerId", order: "SOURCE_CUSTOMER_ID", text: func(f *db.StringFilter) *db.UsageSummaryFilter {
			return &db.UsageSummaryFilter{SourceCustomerID: f}
		}, equal: func(id string) *db.UsageSummaryFilter {
			return &db.UsageSummaryFilter{SourceCustomer: &db.SourceID{Source: db.STN, Value: id}}
		}},
		{name: "providerGroup", order: "PROVIDER_GROUP", text: func(f *db.StringFilter) *db.UsageSummaryFilter {
			return &db.UsageSummaryFilter{ProviderGroup: f}
		}},
		{name: "amountPremium", kind: numberKind, order: "PREMIUM", number: func(f *db.DecimalFilter) *db.UsageSummaryFilter {
			return &db.UsageSummaryFilter{Premium: f}
		}},
		{name: "isGroupSim", kind: booleanKind, order: "IS_GROUP_SIM"},
		{name: "amountTotalUsage", kind: numberKind, order: "TOTAL", number: func(f *db.DecimalFilter) *db.UsageSummaryFilter {
			return &db.UsageSummaryFilter{Total: f}
		}},
		{name: "amountInternationalTotal", kind: numberKind, order: "INTERNATIONAL", number: func(f *db.DecimalFilter) *db.UsageSummaryFilter {
			return &db.UsageSummaryFilter{International: f}
		}},
		{name: "usageDetails", kind: listKind},
	}
	for _, a := range new(Summary).Allowances() {
		list = append(list,
			amountOf(a, "quantityInBundle", "TOTAL", func(b *db.BucketFilter, f *db.DecimalFilter) { b.Total = f }),
			amountOf(a, "usage", "USED", func(b *db.BucketFilter, f *db.DecimalFilter) { b.Used = f }),
			amountOf(a, "amount", "CHARGED", func(b *db.BucketFilter, f *db.DecimalFilter) { b.Charged = f }))
	}
	byName := make(map[string]*field, len(list))
	for _, f := range list {
		byName[small(f.name)] = f
	}
	for i, of := 0, reflect.TypeFor[Summary](); i < of.NumField(); i++ {
		name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
		if f := byName[small(name)]; f != nil {
			f.place = i
		}
	}
	return byName
}

// separators are what a phone number is compared without.
var separators = strings.NewReplacer("-", "", " ", "")

// amountOf is one amount of a zone and service, such as usageHomeVoice: the bucket HomeVoice has it.
func amountOf(a Allowance, name, order string, compare func(*db.BucketFilter, *db.DecimalFilter)) *field {
	bucket := a.Zone + a.Service
	return &field{
		name:   name + bucket,
		kind:   numberKind,
		order:  db.UsageSummaryOrderField(bucket + " " + order),
		bucket: true,
		number: func(f *db.DecimalFilter) *db.UsageSummaryFilter {
			b := &db.BucketFilter{SourceID: &db.StringFilter{Eq: &bucket}}
			compare(b, f)
			return &db.UsageSummaryFilter{Bucket: b}
		},
	}
}

// distinctField is the field's name in db's combinations: phone numbers that are shown alike are one value.
func (f *field) distinctField() db.UsageSummaryOrderField {
	if f.name == "phoneNumber" {
		return db.MaskedPhoneNumber
	}
	return f.order
}

// small returns a name with its letters A to Z as a to z, and as many bytes as before.
func small(name string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r - 'A' + 'a'
		}
		return r
	}, name)
}

// fieldNamed returns the field of a name in any case; nil where there is none.
func fieldNamed(name string) *field { return fields[small(name)] }

// answered returns the field that an answer shows by this name; nil where there is none.
func answered(name string) *field {
	if f := fieldNamed(name); f != nil && !f.hidden {
		return f
	}
	return nil
}

// allAnswered returns the fields that an answer shows, in their order.
func allAnswered() []*field {
	var list []*field
	for _, f := range fields {
		if !f.hidden {
			list = append(list, f)
		}
	}
	slices.SortFunc(list, byPlace)
	return list
}

// byPlace orders fields as they stand in an answer.
func byPlace(a, b *field) int { return a.place - b.place }
