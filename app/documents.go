package app

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/maruel/natural"
)

// expand replaces folders by the documents in them, and says on out which of their files are skipped. The order is natural:
// usage2.json goes before usage10.json.
func expand(names []string, out io.Writer) ([]string, error) {
	var files []string
	for _, name := range names {
		info, err := os.Stat(name)
		if name == "-" || err == nil && !info.IsDir() {
			files = append(files, name)
			continue
		}
		if err != nil {
			return nil, err
		}
		found, err := documentsIn(name)
		if err != nil {
			return nil, err
		}
		found.tellSkipped(out)
		if len(found.documents) == 0 {
			return nil, fmt.Errorf("%s: no .json, .ndjson or .jsonl files (or such with .gz) in this folder", name)
		}
		files = append(files, found.documents...)
	}
	return files, nil
}

// folder is what there is in a folder and in those below it, in natural order.
type folder struct {
	path string
	// documents are to be imported. Of the others, hidden ones have a name that begins with a dot, or stand in such a folder,
	// which is listed in their place.
	documents, hidden, others []string
}

func documentsIn(path string) (folder, error) {
	f := folder{path: path}
	err := filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || file == path:
			return err
		case strings.HasPrefix(entry.Name(), "."):
			f.hidden = append(f.hidden, file)
			if entry.IsDir() {
				return filepath.SkipDir
			}
		case entry.IsDir():
		case entry.Type().IsRegular() && isDocument(file):
			f.documents = append(f.documents, file)
		default:
			f.others = append(f.others, file)
		}
		return nil
	})
	for _, files := range [][]string{f.documents, f.hidden, f.others} {
		slices.SortFunc(files, natural.Compare)
	}
	return f, err
}

func isDocument(path string) bool {
	switch filepath.Ext(strings.TrimSuffix(path, ".gz")) {
	case ".json", ".ndjson", ".jsonl":
		return true
	}
	return false
}

// tellSkipped says which files are not imported.
func (f folder) tellSkipped(out io.Writer) {
	for _, skipped := range []struct {
		why   string
		files []string
	}{{"hidden", f.hidden}, {"not .json, .ndjson or .jsonl (or such with .gz)", f.others}} {
		if len(skipped.files) == 0 {
			continue
		}
		fmt.Fprintf(out, "%s: skipped, %s: %s\n", f.path, skipped.why, f.list(skipped.files))
	}
}

// maxListed is how many skipped files are named.
const maxListed = 20

// list names files by their paths in the folder.
func (f folder) list(files []string) string {
	var names []string
	for _, file := range files[:min(len(files), maxListed)] {
		name, err := filepath.Rel(f.path, file)
		if err != nil {
			name = file
		}
		names = append(names, name)
	}
	text := strings.Join(names, ", ")
	if more := len(files) - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
