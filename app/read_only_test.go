package app

import (
	"crypto/rand"
	"database/sql"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// newRole creates a role that can log in, with grants to $role on the database, and returns the URL of the database for it.
func newRole(t *testing.T, address string, grants ...string) string {
	t.Helper()
	pool := must(sql.Open("postgres", address))
	t.Cleanup(func() { pool.Close() })
	run := func(statement string) {
		t.Helper()
		if _, err := pool.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	u := must(url.Parse(address))
	role, password := "role_"+strings.ToLower(rand.Text()), rand.Text()
	run("CREATE ROLE " + role + " LOGIN PASSWORD '" + password + "'")
	t.Cleanup(func() {
		run("DROP OWNED BY " + role)
		run("DROP ROLE " + role)
	})
	for _, grant := range grants {
		run(strings.ReplaceAll(grant, "$role", role))
	}
	u.User = url.UserPassword(role, password)
	return u.String()
}

const (
	noCreate  = "REVOKE CREATE ON SCHEMA public FROM public"
	useSchema = "GRANT USAGE ON SCHEMA public TO $role"
)

// documentedGrants returns the statements of docs/running.md for a role with fewer rights.
func documentedGrants(t *testing.T) []string {
	t.Helper()
	found := regexp.MustCompile(`psql -d usagegraph -c "([^"]+)"`).FindStringSubmatch(page(t, "docs/running.md"))
	if found == nil {
		t.Fatal("docs/running.md has no grants")
	}
	return strings.Split(strings.ReplaceAll(found[1], "reader", "$role"), ";")
}

func TestRoleWithoutTheRightToCreateCanServe(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		grants []string
		ready  string
	}{
		"the role of the documentation": {documentedGrants(t), "ready, read-only\n"},
		"a role that writes":            {[]string{"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO $role"}, "ready\n"},
		"a role that reads":             {[]string{"GRANT SELECT ON ALL TABLES IN SCHEMA public TO $role"}, "ready, read-only\n"},
		"a role whose sessions are read-only": {[]string{"GRANT SELECT ON ALL TABLES IN SCHEMA public TO $role",
			"ALTER ROLE $role SET default_transaction_read_only = on"}, "ready, read-only\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := dbtest.Postgres(t)
			if printed, err := runCommand(t, "", "--database", address, "import", "brm", sample(t, "brm/sample")); err != nil {
				t.Fatal(err, printed)
			}
			role := newRole(t, address, append(test.grants, noCreate, useSchema)...)
			base, printed := start(t, "--database", role)
			if status, body := get(t, base+"/readyz"); status != 200 || body != test.ready {
				t.Errorf("/readyz: %d %q", status, body)
			}
			if logged := strings.Contains(printed, "the database is read-only"); logged != strings.Contains(test.ready, "read-only") {
				t.Errorf("printed: %s", printed)
			}
			if n := count(t, base, "usageRecords"); n == 0 {
				t.Error("no records")
			}
			if status, body := get(t, base+"/brm/usageManagement/v4/usage?limit=1"); status != 200 {
				t.Errorf("%d %s", status, body)
			}
		})
	}
}

func TestRoleThatCannotMigrateOldTablesIsTold(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		version int
		grant   string
		want    string
	}{
		"old tables":                           {db.LatestVersion() - 1, useSchema, "the tables are of version"},
		"no tables":                            {0, useSchema, "the database has no tables of usagegraph"},
		"old tables, and its sessions as well": {db.LatestVersion() - 1, "ALTER ROLE $role SET default_transaction_read_only = on", "the tables are of version"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := dbtest.Postgres(t)
			store := must(db.Open(t.Context(), address, db.Options{}))
			defer store.Close()
			if test.version > 0 {
				must(store.MigrateTo(t.Context(), test.version))
			}
			role := newRole(t, address, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO $role", noCreate, useSchema, test.grant)
			_, err := runCommand(t, "", "--database", role, "--addr", "127.0.0.1:0")
			if err == nil || !strings.HasPrefix(err.Error(), test.want) || !strings.Contains(err.Error(), "run usagegraph migrate as their owner, on the primary") {
				t.Error(err)
			}
		})
	}
}

// TestStandbyIsServedBeforeAndAfterItsPromotion compares the answers of a primary and its standby.
func TestStandbyIsServedBeforeAndAfterItsPromotion(t *testing.T) {
	t.Parallel()
	primary := newPostgres(t)
	primary.start()
	address := func(p *postgres) string { return "postgres://postgres@" + p.address() + "/postgres?sslmode=disable" }
	if printed, err := runCommand(t, "", "--database", address(primary), "import", "stn", sample(t, "stn/sample/query-usage-subscription.json")); err != nil {
		t.Fatal(err, printed)
	}
	standby := primary.standby()
	base, out, _ := startWithOutput(t, "--database", address(standby))
	if !strings.Contains(out.String(), "the database is read-only") {
		t.Errorf("printed: %s", out)
	}
	original, _ := start(t, "--database", address(primary))
	compare := func() {
		t.Helper()
		for _, path := range []string{"/api/QueryUsageSubscription", "/graphql?query=%7BusageSummaries%7BtotalCount+nodes%7Bid+yearMonth%7D%7D%7D"} {
			_, want := get(t, original+path)
			if status, body := get(t, base+path); status != 200 || body != want {
				t.Errorf("%s: %d %s\nwant %s", path, status, body, want)
			}
		}
	}
	compare()
	if status, body := get(t, base+"/readyz"); status != 200 || body != "ready, read-only\n" {
		t.Errorf("/readyz: %d %q", status, body)
	}
	command := func(args ...string) (string, error) {
		return runCommand(t, "", append([]string{"--database", address(standby)}, args...)...)
	}
	if printed, err := command("client", "list"); err != nil || !strings.Contains(printed, "There are no clients") {
		t.Errorf("client list: %v %s", err, printed)
	}
	if printed, err := command("backup", filepath.Join(t.TempDir(), "standby.backup")); err != nil {
		t.Errorf("backup: %v %s", err, printed)
	}
	if printed, err := command("client", "create", "shop"); err == nil || !strings.Contains(err.Error(), "the database is a standby, which cannot be written to: use its primary") {
		t.Errorf("client create: %v %s", err, printed)
	}
	pool := must(sql.Open("postgres", address(standby)))
	defer pool.Close()
	if _, err := pool.Exec("SELECT pg_promote()"); err != nil {
		t.Fatal(err)
	}
	compare()
	if status, body := get(t, base+"/readyz"); status != 200 || body != "ready\n" {
		t.Errorf("/readyz after the promotion: %d %q", status, body)
	}
	if printed, err := command("client", "create", "shop"); err != nil {
		t.Errorf("client create after the promotion: %v %s", err, printed)
	}
}

// TestUpToDateSQLiteDatabaseIsOpenedWhileAnotherProcessWrites holds the write lock, for which SQLite waits 10 seconds.
func TestUpToDateSQLiteDatabaseIsOpenedWhileAnotherProcessWrites(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "test.db")
	if printed, err := runCommand(t, "", "--database", database, "import", "brm", sample(t, "brm/sample")); err != nil {
		t.Fatal(err, printed)
	}
	pool := must(sql.Open("sqlite", database))
	defer pool.Close()
	writer := must(pool.Conn(t.Context()))
	defer writer.Close()
	if _, err := writer.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	base, _ := start(t, "--database", database)
	if n := count(t, base, "usageRecords"); n == 0 {
		t.Error("no records")
	}
	if printed, err := runCommand(t, "", "--database", database, "client", "list"); err != nil {
		t.Error(err, printed)
	}
}
