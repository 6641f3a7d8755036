package db_test

import (
	"sync"
	"testing"
	"time"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestIDsIncrease(t *testing.T) {
	t.Parallel()
	start := dbtest.Clock()
	for name, clock := range map[string]func(n int) time.Time{
		"while the clock runs":             func(n int) time.Time { return start.Add(time.Duration(n) * 100 * time.Microsecond) },
		"while the clock stands still":     func(int) time.Time { return start },
		"while the clock goes back":        func(n int) time.Time { return start.Add(-time.Duration(n) * time.Second) },
		"while the clock jumps":            func(n int) time.Time { return start.Add(time.Duration(n%7) * time.Hour) },
		"before the clock's zero":          func(n int) time.Time { return time.Unix(int64(n), 0) },
		"by a clock that was set to 1970":  func(n int) time.Time { return start.AddDate(-56*(n%2), 0, 0) },
		"for as long as they are meant to": func(n int) time.Time { return time.Date(2089, time.January, 1, 0, 0, n, 0, time.UTC) },
	} {
		t.Run(name, func(t *testing.T) {
			n := 0
			ids := db.NewIDs(func() time.Time { n++; return clock(n) }, 1)
			last := int64(0)
			for range 20_000 {
				id := ids.Next()
				if id <= last {
					t.Fatalf("%d comes after %d", id, last)
				}
				last = id
			}
		})
	}
}

func TestIDsIncreaseUnderConcurrentUse(t *testing.T) {
	t.Parallel()
	ids := db.NewIDs(dbtest.Clock, 1)
	var all sync.Map
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			last := int64(0)
			for range 5000 {
				id := ids.Next()
				if _, again := all.LoadOrStore(id, true); again || id <= last {
					t.Errorf("%d comes after %d, again: %v", id, last, again)
				}
				last = id
			}
		})
	}
	wait.Wait()
}

func TestIDsOfTwoNodesDiffer(t *testing.T) {
	t.Parallel()
	seen := map[int64]int64{}
	for _, node := range []int64{0, 1, 2, 512, 1023} {
		ids := db.NewIDs(dbtest.Clock, node)
		for range 10_000 {
			id := ids.Next()
			if other, again := seen[id]; again {
				t.Fatalf("nodes %d and %d both made %d", other, node, id)
			}
			seen[id] = node
		}
	}
}

func TestIDsOfALaterMillisecondAreLarger(t *testing.T) {
	t.Parallel()
	early := db.NewIDs(dbtest.Clock, 1023)
	late := db.NewIDs(func() time.Time { return dbtest.Clock().Add(time.Millisecond) }, 0)
	for range 4096 {
		if id, later := early.Next(), late.Next(); id >= later {
			t.Fatalf("%d is not before %d", id, later)
		}
	}
}
