package conn

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
)

// TestJournalIsLimitedWhileReadersNeverPause writes while there is always a reader, each of which begins before the last
// one ends.
func TestJournalIsLimitedWhileReadersNeverPause(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	pools, err := OpenSQLite(path, Options{Connections: 4})
	if err != nil {
		t.Fatal(err)
	}
	defer pools.Close()
	pools.file.maxJournal = 1 << 20
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := pools.Write.ExecContext(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec("CREATE TABLE t (x BLOB)")
	begin := func() *sqlx.Tx {
		t.Helper()
		tx, err := pools.Read.Beginx()
		if err != nil {
			t.Error(err)
		}
		var n int
		if err := tx.Get(&n, "SELECT COUNT(*) FROM t"); err != nil {
			t.Error(err)
		}
		return tx
	}
	size := func() int64 {
		t.Helper()
		info, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	stop := make(chan struct{})
	var reading sync.WaitGroup
	reading.Go(func() {
		reader := begin()
		for {
			select {
			case <-stop:
				reader.Rollback()
				return
			default:
			}
			next := begin()
			reader.Rollback()
			reader = next
		}
	})
	var largest int64
	for range 60 {
		exec("INSERT INTO t VALUES (randomblob(100000))")
		pools.file.nextLimit.Store(0)
		pools.LimitJournal(t.Context())
		largest = max(largest, size())
	}
	close(stop)
	reading.Wait()
	// Without the limit the journal has 6 MB.
	if largest > 3<<20 {
		t.Errorf("the journal grew to %d bytes", largest)
	}
	// A reader that stays, such as a backup, keeps the writer waiting for a short time only.
	reader := begin()
	defer reader.Rollback()
	exec("INSERT INTO t VALUES (randomblob(2000000))")
	pools.file.nextLimit.Store(0)
	started := time.Now()
	pools.LimitJournal(t.Context())
	if took := time.Since(started); took > 5*time.Second {
		t.Errorf("the writer waited %s for a reader", took)
	}
	if pools.file.nextLimit.Load() == 0 {
		t.Error("the next commit waits again")
	}
	var timeout int
	if err := pools.Write.Get(&timeout, "PRAGMA busy_timeout"); err != nil || timeout != int(busyTimeout.Milliseconds()) {
		t.Errorf("busy_timeout is %d: %v", timeout, err)
	}
}
