package elevate

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// encodeRecord is the reverse of decode: it returns a usage record and its price in the page's format. A nil price
// writes null in all price fields.
func encodeRecord(u *db.UsageRecord, price *db.RatedUsage) (*Record, error) {
	if price == nil {
		price = &db.RatedUsage{}
	}
	id, err := parseID(&u.SourceID)
	if err != nil {
		return nil, fmt.Errorf("id: %w", err)
	}
	customerID, err := parseID(u.SourceCustomerID)
	if err != nil {
		return nil, fmt.Errorf("customer id: %w", err)
	}
	productReference, err := referenceValue(u.ProductReference)
	if err != nil {
		return nil, fmt.Errorf("product reference: %w", err)
	}
	unknown, err := unknownMembers(u.Extension)
	if err != nil {
		return nil, fmt.Errorf("extension: %w", err)
	}
	return &Record{
		ID:                       id,
		CustomerID:               customerID,
		SiteID:                   u.SiteID,
		BillRunID:                u.BillRunID,
		EventDate:                new(u.EventTime.Format("2006-01-02T15:04:05Z")),
		ProductReference:         productReference,
		ServiceID:                u.ServiceID,
		Destination:              u.Destination,
		ChargeGroupID:            u.ChargeGroupID,
		CallClass:                u.CallClass,
		OneOffQuantity:           (*ingest.Number)(u.OneOffs),
		DataQuantity:             (*ingest.Number)(u.DataMB),
		DurationQuantity:         (*ingest.Number)(u.DurationSeconds),
		SellPrice:                (*ingest.Number)(price.TaxExcludedAmount),
		PreDiscountedSellPrice:   (*ingest.Number)(price.PreDiscountedAmount),
		BuyPrice:                 (*ingest.Number)(price.CostAmount),
		RatedBuyPrice:            (*ingest.Number)(price.RatedCostAmount),
		Profit:                   (*ingest.Number)(price.ProfitAmount),
		ProfitPercentage:         (*ingest.Number)(price.ProfitPercentage),
		MarginPercentage:         (*ingest.Number)(price.MarginPercentage),
		TimeBand:                 u.TimeBand,
		UsageProductID:           u.UsageProductID,
		UsageDirection:           (*string)(u.Direction),
		Isdn:                     u.Isdn,
		AdditionalInfoGeneral:    u.AdditionalInfoGeneral,
		AdditionalInfoElectronic: u.AdditionalInfoElectronic,
		SupplierAccountID:        u.SupplierAccountID,
		FileName:                 u.FileName,
		LoadedDate:               (*string)(u.LoadedDate),
		ParserName:               u.ParserName,
		FileType:                 u.FileType,
		Extra:                    unknown,
	}, nil
}

// parseID parses an id that is stored as text; nil for nil.
func parseID(text *string) (*int64, error) {
	if text == nil {
		return nil, nil
	}
	n, err := strconv.ParseInt(*text, 10, 64)
	return &n, err
}

// referenceValue is the reverse of parseReference: it returns a JSON number where the text is one, otherwise a string.
func referenceValue(text *string) (jsontext.Value, error) {
	if text == nil {
		return nil, nil
	}
	v := jsontext.Value(*text)
	if v.Kind() == '0' && v.IsValid() && strings.TrimSpace(*text) == *text {
		return v, nil
	}
	return jsontext.AppendQuote(nil, *text)
}

// writeRecords writes records with their prices as a JSON array.
func (q *query) writeRecords(ctx context.Context, reader *db.Reader, records []*db.UsageRecord, w io.Writer) error {
	prices, err := pricesOf(ctx, reader, records)
	if err != nil {
		return err
	}
	enc := jsontext.NewEncoder(w)
	if err := enc.WriteToken(jsontext.BeginArray); err != nil {
		return err
	}
	for _, u := range records {
		r, err := encodeRecord(u, prices[u.Key])
		if err == nil {
			err = q.writeRecord(enc, r)
		}
		if err != nil {
			return fmt.Errorf("write usage record %d: %w", u.ID, err)
		}
	}
	return enc.WriteToken(jsontext.EndArray)
}

// pricesOf returns the first price of each record that has one.
func pricesOf(ctx context.Context, reader *db.Reader, records []*db.UsageRecord) (map[db.Key]*db.RatedUsage, error) {
	keys := make([]db.Key, len(records))
	for i, u := range records {
		keys[i] = u.Key
	}
	all, err := reader.RatedUsages(ctx, db.AllColumns, keys)
	prices := make(map[db.Key]*db.RatedUsage, len(all))
	for _, p := range all {
		if p.Position == 0 {
			prices[p.Owner()] = p
		}
	}
	return prices, err
}

// writeRecord writes a record, or its fields that the parameter fields selects.
func (q *query) writeRecord(enc *jsontext.Encoder, r *Record) error {
	if q.fields == nil {
		return json.MarshalEncode(enc, r)
	}
	if err := enc.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	values := reflect.ValueOf(r).Elem()
	for _, index := range q.fields {
		if err := enc.WriteToken(jsontext.String(fields[index].name)); err != nil {
			return err
		}
		if err := json.MarshalEncode(enc, values.Field(index).Interface()); err != nil {
			return err
		}
	}
	return enc.WriteToken(jsontext.EndObject)
}
