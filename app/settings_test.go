package app

import (
	"database/sql"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// dxpSettingsReports is a dxp document with all forms of times.
const dxpSettingsReports = "testdata/settings/reports.json"

// contentStatements select the stored data of records, without keys that differ between imports.
var contentStatements = []string{
	"SELECT 'usage', t.source, t.source_id, t.digest, t.subscription_name, t.source_subscription_id, t.attribution, t.unattributed, t.destination_country, c.source_id, l.source_id, l.subscription_name FROM usage_records" + contentOwners,
	"SELECT 'summary', t.source_id, t.digest, t.currency, t.number_name, t.own_id, t.month_start, t.month_end, c.source_id, l.source_id, l.subscription_name FROM usage_summaries" + contentOwners,
	"SELECT 'report', t.source_id, t.digest, t.effective_at, t.effective_text, t.cycle_start, t.cycle_end, t.subscription_name, t.business_id, t.attribution, t.unattributed, c.source_id, l.source_id, l.subscription_name, l.business_id FROM consumption_reports" + contentOwners,
	"SELECT 'price', u.source_id, t.position, t.currency, t.tax_excluded_amount, t.cost_amount FROM rated_usages t JOIN usage_records u ON u.customer_id = t.customer_id AND u.id = t.usage_id",
	"SELECT 'line', u.source_id, t.position, t.currency, t.amount FROM usage_summary_lines t JOIN usage_summaries u ON u.customer_id = t.customer_id AND u.id = t.summary_id",
	"SELECT 'bucket', t.source_id, t.effective_at, t.currency, t.charged_amount, t.available, t.valid_from, t.valid_to, t.extension, c.source_id, l.source_id, l.subscription_name FROM buckets" + contentOwners,
	"SELECT 'balance', b.source_id, b.effective_at, t.position, t.remaining, t.valid_from, t.valid_to, t.extension FROM bucket_balances t JOIN buckets b ON b.customer_id = t.customer_id AND b.id = t.bucket_id",
	"SELECT 'counter', b.source_id, b.effective_at, t.position, t.level FROM bucket_counters t JOIN buckets b ON b.customer_id = t.customer_id AND b.id = t.bucket_id",
	"SELECT 'subscription', t.source, t.source_id, t.subscription_name, t.phone_number, t.business_id, c.source_id FROM subscriptions t LEFT JOIN customers c ON c.customer_id = t.customer_id",
	"SELECT 'identifier', t.kind, t.source, t.value, t.position, t.valid_from, t.first_end, t.last_start, t.valid_to, t.disputed, c.source_id, l.source_id, l.subscription_name FROM subscription_identifiers" + contentOwners,
	"SELECT 'setting', name, scope, value, pending FROM settings",
}

const contentOwners = ` t LEFT JOIN customers c ON c.customer_id = t.customer_id LEFT JOIN subscriptions l ON l.customer_id = t.customer_id AND l.id = t.subscription_id`

// openPool opens the database of a test without the program.
func openPool(t *testing.T, url string) *sql.DB {
	t.Helper()
	driver := "sqlite"
	if strings.HasPrefix(url, "postgres") {
		driver = "postgres"
	}
	pool, err := sql.Open(driver, url)
	if err != nil {
		t.Fatal(err)
	}
	return pool
}

// content returns the stored data of a database, one string per row, sorted.
func content(t *testing.T, url string) []string {
	t.Helper()
	pool := openPool(t, url)
	defer pool.Close()
	var lines []string
	for _, statement := range contentStatements {
		rows, err := pool.Query(statement)
		if err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
		names, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values, into := make([]sql.NullString, len(names)), make([]any, len(names))
			for i := range values {
				into[i] = &values[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			lines = append(lines, fmt.Sprint(values))
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
	slices.Sort(lines)
	return lines
}

// fillDataSet imports documents of all systems into a database, with settings as flags.
func fillDataSet(t *testing.T, url string, flags ...string) {
	t.Helper()
	for _, command := range [][]string{{"demo", "--customers", "6", "--records", "60"}, {"import", "dxp", dxpSettingsReports}, {"import", "elevate", "-"}} {
		if printed, err := runCommand(t, destinationsDocument(), append(append([]string{"--database", url}, flags...), command...)...); err != nil {
			t.Fatal(err, printed)
		}
	}
}

func TestSettingsSetEqualsImportWithTheNewValue(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		for _, change := range []struct{ name, value, prints string }{
			{"elevate-currency", "USD", "records of elevate and the data derived from them will be recomputed"},
			{"elevate-region", "NL", "records of elevate and the data derived from them will be recomputed"},
			{"stn-currency", "USD", "records of stn and the data derived from them will be recomputed"},
			{"stn-region", "", "records of stn and the data derived from them will be recomputed"},
			{"stn-time-zone", "Asia/Tokyo", "records of stn and the data derived from them will be recomputed"},
			{"brm-region", "US", "records of brm and the data derived from them will be recomputed"},
			{"brm-quantities", "DURATION_SECONDS=SECOND*2", "records of brm and the data derived from them will be recomputed"},
			{"dxp-time-zone", "America/New_York", "The local times of 2 records are ambiguous or missing in the new time zone"},
			{"dxp-time-zone", "Asia/Kathmandu", "records of dxp and the data derived from them will be recomputed"},
			{"dxp-business-id", "JM", "records of dxp and the data derived from them will be recomputed"},
			{"attribution-window", "0", "documents without a customer and the data derived from them will be recomputed"},
		} {
			imported, changed := dbtest.Another(t, url), dbtest.Another(t, url)
			flags := []string{"--" + change.name + "=" + change.value}
			if change.name == "dxp-business-id" {
				flags = append(flags, "--dxp-time-zone=America/Puerto_Rico")
			}
			fillDataSet(t, imported, flags...)
			fillDataSet(t, changed)
			printed, err := runCommand(t, "", "--database", changed, "settings", "set", change.name, change.value, "--yes")
			if err != nil || !strings.Contains(printed, change.prints) {
				t.Errorf("%s %q: %v: %s", change.name, change.value, err, printed)
			}
			if diff := cmp.Diff(content(t, imported), content(t, changed)); diff != "" {
				t.Errorf("%s %q: - as imported, + as set: %s", change.name, change.value, diff)
			}
			printed, err = runCommand(t, "", "--database", changed, "import", "dxp", dxpSettingsReports)
			if err != nil || !strings.Contains(printed, "no changes") {
				t.Errorf("%s %q: imported again: %v: %s", change.name, change.value, err, printed)
			}
			if printed, err := runCommand(t, "", "--database", changed, "settings", "set", change.name, change.value); err != nil || !strings.Contains(printed, "already") {
				t.Errorf("%s %q: set again: %v: %s", change.name, change.value, err, printed)
			}
		}
	})
}

// settingsReport is a document whose local time is on different days in UTC for the time zones of Bogota and Puerto
// Rico.
const settingsReport = `[{"description":"Usage Consumption Report for MSISDN 17875550001","effectiveDate":"2025-01-01T23:30:00","@type":"UsageConsumptionReport","characteristic":[],"bucket":[{"id":"1","name":"Prepaid Balance","usageType":"United States dollar","isShared":false,"@type":"BucketBalance","characteristic":[{"value":"5","name":"AvailableAmount"}],"product":[{"publicIdentifier":"17875550001"}]}]}]`

// dxpReport returns the answer of dxp's endpoint for settingsReport.
func dxpReport(t *testing.T, base string) string {
	t.Helper()
	_, _, body := getWithHeader(t, base+dxpPath+"17875550001", http.Header{"client_id": {"x"}, "client_secret": {"x"}, "channelId": {"APP"}, "targetSystem": {"Matrixx"}})
	return body
}

func TestServeRefusesAnotherTimeZone(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		if printed, err := runCommand(t, settingsReport, "--database", url, "import", "dxp", "-"); err != nil {
			t.Fatal(err, printed)
		}
		printed, err := runCommand(t, "", "--database", url, "serve", "--addr", "127.0.0.1:0", "--dxp-time-zone", "America/Bogota")
		for _, want := range []string{"--dxp-time-zone (DXP_TIME_ZONE)", `"America/Bogota"`, `"America/Puerto_Rico"`, "usagegraph settings set dxp-time-zone 'America/Bogota' --market PR"} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%q is not in: %v %s", want, err, printed)
			}
		}
		base, _ := start(t, "--database", url)
		if body := dxpReport(t, base); !strings.Contains(body, `"effectiveDate":"2025-01-01T23:30:00"`) {
			t.Error(body)
		}
	})
}

func TestRunningServerAppliesChangedSettings(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		if printed, err := runCommand(t, settingsReport, "--database", url, "import", "dxp", "-"); err != nil {
			t.Fatal(err, printed)
		}
		base, _ := start(t, "--database", url)
		if body := dxpReport(t, base); !strings.Contains(body, "2025-01-01T23:30:00") {
			t.Fatal(body)
		}
		if printed, err := runCommand(t, "", "--database", url, "settings", "set", "dxp-time-zone", "America/Bogota", "--yes"); err != nil {
			t.Fatal(err, printed)
		}
		// The stored time changes, and the endpoint writes it in the new time zone.
		for deadline := time.After(time.Minute); ; {
			_, instant := get(t, base+"/graphql?query={consumptionReports{nodes{effectiveAt}}}")
			if strings.Contains(instant, "2025-01-02T04:30:00Z") && strings.Contains(dxpReport(t, base), "2025-01-01T23:30:00") {
				return
			}
			select {
			case <-deadline:
				t.Fatal(instant, dxpReport(t, base))
			case <-time.After(10 * time.Millisecond):
			}
		}
	})
}

func TestImportRefusesAnotherCurrency(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		for _, source := range []string{"elevate", "stn"} {
			url := dbtest.Another(t, url)
			if printed, err := runCommand(t, "", "--database", url, "--"+source+"-currency", "USD", "import", source, sample(t, source+"/sample")); err != nil {
				t.Fatal(err, printed)
			}
			_, err := runCommand(t, "", "--database", url, "--"+source+"-currency", "SEK", "import", source, sample(t, source+"/sample"))
			if want := "usagegraph settings set " + source + "-currency 'SEK'"; err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), `"USD"`) {
				t.Errorf("%s: %v", source, err)
			}
			if printed, err := runCommand(t, "", "--database", url, "import", source, sample(t, source+"/sample")); err != nil || !strings.Contains(printed, "no changes") {
				t.Errorf("%s: %v: %s", source, err, printed)
			}
		}
	})
}

func TestSeveralMarketsInOneDataSet(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		command := func(args ...string) (string, error) {
			return runCommand(t, settingsReport, append([]string{"--database", url}, args...)...)
		}
		if printed, err := command("import", "dxp", "-"); err != nil {
			t.Fatal(err, printed)
		}
		if _, err := command("--dxp-business-id", "JM", "import", "dxp", "-"); err == nil || !strings.Contains(err.Error(), "the time zone of market JM is unknown: set --dxp-time-zone") {
			t.Errorf("without a time zone: %v", err)
		}
		if printed, err := command("--dxp-business-id", "JM", "--dxp-time-zone", "America/Jamaica", "import", "dxp", "-"); err != nil {
			t.Fatal(err, printed)
		}
		for _, args := range [][]string{{"unattributed"}, {"--dxp-business-id", "JM", "unattributed"}, {"--dxp-time-zone", "America/Puerto_Rico", "unattributed"}} {
			if printed, err := command(args...); err != nil {
				t.Errorf("%v: %v %s", args, err, printed)
			}
		}
		if _, err := command("settings", "set", "dxp-business-id", "JM", "--yes"); err == nil || !strings.Contains(err.Error(), "market JM already has reports") {
			t.Errorf("one market for two: %v", err)
		}
		if printed, err := command("settings", "set", "dxp-time-zone", "America/Bogota", "--market", "JM", "--yes"); err != nil {
			t.Error(err, printed)
		}
		list, err := command("settings")
		for _, want := range []string{"dxp-time-zone       PR      America/Puerto_Rico", "dxp-time-zone       JM      America/Bogota", "dxp-business-id             PR"} {
			if err != nil || !strings.Contains(list, want) {
				t.Errorf("%q is not in %s %v", want, list, err)
			}
		}
	})
}

func TestNextCommandContinuesInterruptedChange(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		imported := dbtest.Another(t, url)
		fillDataSet(t, imported, "--stn-currency", "USD")
		fillDataSet(t, url)
		store := dbtest.Open(t, url)
		key := db.SettingKey{Name: "stn-currency"}
		if err := store.BeginSettingChange(t.Context(), key, "USD"); err != nil {
			t.Fatal(err)
		}
		if err := store.Ready(t.Context()); err == nil {
			t.Error("ready while a setting is being changed")
		}
		if err := store.BeginSettingChange(t.Context(), key, "SEK"); err == nil {
			t.Error("a second change began")
		}
		if list, err := runCommand(t, "", "--database", url, "settings"); err != nil || !strings.Contains(list, "EUR (being changed to USD)") {
			t.Errorf("%v: %s", err, list)
		}
		base, out, stop := startWithOutput(t, "--database", url)
		count(t, base, "customers")
		stop()
		if !strings.Contains(out.String(), `changing stn-currency from "EUR" to "USD"`) {
			t.Error(out.String())
		}
		if diff := cmp.Diff(content(t, imported), content(t, url)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestFirstStartOnStoredRecordsPrintsSettings(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		dbtest.FillVersion3(t, url)
		printed, err := runCommand(t, "", "--database", url, "--elevate-currency", "SEK", "migrate")
		if err != nil || !strings.Contains(printed, "The database had records and no settings.") || !strings.Contains(printed, `elevate-currency = "SEK"`) {
			t.Errorf("first: %v: %s", err, printed)
		}
		printed, err = runCommand(t, "", "--database", url, "migrate")
		if err != nil || strings.Contains(printed, "settings") {
			t.Errorf("second: %v: %s", err, printed)
		}
	})
}

func TestConcurrentFirstStartsStoreOneValue(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		if printed, err := runCommand(t, "", "--database", url, "client", "list"); err != nil {
			t.Fatal(err, printed) // the tables are there
		}
		currencies := []string{"USD", "SEK", "USD", "SEK"}
		errs := make([]error, len(currencies))
		var running sync.WaitGroup
		for i, currency := range currencies {
			running.Go(func() {
				_, errs[i] = runCommand(t, "", "--database", url, "--stn-currency", currency, "migrate")
			})
		}
		running.Wait()
		list, err := runCommand(t, "", "--database", url, "settings")
		if err != nil {
			t.Fatal(err)
		}
		for i, currency := range currencies {
			stored := strings.Contains(list, currency)
			if (errs[i] == nil) != stored || !stored && !strings.Contains(errs[i].Error(), "settings set stn-currency") {
				t.Errorf("%s: %v\n%s", currency, errs[i], list)
			}
		}
	})
}

func TestSettingsSetRefusesInvalidArguments(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "test.db")
	fillDataSet(t, database)
	for args, want := range map[string]string{
		"currency USD":                        `unknown setting "currency": want one of stn-currency, stn-region`,
		"stn-currency dollars":                "stn-currency: stn: want an ISO 4217 currency code",
		"elevate-region XX":                   `elevate-region: unknown region "XX"`,
		"stn-time-zone Local":                 `stn-time-zone: unknown time zone "Local"`,
		"attribution-window 045":              "attribution-window: invalid number of days \"045\": want 0 to 36525",
		"dxp-business-id pr":                  "dxp-business-id: want a country's two capital letters",
		"dxp-time-zone UTC --market TT":       `unknown market "TT" (see usagegraph settings)`,
		"stn-time-zone Asia/Tokyo --market X": "stn-time-zone: --market is valid only for dxp-time-zone",
		"stn-time-zone Asia/Tokyo":            "stn-time-zone: nothing was changed: without a terminal, confirm with --yes",
	} {
		_, err := runCommand(t, "", append([]string{"--database", database, "settings", "set"}, strings.Fields(args)...)...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", args, err)
		}
	}
	printed, err := runCommand(t, "", "--database", database, "--stn-currency", "EUR", "settings", "set", "stn-currency", "USD", "--yes")
	if err != nil || !strings.Contains(printed, `STN_CURRENCY (--stn-currency) is still "EUR"`) {
		t.Errorf("%v: %s", err, printed)
	}
}
