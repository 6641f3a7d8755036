package db

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// revisionHistory holds the latest revisions of the primary. It answers since when a replica is behind, and whether the
// records of a replica are those of the primary at the same revision.
type revisionHistory struct {
	mu sync.Mutex
	// list is ordered by revision; it has the revisions that were seen, not all.
	list []pastRevision
}

// pastRevision is a revision of the primary. It was still the latest at the time until.
type pastRevision struct {
	revision int64
	mark     string
	until    time.Time
}

// maxHistory is the maximum number of revisions in a history: more than an import makes within the largest useful lag.
const maxHistory = 1000

// add adds the revision that the primary had at a time. Later revisions are deleted: the primary is another server, which
// never had them.
func (h *revisionHistory) add(revision int64, mark string, at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = slices.DeleteFunc(h.list, func(p pastRevision) bool {
		return p.revision > revision || p.revision == revision && p.mark != mark
	})
	if n := len(h.list); n > 0 && h.list[n-1].revision == revision {
		h.list[n-1].until = at
		return
	}
	if h.list = append(h.list, pastRevision{revision, mark, at}); len(h.list) > maxHistory {
		h.list = slices.Delete(h.list, 0, 1)
	}
}

// latest returns the latest revision of the primary, or 0 if none was seen.
func (h *revisionHistory) latest() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	if n := len(h.list); n > 0 {
		return h.list[n-1].revision
	}
	return 0
}

// compare compares the revision and mark of a replica with those of the primary. lag is the time since when the primary
// has a later revision; it ends when the primary was last seen. known reports whether the primary had this revision,
// and same is false if the primary had it with another mark.
func (h *revisionHistory) compare(revision int64, mark string) (lag time.Duration, known, same bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.list) == 0 {
		return 0, false, true
	}
	seen := h.list[len(h.list)-1].until
	i, known := slices.BinarySearchFunc(h.list, revision, func(p pastRevision, revision int64) int {
		return cmp.Compare(p.revision, revision)
	})
	switch {
	case known:
		return seen.Sub(h.list[i].until), true, h.list[i].mark == mark
	case i == 0:
		// The revision is older than the whole history.
		return max(seen.Sub(h.list[0].until), longLag), false, true
	default:
		return seen.Sub(h.list[i-1].until), false, true
	}
}

// longLag is the lag of a revision whose age is unknown.
const longLag = time.Hour
