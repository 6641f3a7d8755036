package app

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/go-json-experiment/json"

	"usagegraph/ingest"
)

const (
	printedRejects = 5   // maximum number of printed rejects per kind
	maxRejectKinds = 100 // maximum number of kinds, besides otherReasons
)

// otherReasons is the kind of the rejects beyond maxRejectKinds.
const otherReasons = "other reasons"

// rejects collects the rejected records of an import. It prints the first of each kind. If there are more, it writes
// all of them to a temporary file.
type rejects struct {
	kinds map[string]int64
	// printed holds the rejects before the file is created.
	printed []rejectLine
	file    *os.File
	lines   *bufio.Writer
	err     error
}

// rejectLine is a line of the rejects file.
type rejectLine struct {
	File   string `json:"file"`
	Record int64  `json:"record"`
	Byte   int64  `json:"byte"`
	Reason string `json:"reason"`
}

// add adds a reject of an imported file. It prints lines with print.
func (r *rejects) add(file string, reject ingest.Reject, print func(string)) {
	if r.kinds == nil {
		r.kinds = map[string]int64{}
	}
	kind := reject.Kind()
	if r.kinds[kind] == 0 && len(r.kinds) >= maxRejectKinds {
		kind = otherReasons
	}
	r.kinds[kind]++
	line := rejectLine{file, reject.Number, reject.Offset, reject.Reason.Error()}
	switch {
	case r.kinds[kind] <= printedRejects:
		print("rejected: " + reject.String())
		if r.file == nil {
			r.printed = append(r.printed, line)
			return
		}
	case r.file == nil && r.err == nil:
		print("more rejects of this kind: they are written to a file")
		r.open()
	}
	r.write(line)
}

// open creates the file and writes the rejects before it.
func (r *rejects) open() {
	if r.file, r.err = os.CreateTemp("", "usagegraph-rejects-*.ndjson"); r.err != nil {
		return
	}
	r.lines = bufio.NewWriter(r.file)
	for _, line := range r.printed {
		r.write(line)
	}
	r.printed = nil
}

func (r *rejects) write(line rejectLine) {
	if r.err != nil {
		return
	}
	if r.err = json.MarshalWrite(r.lines, line); r.err == nil {
		r.err = r.lines.WriteByte('\n')
	}
}

// close closes the file, if there is one, and prints the number of rejects per kind. It returns an error if the file
// could not be written.
func (r *rejects) close(out io.Writer) error {
	if r.file == nil && r.err == nil {
		return nil
	}
	if r.file != nil {
		r.err = errors.Join(r.err, r.lines.Flush(), r.file.Close())
	}
	kinds := make([]string, 0, len(r.kinds))
	for kind := range r.kinds {
		kinds = append(kinds, kind)
	}
	slices.SortFunc(kinds, func(a, b string) int { return cmp.Or(cmp.Compare(r.kinds[b], r.kinds[a]), cmp.Compare(a, b)) })
	fmt.Fprintln(out, "Rejected records by kind:")
	for _, kind := range kinds {
		fmt.Fprintf(out, "%9d  %s\n", r.kinds[kind], kind)
	}
	if r.err != nil {
		return fmt.Errorf("cannot write rejected records to a file: %w", r.err)
	}
	fmt.Fprintf(out, "All rejected records: %s\n", r.file.Name())
	return nil
}
