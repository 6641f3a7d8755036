package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// printTable prints the figures, and the ratios of ours to the others.
func printTable(out io.Writer, queries []*query) {
	for _, n := range connections {
		fmt.Fprintf(out, "\n%d connections: requests per second (milliseconds at the median, at the 99th percentile)\n", n)
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "\tours, PostgreSQL\tours, SQLite\tPostGraphile\tfloor\tx PostGraphile\tx floor\tSQLite x PostgreSQL\t")
		for _, q := range queries {
			fmt.Fprint(w, q.name)
			for _, name := range order {
				if len(q.figures[name]) == 0 {
					fmt.Fprint(w, "\t-")
					continue
				}
				fmt.Fprintf(w, "\t%.0f (%.1f, %.1f)", q.median(name, n, figure.rate),
					q.median(name, n, func(f figure) float64 { return f.P50 / 1000 }), q.median(name, n, func(f figure) float64 { return f.P99 / 1000 }))
			}
			ratio := func(a, b string) string {
				if len(q.figures[b]) == 0 {
					return "-"
				}
				return fmt.Sprintf("%.2f", q.median(a, n, figure.rate)/q.median(b, n, figure.rate))
			}
			fmt.Fprintf(w, "\t%s\t%s\t%s\t\n", ratio(oursPostgres, postGraphile), ratio(oursPostgres, floor), ratio(oursSQLite, oursPostgres))
		}
		w.Flush()
	}
	fmt.Fprintln(out, "\nStatements and bytes per answer")
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, q := range queries {
		fmt.Fprintf(w, "%s\t%s\tours %d", q.name, q.title, q.statements[oursPostgres])
		if n, ok := q.statements[postGraphile]; ok {
			fmt.Fprintf(w, ", PostGraphile %d", n)
		}
		fmt.Fprintf(w, ", floor %d\t%d bytes\t\n", q.statements[floor], q.bytes)
	}
	w.Flush()
}

// figures returns the requests per second at 8 connections, in the form of --json.
func figures(queries []*query) map[string]map[string]float64 {
	all := map[string]map[string]float64{}
	for _, q := range queries {
		all[q.name] = map[string]float64{"statements": float64(q.statements[oursPostgres])}
		for _, c := range q.contenders {
			all[q.name][c.name] = float64(int(q.median(c.name, 8, figure.rate)*10)) / 10
		}
	}
	return all
}
