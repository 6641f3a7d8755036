package ingest

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// logEvery is how often progress is told where there is no terminal.
const logEvery = 5 * time.Second

// Progress shows how far an import has come: a bar on a terminal, a line now and then elsewhere.
type Progress struct {
	out  io.Writer
	bar  *progressbar.ProgressBar
	last time.Time
}

// NewProgress shows progress on out; size is the document's in bytes, -1 where it is not known.
func NewProgress(out io.Writer, size int64) *Progress {
	p := &Progress{out: out, last: time.Now()}
	if f, ok := out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.bar = progressbar.NewOptions64(size, progressbar.OptionSetWriter(out), progressbar.OptionShowBytes(true),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))
	}
	return p
}

// Show takes in a report.
func (p *Progress) Show(r Report) {
	switch {
	case p.bar != nil:
		p.bar.Describe(fmt.Sprintf("%s: %d records", r.File, r.Read))
		p.bar.Set64(r.Bytes)
	case time.Since(p.last) >= logEvery:
		p.last = time.Now()
		fmt.Fprintf(p.out, "%s: %s so far\n", r.File, r)
	}
}

// Print prints a line without breaking the bar.
func (p *Progress) Print(line string) {
	if p.bar != nil {
		p.bar.Clear()
	}
	fmt.Fprintln(p.out, line)
}

// Close takes the bar away.
func (p *Progress) Close() {
	if p.bar != nil {
		p.bar.Finish()
	}
}
