package calls

import (
	"context"
	"encoding/csv"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"usagegraph/db"
	"usagegraph/sources/legacy"
	"usagegraph/sources/rest"
)

// Pattern is the pattern of a ServeMux for which Handler answers.
const Pattern = "GET /calls.csv"

// Handler returns the old endpoint: the latest 1,000 calls of the scope as CSV, the latest first.
func Handler(e legacy.Endpoint) http.Handler {
	return &rest.Handler{
		Store: e.Store, Log: e.Log, Scope: e.Scope, Fail: fail, Settings: func() string { return "" },
		Parse: func(r *http.Request) (rest.RespondFunc, db.Filter, error) {
			q, err := rest.ParseQuery(r)
			if err != nil {
				return nil, nil, err
			}
			if names := q.Names(); len(names) > 0 && e.Unknown.Refuse(true) {
				return nil, nil, rest.Bad(names[0], "unknown parameter")
			}
			return respond, nil, nil
		},
	}
}

func fail(w http.ResponseWriter, _ *http.Request, p *rest.Problem) {
	http.Error(w, p.Error(), p.Status)
}

func respond(ctx context.Context, reader *db.Reader) (*rest.Response, error) {
	pages, err := reader.UsageRecords(ctx, db.AllColumns, db.NoParent, db.UsageRecordQuery{
		Filter: &db.UsageRecordFilter{Source: &db.SourceFilter{Eq: new(Name)}}, Page: db.Page{Limit: db.MaxPage},
	})
	if err != nil {
		return nil, err
	}
	records := pages[0].Nodes
	keys := make([]db.Key, len(records))
	for i, u := range records {
		keys[i] = u.Key
	}
	prices, err := reader.RatedUsages(ctx, db.AllColumns, keys)
	if err != nil {
		return nil, err
	}
	return &rest.Response{
		Header: http.Header{"Content-Type": {"text/csv; charset=utf-8"}},
		Body:   func(w io.Writer) error { return write(w, records, prices) },
	}, nil
}

// write writes records as they were imported: the columns of the model, and then those of the extensions by name.
func write(w io.Writer, records []*db.UsageRecord, prices []*db.RatedUsage) error {
	priceOf := map[db.Key]*db.RatedUsage{}
	for _, p := range prices {
		priceOf[p.Owner()] = p
	}
	extensions, names, err := extensionsOf(records)
	if err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(append(columns[:len(columns):len(columns)], names...)); err != nil {
		return err
	}
	for i, u := range records {
		row := []string{u.SourceID, text(u.SourceCustomerID), text(u.ServiceID), text(u.Destination), startedAt(u), "", "", ""}
		if u.DurationSeconds != nil {
			row[5] = u.DurationSeconds.String()
		}
		if p := priceOf[u.Key]; p != nil {
			row[6], row[7] = p.TaxExcludedAmount.String(), text(p.Currency)
		}
		for _, name := range names {
			row = append(row, extensions[i][name])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// extensionsOf returns the cells of each record that have no column in the model, and the names of their columns.
func extensionsOf(records []*db.UsageRecord) (extensions []map[string]string, names []string, err error) {
	extensions, all := make([]map[string]string, len(records)), map[string]bool{}
	for i, u := range records {
		if u.Extension == nil {
			continue
		}
		if err := json.Unmarshal(u.Extension, &extensions[i]); err != nil {
			return nil, nil, err
		}
		for name := range extensions[i] {
			all[name] = true
		}
	}
	return extensions, slices.Sorted(maps.Keys(all)), nil
}

// startedAt returns the time of a call with the offset of its document.
func startedAt(u *db.UsageRecord) string {
	zone := time.FixedZone("UTC"+strconv.Itoa(int(u.UTCOffsetMinutes)), int(u.UTCOffsetMinutes)*60)
	return u.EventTime.In(zone).Format(time.RFC3339Nano)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
