package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// titles are the names of the contenders in the table.
var titles = map[string]string{
	oursPostgres: "PostgreSQL", oursSQLite: "SQLite", openPostgres: "PostgreSQL, open", openSQLite: "SQLite, open",
	postGraphile: "PostGraphile", graphJin: "GraphJin", theFloor: "floor",
}

// printTable prints the figures of each number of connections.
func printTable(out io.Writer, queries []*query) {
	for _, n := range []int{1, 8} {
		fmt.Fprintf(out, "\n%d connections: requests per second (milliseconds at the median, at the 99th percentile; of processor time per request)\n", n)
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprint(w, "\tclient")
		for _, name := range order {
			fmt.Fprint(w, "\t", titles[name])
		}
		fmt.Fprintln(w, "\t")
		for _, q := range queries {
			if len(q.figures[oursPostgres][n]) == 0 {
				continue
			}
			fmt.Fprint(w, q.name, "\t", q.scope.name)
			for _, name := range order {
				if len(q.figures[name][n]) == 0 {
					fmt.Fprint(w, "\t-")
					continue
				}
				fmt.Fprintf(w, "\t%.0f (%.1f, %.1f; %.2f)", q.median(name, n, rate), q.median(name, n, median50), q.median(name, n, percentile99), q.median(name, n, processor))
			}
			fmt.Fprintln(w, "\t")
		}
		w.Flush()
	}
	fmt.Fprintln(out, "\nStatements and bytes per answer")
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, q := range queries {
		fmt.Fprintf(w, "%s\t%s\t%s", q.name, q.scope.name, q.title)
		for _, name := range []string{oursPostgres, postGraphile, graphJin, theFloor} {
			if n, ok := q.statements[name]; ok {
				fmt.Fprintf(w, "\t%s %d", titles[name], n)
			} else {
				fmt.Fprint(w, "\t")
			}
		}
		fmt.Fprintf(w, "\t%d bytes\t\n", q.bytes)
	}
	w.Flush()
}

// printLoads prints the times of loading the data (T8).
func printLoads(out io.Writer, s settings, d *data) {
	for _, l := range d.loads {
		fmt.Fprintf(out, "T8: %d records imported into %s in %s, %s of processor time with the database\n",
			s.records, l.database, l.wall.Round(time.Second), l.processor.Round(time.Second))
	}
}

// figures returns the requests per second and the processor time per request at the largest number of connections, in
// the form of --json.
func figures(queries []*query) map[string]map[string]float64 {
	all := map[string]map[string]float64{}
	for _, q := range queries {
		n := q.connections()[len(q.connections())-1]
		row := map[string]float64{"statements": float64(q.statements[oursPostgres])}
		for _, c := range q.contenders {
			row[c.name] = float64(int(q.median(c.name, n, rate)*10)) / 10
			row[c.name+"_processor_ms"] = float64(int(q.median(c.name, n, processor)*1000)) / 1000
		}
		all[q.String()] = row
	}
	return all
}
