// Package calls is a worked example of a source: call records as CSV, from a system that does not exist.
// docs/new-source.md explains it step by step. It is a test fixture; the program does not register it.
package calls

import (
	"embed"
	"fmt"
	"net/http"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/ingest"
	"usagegraph/sources/legacy"
)

// Name is the name of the system. A registered source has its constant in package db.
const Name db.Source = "CALLS"

// samples holds the example document.
//
//go:embed sample/*.csv
var samples embed.FS

// regionSetting is the setting with which documents are read.
const regionSetting = "calls-region"

// System describes the system.
func System() legacy.System {
	return legacy.System{
		Name: Name,
		Settings: []legacy.Setting{
			{Name: regionSetting, Default: "GB", Help: "The country of national phone numbers in call records (ISO 3166).", Check: db.CheckRegion, Region: true},
		},
		Source:      func(v legacy.Values) (ingest.Source, error) { return Source(v.Of(regionSetting)) },
		NumberIDs:   true,
		Extensions:  []string{".csv"},
		Samples:     samples,
		Credentials: &auth.Headers{Secret: "x-calls-key"},
		Endpoint: func(e legacy.Endpoint) map[string]http.Handler {
			return map[string]http.Handler{Pattern: Handler(e)}
		},
	}
}

// Source returns the import source for call records. It returns an error for an unknown region.
func Source(region string) (ingest.Source, error) {
	if err := db.CheckRegion(region); err != nil {
		return ingest.Source{}, fmt.Errorf("calls: %w", err)
	}
	d := decoder{db.NewNameReader(Name, region)}
	return ingest.Source{
		Name:     Name,
		Convert:  convert,
		Required: [][]string{{"call_id"}, {"started_at"}},
		Marks:    []string{"call_id", "started_at"},
		Decode:   d.decode,
		Redecode: ingest.Redecode{Usage: d.redecode},
	}, nil
}
