package db

import (
	"context"
	"time"

	"usagegraph/db/conn"
)

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
