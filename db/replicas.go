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
	// least is the least revision of the answers that are read from replicas.
	least atomic.Int64

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
		if err == nil {
			all.list = append(all.list, &replica{name: pools.Address, pools: pools, hurry: make(chan struct{}, 1)})
			err = all.checkNames()
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("replica %d: %w", i+1, err), all.close())
		}
	}
	all.running.Go(func() { all.watchPrimary(ctx) })
	for _, r := range all.list {
		r.state.Store(&replicaState{refusal: "it was not polled yet"})
		all.running.Go(func() { all.watch(ctx, r) })
	}
	return all, nil
}

// checkNames returns an error if the last replica has the name of another.
func (all *replicas) checkNames() error {
	last := len(all.list) - 1
	for _, r := range all.list[:last] {
		if r.name == all.list[last].name {
			return fmt.Errorf("%s is named twice", r.name)
		}
	}
	return nil
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

// RequireLatest makes the present revision the least one of all answers from replicas, after a change of what answers
// depend on besides the records of their revision: settings, or records that waited to be attributed.
func (s *Store) RequireLatest(ctx context.Context) error {
	if s.replicas == nil {
		return nil
	}
	revision, err := s.Revision(ctx)
	if err == nil {
		s.replicas.least.Store(revision)
	}
	return err
}

// pick returns the replica for an answer that is of a least revision, or nil for the primary. If replicas are just
// behind the revision, it waits for a moment. It returns the one with the fewest running answers.
func (all *replicas) pick(ctx context.Context, least int64) *replica {
	if all == nil {
		return nil
	}
	least = max(least, all.least.Load())
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
