package app

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db/dbtest"
	"usagegraph/web"
)

var updateQuestions = flag.Bool("questions.update", false, "rewrite the answers in docs/questions.md")

// questionBlock matches a query of docs/questions.md with its answer.
var questionBlock = regexp.MustCompile("(?s)```graphql\n(.*?)```\n\n```json\n(.*?)```\n")

// TestQuestionsHaveTheirAnswers sends each query of docs/questions.md to a server with the demo data, and compares the
// whole answer with the one in the document.
func TestQuestionsHaveTheirAnswers(t *testing.T) {
	t.Parallel()
	const path = "../docs/questions.md"
	document := string(must(os.ReadFile(path)))
	var queries, tabs []string
	for _, block := range questionBlock.FindAllStringSubmatch(document, -1) {
		queries = append(queries, block[1])
	}
	for _, question := range web.Questions() {
		tabs = append(tabs, question.Query)
	}
	if diff := cmp.Diff(queries, tabs); diff != "" || len(queries) != strings.Count(document, "```graphql") {
		t.Fatalf("%d queries have answers; - docs/questions.md, + the playground: %s", len(queries), diff)
	}
	dbtest.EachURL(t, func(t *testing.T, url string) {
		if printed, err := runCommand(t, "", "--database", url, "demo"); err != nil {
			t.Fatal(err, printed)
		}
		base, _ := start(t, "--database", url)
		updated := document
		for _, block := range questionBlock.FindAllStringSubmatch(document, -1) {
			got := indented(t, graphql(t, base, block[1], nil))
			if got != block[2] {
				updated = strings.Replace(updated, block[0], fmt.Sprintf("```graphql\n%s```\n\n```json\n%s```\n", block[1], got), 1)
			}
		}
		switch {
		case updated == document:
		case *updateQuestions && strings.HasPrefix(url, "postgres"):
			if err := os.WriteFile(path, []byte(updated), 0o644); err != nil {
				t.Fatal(err)
			}
		case !*updateQuestions:
			t.Error("docs/questions.md has other answers (-questions.update): ", cmp.Diff(document, updated))
		}
	})
}

// indented returns JSON with an element or a member to a line.
func indented(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(text), "", "  "); err != nil {
		t.Fatal(err, text)
	}
	return strings.TrimSpace(b.String()) + "\n"
}
