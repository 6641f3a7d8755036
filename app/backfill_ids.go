package app

import (
	"context"
	"fmt"

	"usagegraph/ingest"
)

// backfillBatch is the number of rows per transaction.
const backfillBatch = 2000

// backfillIDs stores the keys of global IDs for the rows of an older version.
func (d *dataSet) backfillIDs(ctx context.Context, std streams) error {
	pending, total, err := d.PendingIDs(ctx)
	if err != nil || !pending {
		return err
	}
	fmt.Fprintln(std.err, "The database is of an older version: giving its records permanent IDs. If interrupted, the next command continues.")
	progress := ingest.NewRecordProgress(std.err, total)
	defer progress.Close()
	var done int64
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("gave IDs to %d rows; the next command continues: %w", done, err)
		}
		var n int
		if n, more, err = d.NameIDs(context.WithoutCancel(ctx), backfillBatch); err != nil {
			return err
		}
		done += int64(n)
		progress.ShowCount(done)
	}
	return nil
}
