package elevate_test

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/ingest"
	"usagegraph/sources/elevate"
	"usagegraph/sources/sourcetest"
)

func source(t testing.TB) ingest.Source {
	t.Helper()
	s, err := elevate.Source(elevate.Settings{Currency: "GBP", Region: "GB"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sample returns the page's sample record with the members of a patch.
func sample(t testing.TB, patch string) jsontext.Value {
	t.Helper()
	return sourcetest.With(t, sourcetest.Records(t, source(t), elevate.Samples)["customer-usage-data.json"][0], patch)
}

// decode decodes the sample record with the members of a patch.
func decode(t testing.TB, patch string) *ingest.Record {
	t.Helper()
	r := sourcetest.Decode(t, source(t), sample(t, patch))
	sourcetest.CheckRecord(t, source(t), r)
	return r
}

func TestSampleGolden(t *testing.T) {
	sourcetest.Goldens(t, source(t), elevate.Samples)
}

// TestAllFieldsRoundTrip builds the sample record from the decoded model alone.
func TestAllFieldsRoundTrip(t *testing.T) {
	record := sourcetest.Records(t, source(t), elevate.Samples)["customer-usage-data.json"][0]
	r := sourcetest.Decode(t, source(t), record)
	u, p := r.Usage, r.Usage.Prices[0]
	id, customer, date := jsontext.Value(u.SourceID), jsontext.Value(r.Customer.ID), u.EventTime.Format("2006-01-02T15:04:05Z")
	sourcetest.SameText(t, record, sourcetest.MarshalRecord(t, struct {
		ID         jsontext.Value `json:"id"`
		CustomerID jsontext.Value `json:"customerId"`
		elevate.Record
	}{id, customer, elevate.Record{
		SiteID: u.SiteID, BillRunID: u.BillRunID, EventDate: &date, ProductReference: jsontext.Value(*u.ProductReference),
		ServiceID: u.ServiceID, Destination: u.Destination, ChargeGroupID: u.ChargeGroupID, CallClass: u.CallClass,
		OneOffQuantity: (*ingest.Number)(u.OneOffs), DataQuantity: (*ingest.Number)(u.DataMB),
		DurationQuantity: (*ingest.Number)(u.DurationSeconds), SellPrice: (*ingest.Number)(p.TaxExcludedAmount),
		PreDiscountedSellPrice: (*ingest.Number)(p.PreDiscountedAmount), BuyPrice: (*ingest.Number)(p.CostAmount),
		RatedBuyPrice: (*ingest.Number)(p.RatedCostAmount), Profit: (*ingest.Number)(p.ProfitAmount),
		ProfitPercentage: (*ingest.Number)(p.ProfitPercentage), MarginPercentage: (*ingest.Number)(p.MarginPercentage),
		TimeBand: u.TimeBand, UsageProductID: u.UsageProductID, UsageDirection: (*string)(u.Direction), Isdn: u.Isdn,
		AdditionalInfoGeneral: u.AdditionalInfoGeneral, AdditionalInfoElectronic: u.AdditionalInfoElectronic,
		SupplierAccountID: u.SupplierAccountID, FileName: u.FileName, LoadedDate: (*string)(u.LoadedDate),
		ParserName: u.ParserName, FileType: u.FileType, Extra: jsontext.Value(u.Extension),
	}}))
}

func TestUsageType(t *testing.T) {
	tests := []struct {
		name, patch string
		want        db.UsageType
	}{
		{"a picture message with data is MMS", `{"callClass": "MMS Messages", "dataQuantity": 2}`, db.MMS},
		{"a class of pictures is MMS", `{"callClass": "UK Picture Message"}`, db.MMS},
		{"a text with a duration is SMS", `{"callClass": "Text to mobile", "durationQuantity": 1}`, db.SMS},
		{"words may be written together", `{"callClass": "IntlSMS"}`, db.SMS},
		{"comms is not mms", `{"callClass": "Comms", "durationQuantity": 1}`, db.Voice},
		{"context is not text", `{"callClass": "Context", "dataQuantity": 0.001}`, db.Data},
		{"data goes before duration", `{"dataQuantity": 1, "durationQuantity": 60}`, db.Data},
		{"a duration is a call", `{"durationQuantity": 60, "oneOffQuantity": 1}`, db.Voice},
		{"a call in a class of rentals is a call", `{"callClass": "Rental", "durationQuantity": 60}`, db.Voice},
		{"a recurring class", `{"callClass": "Recurring charge", "oneOffQuantity": 1}`, db.Recurring},
		{"a rental", `{"callClass": "Line rentals", "oneOffQuantity": 1}`, db.Recurring},
		{"a subscription", `{"callClass": "monthly-subscription"}`, db.Recurring},
		{"one item is one-off", `{"callClass": "Setup", "oneOffQuantity": 1}`, db.OneOff},
		{"a reversal of data", `{"callClass": "Mobile internet", "dataQuantity": -100, "durationQuantity": null, "oneOffQuantity": null}`, db.Data},
		{"a reversal of a call", `{"callClass": "UK Mobile", "durationQuantity": -60, "dataQuantity": null, "oneOffQuantity": null}`, db.Voice},
		{"a reversal of an item", `{"callClass": "Setup", "oneOffQuantity": -1}`, db.OneOff},
		{"0 MB is data where nothing else is given", `{"callClass": null, "dataQuantity": 0, "durationQuantity": null, "oneOffQuantity": null}`, db.Data},
		{"0 seconds is a call where nothing else is given", `{"callClass": null, "dataQuantity": null, "durationQuantity": 0.0, "oneOffQuantity": null}`, db.Voice},
		{"0 items is one-off where nothing else is given", `{"callClass": null, "dataQuantity": null, "durationQuantity": null, "oneOffQuantity": 0}`, db.OneOff},
		{"a rental of 0 seconds is a rental", `{"callClass": "Rental", "dataQuantity": null, "durationQuantity": 0, "oneOffQuantity": null}`, db.Recurring},
		{"two quantities of 0 are OTHER", `{"callClass": null, "dataQuantity": 0, "durationQuantity": 0, "oneOffQuantity": null}`, db.Other},
		{"of two quantities the non-zero one counts", `{"callClass": null, "dataQuantity": 0, "durationQuantity": 60, "oneOffQuantity": null}`, db.Voice},
		{"no quantity is OTHER", `{"callClass": null, "dataQuantity": null, "durationQuantity": null, "oneOffQuantity": null}`, db.Other},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := decode(t, tt.patch).Usage.UsageType; got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestPrice(t *testing.T) {
	type price struct{ Sell, Buy, Profit, OfBuy, OfSell string }
	const none = `"profit": null, "profitPercentage": null, "marginPercentage": null`
	tests := []struct {
		name, patch string
		want        price
	}{
		{"all is computed", `{"sellPrice": 12.50, "buyPrice": 10, ` + none + `}`, price{"12.50", "10", "2.50", "25", "20"}},
		{"percentages are rounded to four places", `{"sellPrice": 3, "buyPrice": 7, ` + none + `}`, price{"3", "7", "-4", "-57.1429", "-133.3333"}},
		{"a tie goes to the even digit", `{"sellPrice": 800000, "buyPrice": null, "profit": 1, "profitPercentage": null, "marginPercentage": null}`, price{"800000", "", "1", "", "0.0001"}},
		{"half of the last place is even 0", `{"sellPrice": 2000000, "buyPrice": null, "profit": 1, "profitPercentage": null, "marginPercentage": null}`, price{"2000000", "", "1", "", "0"}},
		{"three halves of the last place are even 2", `{"sellPrice": 2000000, "buyPrice": null, "profit": 3, "profitPercentage": null, "marginPercentage": null}`, price{"2000000", "", "3", "", "0.0002"}},
		{"nothing is divided by 0", `{"sellPrice": 0.0, "buyPrice": 0, ` + none + `}`, price{"0.0", "0", "0.0", "", ""}},
		{"given values are kept", `{"sellPrice": 2, "buyPrice": 1, "profit": 5, "profitPercentage": 7.10, "marginPercentage": null}`, price{"2", "1", "5", "7.10", "250"}},
		{"without a buy price there is no profit", `{"sellPrice": 2, "buyPrice": null, ` + none + `}`, price{"2", "", "", "", ""}},
		{"an inexact difference is null", `{"sellPrice": 1234567890123456789, "buyPrice": 0.01, ` + none + `}`, price{"1234567890123456789", "0.01", "", "", ""}},
		{"a percentage of too many digits is null", `{"sellPrice": 0.0001, "buyPrice": null, "profit": 1234567890123456, "profitPercentage": null, "marginPercentage": null}`, price{"0.0001", "", "1234567890123456", "", ""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := decode(t, tt.patch).Usage.Prices[0]
			got := price{str(p.TaxExcludedAmount), str(p.CostAmount), str(p.ProfitAmount), str(p.ProfitPercentage), str(p.MarginPercentage)}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestARecordWithoutPriceFieldsHasNoPrice(t *testing.T) {
	r := decode(t, `{"sellPrice": null, "preDiscountedSellPrice": null, "buyPrice": null, "ratedBuyPrice": null, "profit": null,
		"profitPercentage": null, "marginPercentage": null}`)
	if len(r.Usage.Prices) != 0 {
		t.Errorf("got %v", r.Usage.Prices)
	}
}

func str(d *decimal.Decimal) string {
	if d == nil {
		return ""
	}
	return d.String()
}
