package brm

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// Settings are what brm's documents leave unsaid.
type Settings struct {
	// Region is the ISO 3166 code of the country whose national numbers stand in the parties' ids; empty for none.
	Region string
}

// decoder reads documents with some settings.
type decoder struct{ names *db.NameReader }

// Source returns brm as an import sees it. It returns an error for an unknown region.
func Source(s Settings) (ingest.Source, error) {
	if err := db.CheckRegion(s.Region); err != nil {
		return ingest.Source{}, fmt.Errorf("brm: %w", err)
	}
	d := decoder{db.NewNameReader(db.BRM, s.Region)}
	return ingest.Source{
		Name:     db.BRM,
		Required: [][]string{{"id"}, {"date", "usageDate"}},
		Marks: []string{
			"date", "usageDate", "usageType", "usageSpecification", "usageCharacteristic", "relatedParty", "ratedProductUsage",
		},
		Decode: d.decode,
		Again:  ingest.Again{Usage: d.again},
	}, nil
}

// decode reads one element of the page's array.
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
	parties, err := w.open(usage)
	if err != nil {
		return nil, err
	}
	truncated := at.Truncated
	for i, rated := range w.RatedProductUsage {
		price, at, err := rated.price()
		if err != nil {
			return nil, ingest.Within(fmt.Sprintf("ratedProductUsage[%d]", i), err)
		}
		usage.Prices = append(usage.Prices, price)
		truncated = truncated || at.Truncated
	}
	record := d.record(usage, parties)
	record.TruncatedTime = truncated
	return record, nil
}

// date returns the time of the usage. It returns an error, too, where the record has no id.
func (w *Usage) date() (ingest.Instant, error) {
	if w.ID == nil || *w.ID == "" {
		return ingest.Instant{}, ingest.Field("id", "missing")
	}
	date, field, err := either("date", w.Date, "usageDate", w.UsageDate)
	if err != nil {
		return ingest.Instant{}, err
	}
	if date == nil {
		return ingest.Instant{}, ingest.Field("date", "missing")
	}
	return ingest.ReadInstant(field, *date)
}

// usage maps what has a column of its own.
func (w *Usage) usage(at ingest.Instant) (*db.UsageRecord, error) {
	class, _, err := either("type", w.EventClass, "usageType", w.UsageType)
	if err != nil {
		return nil, err
	}
	status, err := statusOf(w.Status)
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
		Extension:        kept{Date: at.Text, BaseType: w.BaseType, Type: w.Type, SchemaLocation: w.SchemaLocation, Extra: w.Extra}.stored(),
	}, nil
}

// open maps the parts that are stored as they came, and returns the related parties.
func (w *Usage) open(u *db.UsageRecord) ([]db.RelatedParty, error) {
	var err error
	if u.SpecificationJSON, err = object[db.UsageSpecification]("usageSpecification", w.UsageSpecification); err != nil {
		return nil, err
	}
	if u.CharacteristicsJSON, _, err = objects[characteristic]("usageCharacteristic", w.UsageCharacteristic); err != nil {
		return nil, err
	}
	var parties []db.RelatedParty
	u.RelatedPartiesJSON, parties, err = partiesOf(w.RelatedParty)
	return parties, err
}

// either returns what one of two spellings says, and which. It returns an error where they say different things.
func either[T any](field string, value *T, other string, same *T) (*T, string, error) {
	switch {
	case value == nil && same != nil:
		return same, other, nil
	case same == nil || reflect.DeepEqual(value, same):
		return value, field, nil
	}
	return nil, other, ingest.Field(other, "differs from "+field)
}

// statusOf reads TMF635's words, which the page's sample writes with a capital.
func statusOf(word *string) (*db.UsageStatus, error) {
	if word == nil {
		return nil, nil
	}
	switch s := db.UsageStatus(strings.ToUpper(*word)); s {
	case db.Received, db.Rejected, db.Recycled, db.Guided, db.Rated, db.Rerated, db.Billed:
		return &s, nil
	}
	return nil, ingest.Field("status", "want received, rejected, recycled, guided, rated, rerated or billed")
}
