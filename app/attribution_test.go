package app

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// attributionNotice matches the output of a command that attributes the records of an older version.
var attributionNotice = regexp.MustCompile(`(?s)The database is of an older version: attributing its 34 records again.*attributed 34 records in \S+; 10 have no customer \(see usagegraph unattributed\)\n`)

func TestServeAttributesStoredRecords(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		dbtest.FillVersion3(t, url)
		base, out, stop := startWithOutput(t, "--database", url)
		if customers, subscriptions, reports := count(t, base, "customers"), count(t, base, "subscriptions"), count(t, base, "consumptionReports"); customers != 3 || subscriptions != 16 || reports != 11 {
			t.Errorf("%d customers, %d subscriptions, %d reports", customers, subscriptions, reports)
		}
		stop()
		if printed := out.String(); !attributionNotice.MatchString(printed) {
			t.Errorf("printed: %s", printed)
		}
		_, again := start(t, "--database", url)
		if strings.Contains(again, "attribut") {
			t.Errorf("printed by the next server: %s", again)
		}
	})
}

func TestCommandsAttributeStoredRecords(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		for _, command := range [][]string{{"migrate"}, {"unattributed"}, {"link", "--yes", "stn:A", "brm:acct-1"}, {"import", "elevate", sample(t, "elevate/sample")}} {
			old := dbtest.Another(t, url)
			dbtest.FillVersion3(t, old)
			printed, err := runCommand(t, "", append([]string{"--database", old}, command...)...)
			if err != nil || !attributionNotice.MatchString(printed) {
				t.Errorf("%s: %v: %s", command, err, printed)
			}
		}
	})
}

// TestServerIsNotReadyDuringAttribution blocks the attribution by holding the write lock.
func TestServerIsNotReadyDuringAttribution(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		dbtest.FillVersion3(t, url)
		store, other := dbtest.Open(t, url), dbtest.Open(t, url)
		out := &syncBuffer{}
		data := &dataSet{Store: store, given: &settings{}}
		if err := data.reconcileSettings(t.Context(), out); err != nil {
			t.Fatal(err)
		}
		locked, release, released := make(chan bool), make(chan bool), make(chan error)
		go func() {
			released <- other.Write(context.Background(), func(tx *db.Tx) error {
				err := tx.Revise(context.Background())
				close(locked)
				<-release
				return err
			})
		}()
		<-locked
		starting := &readiness{data: data, log: slog.New(slog.DiscardHandler)}
		_, ended := starting.finishPending(t.Context(), false, streams{nil, out, out})
		handler := starting.whenReady(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
		status := func() (int, string) {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/graphql", nil))
			return w.Code, w.Header().Get("Retry-After")
		}
		if code, retry := status(); code != http.StatusServiceUnavailable || retry != "1" {
			t.Errorf("while records are attributed: %d, Retry-After %q", code, retry)
		}
		close(release)
		if err := <-released; err != nil {
			t.Fatal(err)
		}
		for range 1000 {
			if code, _ := status(); code == http.StatusTeapot {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		if code, _ := status(); code != http.StatusTeapot {
			t.Errorf("after that: %d: %s", code, out.String())
		}
		if err := ended(); err != nil {
			t.Error(err)
		}
	})
}
