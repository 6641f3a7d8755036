package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// connections are the numbers of concurrent clients.
var connections = []int{1, 8}

// figure is the result of one run of the client.
type figure struct {
	Requests     float64
	Microseconds float64
	Bytes        float64
	Errors       int
	P50, P99     float64 // microseconds
}

func (f figure) rate() float64 { return f.Requests / f.Microseconds * 1e6 }

// measure measures all contenders in turn, round by round, so that other load on the machine affects all of them.
func measure(s settings, queries []*query) error {
	for round := range s.rounds {
		for _, q := range queries {
			for _, n := range connections {
				for i := range q.contenders {
					c := q.contenders[(i+round)%len(q.contenders)]
					f, err := runClient(s, q, c, n)
					if err != nil {
						return fmt.Errorf("%s of %s: %w", q.name, c.name, err)
					}
					if q.figures[c.name] == nil {
						q.figures[c.name] = map[int][]figure{}
					}
					q.figures[c.name][n] = append(q.figures[c.name][n], f)
				}
			}
		}
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, s.rounds)
	}
	return nil
}

// runClient runs the client for the seconds of a measurement, and longer if no request completes in that time.
func runClient(s settings, q *query, c contender, connections int) (figure, error) {
	requests := filepath.Join(s.folder, q.name+"."+c.name+".requests")
	if err := os.WriteFile(requests, []byte(strings.Join(q.requests[c.name], "\n")+"\n"), 0o600); err != nil {
		return figure{}, err
	}
	for seconds := s.seconds; ; seconds *= 4 {
		f, err := wrk(c.base+"/graphql", requests, connections, seconds)
		if err != nil || f.Requests > 0 || seconds > 60 {
			return f, err
		}
	}
}

func wrk(target, requests string, connections, seconds int) (figure, error) {
	output, err := exec.Command("wrk", "--threads", "1", "--connections", strconv.Itoa(connections), "--timeout", "30s",
		"--duration", strconv.Itoa(seconds)+"s", "--script", filepath.Join("bench", "client.lua"), target, "--", requests).CombinedOutput()
	if err != nil {
		return figure{}, fmt.Errorf("wrk: %w\n%s", err, output)
	}
	lines := strings.Split(strings.TrimSpace(string(output)), "\n")
	var f figure
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &f); err != nil {
		return figure{}, fmt.Errorf("output of wrk %q: %w", output, err)
	}
	if f.Errors > 0 {
		return figure{}, fmt.Errorf("%d errors in %.0f requests", f.Errors, f.Requests)
	}
	return f, nil
}

// median returns the median of a figure over all rounds.
func (q *query) median(contender string, connections int, of func(figure) float64) float64 {
	var list []float64
	for _, f := range q.figures[contender][connections] {
		list = append(list, of(f))
	}
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	return list[len(list)/2]
}
