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

// figure is the result of one run of the client.
type figure struct {
	Requests     float64
	Microseconds float64
	Bytes        float64
	Errors       int
	P50, P99     float64 // microseconds
	// Processor is the processor time of the server and its database, in milliseconds per request.
	Processor float64
}

// rate is the number of requests per second.
func rate(f figure) float64 { return f.Requests / f.Microseconds * 1e6 }

// median50 is the median time of an answer in milliseconds.
func median50(f figure) float64 { return f.P50 / 1000 }

// percentile99 is the time in milliseconds that 99 % of the answers need at most.
func percentile99(f figure) float64 { return f.P99 / 1000 }

func processor(f figure) float64 { return f.Processor }

// measure measures all contenders in turn, round by round, so that other load on the machine affects all of them.
func measure(s settings, d *data, queries []*query) error {
	for round := range s.rounds {
		for _, q := range queries {
			for _, n := range q.connections() {
				for i := range q.contenders {
					c := q.contenders[(i+round)%len(q.contenders)]
					f, err := runClient(s, d, q, c, n)
					if err != nil {
						return fmt.Errorf("%s of %s: %w", q, c.name, err)
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
func runClient(s settings, d *data, q *query, c contender, connections int) (figure, error) {
	requests := filepath.Join(s.folder, "requests")
	if err := os.WriteFile(requests, []byte(strings.Join(q.requests[c.name], "\n")+"\n"), 0o600); err != nil {
		return figure{}, err
	}
	for seconds := s.seconds; ; seconds *= 4 {
		began, err := c.processorTime(d)
		if err != nil {
			return figure{}, err
		}
		f, err := wrk(c, requests, connections, seconds)
		if err != nil {
			return f, err
		}
		ended, err := c.processorTime(d)
		if f.Requests > 0 {
			f.Processor = (ended - began).Seconds() * 1000 / f.Requests
		}
		if err != nil || f.Requests > 0 || seconds > 60 {
			return f, err
		}
	}
}

func wrk(c contender, requests string, connections, seconds int) (figure, error) {
	output, err := exec.Command("wrk", "--threads", "1", "--connections", strconv.Itoa(connections), "--timeout", "30s",
		"--duration", strconv.Itoa(seconds)+"s", "--script", filepath.Join("bench", "client.lua"), c.endpoint(), "--", requests, c.secret).CombinedOutput()
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
	list := []float64{}
	for _, f := range q.figures[contender][connections] {
		list = append(list, of(f))
	}
	return middle(list)
}

// ratio returns the median over all rounds of the ratio of a figure of two contenders, or false without one.
func (q *query) ratio(a, b string, connections int, of func(figure) float64) (float64, bool) {
	x, y, list := q.figures[a][connections], q.figures[b][connections], []float64{}
	for i := range min(len(x), len(y)) {
		if of(y[i]) > 0 {
			list = append(list, of(x[i])/of(y[i]))
		}
	}
	return middle(list), len(list) > 0
}

func middle(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	return list[len(list)/2]
}
