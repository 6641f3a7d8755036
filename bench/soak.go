package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"sync"
	"text/tabwriter"
	"time"
)

// soakSettings describe a run at a fixed rate; no minutes is none.
type soakSettings struct {
	minutes, rate int
	// imported is the number of records that are imported meanwhile.
	imported int
}

// Goals of a soak: the time of 99 % of the answers, and the growth of the memory from the second minute on.
const (
	soakBar    = 150 * time.Millisecond
	growthBar  = 1.1
	soakAtOnce = 16 // connections: as many as one client may have
)

// sample is one answer of a soak.
type sample struct {
	at, took time.Duration
	failed   bool
}

// soak sends the requests of a client of one customer, all queries in turn, at a fixed rate to each of both databases. The
// time of an answer begins when its request is due, so that a pause of the server counts for all requests due in it.
func soak(s settings, d *data, queries []*query) error {
	for _, name := range []string{oursPostgres, oursSQLite} {
		var requests []contenderRequest
		for i := range s.variants {
			for _, q := range queries {
				if c, ok := q.contender(name); ok && q.scope.name == one {
					requests = append(requests, contenderRequest{c, q.requests[name][i%len(q.requests[name])]})
				}
			}
		}
		if len(requests) == 0 {
			return errors.New("--only leaves no query of the client of one customer")
		}
		if err := soakOne(s, d, name, requests); err != nil {
			return fmt.Errorf("soak of %s: %w", name, err)
		}
	}
	return nil
}

type contenderRequest struct {
	contender
	text string
}

func soakOne(s settings, d *data, name string, requests []contenderRequest) error {
	fmt.Printf("\n%s: %d requests per second, %d connections, a client of one customer\n", titles[name], s.soak.rate, soakAtOnce)
	importing := make(chan error, 1)
	if s.soak.imported > 0 {
		database := map[string]string{oursPostgres: d.postgresURL, oursSQLite: d.sqlite}[name]
		began := time.Now()
		go func() {
			err := demo(s, database, s.soak.imported/200, s.soak.imported, "--seed", "7").Run()
			fmt.Fprintf(os.Stderr, "imported %d records in %s\n", s.soak.imported, time.Since(began).Round(time.Second))
			importing <- err
		}()
	} else {
		importing <- nil
	}
	var samples []sample
	memory := make([]int64, s.soak.minutes)
	done := make(chan struct{})
	go func() {
		samples = atRate(s.soak, requests)
		close(done)
	}()
	for minute := range memory {
		select {
		case <-time.After(time.Minute):
		case <-done:
		}
		var err error
		if memory[minute], err = residentMemory(requests[0].process); err != nil {
			return err
		}
	}
	<-done
	printSoak(os.Stdout, samples, memory)
	return <-importing
}

// atRate sends requests in turn at a rate for some minutes, and returns their times.
func atRate(s soakSettings, requests []contenderRequest) []sample {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: soakAtOnce}, Timeout: 30 * time.Second}
	total := s.minutes * 60 * s.rate
	samples := make([]sample, total)
	due := make(chan int, total)
	began := time.Now()
	var workers sync.WaitGroup
	for range soakAtOnce {
		workers.Go(func() {
			for i := range due {
				at := dueAt(i, s.rate)
				request := requests[i%len(requests)]
				_, err := request.send(client, request.text)
				samples[i] = sample{at, time.Since(began) - at, err != nil}
			}
		})
	}
	for i := range total {
		time.Sleep(time.Until(began.Add(dueAt(i, s.rate))))
		due <- i
	}
	close(due)
	workers.Wait()
	return samples
}

// dueAt returns the time since the begin at which a request is due.
func dueAt(i, rate int) time.Duration { return time.Duration(i) * time.Second / time.Duration(rate) }

// printSoak prints the times and the memory of each minute, and the goals.
func printSoak(out io.Writer, samples []sample, memory []int64) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "minute\trequests\terrors\tp50 ms\tp99 ms\tlongest ms\tmemory MB\t")
	worst := time.Duration(0)
	for minute, bytes := range memory {
		var times []time.Duration
		failed := 0
		for _, s := range samples {
			if int(s.at/time.Minute) == minute {
				times = append(times, s.took)
				if s.failed {
					failed++
				}
			}
		}
		slices.Sort(times)
		worst = max(worst, percentile(times, 99))
		fmt.Fprintf(w, "%d\t%d\t%d\t%.1f\t%.1f\t%.1f\t%d\t\n", minute+1, len(times), failed,
			milliseconds(percentile(times, 50)), milliseconds(percentile(times, 99)), milliseconds(percentile(times, 100)), bytes>>20)
	}
	w.Flush()
	fmt.Fprintf(out, "p99 below %s in each minute: %s, %.1f ms\n", soakBar, met(worst < soakBar), milliseconds(worst))
	if n := len(memory); n > 2 {
		growth := float64(memory[n-1]) / float64(memory[1])
		fmt.Fprintf(out, "memory at most %.1f times that after two minutes: %s, %.2f times\n", growthBar, met(growth <= growthBar), growth)
	}
}

func met(ok bool) string {
	if ok {
		return "met"
	}
	return "missed"
}

// percentile returns the time that a part of sorted times needs at most.
func percentile(sorted []time.Duration, percent int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[(len(sorted)*percent+99)/100-1]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
