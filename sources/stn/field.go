package stn

import (
	"reflect"
	"slices"
	"strings"

	"usagegraph/db"
)

// kind is the type of a field's values.
type kind int

const (
	textKind kind = iota
	monthKind
	numberKind
	booleanKind
	listKind
)

// field is a field that a request can select, filter or sort by.
type field struct {
	name string
	kind kind
	// index is its index in Summary. A hidden field can be filtered by, but is not in responses.
	index  int
	hidden bool
	// order is the name of the field in db's orders and aggregates; empty if it has none.
	order db.UsageSummaryOrderField
	// bucket reports whether the value is an amount of a bucket.
	bucket bool
	// text returns a text filter, for a month only with a pattern; number returns a number filter; equal, where it is
	// set, returns a faster or less strict equality filter than text.
	text   func(*db.StringFilter) *db.UsageSummaryFilter
	number func(*db.DecimalFilter) *db.UsageSummaryFilter
	equal  func(string) *db.UsageSummaryFilter
}

// fields holds all fields by their names in lower case.
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
			amountField(a, "quantityInBundle", "TOTAL", func(b *db.BucketFilter, f *db.DecimalFilter) { b.Total = f }),
			amountField(a, "usage", "USED", func(b *db.BucketFilter, f *db.DecimalFilter) { b.Used = f }),
			amountField(a, "amount", "CHARGED", func(b *db.BucketFilter, f *db.DecimalFilter) { b.Charged = f }))
	}
	byName := make(map[string]*field, len(list))
	for _, f := range list {
		byName[lowerASCII(f.name)] = f
	}
	for i, of := 0, reflect.TypeFor[Summary](); i < of.NumField(); i++ {
		name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
		if f := byName[lowerASCII(name)]; f != nil {
			f.index = i
		}
	}
	return byName
}

// separators removes dashes and spaces from a phone number.
var separators = strings.NewReplacer("-", "", " ", "")

// amountField returns the field of an amount of a zone and service, such as usageHomeVoice, which is in the bucket
// HomeVoice.
func amountField(a Allowance, name, order string, compare func(*db.BucketFilter, *db.DecimalFilter)) *field {
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

// distinctField returns the name of the field in a db.DistinctQuery. Phone numbers that are masked alike are one value.
func (f *field) distinctField() db.UsageSummaryOrderField {
	if f.name == "phoneNumber" {
		return db.MaskedPhoneNumber
	}
	return f.order
}

// lowerASCII converts A to Z to lower case. It keeps the length in bytes.
func lowerASCII(name string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r - 'A' + 'a'
		}
		return r
	}, name)
}

// fieldNamed returns a field by its name in any case; nil for an unknown name.
func fieldNamed(name string) *field { return fields[lowerASCII(name)] }

// responseField returns a field of the response by its name in any case; nil for an unknown name.
func responseField(name string) *field {
	if f := fieldNamed(name); f != nil && !f.hidden {
		return f
	}
	return nil
}

// responseFields returns all fields of the response, in order.
func responseFields() []*field {
	var list []*field
	for _, f := range fields {
		if !f.hidden {
			list = append(list, f)
		}
	}
	slices.SortFunc(list, byIndex)
	return list
}

// byIndex compares fields by their order in the response.
func byIndex(a, b *field) int { return a.index - b.index }
