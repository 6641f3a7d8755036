package app

import (
	"context"
	"fmt"

	"usagegraph/ingest"
)

// idBatch is how many rows of an older version one transaction names.
const idBatch = 2000

// nameIDs gives the rows that an older version stored the names that ids are made of.
func (d *dataSet) nameIDs(ctx context.Context, std streams) error {
	pending, total, err := d.PendingIDs(ctx)
	if err != nil || !pending {
		return err
	}
	fmt.Fprintln(std.err, "The database is of an older version: giving its records ids that last. This can be interrupted and goes on where it was.")
	progress := ingest.NewRecordProgress(std.err, total)
	defer progress.Close()
	var done int64
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("gave ids to %d rows, the others get theirs when this is run again: %w", done, err)
		}
		var n int
		if n, more, err = d.NameIDs(context.WithoutCancel(ctx), idBatch); err != nil {
			return err
		}
		done += int64(n)
		progress.ShowCount(done)
	}
	return nil
}
