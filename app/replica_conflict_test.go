package app

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"usagegraph/db"
	"usagegraph/sources/rest"
)

// TestConflictWithRecoveryIsReadFromThePrimary removes the rows that an answer reads from a replica, between its
// statements.
func TestConflictWithRecoveryIsReadFromThePrimary(t *testing.T) {
	t.Parallel()
	p := newReplicated(t)
	p.sql(p.standby, "ALTER SYSTEM SET max_standby_streaming_delay = 0")
	p.sql(p.standby, "SELECT pg_reload_conf()")
	store := must(db.Open(t.Context(), p.database, db.Options{Replicas: db.Replicas{URLs: []string{p.address(p.standby)}, MaxLag: time.Minute}}))
	defer store.Close()
	count := func(ctx context.Context, r *db.Reader) (int64, error) {
		// The condition makes the server count the records instead of reading stored totals.
		named := &db.UsageRecordFilter{SourceID: &db.StringFilter{IsNull: new(false)}}
		list, err := r.UsageRecords(ctx, db.AllColumns, db.NoParent, db.UsageRecordQuery{Filter: named, Page: db.Page{Limit: 1, CountOnly: true}})
		if err != nil {
			return 0, err
		}
		return list[0].TotalCount(ctx)
	}
	var answered []string
	handler := &rest.Handler{
		Store: store, Log: slog.New(slog.DiscardHandler),
		Scope: func(*http.Request) (db.Scope, error) { return db.All(), nil },
		Parse: func(*http.Request) (rest.RespondFunc, db.Filter, error) {
			return func(ctx context.Context, r *db.Reader) (*rest.Response, error) {
				before := store.Replicas()[0].Answers
				if len(answered) == 0 {
					p.vacuum()
				}
				n, err := count(ctx, r)
				answered = append(answered, fmt.Sprint(before, " ", n, " ", err != nil))
				return &rest.Response{Body: func(w io.Writer) error {
					_, err := fmt.Fprint(w, n)
					return err
				}}, err
			}, nil, nil
		},
		Fail:     func(w http.ResponseWriter, _ *http.Request, p *rest.Problem) { http.Error(w, p.Error(), p.Status) },
		Settings: func() string { return "" },
	}
	p.awaitReplica(store)
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/x", nil))
	if w.Code != http.StatusOK || w.Body.String() != fmt.Sprint(p.imported) || fmt.Sprint(answered) != fmt.Sprintf("[1 0 true 1 %d false]", p.imported) {
		t.Errorf("%d %s after %q", w.Code, w.Body, answered)
	}
}

// awaitReplica waits until a store reads from its replica.
func (p *replicated) awaitReplica(store *db.Store) {
	p.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(10 * time.Second); store.Replicas()[0].Refusal != ""; <-tick.C {
		if time.Now().After(deadline) {
			p.t.Fatal(store.Replicas())
		}
	}
}

// vacuum replaces and removes the rows of all records on the primary, and waits until the standby has done the same.
func (p *replicated) vacuum() {
	p.t.Helper()
	p.sql(p.primary, "UPDATE usage_records SET description = 'replaced'")
	p.sql(p.primary, "VACUUM usage_records")
	var end string
	primary := must(sql.Open("postgres", p.address(p.primary)))
	defer primary.Close()
	if err := primary.QueryRow("SELECT pg_current_wal_insert_lsn()").Scan(&end); err != nil {
		p.t.Fatal(err)
	}
	standby := must(sql.Open("postgres", p.address(p.standby)))
	defer standby.Close()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	deadline := time.Now().Add(10 * time.Second)
	for replayed := false; !replayed; <-tick.C {
		if err := standby.QueryRow("SELECT pg_last_wal_replay_lsn() >= $1", end).Scan(&replayed); err != nil || time.Now().After(deadline) {
			p.t.Fatal("the standby does not replay", err)
		}
	}
}
