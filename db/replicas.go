package db

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"usagegraph/db/conn"
)

// Replicas configures the replicas of a Store. The zero value is no replicas.
type Replicas struct {
	// URLs are the connection strings of streaming standbys of the database, each of one server.
	URLs []string
	// MaxLag is the lag up to which a replica is read from.
	MaxLag time.Duration
	// Log receives a line when a replica begins or ceases to be read from; nil logs nothing.
	Log *slog.Logger
}

// replicas polls the replicas and the primary, and selects the replica of each answer. A nil replicas has none.
type replicas struct {
	list    []*replica
	maxLag  time.Duration
	log     *slog.Logger
	primary *conn.Pools
	history revisionHistory

	// waiting counts the answers that wait for a revision.
	waiting atomic.Int64
	mu      sync.Mutex
	// polled is closed and replaced after each poll of a replica.
	polled  chan struct{}
	stop    context.CancelFunc
	running sync.WaitGroup
}

const (
	// pollInterval is the time between two polls of a server.
	pollInterval = 200 * time.Millisecond
	// hurryInterval is that time for a replica while an answer waits for its revision.
	hurryInterval = 10 * time.Millisecond
	// revisionWait is the maximum time that an answer waits for a revision before it is read from the primary. An answer
	// does not wait for a replica with a longer lag.
	revisionWait = 250 * time.Millisecond
)

// openReplicas opens the pools of the replicas and starts to poll them. It returns nil without URLs.
func openReplicas(primary *conn.Pools, o Replicas, options conn.Options) (*replicas, error) {
	if len(o.URLs) == 0 {
		return nil, nil
	}
	if primary.Address == "" {
		return nil, errors.New("replicas: want a database in PostgreSQL, not in SQLite")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	all := &replicas{maxLag: o.MaxLag, log: o.Log, primary: primary, polled: make(chan struct{})}
	ctx, stop := context.WithCancel(context.Background())
	all.stop = stop
	for i, url := range o.URLs {
		err := fmt.Errorf("want postgres://... or key=value pairs")
		var pools *conn.Pools
		if url = unquote(url); conn.IsPostgres(url) {
			pools, err = conn.OpenPostgres(url, options)
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("replica %d: %w", i+1, err), all.close())
		}
		all.list = append(all.list, &replica{name: pools.Address, pools: pools, hurry: make(chan struct{}, 1)})
	}
	all.running.Go(func() { all.watchPrimary(ctx) })
	for _, r := range all.list {
		r.state.Store(&replicaState{refusal: "it was not polled yet"})
		all.running.Go(func() { all.watch(ctx, r) })
	}
	return all, nil
}

func (all *replicas) close() (err error) {
	if all == nil {
		return nil
	}
	all.stop()
	all.running.Wait()
	for _, r := range all.list {
		err = errors.Join(err, r.pools.Close())
	}
	return err
}

// watchPrimary polls the primary.
func (all *replicas) watchPrimary(ctx context.Context) {
	for ctx.Err() == nil {
		all.pollPrimary(ctx)
		pause(ctx, pollInterval, nil)
	}
}

func (all *replicas) pollPrimary(ctx context.Context) error {
	at := time.Now()
	state, err := pollServer(ctx, all.primary)
	if err == nil {
		all.history.add(state.revision, state.mark, at)
	}
	return err
}

// watch polls a replica.
func (all *replicas) watch(ctx context.Context, r *replica) {
	for ctx.Err() == nil {
		state := all.poll(ctx, r)
		if old := r.state.Swap(state); old.refusal != state.refusal && ctx.Err() == nil {
			all.logChange(r, state)
		}
		all.mu.Lock()
		close(all.polled)
		all.polled = make(chan struct{})
		all.mu.Unlock()
		if all.waiting.Load() > 0 {
			pause(ctx, hurryInterval, nil)
		} else {
			pause(ctx, pollInterval, r.hurry)
		}
	}
}

func (all *replicas) logChange(r *replica, state *replicaState) {
	if state.refusal == "" {
		all.log.Info("replica is read from", "replica", r.name)
		return
	}
	all.log.Warn("replica is not read from", "replica", r.name, "reason", state.refusal)
}

// pause waits until a time has passed, the context is done, or a value arrives.
func pause(ctx context.Context, d time.Duration, wake <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-wake:
	}
}

// poll returns the state of a replica. One that was refused for its lag is accepted again at half of the maximum, so
// that it does not change with each poll.
func (all *replicas) poll(ctx context.Context, r *replica) *replicaState {
	server, err := pollServer(ctx, r.pools)
	if err != nil {
		return &replicaState{serverState: r.state.Load().serverState, refusal: pollError(err)}
	}
	maxLag := all.maxLag
	if r.state.Load().refusal != "" {
		maxLag /= 2
	}
	state := &replicaState{serverState: server}
	state.lag, state.refusal = r.refusal(server, &all.history, maxLag)
	if apart := all.isApart(ctx, r, server); apart != "" {
		state.refusal = apart
	}
	return state
}

func pollError(err error) string {
	if conn.IsUnavailable(err) {
		return "it does not answer"
	}
	return "it cannot be read: " + err.Error()
}

// isApart returns a text if a server is no standby of the primary: it was promoted, or has records that the primary does
// not have. While the primary does not answer, nothing can be said, and a promoted standby is read from: it is the
// primary that follows.
func (all *replicas) isApart(ctx context.Context, r *replica, server serverState) string {
	_, known, same := all.history.compare(server.revision, server.mark)
	reason := ""
	switch {
	case !server.standby:
		reason = "it is no standby"
	case !same || server.revision > all.history.latest():
		reason = "its records are not those of the primary"
	case r.apart && !known:
		return "its records were not those of the primary"
	}
	// The primary is polled again, since it may have changed after its last poll. A standby is never ahead of it.
	if reason == "" {
		r.apart = false
		return ""
	}
	if all.pollPrimary(ctx) != nil {
		if r.apart {
			return reason
		}
		return ""
	}
	if _, _, same = all.history.compare(server.revision, server.mark); server.standby && same && server.revision <= all.history.latest() {
		return ""
	}
	r.apart = true
	return reason
}

// pick returns the replica for an answer that is of a least revision, or nil for the primary. If replicas are just
// behind the revision, it waits for a moment. It returns the one with the fewest running answers.
func (all *replicas) pick(ctx context.Context, least int64) *replica {
	if all == nil {
		return nil
	}
	found, behind := all.best(least)
	if found != nil || !behind {
		return found
	}
	all.waiting.Add(1)
	defer all.waiting.Add(-1)
	timer := time.NewTimer(revisionWait)
	defer timer.Stop()
	for {
		all.mu.Lock()
		polled := all.polled
		all.mu.Unlock()
		if found, _ := all.best(least); found != nil {
			return found
		}
		for _, r := range all.list {
			select {
			case r.hurry <- struct{}{}:
			default:
			}
		}
		select {
		case <-polled:
		case <-timer.C:
			return nil
		case <-ctx.Done():
			return nil
		}
	}
}

// best returns the replica with the fewest running answers of those with a least revision, or nil. behind reports
// whether a replica is worth waiting for.
func (all *replicas) best(least int64) (found *replica, behind bool) {
	first := rand.IntN(len(all.list))
	for i := range all.list {
		r := all.list[(first+i)%len(all.list)]
		switch state := r.state.Load(); {
		case state.refusal != "":
		case state.revision < least:
			behind = behind || state.lag <= revisionWait
		case found == nil || r.running.Load() < found.running.Load():
			found = r
		}
	}
	return found, behind
}

// ReplicaStatus is the state of a replica.
type ReplicaStatus struct {
	// Name is the host and port.
	Name string
	// Refusal is the reason why no answers are read from the replica, or "".
	Refusal string
	// Lag is the time since when the database has a later revision, Revision the one of the replica.
	Lag      time.Duration
	Revision int64
	// Answers counts the answers that were read from the replica.
	Answers int64
}

// Replicas returns the states of the replicas, in the order in which they were configured.
func (s *Store) Replicas() (list []ReplicaStatus) {
	if s.replicas == nil {
		return nil
	}
	for _, r := range s.replicas.list {
		state := r.state.Load()
		list = append(list, ReplicaStatus{r.name, state.refusal, state.lag, state.revision, r.answers.Load()})
	}
	return list
}

// ReadsReplicasOnly reports whether the primary does not answer and a replica has the last revision that it had.
func (s *Store) ReadsReplicasOnly() bool { return s.standIn() != s.pools }

// standIn returns the pools for the data of clients: those of a replica while the primary does not answer, and
// otherwise those of the primary.
func (s *Store) standIn() *conn.Pools {
	if s.replicas != nil && s.pools.IsOutage() {
		if r, _ := s.replicas.best(s.replicas.history.latest()); r != nil {
			return r.pools
		}
	}
	return s.pools
}
