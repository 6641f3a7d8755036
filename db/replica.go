package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"usagegraph/db/conn"
)

// replica is a streaming standby of the primary that answers are read from.
type replica struct {
	name  string
	pools *conn.Pools
	// state is the result of the last poll.
	state atomic.Pointer[replicaState]
	// apart is true after the replica had other records than the primary, until it has had the same again. Only the
	// goroutine that polls uses it.
	apart bool
	// running counts the answers that are being read, answers all.
	running, answers atomic.Int64
	// hurry wakes the goroutine that polls.
	hurry chan struct{}
}

// replicaState is the state of a replica.
type replicaState struct {
	serverState
	lag time.Duration
	// refusal is the reason why nothing is read from the replica, or "".
	refusal string
}

// serverState identifies the records of a server, in one snapshot.
type serverState struct {
	revision int64
	mark     string
	// standby is false for a primary.
	standby bool
	// version is the version of the tables.
	version int64
	// totalsReady is true if all stored totals are there.
	totalsReady bool
}

// selectReplicaState reads all of a serverState, dialect.serverState all but the version. pollReplicaState reads all but
// totalsReady, also from older tables.
const (
	pollReplicaState   = "SELECT (SELECT number FROM revision), (SELECT mark FROM revision_mark), pg_is_in_recovery(), (SELECT COALESCE(MAX(version), 0) FROM schema_version)"
	selectReplicaState = pollReplicaState + ", (SELECT state FROM totals_state)"
)

// scan reads the row of a server's state.
func (s *serverState) scan(ctx context.Context, rows driver.Rows) error {
	return eachRow(ctx, rows, func(row []driver.Value) error {
		err := errors.Join(setInt64(&s.revision, row[0]), setString(&s.mark, row[1]), setBool(&s.standby, row[2]), setInt64(&s.version, row[3]))
		if len(row) > 4 {
			var totals string
			err = errors.Join(err, setString(&totals, row[4]))
			s.totalsReady = totals == totalsReady
		}
		return err
	})
}

// pollTimeout is the timeout of a poll.
const pollTimeout = 1500 * time.Millisecond

// pollServer reads the state of a server.
func pollServer(ctx context.Context, pools *conn.Pools) (state serverState, err error) {
	ctx, cancel := context.WithTimeout(ctx, pollTimeout)
	defer cancel()
	err = pools.Query(ctx, pollReplicaState, nil, func(rows driver.Rows) error { return state.scan(ctx, rows) })
	if err != nil && (isLate(ctx) || conn.IsUnavailable(err)) {
		pools.CheckOutage()
	}
	return state, err
}

// refusal returns the reason why a state of the replica is not good enough for answers, or "". A standby is read from
// while its lag is at most maxLag.
func (r *replica) refusal(state serverState, history *revisionHistory, maxLag time.Duration) (lag time.Duration, refusal string) {
	lag, _, same := history.compare(state.revision, state.mark)
	switch {
	case state.version < int64(LatestVersion()):
		return lag, fmt.Sprintf("its tables are of version %d, not %d", state.version, LatestVersion())
	case !same:
		return lag, "its records are not those of the primary"
	case lag > maxLag:
		return lag, "it is behind by more than the maximum lag"
	}
	return lag, ""
}
