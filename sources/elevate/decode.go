package elevate

import (
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// Settings holds facts that Elevate's documents do not contain.
type Settings struct {
	// Currency is the ISO 4217 code of all prices.
	Currency string
	// Region is the ISO 3166 code of the country of national numbers in serviceId; empty for none.
	Region string
}

// decoder decodes records with given settings.
type decoder struct {
	Settings
	names *db.NameReader
}

// Source returns the import source for Elevate. It returns an error for an unknown currency or region.
func Source(s Settings) (ingest.Source, error) {
	if err := ingest.CheckCurrency(db.Elevate, s.Currency); err != nil {
		return ingest.Source{}, err
	}
	if err := db.CheckRegion(s.Region); err != nil {
		return ingest.Source{}, fmt.Errorf("elevate: %w", err)
	}
	d := decoder{s, db.NewNameReader(db.Elevate, s.Region)}
	return ingest.Source{
		Name:     db.Elevate,
		Required: [][]string{{"id"}, {"eventDate"}},
		Marks: []string{
			"eventDate", "productReference", "callClass", "chargeGroupId", "billRunId", "oneOffQuantity",
			"dataQuantity", "durationQuantity", "sellPrice", "buyPrice", "usageProductId", "supplierAccountId",
		},
		CSV:      columns(),
		Decode:   d.decode,
		Redecode: ingest.Redecode{Usage: d.redecode},
	}, nil
}

// decode decodes one element of the page's array. Its errors name the field.
func (d decoder) decode(text jsontext.Value) (*ingest.Record, error) {
	var r Record
	if err := ingest.Unmarshal(text, &r); err != nil {
		return nil, err
	}
	at, err := r.eventTime()
	if err != nil {
		return nil, err
	}
	usage, err := r.usage(at)
	if err != nil {
		return nil, err
	}
	if price := r.price(d.Currency); price != nil {
		usage.Rated = []*db.RatedUsage{price}
	}
	usage.DestinationCountry = d.names.Country(r.Destination)
	return &ingest.Record{Customer: r.customer(), Subscription: d.subscription(r.ServiceID), Usage: usage, TruncatedTime: at.Truncated}, nil
}

// usage converts a record without its customer, subscription and price. at is its parsed event time.
func (r *Record) usage(at ingest.Instant) (*db.UsageRecord, error) {
	u := &db.UsageRecord{
		Source:                   db.Elevate,
		SourceID:                 strconv.FormatInt(*r.ID, 10),
		EventTime:                at.At,
		UTCOffsetMinutes:         at.OffsetMinutes,
		UsageType:                r.usageType(),
		UsageTypeName:            r.CallClass,
		ServiceID:                r.ServiceID,
		Destination:              r.Destination,
		OneOffs:                  r.OneOffQuantity.Decimal(),
		DataMB:                   r.DataQuantity.Decimal(),
		DurationSeconds:          r.DurationQuantity.Decimal(),
		CallClass:                r.CallClass,
		ChargeGroupID:            r.ChargeGroupID,
		TimeBand:                 r.TimeBand,
		SiteID:                   r.SiteID,
		BillRunID:                r.BillRunID,
		UsageProductID:           r.UsageProductID,
		Isdn:                     r.Isdn,
		AdditionalInfoGeneral:    r.AdditionalInfoGeneral,
		AdditionalInfoElectronic: r.AdditionalInfoElectronic,
		SupplierAccountID:        r.SupplierAccountID,
		FileName:                 r.FileName,
		ParserName:               r.ParserName,
		FileType:                 r.FileType,
		Extension:                r.encodeExtension(at),
	}
	return u, r.parseTexts(u)
}

// eventTime returns the time of the event. It also returns an error where the record has no id.
func (r *Record) eventTime() (ingest.Instant, error) {
	switch {
	case r.ID == nil:
		return ingest.Instant{}, ingest.Field("id", "missing")
	case r.EventDate == nil:
		return ingest.Instant{}, ingest.Field("eventDate", "missing")
	}
	return ingest.ReadInstant("eventDate", *r.EventDate)
}

// parseTexts sets the fields of u that are parsed from text.
func (r *Record) parseTexts(u *db.UsageRecord) (err error) {
	if u.ProductReference, err = parseReference(r.ProductReference); err != nil {
		return err
	}
	if u.Direction, err = parseDirection(r.UsageDirection); err != nil {
		return err
	}
	u.LoadedDate, err = parseDate(r.LoadedDate)
	return err
}

// parseReference returns a product reference as text.
func parseReference(v jsontext.Value) (*string, error) {
	text := string(v)
	switch v.Kind() {
	case 0, 'n':
		return nil, nil
	case '0':
		return &text, nil
	case '"':
		plain, err := jsontext.AppendUnquote(nil, v)
		text = string(plain)
		return &text, err
	}
	return nil, ingest.Field("productReference", "want a number or a string")
}

func parseDirection(word *string) (*db.UsageDirection, error) {
	if word == nil {
		return nil, nil
	}
	d := db.UsageDirection(*word)
	if d != db.Inbound && d != db.Outbound {
		return nil, ingest.Field("usageDirection", "want INBOUND or OUTBOUND")
	}
	return &d, nil
}

func parseDate(text *string) (*db.Date, error) {
	if text == nil {
		return nil, nil
	}
	d, err := db.ParseDate(*text)
	if err != nil {
		return nil, ingest.Field("loadedDate", err.Error())
	}
	return &d, nil
}
