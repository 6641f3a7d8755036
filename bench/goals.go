package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// goal is a wanted ratio of two contenders, or a time of the first alone. All figures are better the smaller they are.
type goal struct {
	query, client string
	text          string
	// of is compared with to: the time that of needs is at most times that of to. Without to it is at most times
	// milliseconds.
	of, to string
	times  float64
}

// partOfFloor is the part of the floor's requests per second that is wanted.
const partOfFloor = 0.85

// goals are those of the requirements.
func goals() (list []goal) {
	for _, query := range []string{"Q1", "Q2", "Q3", "Q4", "Q5", "Q6"} {
		list = append(list, goal{query, one, "PostgreSQL, of the floor", oursPostgres, theFloor, 1 / partOfFloor})
	}
	for _, query := range []string{"Q1", "Q3", "Q4"} {
		list = append(list, goal{query, one, "SQLite, of PostgreSQL", oursSQLite, oursPostgres, 1})
	}
	for _, query := range []string{"Q1", "Q2", "Q3", "Q4", "Q5", "Q6"} {
		for _, client := range []string{one, fifty, many} {
			bar := 1.3
			if client == many {
				bar = 0
			}
			list = append(list, goal{query, client, "PostgreSQL, of the open page", oursPostgres, openPostgres, bar},
				goal{query, client, "SQLite, of the open page", oursSQLite, openSQLite, bar})
		}
	}
	for _, t := range []goal{
		{query: "T1", to: theFloor, times: 1.3}, {query: "T2", to: theFloor, times: 1.5}, {query: "T3", to: theFloor, times: 1.3},
		{query: "T4", times: 5}, {query: "T5", times: 2}, {query: "T6", times: 25}, {query: "T7", to: theFloor, times: 1.3},
	} {
		t.client, t.text, t.of = everyone, "PostgreSQL, of the floor", oursPostgres
		if t.to == "" {
			t.text = "PostgreSQL, milliseconds"
		}
		list = append(list, t)
	}
	return list
}

// printGoals prints how far each goal is met: by the time of the answers, and by processor time, which other load on the
// machine changes less.
func printGoals(out io.Writer, queries []*query) {
	fmt.Fprintln(out, "\nGoals: at most so many times what it is compared with, or milliseconds")
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\tclient\t\tgoal\ttime\t\tprocessor time\t\t")
	for _, g := range goals() {
		for _, q := range queries {
			if q.name == g.query && q.scope.name == g.client {
				n := q.connections()[len(q.connections())-1]
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t\n", g.query, g.client, g.text, g.bar(), g.result(q, n, timeOf(q)), g.result(q, n, processor))
			}
		}
	}
	w.Flush()
}

// timeOf is the figure that a query is compared by: the time of one answer, or the time per answer of many clients.
func timeOf(q *query) func(figure) float64 {
	if q.isTotals() {
		return median50
	}
	return func(f figure) float64 { return f.Microseconds / f.Requests }
}

func (g goal) bar() string {
	if g.times == 0 {
		return "none"
	}
	return fmt.Sprintf("%.2f", g.times)
}

// result returns the figure and whether the goal is met.
func (g goal) result(q *query, connections int, of func(figure) float64) string {
	value, ok := q.median(g.of, connections, of), true
	if g.to != "" {
		value, ok = q.ratio(g.of, g.to, connections, of)
	}
	switch {
	case !ok:
		return "-\t"
	case g.times == 0:
		return fmt.Sprintf("%.2f\t", value)
	case value <= g.times:
		return fmt.Sprintf("%.2f\tmet", value)
	}
	return fmt.Sprintf("%.2f\tmissed", value)
}
