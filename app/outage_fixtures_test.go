package app

import (
	"database/sql"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/lib/pq"
)

// postgres is a PostgreSQL server that a test can stop and start.
type postgres struct {
	t      *testing.T
	folder string
	// data is the cluster's folder in folder.
	data   string
	port   int
	run    func(name string, args ...string) *exec.Cmd
	server *exec.Cmd
	// ended receives the result of the process.
	ended chan error
}

// newPostgres creates a database cluster. PostgreSQL does not run as root.
func newPostgres(t *testing.T) *postgres {
	t.Helper()
	folder, err := os.MkdirTemp("/tmp", "usagegraph-outage")
	if err != nil {
		t.Fatal(err)
	}
	p := &postgres{t: t, folder: folder, data: "data", port: freePort(t)}
	t.Cleanup(func() {
		if p.server != nil {
			p.stop(syscall.SIGQUIT)
		}
		os.RemoveAll(folder)
	})
	credential := ownerOf(t, folder)
	p.run = func(name string, args ...string) *exec.Cmd {
		c := exec.Command(binary(t, name), args...)
		c.Dir, c.SysProcAttr = folder, &syscall.SysProcAttr{Credential: credential}
		return c
	}
	if out, err := p.run("initdb", "-D", "data", "-U", "postgres", "--auth=trust", "--locale=C.UTF-8", "-E", "UTF8", "--no-sync").CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	return p
}

// ownerOf gives files to the user postgres, and returns that user for programs that do not run as root. It returns nil
// unless the test runs as root.
func ownerOf(t *testing.T, files ...string) *syscall.Credential {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	owner := must(user.Lookup("postgres"))
	uid, gid := must(strconv.Atoi(owner.Uid)), must(strconv.Atoi(owner.Gid))
	for _, file := range files {
		if err := os.Chown(file, uid, gid); err != nil {
			t.Fatal(err)
		}
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

// freePort returns a port of 127.0.0.1 on which nothing listens.
func freePort(t *testing.T) int {
	t.Helper()
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// standby copies the running server and starts the copy as its streaming standby.
func (p *postgres) standby() *postgres {
	p.t.Helper()
	s := &postgres{t: p.t, folder: p.folder, data: "standby", port: freePort(p.t), run: p.run}
	if out, err := p.run("pg_basebackup", "-h", "127.0.0.1", "-p", strconv.Itoa(p.port), "-U", "postgres", "-D", s.data, "-R", "--checkpoint=fast", "--no-sync").CombinedOutput(); err != nil {
		p.t.Fatalf("pg_basebackup: %v\n%s", err, out)
	}
	p.t.Cleanup(func() {
		if s.server != nil {
			s.stop(syscall.SIGQUIT)
		}
	})
	s.start()
	return s
}

// binary returns the path of a program of PostgreSQL, from PATH or from Debian's folder.
func binary(t *testing.T, name string) string {
	t.Helper()
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(found) == 0 {
		t.Fatalf("%s not found: install PostgreSQL", name)
	}
	return found[len(found)-1]
}

func (p *postgres) address() string { return "127.0.0.1:" + strconv.Itoa(p.port) }

// start starts the server and waits until it answers. It retries, since child processes of a killed server may still
// run.
func (p *postgres) start() {
	pool, err := sql.Open("postgres", "postgres://postgres@"+p.address()+"/postgres?sslmode=disable&connect_timeout=1")
	if err != nil {
		p.t.Fatal(err)
	}
	defer pool.Close()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		p.server = p.run("postgres", "-D", p.data, "-p", strconv.Itoa(p.port), "-k", p.folder, "-c", "listen_addresses=127.0.0.1",
			"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "autovacuum=off")
		if err := p.server.Start(); err != nil {
			p.t.Fatal(err)
		}
		p.ended = make(chan error, 1)
		go func(c *exec.Cmd, ended chan<- error) { ended <- c.Wait() }(p.server, p.ended)
		tick := time.NewTicker(20 * time.Millisecond)
		for running := true; running; {
			select {
			case <-p.ended:
				running = false
			case <-tick.C:
				if pool.Ping() == nil {
					tick.Stop()
					return
				}
			}
		}
		tick.Stop()
	}
	p.t.Fatal("PostgreSQL does not start")
}

// stop ends the server with a signal: SIGINT as pg_ctl stop -m fast, SIGQUIT as -m immediate.
func (p *postgres) stop(signal os.Signal) {
	if err := p.server.Process.Signal(signal); err != nil {
		p.t.Errorf("stop PostgreSQL: %v", err)
	}
	<-p.ended
	p.server = nil
}

// proxy forwards connections to PostgreSQL. While hole is set, it reads data and discards it; a connection that lost
// data stays dead afterwards.
type proxy struct {
	listener net.Listener
	target   string
	hole     atomic.Bool
}

func newProxy(t *testing.T, target string) *proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	p := &proxy{listener: listener, target: target}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go p.serve(conn)
		}
	}()
	return p
}

func (p *proxy) serve(client net.Conn) {
	defer client.Close()
	if p.hole.Load() {
		io.Copy(io.Discard, client)
		return
	}
	database, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	defer database.Close()
	var dead atomic.Bool
	pass := func(to, from net.Conn) {
		buffer := make([]byte, 32<<10)
		for {
			n, err := from.Read(buffer)
			if p.hole.Load() {
				dead.Store(true)
			}
			if err == nil && !dead.Load() {
				_, err = to.Write(buffer[:n])
			}
			if err != nil && !dead.Load() {
				to.Close()
			}
			if err != nil {
				return
			}
		}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		pass(client, database)
	}()
	pass(database, client)
	database.Close()
	<-done
}
