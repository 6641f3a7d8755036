package demo_test

import (
	"encoding/json"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
	"usagegraph/sources/brm"
	"usagegraph/sources/dxp"
	"usagegraph/sources/elevate"
	"usagegraph/sources/stn"
)

// formats holds the fields of each system's documents.
var formats = map[db.Source]struct {
	samples fs.FS
	// more matches the fields that the samples do not have: the values of other zones and services of stn, and the
	// members of objects that are null in the samples of brm.
	more *regexp.Regexp
}{
	db.Elevate: {elevate.Samples, nil},
	db.BRM: {brm.Samples, regexp.MustCompile(`^(relatedParty\.(id|name|role|@referredType)|usageCharacteristic\.(name|value|valueType)|` +
		`ratedProductUsage\.productRef\.(id|name))$`)},
	db.STN: {stn.Samples, regexp.MustCompile(`^(quantityInBundle|usage|amount)(Home|Eu|World)(Voice|Data|Sms)$`)},
	db.DXP: {dxp.Samples, nil},
}

func TestRecordsHaveTheFieldsOfTheSamples(t *testing.T) {
	t.Parallel()
	for source, format := range formats {
		t.Run(string(source), func(t *testing.T) {
			t.Parallel()
			known, always := sampleFields(t, format.samples)
			for i, record := range decoded[json.RawMessage](t, small, source) {
				found := fields("", record)
				for _, field := range found {
					if !slices.Contains(known, field) && (format.more == nil || !format.more.MatchString(field)) {
						t.Fatalf("record %d has the field %s; no sample has it", i, field)
					}
				}
				for _, field := range always {
					if !slices.Contains(found, field) {
						t.Fatalf("record %d does not have the field %s; all samples have it", i, field)
					}
				}
			}
		})
	}
}

// sampleFields returns the fields of the records of the samples: those of any record, and those of all records.
func sampleFields(t *testing.T, samples fs.FS) (known, always []string) {
	t.Helper()
	names, err := fs.Glob(samples, "sample/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	for _, name := range names {
		document, err := fs.ReadFile(samples, name)
		if err != nil {
			t.Fatal(err)
		}
		var envelope struct{ Results []json.RawMessage }
		if json.Unmarshal(document, &envelope) != nil {
			if err := json.Unmarshal(document, &envelope.Results); err != nil {
				t.Fatal(err)
			}
		}
		for _, record := range envelope.Results {
			found := fields("", record)
			if known == nil {
				always = found
			}
			known = append(known, found...)
			always = slices.DeleteFunc(always, func(field string) bool { return !slices.Contains(found, field) })
		}
	}
	return known, always
}

// fields returns the paths of the fields of a record. The elements of an array have the same path.
func fields(path string, value json.RawMessage) []string {
	var list []string
	switch value[0] {
	case '{':
		members := map[string]json.RawMessage{}
		json.Unmarshal(value, &members)
		for name, member := range members {
			list = append(append(list, path+name), fields(path+name+".", member)...)
		}
	case '[':
		var elements []json.RawMessage
		json.Unmarshal(value, &elements)
		for _, element := range elements {
			list = append(list, fields(path, element)...)
		}
	}
	return list
}

func TestRecordsAreDecoded(t *testing.T) {
	t.Parallel()
	elevateSource, err := elevate.Source(elevate.Settings{Currency: "GBP", Region: "GB"})
	if err != nil {
		t.Fatal(err)
	}
	brmSource, err := brm.Source(brm.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	stnSource, err := stn.Source(stn.Settings{Currency: "EUR", Region: "NL"})
	if err != nil {
		t.Fatal(err)
	}
	dxpSource, err := dxp.Source(dxp.Settings{Location: time.UTC, BusinessID: "PR"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		source ingest.Source
		types  []db.UsageType
	}{
		{elevateSource, []db.UsageType{db.Voice, db.Data, db.SMS}},
		{brmSource, []db.UsageType{db.Recurring, db.OneOff, db.Voice, db.Data, db.SMS}},
		{stnSource, nil},
		{dxpSource, nil},
	} {
		t.Run(string(c.source.Name), func(t *testing.T) {
			t.Parallel()
			found := map[db.UsageType]bool{}
			for i, record := range decoded[json.RawMessage](t, small, c.source.Name) {
				r, err := c.source.Decode(jsontext.Value(record))
				if err != nil {
					t.Fatalf("record %d: %v", i, err)
				}
				if r.Subscription == nil || !strings.HasPrefix(string(r.Subscription.Number), "+44") {
					t.Fatalf("record %d has no phone number with +44", i)
				}
				if (r.Customer == nil) != (c.source.Name == db.DXP) {
					t.Fatalf("record %d: customer %v", i, r.Customer)
				}
				if r.Usage != nil {
					found[r.Usage.UsageType] = true
				}
			}
			for _, usageType := range c.types {
				if !found[usageType] {
					t.Errorf("no record of type %s", usageType)
				}
			}
			if len(found) != len(c.types) {
				t.Errorf("usage types %v, want %v", found, c.types)
			}
		})
	}
}
