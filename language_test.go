package main_test

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// people are words that comments use for persons, or for programs as if they were persons.
var people = regexp.MustCompile(`(?i)\b(whoever|whatever|nobody|somebody|anybody|he|his|him|himself|(is|are) told|(is|are) asked|asked for|looked at)\b`)

// clause begins a definition by a relative clause, such as "X is what ...".
var clause = regexp.MustCompile(`(?i)\b(is|are) (what|who|whom|which|how|where|why|whose|whether|when)\b`)

// maxClauses is the maximum number of definitions by a relative clause in 1,000 comment lines.
const maxClauses = 12

func TestCommentsAreInPlainEnglish(t *testing.T) {
	t.Parallel()
	lines, clauses := 0, 0
	for _, file := range handWritten(t) {
		for _, c := range comments(t, file) {
			for i, text := range strings.Split(c.text, "\n") {
				lines++
				if word := people.FindString(text); word != "" {
					t.Errorf("%s:%d: %q: write about programs, values and clients instead", file, c.line+i, word)
				}
				if clause.MatchString(text) {
					clauses++
					t.Logf("%s:%d: %s", file, c.line+i, strings.TrimSpace(text))
				}
			}
		}
	}
	if clauses*1000 > lines*maxClauses {
		t.Errorf("%d of %d comment lines define by a relative clause (\"X is what ...\"), at most %d of 1,000 may: a type's comment says what it holds, a function's begins with a verb", clauses, lines, maxClauses)
	}
}

// persons are the pronouns that the documents use at most three times in all.
var persons = regexp.MustCompile(`(?i)\b(he|his|him|whoever|nobody)\b`)

func TestDocumentsAreInPlainEnglish(t *testing.T) {
	t.Parallel()
	documents, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, file := range append(documents, "README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "schema.graphqls") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range persons.FindAllString(string(text), -1) {
			found = append(found, file+": "+word)
		}
	}
	if len(found) > 3 {
		t.Errorf("want at most three of these words: %s", strings.Join(found, ", "))
	}
}

// argument is the description of an argument on the line of its field.
var argument = regexp.MustCompile(`^ +\w+\("`)

func TestTheSchemaIsReadable(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(text), "\n") {
		if len(line) > 160 {
			t.Errorf("schema.graphqls:%d: a line of %d characters", i+1, len(line))
		}
		if argument.MatchString(line) {
			t.Errorf("schema.graphqls:%d: arguments stand one to a line", i+1)
		}
	}
}

// handWritten returns the Go files of the module that are not generated.
func handWritten(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, p := range packages(t) {
		names, err := filepath.Glob(filepath.Join(p.Dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			name = relative(t, name)
			if name != "graph/generated.go" && name != "graph/encoder.go" && name != "language_test.go" {
				files = append(files, name)
			}
		}
	}
	return files
}

// relative returns a path from the module's root.
func relative(t *testing.T, path string) string {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	name, err := filepath.Rel(root, path)
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// comment is a comment group with the number of its first line.
type comment struct {
	line int
	text string
}

// comments returns the comments of a Go file without their markers.
func comments(t *testing.T, file string) []comment {
	t.Helper()
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, file, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var all []comment
	for _, group := range parsed.Comments {
		for _, c := range group.List {
			all = append(all, comment{files.Position(c.Pos()).Line, strings.TrimPrefix(c.Text, "//")})
		}
	}
	return all
}
