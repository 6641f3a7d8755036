package db_test

import (
	"testing"
	"time"

	"usagegraph/db"
)

func TestTimesOfAnAssignment(t *testing.T) {
	t.Parallel()
	day := db.TimeOf(time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC))
	for want, a := range map[string]db.Assignment{
		"at all times":               {Start: db.Always, End: db.Forever},
		"from 2025-03-01T00:00:00Z":  {Start: day, End: db.Forever},
		"until 2025-03-01T00:00:00Z": {Start: db.Always, End: day},
	} {
		if got := a.Times(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
