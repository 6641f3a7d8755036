package app

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// pgBouncer starts a PgBouncer in transaction mode in front of a database, with the configuration of deploy, in which
// addresses and passwords are replaced. It has fewer connections than its clients, so that they share them. It returns
// the URL of the database through it.
func pgBouncer(t *testing.T, database string) string {
	t.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("pgbouncer is not installed")
	}
	folder := must(os.MkdirTemp("/tmp", "usagegraph-pgbouncer"))
	t.Cleanup(func() { os.RemoveAll(folder) })
	target, port := must(url.Parse(database)), freePort(t)
	name := strings.TrimPrefix(target.Path, "/")
	server := fmt.Sprintf("%s = host=%s port=%s dbname=%s user=%s", name, target.Hostname(), target.Port(), name, target.User.Username())
	if password, ok := target.User.Password(); ok {
		server += " password=" + password
	}
	config := strings.NewReplacer("usagegraph = host=127.0.0.1 port=5432 dbname=usagegraph", server, "listen_port = 6432", fmt.Sprint("listen_port = ", port),
		"auth_type = scram-sha-256", "auth_type = any", "auth_file = /etc/pgbouncer/userlist.txt", "unix_socket_dir =", "default_pool_size = 16", "default_pool_size = 4").
		Replace(string(must(os.ReadFile("../deploy/pgbouncer.ini"))))
	file := filepath.Join(folder, "pgbouncer.ini")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	var out syncBuffer
	running := exec.Command(program, file)
	running.Stdout, running.Stderr, running.SysProcAttr = &out, &out, &syscall.SysProcAttr{Credential: ownerOf(t, folder, file)}
	if err := running.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		running.Process.Signal(syscall.SIGQUIT)
		running.Wait()
		if t.Failed() {
			t.Logf("%.3000s", out.String())
		}
	})
	target.Host, target.User = fmt.Sprint("127.0.0.1:", port), url.User("anyone")
	pool := must(sql.Open("postgres", target.String()))
	defer pool.Close()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(30 * time.Second); ; <-tick.C {
		err := pool.Ping()
		if err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("PgBouncer does not answer: %v", err)
		}
	}
	return target.String()
}

// eachDatabase is dbtest.Each with PostgreSQL also behind PgBouncer in transaction mode.
func eachDatabase(t *testing.T, test func(t *testing.T, store *db.Store)) {
	t.Helper()
	dbtest.Each(t, test)
	t.Run("pgbouncer", func(t *testing.T) {
		t.Parallel()
		test(t, dbtest.Open(t, pgBouncer(t, dbtest.Postgres(t))))
	})
}
