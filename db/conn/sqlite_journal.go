package conn

import (
	"context"
	"fmt"
	"os"
	"time"
)

const (
	// maxJournal is the size of the journal in bytes that is kept after a checkpoint, and from which LimitJournal empties
	// it. It is more than the checkpoints of the writer need.
	maxJournal = 96 << 20
	// journalWait is the maximum time that LimitJournal waits for readers of the journal.
	journalWait = 250 * time.Millisecond
	// journalPause is the minimum time between two attempts while readers hold the journal, such as a backup.
	journalPause = 2 * time.Second
)

// LimitJournal empties the journal of an SQLite file if it is large. The writer's own checkpoints cannot begin it again
// while there is always some reader in it; LimitJournal waits for these readers, and new ones read the file. Call it after
// a commit. It does nothing for PostgreSQL.
func (p *Pools) LimitJournal(ctx context.Context) {
	if p.file == nil {
		return
	}
	journal, err := os.Stat(p.file.path + "-wal")
	now := time.Now().UnixNano()
	if err != nil || journal.Size() < p.file.maxJournal || now < p.file.nextLimit.Load() {
		return
	}
	p.file.nextLimit.Store(now + int64(journalPause))
	conn, err := p.Write.Conn(ctx)
	if err != nil {
		return
	}
	defer conn.Close()
	var busy, pages, done int64
	_, err = conn.ExecContext(ctx, fmt.Sprintf("PRAGMA busy_timeout = %d", journalWait.Milliseconds()))
	if err == nil {
		err = conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &done)
	}
	if err == nil && busy == 0 {
		p.file.nextLimit.Store(0)
	}
	// The connection goes back to the pool: its timeout must not stay short.
	_, _ = conn.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf("PRAGMA busy_timeout = %d", busyTimeout.Milliseconds()))
}
