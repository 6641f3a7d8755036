package app

import (
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestServerReadsFromAReplicaThroughFailures(t *testing.T) {
	t.Parallel()
	p := newReplicated(t, "--replica-max-lag", "1s", "--max-running", "1000", "--max-running-per-client", "1000")
	replica := "replica " + p.standby.address()
	ready := func(want string) {
		t.Helper()
		p.awaitReady(want)
	}
	ready("ready\n" + replica + " is read from")
	before := p.answers()
	l := p.load()
	await(t, "good answers", &l.good, 100, 20*time.Second)
	if n := p.answers() - before; n < 90 {
		t.Errorf("%d of 100 answers were read from the replica", n)
	}
	p.sql(p.standby, "SELECT pg_wal_replay_pause()")
	ready("ready\n" + replica + " is not read from: it is behind")
	await(t, "while the replica is behind: good answers", &l.good, 100, 20*time.Second)
	p.sql(p.standby, "SELECT pg_wal_replay_resume()")
	ready("ready\n" + replica + " is read from")
	p.standby.stop(syscall.SIGKILL)
	await(t, "without the replica: good answers", &l.good, 100, 20*time.Second)
	ready("ready\n" + replica + " is not read from: it does not answer")
	p.standby.start()
	ready("ready\n" + replica + " is read from")
	await(t, "with the replica again: good answers", &l.good, 100, 20*time.Second)
	l.endSessions()
	if good, refused := l.good.Load(), l.refused.Load(); refused > good/10 {
		t.Errorf("%d of %d requests were refused while the primary answered", refused, good+refused)
	}
	p.primary.stop(syscall.SIGKILL)
	ready("ready, read-only: the database does not answer")
	await(t, "without the primary: a good answer", &l.good, 1, 5*time.Second)
	await(t, "without the primary: good answers", &l.good, 100, 20*time.Second)
	p.sql(p.standby, "SELECT pg_promote()")
	await(t, "after the promotion: an import", &l.imports, 1, 5*time.Second)
	await(t, "after the promotion: good answers", &l.good, 100, 20*time.Second)
	l.end()
	t.Logf("%d good answers, %d refused, %d imports", l.good.Load(), l.refused.Load(), l.imports.Load())
}

// endSessions ends the server's sessions on the standby a hundred times, many of them within an answer.
func (l *replicaLoad) endSessions() {
	for range 100 {
		l.sql(l.standby, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'usagegraph'")
	}
	await(l.t, "after the end of sessions: good answers", &l.good, 100, 20*time.Second)
}

// TestPromotedReplicaIsNotReadWhileThePrimaryAnswers writes to both servers.
func TestPromotedReplicaIsNotReadWhileThePrimaryAnswers(t *testing.T) {
	t.Parallel()
	p := newReplicated(t)
	replica := "replica " + p.standby.address()
	p.awaitReady("ready\n" + replica + " is read from")
	p.sql(p.standby, "SELECT pg_promote()")
	p.sql(p.standby, "UPDATE revision SET number = number + 1")
	p.sql(p.standby, "UPDATE revision_mark SET mark = 'another'")
	p.awaitReady("ready\n" + replica + " is not read from: it is no standby")
	for range 3 {
		p.importOne()
		for _, secret := range []string{p.everyone, p.limited} {
			a := must(p.request(replicaREST, secret, ""))
			p.check(replicaREST, a, p.printed.Load())
		}
	}
	if logged := strings.Count(p.out.String(), "it is no standby"); logged != 1 {
		t.Errorf("logged %d times", logged)
	}
}

// TestRevisionThatAFailoverLostDoesNotExist imports a record that the standby never receives.
func TestRevisionThatAFailoverLostDoesNotExist(t *testing.T) {
	t.Parallel()
	p := newReplicated(t)
	p.awaitReady("ready\nreplica " + p.standby.address() + " is read from")
	p.standby.stop(syscall.SIGINT)
	p.importOne()
	lost := strconv.FormatInt(p.printed.Load(), 10)
	a := must(p.request(replicaGraph, p.limited, lost))
	p.check(replicaGraph, a, p.printed.Load())
	p.primary.stop(syscall.SIGKILL)
	p.standby.start()
	for _, path := range []string{replicaGraph, replicaREST} {
		for _, least := range []string{"", lost} {
			if a := must(p.request(path, p.limited, least)); p.check(path, a, 0) {
				t.Errorf("%s of revision %d, although %s was seen", path, a.revision, lost)
			}
		}
	}
	p.sql(p.standby, "SELECT pg_promote()")
	p.awaitReady("ready\n")
	p.imported--
	for _, path := range []string{replicaGraph, replicaREST} {
		if a := must(p.request(path, p.limited, "")); !p.check(path, a, 0) {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
		if a := must(p.request(path, p.limited, lost)); a.status != http.StatusBadRequest {
			t.Errorf("%s of a lost revision: %d %s", path, a.status, a.body)
		}
	}
}

func TestInvalidReplicasAreRefused(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"replica 1: want postgres://... or key=value pairs":      {"--database", "postgres://postgres@127.0.0.1:1/x", "--replica-url", "standby.db"},
		"replicas: want a database in PostgreSQL, not in SQLite": {"--database", filepath.Join(t.TempDir(), "test.db"), "--replica-url", "postgres://127.0.0.1/x"},
		"replica 2: 127.0.0.1:1 is named twice":                  {"--database", "postgres://127.0.0.1:1/x", "--replica-url", "postgres://127.0.0.1:1/x,postgres://127.0.0.1:1/x"},
		"--replica-max-lag: want more than 0s":                   {"--replica-max-lag", "0s"},
	} {
		if printed, err := runCommand(t, "", append(args, "--addr", "127.0.0.1:0")...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v %s", want, err, printed)
		}
	}
}
