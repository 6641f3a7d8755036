package db_test

import (
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// startProxy starts a proxy in front of a PostgreSQL server that counts Parse messages. Like a pooler, it can change
// the process ID that the server sends to the client.
func startProxy(t *testing.T, server string, changesProcessID bool) (address string, parsed *atomic.Int64) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	parsed = new(atomic.Int64)
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			behind, err := net.Dial("tcp", server)
			if err != nil {
				client.Close()
				return
			}
			// The first message has no type byte.
			go messages(behind, client, 4, func(kind byte, _ []byte) {
				if kind == 'P' {
					parsed.Add(1)
				}
			})
			go messages(client, behind, 5, func(kind byte, body []byte) {
				if kind == 'K' && changesProcessID {
					body[3] ^= 1
				}
			})
		}
	}()
	return listener.Addr().String(), parsed
}

// messages copies messages until one side closes the connection. header is the length of the first message's header; it
// is 5 for the others.
func messages(to, from net.Conn, header int, seen func(kind byte, body []byte)) {
	defer to.Close()
	defer from.Close()
	for ; ; header = 5 {
		head := make([]byte, header)
		if _, err := io.ReadFull(from, head); err != nil {
			return
		}
		body := make([]byte, binary.BigEndian.Uint32(head[header-4:])-4)
		if _, err := io.ReadFull(from, body); err != nil {
			return
		}
		seen(head[0], body)
		if _, err := to.Write(append(head, body...)); err != nil {
			return
		}
	}
}

func TestNothingIsPreparedBehindAPooler(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, rawURL string) {
		if !strings.HasPrefix(rawURL, "postgres") {
			return // SQLite has no pooler
		}
		one := &fill(t, dbtest.Open(t, rawURL)).records[0].SourceID
		u, err := url.Parse(rawURL)
		if err != nil {
			t.Fatal(err)
		}
		server := u.Host
		for _, changesProcessID := range []bool{false, true} {
			address, parsed := startProxy(t, server, changesProcessID)
			u.Host = address
			store, err := db.Open(t.Context(), u.String(), db.Options{Connections: 1})
			if err != nil {
				t.Fatal(err)
			}
			before := parsed.Load()
			for range 20 {
				if _, err := store.For(db.All()).UsageRecords(t.Context(), db.AllColumns, db.NoParent, recordsLike(one, 3)); err != nil {
					t.Fatal(err)
				}
			}
			if err := store.Close(); err != nil {
				t.Error(err)
			}
			n := parsed.Load() - before
			if changesProcessID && n != 20 || !changesProcessID && n != 2 {
				t.Errorf("%d statements were parsed for 20 queries; behind a pooler: %t", n, changesProcessID)
			}
		}
	})
}
