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

	"usagegraph/db"
	"usagegraph/sources"
)

// inputFiles returns the names with folders replaced by the documents in them, in natural order: usage2.json comes
// before usage10.json. Extensions are those of documents. It prints the skipped files of folders to out.
func inputFiles(names, extensions []string, out io.Writer) ([]string, error) {
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
		found, err := listFolder(name, extensions)
		if err != nil {
			return nil, err
		}
		found.printSkipped(out, extensions)
		if len(found.documents) == 0 {
			return nil, fmt.Errorf("%s: no %s files, plain or with .gz, in this folder", name, orList(extensions))
		}
		files = append(files, found.documents...)
	}
	return files, nil
}

// folder holds the files of a folder and its subfolders, in natural order.
type folder struct {
	path string
	// documents are imported. The names of hidden files and folders begin with a dot; a hidden folder is listed instead of
	// its files.
	documents, hidden, others []string
}

func listFolder(path string, extensions []string) (folder, error) {
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
		case entry.Type().IsRegular() && slices.Contains(extensions, filepath.Ext(strings.TrimSuffix(file, ".gz"))):
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

// documentExtensions returns the extensions of a system's documents.
func documentExtensions(source db.Source) []string {
	extensions := []string{".json", ".ndjson", ".jsonl"}
	for _, system := range sources.Systems() {
		if system.Name == source {
			extensions = append(extensions, system.Extensions...)
		}
	}
	return extensions
}

// orList returns a, b or c.
func orList(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// printSkipped prints the files that are not imported.
func (f folder) printSkipped(out io.Writer, extensions []string) {
	for _, skipped := range []struct {
		reason string
		files  []string
	}{{"hidden", f.hidden}, {"not " + orList(extensions) + ", plain or with .gz", f.others}} {
		if len(skipped.files) == 0 {
			continue
		}
		fmt.Fprintf(out, "%s: skipped, %s: %s\n", f.path, skipped.reason, f.list(skipped.files))
	}
}

// maxListed is the maximum number of skipped files that are printed.
const maxListed = 20

// list returns the paths of files, relative to the folder.
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
