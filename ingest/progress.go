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
	out io.Writer
	bar *progressbar.ProgressBar
	// whole is how much there is: bytes or records, -1 where it is not known.
	whole int64
	done  func(Report) int64
	last  time.Time
}

// NewProgress shows progress on out; size is the document's in bytes, -1 where it is not known.
func NewProgress(out io.Writer, size int64) *Progress {
	return newProgress(out, size, func(r Report) int64 { return r.Bytes }, progressbar.OptionShowBytes(true))
}

// NewRecordProgress shows progress on out, of so many records.
func NewRecordProgress(out io.Writer, records int64) *Progress {
	return newProgress(out, records, func(r Report) int64 { return r.Read }, progressbar.OptionShowCount(), progressbar.OptionShowIts())
}

func newProgress(out io.Writer, whole int64, done func(Report) int64, unit ...progressbar.Option) *Progress {
	p := &Progress{out: out, whole: whole, done: done, last: time.Now()}
	if f, ok := out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.bar = progressbar.NewOptions64(whole, append(unit, progressbar.OptionSetWriter(out),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))...)
	}
	return p
}

// Show takes in a report.
func (p *Progress) Show(r Report) {
	switch {
	case p.bar != nil:
		p.bar.Describe(fmt.Sprintf("%s: %d records", r.File, r.Read))
		p.bar.Set64(p.done(r))
	case time.Since(p.last) >= logEvery:
		p.last = time.Now()
		fmt.Fprintf(p.out, "%s: %s so far\n", r.File, r)
	}
}

// ShowCount takes in how many records are done, of work that reports nothing else.
func (p *Progress) ShowCount(done int64) {
	switch {
	case p.bar != nil:
		p.bar.Set64(done)
	case time.Since(p.last) >= logEvery:
		p.last = time.Now()
		fmt.Fprintf(p.out, "%d of %d records so far\n", done, p.whole)
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
