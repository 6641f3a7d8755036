package brm

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// Settings holds facts that BRM's documents do not contain.
type Settings struct {
	// Region is the ISO 3166 code of the country of national numbers in the ids of parties; empty for none.
	Region string
	// Quantities says which characteristics are the duration, the volume and the number of items of a usage, as
	// NAME=UNIT or NAME=UNIT*FACTOR, separated by commas.
	Quantities string
}

// decoder decodes records with given settings.
type decoder struct {
	names      *db.NameReader
	quantities []quantityRule
}

// Source returns the import source for BRM. It returns an error for an unknown region and for invalid quantities.
func Source(s Settings) (ingest.Source, error) {
	if err := db.CheckRegion(s.Region); err != nil {
		return ingest.Source{}, fmt.Errorf("brm: %w", err)
	}
	quantities, err := parseQuantities(s.Quantities)
	if err != nil {
		return ingest.Source{}, fmt.Errorf("brm: %w", err)
	}
	d := decoder{db.NewNameReader(db.BRM, s.Region), quantities}
	return ingest.Source{
		Name:     db.BRM,
		Required: [][]string{{"id"}, {"date", "usageDate"}},
		Marks: []string{
			"date", "usageDate", "usageType", "usageSpecification", "usageCharacteristic", "relatedParty", "ratedProductUsage",
		},
		Decode:   d.decode,
		Redecode: ingest.Redecode{Usage: d.redecode},
	}, nil
}

// decode decodes one element of the page's array. Its errors name the field.
func (d decoder) decode(text jsontext.Value) (*ingest.Record, error) {
	var w Usage
	if err := ingest.Unmarshal(text, &w); err != nil {
		return nil, err
	}
	at, err := w.date()
	if err != nil {
		return nil, err
	}
	usage, err := w.usage(at)
	if err != nil {
		return nil, err
	}
	parties, err := w.addJSONColumns(usage)
	if err != nil {
		return nil, err
	}
	known, err := d.setQuantities(usage)
	if err != nil {
		return nil, ingest.Within("usageCharacteristic", err)
	}
	truncated := at.Truncated
	for i, rated := range w.RatedProductUsage {
		price, at, err := rated.price()
		if err != nil {
			return nil, ingest.Within(fmt.Sprintf("ratedProductUsage[%d]", i), err)
		}
		usage.Rated = append(usage.Rated, price)
		truncated = truncated || at.Truncated
	}
	record := d.record(usage, parties)
	record.TruncatedTime, record.UnknownQuantity = truncated, !known
	return record, nil
}

// date returns the time of the usage. It also returns an error where the record has no id.
func (w *Usage) date() (ingest.Instant, error) {
	if w.ID == nil || *w.ID == "" {
		return ingest.Instant{}, ingest.Field("id", "missing")
	}
	date, field, err := eitherSpelling("date", w.Date, "usageDate", w.UsageDate)
	if err != nil {
		return ingest.Instant{}, err
	}
	if date == nil {
		return ingest.Instant{}, ingest.Field("date", "missing")
	}
	return ingest.ReadInstant(field, *date)
}

// usage converts the members that have their own columns.
func (w *Usage) usage(at ingest.Instant) (*db.UsageRecord, error) {
	class, _, err := eitherSpelling("type", w.EventClass, "usageType", w.UsageType)
	if err != nil {
		return nil, err
	}
	status, err := parseStatus(w.Status)
	if err != nil {
		return nil, err
	}
	return &db.UsageRecord{
		Source:           db.BRM,
		SourceID:         *w.ID,
		EventTime:        at.At,
		UTCOffsetMinutes: at.OffsetMinutes,
		UsageType:        usageType(class),
		UsageTypeName:    class,
		Status:           status,
		Description:      w.Description,
		Extension:        extension{Date: at.Text, BaseType: w.BaseType, Type: w.Type, SchemaLocation: w.SchemaLocation, Extra: w.Extra}.encode(),
	}, nil
}

// addJSONColumns sets the columns that store a part of the document as JSON, and returns the related parties.
func (w *Usage) addJSONColumns(u *db.UsageRecord) ([]db.RelatedParty, error) {
	var err error
	if u.SpecificationJSON, err = object[db.UsageSpecification]("usageSpecification", w.UsageSpecification); err != nil {
		return nil, err
	}
	if u.CharacteristicsJSON, _, err = objects[characteristic]("usageCharacteristic", w.UsageCharacteristic); err != nil {
		return nil, err
	}
	var parties []db.RelatedParty
	u.RelatedPartiesJSON, parties, err = parseParties(w.RelatedParty)
	return parties, err
}

// eitherSpelling returns the value of a member with two names, and the name it has. It returns an error where both
// names are given with different values.
func eitherSpelling[T any](field string, value *T, otherField string, other *T) (*T, string, error) {
	switch {
	case value == nil && other != nil:
		return other, otherField, nil
	case other == nil || reflect.DeepEqual(value, other):
		return value, field, nil
	}
	return nil, otherField, ingest.Field(otherField, "differs from "+field)
}

// parseStatus parses a status of TMF635 in any case; the page's sample writes it with a capital.
func parseStatus(word *string) (*db.UsageStatus, error) {
	if word == nil {
		return nil, nil
	}
	switch s := db.UsageStatus(strings.ToUpper(*word)); s {
	case db.Received, db.Rejected, db.Recycled, db.Guided, db.Rated, db.Rerated, db.Billed:
		return &s, nil
	}
	return nil, ingest.Field("status", "want received, rejected, recycled, guided, rated, rerated or billed")
}
