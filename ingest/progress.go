package ingest

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// logEvery is the interval between progress lines if the output is no terminal.
const logEvery = 5 * time.Second

// Progress shows the progress of an import: a bar on a terminal, or a line every logEvery.
type Progress struct {
	out io.Writer
	bar *progressbar.ProgressBar
	// total is the size of the work in bytes or records; -1 if unknown.
	total int64
	done  func(Report) int64
	last  time.Time
}

// NewProgress returns a Progress that writes to out; size is that of the document in bytes, or -1 if unknown.
func NewProgress(out io.Writer, size int64) *Progress {
	return newProgress(out, size, func(r Report) int64 { return r.Bytes }, progressbar.OptionShowBytes(true))
}

// NewRecordProgress returns a Progress that writes to out and counts up to a number of records.
func NewRecordProgress(out io.Writer, records int64) *Progress {
	return newProgress(out, records, func(r Report) int64 { return r.Read }, progressbar.OptionShowCount(), progressbar.OptionShowIts())
}

func newProgress(out io.Writer, total int64, done func(Report) int64, unit ...progressbar.Option) *Progress {
	p := &Progress{out: out, total: total, done: done, last: time.Now()}
	if f, ok := out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.bar = progressbar.NewOptions64(total, append(unit, progressbar.OptionSetWriter(out),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))...)
	}
	return p
}

// Show displays the counts of a report.
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

// ShowCount displays the number of completed records.
func (p *Progress) ShowCount(done int64) {
	switch {
	case p.bar != nil:
		p.bar.Set64(done)
	case time.Since(p.last) >= logEvery:
		p.last = time.Now()
		fmt.Fprintf(p.out, "%d of %d records so far\n", done, p.total)
	}
}

// Print writes a line of text above the bar.
func (p *Progress) Print(line string) {
	if p.bar != nil {
		p.bar.Clear()
	}
	fmt.Fprintln(p.out, line)
}

// Close removes the bar.
func (p *Progress) Close() {
	if p.bar != nil {
		p.bar.Finish()
	}
}
