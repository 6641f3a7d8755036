package db

import (
	"fmt"
	"testing"
	"time"
)

func TestLagIsTheTimeSinceALaterRevision(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	history := &revisionHistory{}
	if lag, known, same := history.compare(5, "a"); lag != 0 || known || !same || history.latest() != 0 {
		t.Error("an empty history", lag, known, same)
	}
	for _, seen := range []struct {
		second, revision int64
		mark             string
	}{{1, 10, "a"}, {2, 10, "a"}, {3, 12, "c"}, {7, 13, "d"}} {
		history.add(seen.revision, seen.mark, start.Add(time.Duration(seen.second)*time.Second))
	}
	compare := func(revision int64, mark string) string {
		lag, known, same := history.compare(revision, mark)
		return fmt.Sprint(lag, " ", known, " ", same)
	}
	for _, test := range []struct {
		revision int64
		mark     string
		want     string
	}{
		{13, "d", "0s true true"}, {13, "x", "0s true false"}, {14, "e", "0s false true"},
		{12, "c", "4s true true"}, {11, "b", "5s false true"}, {10, "a", "5s true true"}, {9, "z", "1h0m0s false true"},
	} {
		if got := compare(test.revision, test.mark); got != test.want {
			t.Errorf("%d %s: %s, not %s", test.revision, test.mark, got, test.want)
		}
	}
	// A failover to a server without the last revisions.
	history.add(11, "b", start.Add(8*time.Second))
	if got := compare(12, "c"); got != "0s false true" || history.latest() != 11 {
		t.Errorf("after a failover: %s, latest %d", got, history.latest())
	}
	history.add(12, "y", start.Add(9*time.Second))
	if got := compare(12, "c"); got != "0s true false" {
		t.Errorf("a lost revision: %s", got)
	}
	for n := range int64(2 * maxHistory) {
		history.add(20+n, "m", start.Add(time.Minute))
	}
	if len(history.list) != maxHistory {
		t.Errorf("%d revisions", len(history.list))
	}
}
